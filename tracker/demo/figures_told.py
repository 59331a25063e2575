"""How the demo's figures come in: through the changes that the pages on figures use. Nothing here commits."""

from decimal import Decimal

from sqlalchemy import select

from tracker import known_figures
from tracker.demo.figures import COURSES, Enter, Rate, Upload, of_quarter
from tracker.demo.happening import channel_of, happen, person_of
from tracker.extensions import db
from tracker.figures import changes, comparing, queries, staging
from tracker.figures.reading import Read
from tracker.models import HourlyRate
from tracker.rules.periods import Period
from tracker.rules.slots import Slot

__all__ = ["happen"]  # with what is told here


@happen.register
def _rate(chapter: Rate) -> None:
    if db.session.scalar(select(HourlyRate.id).where(HourlyRate.from_on == chapter.from_on)) is None:
        changes.set_rate(chapter.from_on, chapter.euros, person_of("katrin"))


@happen.register
def _upload(chapter: Upload) -> None:
    slot, by = Slot.of_key(chapter.quarter), person_of("jonas")
    period = Period.of_slot(slot)
    found = [
        Read(line, channel_of(key).id, period, of_quarter(key, chapter.nth))
        for line, key in enumerate(COURSES, start=2)
    ]
    upload = changes.stage(f"kennzahlen-{slot.year}-q{slot.number}.xlsx", staging.rows(found), by)
    compared = comparing.compare(staging.of(upload, None).rows, chapter.on)
    changes.accept(upload, compared, by)


@happen.register
def _enter(chapter: Enter) -> None:
    channel, period = channel_of(chapter.channel), Period.of_slot(Slot.of_key(chapter.quarter))
    held = queries.of_period(known_figures.of_channels([channel.id])[channel.id], period)
    before = comparing.values_of(held.row if held else None)
    if before[chapter.key] is not None:
        mended = int(Decimal(before[chapter.key]) * chapter.factor)
        after = {**before, chapter.key: mended, "note": chapter.note}
        changes.enter(channel, period, before, after, person_of("jonas"))
