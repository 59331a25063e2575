"""The evidence as CSV that a German Excel opens right: BOM, semicolon, CRLF, ISO dates, defused formulas.

The rows depend on filters, day and language only. Below an empty line stand what was asked for, when, the head of the
journal's chain, and as the last line how many rows of how many were written: without it the file is not whole.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from tracker.evidence import words
from tracker.evidence.columns import COLUMNS, Column, Kind, Mark, Row
from tracker.rules.words import Criterion, Decision, Level, Outcome

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


@dataclass(frozen=True)
class Wording:
    """Everything of the file that depends on the language, taken before the first byte is written."""

    header: tuple[str, ...]
    words: Mapping[StrEnum, str]
    zone: ZoneInfo
    parameter: str
    last_line: str


def wording(zone: str) -> Wording:
    """The words in the language of now. Moments are written in `zone`, which their titles name."""
    kinds: tuple[type[StrEnum], ...] = (Criterion, Outcome, Level, Decision, Mark)
    return Wording(
        header=tuple(
            f"{one.title} ({zone})" if one.kind is Kind.MOMENT else str(one.title) for one in COLUMNS
        ),
        words={value: words.word(value) for kind in kinds for value in kind},
        zone=ZoneInfo(zone),
        parameter=_("Parameter"),
        last_line=_("%(n)s of %(total)s rows", n="{n}", total="{total}"),
    )


def write(file: IO[bytes], rows: Iterable[Row], parameters: Iterable[tuple[str, str]], said: Wording) -> int:
    """Write the whole file and say how many rows there were; `parameters` are the lines below the rows."""
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write(BOM)
    writer.writerow(said.header)
    written = 0
    for row in rows:
        writer.writerow([_cell(getattr(row, one.key), one, said) for one in COLUMNS])
        written += 1
    text.write("\r\n")
    writer.writerow([said.parameter, ""])
    for name, value in parameters:
        writer.writerow([defused(name), defused(value)])
    writer.writerow([said.last_line.format(n=written, total=written)])
    text.detach()  # the file stays open
    return written


def defused(text: str) -> str:
    """Text that a spreadsheet would run as a formula, made plain by a leading apostrophe."""
    return "'" + text if text.startswith(DANGEROUS) else text


def _cell(value: Any, column: Column, said: Wording) -> str:
    if value is None:
        return ""
    if column.kind is Kind.WORD:
        return said.words[value]
    if column.kind is Kind.WORDS:
        return ", ".join(said.words[one] for one in value)
    if column.kind is Kind.MOMENT:
        moment: datetime = value
        return moment.astimezone(said.zone).isoformat(timespec="seconds")
    if column.kind is Kind.DAY:
        day: date = value
        return day.isoformat()
    return str(value) if column.kind is Kind.NUMBER else defused(value)
