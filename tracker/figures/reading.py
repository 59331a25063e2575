"""From the lines of a file to rows of figures: which channel and period each is about, and everything that is wrong.

Nothing is decided on the first mistake: all of them are named, each with its line and column. A line with a mistake is
refused whole. An empty cell says nothing, so it changes nothing; "unknown" or a dash says that a figure is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.figures import numbers, periods
from tracker.figures.columns import (
    BY_KEY,
    CHANNEL,
    DANGEROUS,
    ESTIMATED,
    FROM,
    NOTE,
    PERIOD,
    PLATFORM,
    UNIT,
    UNTIL,
    headings,
    plain,
    title,
)
from tracker.figures.finding import ChannelUnknown, Finder
from tracker.figures.numbers import NumberRefused
from tracker.figures.periods import PeriodRefused
from tracker.figures.sheet import Cell, Fault, FileRefused, Line, Sheet
from tracker.rules.judgement import clean
from tracker.rules.periods import Period

NOTE_MAX = 2_000  # characters
YES = {"x", "ja", "j", "yes", "y", "1", "1.0", "true", "wahr", "✓"}
NO = {"nein", "n", "no", "0", "0.0", "false", "falsch"}


@dataclass(frozen=True)
class Refused:
    """What is wrong in a line; the column is its title, empty where the whole line is meant."""

    line: int
    column: str
    words: str


@dataclass(frozen=True)
class Read:
    """One line: what it says of a channel and period. A value of None is said to be unknown; others are kept."""

    line: int
    channel_id: int
    period: Period
    values: Mapping[str, Any]


@dataclass
class Found:
    """All that a file says."""

    rows: list[Read] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read(sheet: Sheet, finder: Finder) -> Found:
    """Read every line. Raises FileRefused where the headings do not say what the columns are."""
    found = Found(warnings=list(sheet.said))
    places = _places(sheet.lines[0], found)
    for line in sheet.lines[1:]:
        _read_line(line, places, finder, found)
    _refuse_twice(found)
    found.refused.sort(key=lambda one: one.line)
    if not found.rows and not found.refused:
        raise FileRefused(_("Below the headings the file has no line with figures."))
    return found


def _places(head: Line, found: Found) -> dict[str, int]:
    """Where each column stands."""
    known, places, unknown = headings(), {}, []
    for place, cell in enumerate(head.cells):
        said = "" if isinstance(cell, Fault) else str(cell).strip()
        key = known.get(plain(said)) if said else None
        if key is None:
            unknown += [said[:60]] if said else []
        elif key in places:
            raise FileRefused(_("The column “%(title)s” stands there twice.", title=title(key)))
        else:
            places[key] = place
    needed = (PLATFORM, CHANNEL) if {FROM, UNTIL} <= set(places) else (PLATFORM, CHANNEL, PERIOD)
    missing = [title(key) for key in needed if key not in places]
    if missing:
        raise FileRefused(
            _("Line %(number)s must name the columns; missing: %(missing)s. The template has them all.",
              number=head.number, missing=", ".join(missing))
        )  # fmt: skip
    if not set(places) & set(BY_KEY):
        raise FileRefused(_("No column has figures, such as “%(title)s”.", title=title("posts")))
    if unknown:
        found.warnings.append(
            _("These columns are not known and were not read: %(names)s.", names=", ".join(unknown[:20]))
        )
    return places


def _read_line(line: Line, places: Mapping[str, int], finder: Finder, found: Found) -> None:
    cells = {key: line.cells[place] if place < len(line.cells) else "" for key, place in places.items()}
    if not any(_text(cells[key]) or isinstance(cells[key], Fault) for key in cells if key in BY_KEY):
        return  # a line of the template that nobody filled in
    wrong: list[Refused] = []
    channel_id, period = None, None
    try:
        named = [_text(cells.get(key, "")) for key in (UNIT, PLATFORM, CHANNEL)]
        channel_id = finder.find(*named)
    except ChannelUnknown as unknown:
        wrong.append(Refused(line.number, title(CHANNEL), str(unknown)))
    try:
        period = _period(cells)
    except PeriodRefused as refused:
        wrong.append(Refused(line.number, title(PERIOD), str(refused)))
    values: dict[str, Any] = {}
    for key, cell in cells.items():
        try:
            values |= _value(key, cell)
        except NumberRefused as refused:
            wrong.append(Refused(line.number, title(key), _with_what_stands(cell, str(refused))))
    found.refused += wrong
    if not wrong and channel_id is not None and period is not None:
        found.rows.append(Read(line.number, channel_id, period, values))


def _period(cells: Mapping[str, Cell]) -> Period:
    """By its name or its two days. Raises PeriodRefused."""
    named = _period_text(cells.get(PERIOD, ""))
    days = [_text(cells.get(key, ""))[:60] for key in (FROM, UNTIL)]
    return periods.read(named if named or not all(days) else " – ".join(days))


def _value(key: str, cell: Cell) -> dict[str, Any]:
    """What a cell says; nothing where it is empty or no figure. Raises NumberRefused."""
    text = _text(cell)
    if key not in BY_KEY and key not in {ESTIMATED, NOTE}:
        return {}
    if isinstance(cell, Fault):
        raise NumberRefused(cell.words)
    if not text:
        return {}
    if key == NOTE:
        note = clean(text)
        if len(note) > NOTE_MAX:
            raise NumberRefused(
                _("At most %(n)s characters; these are %(have)s.", n=NOTE_MAX, have=len(note))
            )
        return {key: note}
    if key == ESTIMATED:
        if text.casefold() in YES | NO:
            return {key: text.casefold() in YES}
        raise NumberRefused(_("Write yes or no."))
    if isinstance(cell, (bool, date)):
        raise NumberRefused(_("This is not a number. Write it in digits, such as 1234 or 12,50."))
    kind = BY_KEY[key].kind
    return {key: numbers.of_cell(cell, kind) if isinstance(cell, float) else numbers.read(text, kind)}


def _text(cell: Cell) -> str:
    """Without the apostrophe by which the template keeps a text from becoming a formula."""
    text = "" if isinstance(cell, Fault) else str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def _period_text(cell: Cell) -> str:
    """A year comes as a number, and a spreadsheet may have made a day of a month."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _text(cell)[:60]


def _with_what_stands(cell: Cell, words: str) -> str:
    text = _text(cell)
    return _("“%(said)s”: %(words)s", said=clean(text)[:40], words=words) if text else words


def _refuse_twice(found: Found) -> None:
    """Of a channel and period that stand in several lines, none is taken: nobody knows which is meant."""
    lines: dict[tuple[int, Period], list[int]] = {}
    for row in found.rows:
        lines.setdefault((row.channel_id, row.period), []).append(row.line)
    kept = []
    for row in found.rows:
        same = lines[row.channel_id, row.period]
        if len(same) == 1:
            kept.append(row)
            continue
        words = _("The same channel and period stand in lines %(lines)s. Keep one of them.",
                  lines=_listed(same))  # fmt: skip
        found.refused.append(Refused(row.line, "", words))
    found.rows = kept


def _listed(numbers_of_lines: Sequence[int]) -> str:
    return ", ".join(map(str, numbers_of_lines[:10])) + (" …" if len(numbers_of_lines) > 10 else "")
