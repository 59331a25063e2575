"""What was read of a file, kept with the upload until it is accepted: as JSON going in, as plain values coming out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from tracker.figures import csv_sheet, queries, reading, xlsx_sheet
from tracker.figures.columns import BY_KEY
from tracker.figures.comparing import Values
from tracker.figures.finding import Finder
from tracker.figures.reading import Read, Refused
from tracker.figures.sheet import is_zip, refuse_by_kind
from tracker.models import Channel, FiguresUpload
from tracker.rules.periods import Period

ROW, REFUSED, WARNING = "row", "refused", "warning"
REFUSED_KEPT = 1_000


@dataclass(frozen=True)
class Staged:
    """A waiting file: its rows (line, channel, period, what it says), what was refused, what one should know."""

    rows: Sequence[tuple[int, Channel, Period, Values]]
    refused: Sequence[Refused]
    warnings: Sequence[str]


def read(data: bytes, channels: Iterable[Channel]) -> list[dict[str, Any]]:
    """What a file says about these channels, to be kept. Raises FileRefused."""
    refuse_by_kind(data)
    sheet = xlsx_sheet.read(data) if is_zip(data) else csv_sheet.read(data)
    found = reading.read(sheet, Finder(channels))
    kept: list[dict[str, Any]] = [{"kind": WARNING, "words": words} for words in found.warnings]
    kept += [_refused(one) for one in found.refused[:REFUSED_KEPT]]
    if len(found.refused) > REFUSED_KEPT:
        words = _("More than %(n)s cells are wrong; the others are not listed.", n=REFUSED_KEPT)
        kept.append({"kind": WARNING, "words": words})
    return kept + [_row(one) for one in found.rows]


def rows(found: Iterable[Read]) -> list[dict[str, Any]]:
    """Rows as they are kept."""
    return [_row(one) for one in found]


def _refused(one: Refused) -> dict[str, Any]:
    return {"kind": REFUSED, "line": one.line, "column": one.column, "words": one.words}


def _row(one: Read) -> dict[str, Any]:
    return {
        "kind": ROW,
        "line": one.line,
        "channel": one.channel_id,
        "begins": one.period.begins_on.isoformat(),
        "ends": one.period.ends_on.isoformat(),
        "values": {
            key: str(value) if isinstance(value, Decimal) else value for key, value in one.values.items()
        },
    }


def of(upload: FiguresUpload, units: frozenset[int] | None) -> Staged:
    """A waiting file as it may be accepted now: a channel one may no longer enter figures for is refused."""
    channels = {one.id: one for one in queries.channels(units)}
    rows_of, refused, warnings = [], [], []
    for kept in upload.rows or ():
        if kept["kind"] == WARNING:
            warnings.append(kept["words"])
        elif kept["kind"] == REFUSED:
            refused.append(Refused(kept["line"], kept["column"], kept["words"]))
        elif kept["channel"] not in channels:
            refused.append(Refused(kept["line"], "", _("There is no such channel any more.")))
        else:
            period = Period(date.fromisoformat(kept["ends"]), date.fromisoformat(kept["begins"]))
            rows_of.append((kept["line"], channels[kept["channel"]], period, _values(kept["values"])))
    return Staged(rows_of, refused, warnings)


def _values(kept: dict[str, Any]) -> Values:
    return {
        key: Decimal(value) if key in BY_KEY and value is not None else value for key, value in kept.items()
    }
