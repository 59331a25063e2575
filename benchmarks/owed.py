"""Who is owed what: many channels over four years, decided from state alone. Seconds, and the questions it asks the
database.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event

from benchmarks.digests import seconds
from benchmarks.filling import Size, filled
from tracker.extensions import db
from tracker.models import Organisation
from tracker.reminders.owed import round_on

LAST_BEGUN = date(2026, 4, 1)  # of sixteen quarters, without a meeting
ON = date(2026, 7, 1)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often each table is asked, until the block ends."""
    found: Counter[str] = Counter()

    def asked(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if table := re.search(r"\bFROM (\w+)", statement):
            found[table[1]] += 1

    event.listen(db.engine, "before_cursor_execute", asked)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", asked)


def measure(count: int) -> tuple[float, Counter[str]]:
    """Seconds and questions for so many channels with sixteen slots each, fifteen of them reviewed."""
    with filled(Size(count, 16, LAST_BEGUN)) as app, app.app_context(), counted() as asked:
        took = seconds(lambda: round_on(ON, db.session.get_one(Organisation, 1)))
    return took, asked


def main() -> None:
    """Print what 1,000 and 10,000 channels cost."""
    for count in (1_000, 10_000):
        took, asked = measure(count)
        often = {table: n for table, n in asked.items() if n > 1}
        print(f"{count} channels: {took:.2f} s, tables asked more than once: {often or 'none'}")


if __name__ == "__main__":
    main()
