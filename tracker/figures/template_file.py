"""The template to fill in: a line for each channel and period, with what is known already, as CSV or XLSX.

A channel's followers at the start are those the period before ended with. The XLSX has the last figures of every
channel on a second sheet, to look at: only the first is read again.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from tracker import language
from tracker.figures import comparing, hints, periods, queries
from tracker.figures.columns import (
    BY_KEY,
    CHANNEL,
    DANGEROUS,
    ESTIMATED,
    NOTE,
    PERIOD,
    PLATFORM,
    UNIT,
    WORDS,
    Kind,
    title,
)
from tracker.known_figures import Known
from tracker.models import Channel
from tracker.rules.periods import Period

BOM = "\ufeff"
FORMATS = {Kind.COUNT: "#,##0", Kind.HOURS: "#,##0.0#", Kind.EUROS: "#,##0.00"}
WIDTHS = {UNIT: 30, PLATFORM: 14, CHANNEL: 30, PERIOD: 18, NOTE: 40}


@dataclass(frozen=True)
class Filled:
    """One line: values by column."""

    values: Mapping[str, Any]


def lines(
    channels: Iterable[Channel], known: Mapping[int, list[Known]], run: Mapping[Period, Iterable[Channel]]
) -> list[Filled]:
    """A line for each channel and period in which it was run, as far as that is known; a channel's together."""
    ids = {period: {one.id for one in of} for period, of in run.items()}
    return [
        _line(channel, period, _values(known[channel.id], period))
        for channel in channels
        for period in run
        if channel.id in ids[period]
    ]


def _values(known: Sequence[Known], period: Period) -> dict[str, Any]:
    held = queries.of_period(known, period)
    values = comparing.values_of(held.row if held else None)
    before = hints.around(period, [one.measured for one in known]).before
    if values["followers_start"] is None and before is not None:
        values["followers_start"] = before.followers_end
    return values


def last_lines(channels: Iterable[Channel], known: Mapping[int, list[Known]], period: Period) -> list[Filled]:
    """The newest figures of each channel before the period, to look at."""
    found = []
    for channel in channels:
        earlier = [one for one in known[channel.id] if one.row.ends_on < period.begins_on]
        if earlier:
            found.append(
                _line(channel, queries.period_of(earlier[-1].row), comparing.values_of(earlier[-1].row))
            )
    return found


def _line(channel: Channel, period: Period, values: Mapping[str, Any]) -> Filled:
    about = {UNIT: channel.unit.name, PLATFORM: channel.platform, CHANNEL: channel.name}
    return Filled({**about, PERIOD: periods.safe_words(period), **values})


def as_csv(filled: Sequence[Filled]) -> bytes:
    """As a German Excel opens it: semicolons, a BOM, decimals as the language writes them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([title(key) for key in WORDS])
    for one in filled:
        writer.writerow([_text(key, one.values[key]) for key in WORDS])
    return (BOM + text.getvalue()).encode("utf-8", "replace")


def _text(key: str, value: Any) -> str:
    if value is None or (key == ESTIMATED and not value):
        return ""
    if key == ESTIMATED:
        return _("yes")
    if key in BY_KEY:
        text = str(value) if BY_KEY[key].kind is Kind.COUNT else f"{value:.2f}"
        return text.replace(".", ",") if language.german() else text
    return "'" + value if value.startswith(DANGEROUS) else str(value)  # reading takes it off again


def as_xlsx(filled: Sequence[Filled], last: Sequence[Filled]) -> bytes:
    """With numbers as numbers, headings that stay in sight, and the last figures on a second sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _write(book, _("Figures"), filled)
        if last:
            _write(book, _("Last figures"), last)
    return file.getvalue()


def _write(book: Any, name: str, filled: Sequence[Filled]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    for column, key in enumerate(WORDS):
        sheet.set_column(column, column, WIDTHS.get(key, 13))
        sheet.write_string(0, column, title(key), head)
        for row, one in enumerate(filled, start=1):
            value = one.values[key]
            if key in BY_KEY:
                form = formats[BY_KEY[key].kind]
                if value is None:
                    sheet.write_blank(row, column, None, form)
                else:
                    sheet.write_number(row, column, value, form)
            elif value:
                sheet.write_string(row, column, _("yes") if key == ESTIMATED else str(value))
    sheet.freeze_panes(1, 3)
