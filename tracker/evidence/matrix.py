"""The evidence as a matrix: a line a channel and criterion, a column a slot. For the workbook."""

from datetime import date
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker import language
from tracker.evidence import stored, words
from tracker.evidence.columns import Row
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.listing import Matrix
from tracker.models import Obligation
from tracker.rules.slots import Slot, slots_of_year


def by_criterion(filters: Filters, on: date) -> Matrix:
    """The outcome of every cell asked for; slots of every cadence in scope, by due date."""
    word = cache(words.word)
    titles = (_("Unit"), _("Platform"), _("Channel"), _("Criterion"))
    slots = _slots(filters, on)
    places = {slot: len(titles) + k for k, slot in enumerate(slots)}

    def place_of(row: Row) -> int | None:
        return places.get(row.slot) if row.slot is not None and row.outcome is not None else None

    def said(row: Row) -> str:
        level = f": {word(row.level)}" if row.level else ""
        return (word(row.outcome) if row.outcome else "") + level

    return Matrix(
        name=_("Matrix"),
        header=(*titles, *(language.slot_name(slot) for slot in slots)),
        group_of=lambda row: row.channel_id,
        line_of=lambda row: (row.unit, row.platform, row.channel, word(row.criterion)),
        place_of=place_of,
        said=said,
    )


def _slots(filters: Filters, on: date) -> list[Slot]:
    """The slots that have begun until a day, of the cadences that channels in scope have had."""
    owed = select(Obligation.reviews_per_year, func.min(Obligation.from_on)).group_by(
        Obligation.reviews_per_year
    )
    if filters.channel_id or filters.unit_id or filters.platform or filters.unit_ids is not None:
        owed = owed.where(Obligation.channel_id.in_(stored.in_scope(filters)))
    found = []
    for n, from_on in db.session.execute(owed):
        for year in range(max(from_on.year, filters.from_on.year if filters.from_on else 0), on.year + 1):
            found += [slot for slot in slots_of_year(year, n) if slot.begins_on <= on and filters.meets(slot)]
    return sorted(found)
