"""What the pages on figures read: channels and their figures around a period, earlier entries, uploads."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker import known_figures
from tracker.extensions import db
from tracker.known_figures import Known
from tracker.models import Channel, Figures, FiguresUpload, HourlyRate, Unit
from tracker.rules.deciding import state_on
from tracker.rules.periods import MOST_DAYS, Period
from tracker.rules.words import ChannelState
from tracker.standings import states_by_channel

RESTING = {ChannelState.PLANNED, ChannelState.CLOSED}
Units = frozenset[int] | None
UPLOADS_SHOWN = 50
WAITING_MOST = 10  # files of one person that are neither accepted nor thrown away


def channels(units: Units) -> list[Channel]:
    """All channels of these units, in their order."""
    query = select(Channel).join(Unit).options(joinedload(Channel.unit))
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    return list(db.session.scalars(query.order_by(Unit.position, Unit.id, Channel.position, Channel.id)))


def run_in(period: Period, units: Units) -> list[Channel]:
    """Those that were run on the period's last day or its first."""
    states = states_by_channel()
    return [
        one
        for one in channels(units)
        if not {state_on(states[one.id], day) for day in (period.begins_on, period.ends_on)} <= RESTING
    ]


def channel(channel_id: int, *, lock: bool = False) -> Channel | None:
    """One channel; locked, nobody else enters figures for it until the commit."""
    return db.session.get(Channel, channel_id, with_for_update=lock or None, populate_existing=lock)


def hold(channel_ids: Collection[int]) -> dict[int, Channel]:
    """These channels by id, locked until the commit."""
    query = select(Channel).where(Channel.id.in_(channel_ids)).order_by(Channel.id).with_for_update()
    return {one.id: one for one in db.session.scalars(query)}


def around(channel_ids: Collection[int], period: Period) -> Mapping[int, list[Known]]:
    """The figures in force of each channel from a year before the period on."""
    return known_figures.of_channels(channel_ids, period.begins_on - timedelta(days=MOST_DAYS))


def of_period(known: Iterable[Known], period: Period) -> Known | None:
    """The figures of exactly this period, among those of one channel."""
    return next((one for one in known if period_of(one.row) == period), None)


def period_of(row: Figures) -> Period:
    """The period a row is about."""
    return Period(row.ends_on, row.begins_on)


def shown(channel_id: int, period: Period, row_id: str) -> Figures | None:
    """The row that a form had shown; None if it had shown none, or names one of something else."""
    return next((one for one in entries(channel_id, period) if str(one.id) == row_id), None)


def entries(channel_id: int, period: Period) -> list[Figures]:
    """All that was ever entered for a channel and period, the newest first; also what was undone."""
    query = (
        select(Figures)
        .options(joinedload(Figures.upload))
        .where(
            Figures.channel_id == channel_id,
            Figures.begins_on == period.begins_on,
            Figures.ends_on == period.ends_on,
        )
    )
    return list(db.session.scalars(query.order_by(Figures.id.desc())))


@dataclass(frozen=True)
class Uploaded:
    """A file that was accepted: how many rows it brought (those one may see), and for which periods."""

    upload: FiguresUpload
    rows: int
    covers: Period


def uploads(units: Units) -> list[Uploaded]:
    """Accepted files that brought figures for channels of these units, the newest first."""
    query = (
        select(FiguresUpload, func.count(), func.min(Figures.begins_on), func.max(Figures.ends_on))
        .join(Figures, Figures.upload_id == FiguresUpload.id)
        .group_by(FiguresUpload.id)
    )
    if units is not None:
        query = query.join(Channel, Figures.channel_id == Channel.id).where(Channel.unit_id.in_(units))
    rows = db.session.execute(query.order_by(FiguresUpload.id.desc()).limit(UPLOADS_SHOWN))
    return [Uploaded(upload, count, Period(ends, begins)) for upload, count, begins, ends in rows]


def beyond(upload_ids: Collection[int], units: Units) -> frozenset[int]:
    """Of these files those that brought figures for channels of other units as well."""
    if units is None:
        return frozenset()
    query = select(Figures.upload_id).join(Channel, Figures.channel_id == Channel.id)
    query = query.where(Figures.upload_id.in_(upload_ids), Channel.unit_id.not_in(units)).distinct()
    return frozenset(one for one in db.session.scalars(query) if one is not None)


def waiting(user_id: int) -> list[FiguresUpload]:
    """The files of a person that are neither accepted nor thrown away, the newest first."""
    query = select(FiguresUpload).where(FiguresUpload.by_id == user_id, FiguresUpload.accepted_at.is_(None))
    return list(db.session.scalars(query.order_by(FiguresUpload.id.desc())))


def same_waiting(user_id: int, rows: list[dict[str, Any]]) -> FiguresUpload | None:
    """A file of this person that waits and says just the same."""
    return next((one for one in waiting(user_id) if one.rows == rows), None)


def upload(upload_id: int, *, lock: bool = False) -> FiguresUpload | None:
    """One file; locked, nobody else accepts or undoes it until the commit."""
    return db.session.get(FiguresUpload, upload_id, with_for_update=lock or None, populate_existing=lock)


def brought(upload_id: int) -> list[Figures]:
    """The rows that a file brought, by channel and period."""
    query = (
        select(Figures)
        .join(Channel, Figures.channel_id == Channel.id)
        .join(Unit)
        .options(joinedload(Figures.channel).joinedload(Channel.unit))
        .where(Figures.upload_id == upload_id)
    )
    return list(
        db.session.scalars(query.order_by(Unit.position, Channel.position, Channel.id, Figures.ends_on))
    )


def rows_without(upload_id: int, channel_ids: Collection[int]) -> dict[tuple[int, Period], Figures]:
    """Of these channels, what would hold by channel and period if the file had never been accepted."""
    undone = select(FiguresUpload.id).where(FiguresUpload.undone_at.is_not(None))
    query = (
        select(Figures)
        .where(
            Figures.channel_id.in_(channel_ids),
            func.coalesce(Figures.upload_id, 0) != upload_id,
            Figures.upload_id.is_(None) | Figures.upload_id.not_in(undone),
        )
        .order_by(Figures.id)
    )
    return {(one.channel_id, period_of(one)): one for one in db.session.scalars(query)}


def rates() -> list[HourlyRate]:
    """All hourly rates, the newest first."""
    return list(db.session.scalars(select(HourlyRate).order_by(HourlyRate.from_on.desc())))


def costed(from_on: date, until_on: date | None) -> int:
    """How many periods with hours end on days from one on, before another: their cost follows the rate."""
    query = (
        select(func.count())
        .select_from(Figures)
        .where(Figures.in_force(), Figures.hours.is_not(None), Figures.ends_on >= from_on)
    )
    if until_on is not None:
        query = query.where(Figures.ends_on < until_on)
    return db.session.scalar(query) or 0
