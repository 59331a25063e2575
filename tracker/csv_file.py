"""A list as CSV that a German Excel opens right: BOM, semicolon, CRLF, ISO dates, defused formulas.

It is made piece by piece, so that memory does not grow. Below an empty line stand what was asked for and, as the last
line, how many rows of how many were written: without it the file is not whole.
"""

import csv
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any

from flask_babel import gettext as _

from tracker.listing import Column, Kind, Listing

TYPE = "text/csv"
BOM = "\ufeff"
DANGEROUS = frozenset("=+-@\t\r＝＋－＠")  # what a spreadsheet may take for a formula
PIECE = 128  # rows
Way = Callable[[Any], str]


class _Lines(list[str]):
    """What csv.writer writes to."""

    write = list.append

    def taken(self) -> bytes:
        """The lines so far as bytes; what is no character of Unicode is escaped."""
        found = "".join(self).encode("utf-8", "backslashreplace")
        self.clear()
        return found


def pieces(listing: Listing) -> Iterator[bytes]:
    """The whole file, some rows at a time."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    lines.append(BOM)
    writer.writerow(listing.header)
    values = attrgetter(*(one.key for one in listing.columns))
    ways = [(place, way) for place, one in enumerate(listing.columns) if (way := _way(one, listing))]
    texts = [place for place, one in enumerate(listing.columns) if one.kind is Kind.TEXT]
    written = 0
    for row in listing.rows:
        cells = [*values(row)]
        for place in texts:
            if (text := cells[place]) and text[0] in DANGEROUS:
                cells[place] = defused(text)
        for place, way in ways:
            if cells[place] is not None:
                cells[place] = way(cells[place])
        writer.writerow(cells)
        written += 1
        if len(lines) > PIECE:
            yield lines.taken()
    writer.writerow([])
    writer.writerow([_("Parameter"), ""])
    for name, value in listing.parameters:
        writer.writerow([defused(name), defused(value)])
    writer.writerow([listing.last_line(written)])
    yield lines.taken()


def defused(text: str) -> str:
    """Text that a spreadsheet would run as a formula, made plain by a leading apostrophe."""
    return "'" + text if text[:1] in DANGEROUS else text


def _way(column: Column, listing: Listing) -> Way | None:
    """How values of a column are written; None where csv.writer does it: text, numbers, ISO days."""
    word, zone = lru_cache(listing.word), listing.zone

    @lru_cache(maxsize=1024)  # a meeting closes many reviews at one moment
    def moment(value: Any) -> str:
        return value.astimezone(zone).isoformat(timespec="seconds")

    @lru_cache(maxsize=256)
    def words(value: Any) -> str:
        return ", ".join(map(word, value))

    ways: dict[Kind, Way | None] = {
        Kind.WORD: word,
        Kind.WORDS: words,
        Kind.MOMENT: moment,
        Kind.DAY: None,
        Kind.NUMBER: None,
        Kind.TEXT: None,
    }
    return ways[column.kind]
