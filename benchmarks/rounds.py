"""The daily job at 100,000 channels: how each stands, beside one statement and the rules; and who is owed a reminder.

One channel in ten has its last quarter overdue. Reminders were confirmed when that quarter ended: what was missed
before is no news. Each of 2,000 mailboxes looks after fifty channels.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.filling import SECRETS, ZONE, Size, filled
from benchmarks.turns import Row, in_turn
from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.models import Organisation
from tracker.reminders.owed import round_on
from tracker.rules.ledger import Duty, Ledger, Rated, ledger
from tracker.rules.words import Criterion
from tracker.settings import PROJECT
from tracker.standings import lines_on

ON = date(2026, 10, 5)
QUARTER_ENDED = date(2026, 9, 30)
LATEST = """
SELECT o.channel_id, o.from_on, o.until_on, o.reviews_per_year, o.criteria, a.criterion, max(h.held_on)
FROM obligation o
LEFT JOIN review r ON r.channel_id = o.channel_id AND r.closed_at IS NOT NULL
LEFT JOIN rating a ON a.review_id = r.id
LEFT JOIN meeting_head h ON h.meeting_id = r.meeting_id AND h.closed_at IS NOT NULL
GROUP BY o.channel_id, o.from_on, a.criterion ORDER BY o.channel_id
"""


def plainly(path: Path) -> int:
    """How every channel stands by its latest ratings, read with the driver; the number of slots."""
    with closing(sqlite3.connect(path)) as connection:
        found = 0
        for _channel, lines in groupby(connection.execute(LATEST), key=lambda line: line[0]):
            found += len(_stands(list(lines)).lines)
    return found


def _stands(lines: list[tuple[str, ...]]) -> Ledger:
    duties = {
        Duty(
            date.fromisoformat(since),
            date.fromisoformat(until) if until else None,
            int(n),
            frozenset(map(Criterion, criteria.split(","))),
        )
        for _channel, since, until, n, criteria, *_rated in lines
    }
    days = {(Criterion(line[5]), date.fromisoformat(line[6])) for line in lines if line[5]}
    return ledger(duties, (Rated(0, criterion, day, day) for criterion, day in days), ON)


def rows(channels: int = 100_000, slots: int = 16) -> Iterator[Row]:
    """Both, on one database; reminders are decided in a process of their own, whose memory is theirs."""
    with filled(Size(channels, slots, ON, 400, 2_000, one_overdue_of=10)) as app:
        folder = Path(app.instance_path)
        with app.app_context():
            db.session.get_one(Organisation, 1).reminders_confirmed_at = clock.moment_on(QUARTER_ENDED, ZONE)
            db.session.commit()

        def ours() -> int:
            with app.app_context():
                return sum(len(lines) for _channel, lines in lines_on(ON))

        what = f"standings of {channels:,} channels × {slots} slots"
        yield in_turn(what, 1.5, ours, lambda: plainly(folder / "tracker.sqlite"), 2,
                      warm=False)  # fmt: skip
        say = [sys.executable, "-m", "benchmarks.rounds", str(folder)]
        done = subprocess.run(say, cwd=PROJECT, capture_output=True, text=True, check=True)
        seconds, wall, owed, letters, before, peak = (float(one) for one in done.stdout.split())
        what = f"deciding reminders, {channels:,} channels, {owed:,.0f} overdue"
        yield Row(what, seconds, 3, " s", f"wall {wall:.2f} s; {letters:,.0f} letters")
        yield Row("the same, memory at most", peak, 300, " MB", f"{before:.0f} MB before it began")


def decide(folder: Path) -> None:
    """Print the seconds of CPU and clock, what is owed, in how many letters, and the memory before and at most."""
    app = create_app({**SECRETS, "DATABASE_URL": f"sqlite:///{folder}/tracker.sqlite"}, folder)
    with app.app_context():
        organisation = db.session.get_one(Organisation, 1)
        before, began, by_the_clock = held_at_most(), process_time(), perf_counter()
        found = round_on(ON, organisation)
        took, by_the_clock = process_time() - began, perf_counter() - by_the_clock
    owed = {due.channel.id for letter in found.letters for due in letter.dues}
    print(took, by_the_clock, len(owed), len(found.letters), before, held_at_most())


def held_at_most() -> float:
    """MB of memory that this program has held at most so far; what its parent held is not counted."""
    found = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(found.split()[1]) / 1024


def main() -> None:
    """Print them; with a folder, decide once there."""
    if len(sys.argv) > 1:
        decide(Path(sys.argv[1]))
        return
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
