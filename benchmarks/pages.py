"""Pages against their plain counterparts: the board, the log of a meeting, and saving one field of it.

Both of a pair ask the same database, signed in, in turn, through the test client: no network and no compression.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from flask import Flask, request
from sqlalchemy import event, insert, select, update

from benchmarks import bare
from benchmarks.exports import signed_in
from benchmarks.filling import Size, empty, filled, hold_meeting
from benchmarks.turns import Row, in_turn
from tracker import clock, guard
from tracker.concept.changes import load
from tracker.concept.file import read_concept
from tracker.extensions import csrf, db
from tracker.models import AgendaLine, Channel, Draft, Meeting
from tracker.rules.deeds import Deed
from tracker.settings import PROJECT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
QUARTERS = 8
CONCEPT = PROJECT / "examples" / "ihk-region-stuttgart.toml"


@contextmanager
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its values, until the block ends."""
    found: list[tuple[str, Any]] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def board_of(channels: int, url: str = "") -> Iterator[tuple[Flask, Any]]:
    """So many channels with eight quarters, and an editor who is signed in."""
    with filled(Size(channels, QUARTERS, ON, units=min(channels, 3), contacts=2), url) as app:
        with app.app_context():
            client = signed_in(app, "editor")
        client.get("/")
        yield app, client


def boards(channels: int, wanted: float, rounds: int, times: int) -> Iterator[Row]:
    """The board beside the bare page, and how many statements it takes."""
    with board_of(channels) as (app, client):
        page = client.get("/").text
        other = bare.Board(app, page, ON).client()
        bare.same(page, other.get("/").text)
        yield in_turn(f"board, {channels:,} channels × {QUARTERS} quarters", wanted, lambda: client.get("/"),
                      lambda: other.get("/"), rounds, times)  # fmt: skip
        yield statements(app, client, channels)
        had = {"If-None-Match": client.get("/").headers["ETag"]}
        if client.get("/", headers=had).status_code != 304:
            raise SystemExit("A board that has not changed is drawn again.")
        yield in_turn(f"board unchanged since the last visit, {channels:,} channels, to drawing it", 0.6,
                      lambda: client.get("/", headers=had), lambda: client.get("/"), rounds, times)  # fmt: skip


def statements(app: Flask, client: Any, channels: int) -> Row:
    """How many statements one board takes, of a process that has shown it before."""
    with asked(app) as found:
        client.get("/")
    return Row(f"board, statements, {channels:,} channels", len(found), 6)


@contextmanager
def log_of() -> Iterator[tuple[Flask, Any, int]]:
    """The published concept with its eleven channels, reviewed for eight quarters, and a meeting to be logged."""
    with empty() as app:
        with app.app_context():
            load(read_concept(CONCEPT), CONCEPT.name, date(2024, 12, 31))
            db.session.commit()
            for nth, day in enumerate(Size(11, QUARTERS, ON).held_on[:-1]):
                hold_meeting(nth, day, 8)
            meeting = Meeting(planned_on=ON, planned_at=NOW)
            db.session.add(meeting)
            db.session.flush()
            lines = [
                {"meeting_id": meeting.id, "channel_id": one}
                for one in db.session.scalars(select(Channel.id))
            ]
            db.session.execute(insert(AgendaLine), lines)
            db.session.commit()
            nth, client = meeting.id, signed_in(app, "editor")
        _also_bare(app)
        yield app, client, nth


def _also_bare(app: Flask) -> None:
    """One more address in the same app: one UPDATE, committed, and nothing else."""

    def save() -> dict[str, str]:
        csrf.protect()
        typed = update(Draft).where(Draft.id == int(request.form["id"])).values(value=request.form["value"])
        db.session.execute(typed)
        db.session.commit()
        return {"saved": "10:00"}

    app.add_url_rule("/bare", "bare", guard.allow(Deed.REVIEWS_LOG)(csrf.exempt(save)), methods=["POST"])


def logs(rounds: int = 15) -> Iterator[Row]:
    """The page of the log, and one field that saves itself."""
    with log_of() as (app, client, meeting):
        address = f"/meetings/{meeting}/log"
        client.get(address)
        with asked(app) as found:
            page = client.get(address).text
        render = bare.from_memory(page)

        def plainly() -> None:
            with app.app_context():
                connection = db.session.connection(execution_options={"read_only": True})
                bare.ask_again(connection, found)
                render()

        more = f"log of a meeting, 11 channels ({len(page) // 1000} kB, {len(found)} statements)"
        yield in_turn(more, 1.5, lambda: client.get(address), plainly, rounds, 2)
        yield _draft(app, client, address, page, rounds)


def _draft(app: Flask, client: Any, address: str, page: str, rounds: int) -> Row:
    token, person = (_hidden(page, name) for name in ("csrf_token", "person"))
    common = {"csrf_token": token, "person": person}
    name, typed, shown = "channel-1.strategy.reason", iter(range(10**6)), "{}"
    script = {"Accept": "application/json"}

    def ours() -> None:
        nonlocal shown
        data = {**common, "shown": shown, name: f"Zielgruppe erreicht, {next(typed)} Anfragen beantwortet."}
        answer = client.post(address.replace("log", "draft"), data=data, headers=script)
        if answer.status_code != 200 or name in answer.json["refused"]:
            raise SystemExit(answer.text)
        shown = app.json.dumps(answer.json["shown"])

    ours()
    with app.app_context():
        draft = db.session.scalars(select(Draft.id)).one()

    def plainly() -> None:
        data = {**common, "id": draft, "value": f"Zielgruppe erreicht, {next(typed)} Anfragen beantwortet."}
        if client.post("/bare", data=data, headers=script).status_code != 200:
            raise SystemExit("The bare address does not answer.")

    return in_turn("saving one field of a draft", 2, ours, plainly, rounds, 5)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def rows() -> Iterator[Row]:
    """All of this file."""
    with clock.set_to(NOW):
        yield from boards(11, 1.25, 15, 5)
        yield from boards(1_000, 1.2, 7, 1)
        with board_of(10_000) as (app, client):
            yield statements(app, client, 10_000)
        yield from logs()


def main() -> None:
    """Print them."""
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
