"""A list as CSV that a German Excel opens right: BOM, semicolon, CRLF, ISO dates, defused formulas.

Below an empty line stand what was asked for and, as the last line, how many rows of how many were written: without it
the file is not whole.
"""

import csv
import io
from collections.abc import Callable
from functools import cache
from typing import IO, Any

from flask_babel import gettext as _

from tracker.listing import Kind, Listing

TYPE = "text/csv"
BOM = "\ufeff"
DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a spreadsheet may take for a formula


def write(file: IO[bytes], listing: Listing) -> int:
    """Write the whole file and say how many rows there were."""
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write(BOM)
    writer.writerow(listing.header)
    written = 0
    cells = [(one.key, _cell(one.kind, listing)) for one in listing.columns]
    for row in listing.rows:
        writer.writerow([cell(getattr(row, key)) for key, cell in cells])
        written += 1
    text.write("\r\n")
    writer.writerow([_("Parameter"), ""])
    for name, value in listing.parameters:
        writer.writerow([defused(name), defused(value)])
    writer.writerow([listing.last_line(written)])
    text.detach()  # the file stays open
    return written


def defused(text: str) -> str:
    """Text that a spreadsheet would run as a formula, made plain by a leading apostrophe."""
    return "'" + text if text.startswith(DANGEROUS) else text


def _cell(kind: Kind, listing: Listing) -> Callable[[Any], str]:
    """How values of a kind are written; none is an empty cell."""
    word = cache(listing.word)
    ways: dict[Kind, Callable[[Any], str]] = {
        Kind.WORD: word,
        Kind.WORDS: lambda value: ", ".join(word(one) for one in value),
        Kind.MOMENT: lambda value: value.astimezone(listing.zone).isoformat(timespec="seconds"),
        Kind.DAY: lambda value: value.isoformat(),
        Kind.NUMBER: str,
        Kind.TEXT: defused,
    }
    way = ways[kind]
    return lambda value: "" if value is None else way(value)
