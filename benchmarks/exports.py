"""The evidence as CSV, JSON and workbook, through the running app: each beside a bare loop that does the same rules.

The bare loop reads the rows with the driver alone, in one query, asks the same rules what became of each slot, and
writes with the bare writer, formula guard included. Both are measured in turn in one run; ratios are of CPU time.
"""

import csv
import gc
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from flask import Flask

from benchmarks.filling import ZONE, Size, filled
from tracker import clock
from tracker.evidence import export
from tracker.extensions import db
from tracker.models import Role, User
from tracker.rules.closing import late_entered
from tracker.rules.duties import Duty
from tracker.rules.ledger import Rated, ledger
from tracker.rules.words import Criterion, Outcome

ON = date(2026, 11, 23)
LAST_BEGUN = date(2026, 9, 30)  # within the last of the quarters, after its meeting
WHERE = ZoneInfo(ZONE)
GUARDED = frozenset("=+-@\t\r＝＋－＠")
ASKED = ("", "unit=1", "channel=7", "platform=Mastodon", "criterion=legality", "level=clear", "level=objection",
         "decision=close", "mark=unchanged", "outcome=kept&from=2026-01-01",
        "channel=7&outcome=missed&from=2026-01-01")  # fmt: skip
EVERYTHING = """
SELECT c.id, u.name, c.platform, c.name, r.id, r.meeting_id, r.closed_at, h.held_on, d.decision, d.from_on, d.reason,
  a.id, a.criterion, a.level, a.reason, a.unchanged, a.entered_at
FROM channel c JOIN unit u ON u.id = c.unit_id
JOIN review r ON r.channel_id = c.id AND r.closed_at IS NOT NULL
JOIN rating a ON a.review_id = r.id
JOIN meeting_head h ON h.meeting_id = r.meeting_id AND h.closed_at IS NOT NULL
LEFT JOIN decision d ON d.review_id = r.id
ORDER BY u.position, c.position, c.id
"""


@lru_cache(maxsize=1024)
def local(moment: str) -> datetime:
    """A stored moment in the organisation's zone."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(WHERE)


def bare_rows(path: Path, slots: int) -> Iterator[list[Any]]:
    """The same cells as the evidence has, with nothing between the driver and the rules."""
    since = Size(1, slots, LAST_BEGUN).quarters[0].begins_on
    duty = [Duty(since, None, 4, frozenset(Criterion))]
    words = {one.value: one for one in Criterion}
    with closing(sqlite3.connect(path)) as connection:
        for _key, lines in groupby(connection.execute(EVERYTHING), key=lambda line: line[0]):
            stored = {line[11]: line for line in lines}
            name = next(iter(stored.values()))[1:4]
            rated = [
                Rated(line[11], words[line[12]], date.fromisoformat(line[7]), local(line[16]).date(),
                      datetime.fromisoformat(line[6]).replace(tzinfo=UTC))
                for line in stored.values()
            ]  # fmt: skip
            for found in ledger(duty, rated, ON).lines:
                slot = found.slot
                for cell in found.cells:
                    if cell.outcome is Outcome.COMING:
                        continue
                    head = [*name, slot.begins_on, slot.due_on, slot.n, cell.criterion, cell.outcome]
                    if cell.rating_id is None or cell.held_on is None:
                        yield [
                            *head,
                            None,
                            "",
                            None,
                            None,
                            None,
                            None,
                            None,
                            "",
                            None,
                            None,
                            "",
                            "",
                            None,
                            None,
                        ]
                        continue
                    line = stored[cell.rating_id]
                    entered, closed = local(line[16]), local(line[6])
                    mark = "late_entered" if late_entered(cell.held_on, entered.date()) else ""
                    yield [*head, line[13], line[14], cell.held_on, entered, closed, cell.days_late, mark, None, None,
                           line[8], line[9], line[10] or "", "", line[5], line[4]]  # fmt: skip


def guarded(text: str) -> str:
    """Made plain where a spreadsheet would run it."""
    return "'" + text if text[:1] in GUARDED else text


def bare_csv(path: Path, slots: int) -> int:
    """Written to nowhere, as the app's is read."""
    lines: list[str] = []

    class Sink:
        write = lines.append

    written, writer = 0, csv.writer(Sink(), delimiter=";", lineterminator="\r\n")
    for row in bare_rows(path, slots):
        for place in (0, 1, 2, 9, 18, 19):
            if row[place]:
                row[place] = guarded(row[place])
        for place in (11, 12):
            if row[place]:
                row[place] = row[place].isoformat(timespec="seconds")
        writer.writerow(row)
        if len(lines) > 128:
            written += len("".join(lines).encode())
            lines.clear()
    return written + len("".join(lines).encode())


def bare_json(path: Path, slots: int) -> int:
    """The same cells fetched and judged, and nothing written."""
    return sum(1 for _row in bare_rows(path, slots))


def bare_workbook(path: Path, slots: int) -> int:
    """The same cells written with the bare writer."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet()
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for y, row in enumerate(bare_rows(path, slots), start=1):
                for x, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(y, x, value.replace(tzinfo=None), moment)
                    elif isinstance(value, date):
                        sheet.write_datetime(y, x, value, day)
                    elif isinstance(value, int):
                        sheet.write_number(y, x, value)
                    elif value:
                        sheet.write_string(y, x, value)
        return file.seek(0, 2)


def through_the_app(client: Any, form: str, channel: str = "") -> tuple[int, float]:
    """Ask for a file as a browser does and read it to its end: bytes, and seconds until the first of them."""
    began = time.perf_counter()
    answer = client.post(f"/evidence/export.{form}", data={"channel": channel}, buffered=False)
    pieces = answer.iter_encoded()
    size = len(next(pieces))
    first = time.perf_counter() - began
    size += sum(map(len, pieces))
    answer.close()
    return size, first


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this process's time, and what came of it."""
    gc.collect()
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def signed_in(app: Flask, name: str = "auditor") -> Any:
    """A client of somebody with a role."""
    role = Role(name=name)
    someone = User(email=f"{name}@example.org", full_name="Hanne Weiß", password="", active=True, language="de",
                   fs_uniquifier=f"{name} of a measurement", created_at=clock.now(), roles=[role])  # fmt: skip
    db.session.add(someone)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": someone.fs_uniquifier, "_fresh": True, "identity": someone.fs_uniquifier})
        session["fs_cc"], session["fs_paa"] = "set", clock.now().timestamp()
    db.session.remove()
    return client


def peak() -> float:
    """What this process has held in memory at most so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PAIRS = {"csv": (bare_csv, 0.9), "json": (bare_json, 0.4), "xlsx": (bare_workbook, 0.8)}


def files(app: Flask, client: Any, slots: int, forms: str, rounds: int) -> None:
    """Print the ratio of each kind of file, and by how much the process grew for the first."""
    path = Path(app.instance_path) / "tracker.sqlite"
    through_the_app(client, "csv", "1")
    before = peak()
    for form in forms.split():
        bare, wanted = PAIRS[form]
        ours, theirs, firsts = [], [], []
        for nth in range(rounds):
            took, (_size, first) = cpu(partial(through_the_app, client, form))
            if form == "csv" and nth == 0:
                print(f"  streaming made the process grow by {peak() - before:.0f} MB")
            ours.append(took)
            firsts.append(first)
            theirs.append(cpu(partial(bare, path, slots))[0])
        print(f"  {form}: {min(theirs) / min(ours):.2f} of the bare loop (at least {wanted}), "
              f"{min(ours):.1f} s, first byte after {min(firsts):.3f} s")  # fmt: skip


def pages(client: Any) -> dict[str, float]:
    """Seconds of each way to narrow the page."""
    found = {}
    for asked in ASKED:
        look = partial(client.get, f"/evidence?{asked}")
        look()
        found[asked] = min(cpu(look)[0] for _round in range(5))
    return found


def measure(count: int, slots: int, forms: str = "", rounds: int = 3) -> dict[str, float]:
    """Fill an installation with so many channels and slots and measure its files; what its pages took."""
    with filled(Size(count, slots, LAST_BEGUN), WTF_CSRF_ENABLED=False) as app, app.app_context():
        client = signed_in(app)
        print(f"{count:,} channels, {slots} slots each: {3 * count * slots:,} owed cells", flush=True)
        files(app, client, slots, forms, rounds)
        return pages(client)


def main() -> None:
    """A thousand rows, and a million."""
    export.MANY_CHANNELS = 10**9
    export.MANY_REVIEWS = dict.fromkeys(export.MANY_REVIEWS, 10**9)
    small = measure(21, 16)
    measure(1_000, 16, "xlsx")
    large = measure(5_000, 67, "csv json", 2)
    for asked, took in large.items():
        print(
            f"  page, {asked or 'nothing asked'}: {took / small[asked]:.2f} times that at 1,000 rows (at most 1.5)"
        )


if __name__ == "__main__":
    main()
