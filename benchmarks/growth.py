"""What everything costs at growing sizes, and with which power of the size it grows: `python -m benchmarks.growth`.

Half an hour; `fewer` leaves out the largest sizes, `channels` or `entries` chooses one. Seconds are CPU time on
SQLite, measured after one run that is not where a run takes less than a second. The power lies between the last two
sizes: 0 is flat, 1 grows with the size. Channels have sixteen quarters; one in twelve is overdue.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from math import log
from typing import Any

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert

from benchmarks.exports import signed_in, through_the_app
from benchmarks.filling import Size, empty, filled
from benchmarks.turns import timed
from tracker import journal
from tracker.evidence import checking
from tracker.extensions import db
from tracker.models import Entry, Organisation
from tracker.reminders.owed import round_on
from tracker.settings import PROJECT
from tracker.standings import lines_on
from tracker.steps import unwatched

ON = date(2026, 10, 5)
CHANNELS = (11, 100, 1_000, 10_000, 100_000)
ENTRIES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
BEFORE = "0011"  # the state of the tables from which the migrations are run
AT_ONCE = 50_000  # entries written in one go
Costs = dict[str, list[float]]


def seconds(deed: Callable[[], Any]) -> float:
    """CPU seconds, of the second run where the first is short."""
    gc.collect()
    first = timed(deed)[0]
    return first if first > 1 else timed(deed)[0]


def of_channels(count: int) -> Iterator[tuple[str, float]]:
    """What pages and the daily round cost at so many channels."""
    units, contacts = max(1, count // 250), max(1, count // 50)
    with filled(Size(count, 16, ON, units, contacts, one_overdue_of=12), WTF_CSRF_ENABLED=False) as app:
        with app.app_context():
            client = signed_in(app, "manager")
            auditor = signed_in(app)
        had = {"If-None-Match": client.get("/").headers["ETag"]}
        yield "board", seconds(partial(client.get, "/"))
        yield "board unchanged", seconds(partial(client.get, "/", headers=had))
        for what, page in (
            ("register", "/channels"),
            ("one channel", "/channels/7"),
            ("planning a meeting", "/meetings/plan"),
            ("statement of a quarter", "/evidence/statement"),
            ("year, a page of 50 channels", "/evidence/year"),
            ("evidence, a page of rows", "/evidence"),
        ):
            yield what, seconds(partial(auditor.get if page.startswith("/evidence") else client.get, page))
        yield "CSV of everything", seconds(partial(through_the_app, auditor, "csv"))
        yield "standings", _within(app, lambda: lines_on(ON))
        yield "deciding reminders", _within(app, lambda: round_on(ON, db.session.get_one(Organisation, 1)))
        yield "migrations from 0011", _migrated(app)


def _within(app: Flask, deed: Callable[[], Any]) -> float:
    def done() -> None:
        with app.app_context():
            deed()

    return seconds(done)


def _migrated(app: Flask) -> float:
    with app.app_context():
        folder = str(PROJECT / "migrations")
        downgrade(folder, BEFORE)
        return timed(lambda: upgrade(folder))[0]


def of_entries(count: int) -> Iterator[tuple[str, float]]:
    """What the journal costs with so many entries that say nothing in words."""
    with empty() as app:
        with app.app_context():
            db.session.add(Organisation(id=1, name="IHK Beispiel", timezone="Europe/Berlin", language="de",
                                        holiday_region="DE-BW"))  # fmt: skip
            db.session.commit()
            _chain(count)
            auditor = signed_in(app)
        yield "journal, a page", seconds(partial(auditor.get, "/journal"))
        yield "checking the chain", _within(app, lambda: checking.work("", unwatched))


def _chain(count: int) -> None:
    """So many entries, each following from the one before it."""
    at, previous = datetime(2025, 1, 1, 6, 0, tzinfo=UTC), journal.START
    rows: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        moment = at + timedelta(seconds=number)
        body = journal.entry_body(number=number, at=moment, deed="mail.sent", by=None, unit=None,
                                  ids={"mail": number}, words={}, previous=previous)  # fmt: skip
        previous = sha256(body.encode()).hexdigest()
        rows.append({"number": number, "body": body, "hash": previous, "at": moment, "deed": "mail.sent"})
        if len(rows) == AT_ONCE or number == count:
            db.session.execute(insert(Entry), rows)
            db.session.commit()
            rows.clear()


def power(sizes: tuple[int, ...], costs: list[float]) -> float:
    """With which power of the size the cost grew between the last two sizes."""
    return log(costs[-1] / costs[-2]) / log(sizes[-1] / sizes[-2])


def measured(
    what: str, sizes: tuple[int, ...], of_size: Callable[[int], Iterator[tuple[str, float]]]
) -> Costs:
    """Each line as soon as it is known for all sizes; what is measured is told while it goes on."""
    found: Costs = {}
    for size in sizes:
        for name, cost in of_size(size):
            found.setdefault(name, []).append(cost)
            print(f"  {size:,} {what}: {name} {cost:.3f} s", file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Print the tables as Markdown."""
    asked = sys.argv[1:]
    fewer = "fewer" in asked
    known = (("channels", CHANNELS, of_channels), ("entries", ENTRIES, of_entries))
    for what, sizes, of_size in [one for one in known if one[0] in asked] or known:
        some = sizes[:-1] if fewer else sizes
        found = measured(what, some, of_size)
        print(f"| {what} | {' | '.join(f'{size:,}' for size in some)} | grows with |")
        print("|---|" + "---|" * (len(some) + 1))
        for name, costs in found.items():
            cells = " | ".join(f"{1000 * one:,.0f} ms" if one < 1 else f"{one:,.1f} s" for one in costs)
            print(f"| {name} | {cells} | size^{power(some, costs):.1f} |")


if __name__ == "__main__":
    main()
