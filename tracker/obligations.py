"""Changing how a channel is run and what is owed for it: reviews, channels and the concept all come here.

Nothing is rewritten: a change ends one obligation and begins another, and what is planned for a day to come stands
with its day until a later change drops it (docs/promise.md, rule 2).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Channel, Obligation, StateChange
from tracker.rules import deciding
from tracker.rules.deciding import Course, Decided, StateFrom, Turn
from tracker.rules.deeds import Deed
from tracker.rules.duties import Duty
from tracker.rules.foreseeing import Foreseen, foreseen
from tracker.rules.words import ChannelState, Criterion, Decision

Row = TypeVar("Row", StateChange, Obligation)


def course_of(channel: Channel) -> Course:
    """How a channel is run and what it owes, as plain values."""
    return courses([channel])[channel.id]


def courses(channels: Iterable[Channel]) -> dict[int, Course]:
    """The same of several channels, by id."""
    known = {one.id: one for one in channels}
    states: dict[int, list[StateFrom]] = {one: [] for one in known}
    duties: dict[int, list[Duty]] = {one: [] for one in known}
    for begun in _rows(StateChange, known):
        states[begun.channel_id].append(StateFrom(begun.from_on, begun.state))
    for row in _rows(Obligation, known):
        duties[row.channel_id].append(_duty(row))
    return {key: Course(one.opened_on, tuple(states[key]), tuple(duties[key])) for key, one in known.items()}


def apply(channel: Channel, decision: Decision, from_on: date | None, cause: str, today: date) -> bool:
    """What a decision does to its channel. False if it changes nothing; RuleBroken as rules.deciding.decided says."""
    hold([channel])
    before = course_of(channel)
    deciding.decided(before, decision, from_on, today)
    wanted = deciding.turn_of(decision, from_on, before)
    return turn(channel, wanted, cause, today) if wanted else False


def preview(channel: Channel, decision: Decision, from_on: date | None, today: date) -> Foreseen:
    """What `apply` would do; RuleBroken where it would raise."""
    before = course_of(channel)
    return foreseen(before, deciding.decided(before, decision, from_on, today), today)


def reapply(channel: Channel, before: Decided | None, after: Decided | None, cause: str, today: date) -> bool:
    """What a corrected decision does to its channel. False if nothing changes; RuleBroken as deciding.redecided."""
    hold([channel])
    course = course_of(channel)
    wanted = deciding.redecided(course, before, after, today)
    begins = [one for one in wanted.states if one not in course.states]
    ends = [one.from_on for one in course.states if one not in wanted.states]
    told = [*begins, *(StateFrom(day, deciding.state_on(wanted.states, day)) for day in ends)]
    return _change(channel, course, wanted, Turn(told[0].from_on, told[0].state), cause) if told else False


def preview_again(channel: Channel, before: Decided | None, after: Decided | None, today: date) -> Foreseen:
    """What `reapply` would do; RuleBroken where it would raise."""
    course = course_of(channel)
    return foreseen(course, deciding.redecided(course, before, after, today), today)


def turn(channel: Channel, wanted: Turn, cause: str, today: date) -> bool:
    """Change state, cadence or criteria from a day on. False if it was so already; RuleBroken where it is forbidden."""
    hold([channel])
    before = course_of(channel)
    return _change(channel, before, deciding.turned(before, wanted, today), wanted, cause)


def _change(channel: Channel, before: Course, after: Course, told: Turn, cause: str) -> bool:
    """Write a course and tell it in the journal as this turn. False if it was so already."""
    if after == before:
        return False
    _write_states(channel, after.states, cause)
    _write_duties(channel, after.duties, cause)
    ids: dict[str, int | str] = {"from": told.from_on.isoformat()}
    if told.state is not None:
        ids["state"] = told.state.value
    if told.n is not None:
        ids["n"] = told.n
    words = {"cause": cause}
    journal.note(db.session, Deed.CHANNELS_CHANGE, channel, ids=ids, words=words, unit_id=channel.unit_id)
    return True


def hold(channels: Iterable[Channel]) -> None:
    """Keep other writers from changing these channels until the end of the transaction."""
    ids = sorted(one.id for one in channels)
    db.session.flush()
    db.session.scalars(
        select(Channel).where(Channel.id.in_(ids)).order_by(Channel.id).with_for_update(key_share=True)
    ).all()


def open_as(channel: Channel, states: Iterable[StateFrom], cause: str) -> None:
    """How a channel is run of which nothing was known, or that was only planned; journalled with its concept."""
    _write_states(channel, tuple(one for one in states if one.state is not ChannelState.PLANNED), cause)


def begin(
    channel: Channel,
    from_on: date,
    n: int,
    criteria: frozenset[Criterion],
    cause: str,
    until_on: date | None = None,
) -> Obligation | None:
    """From a day on the channel owes n reviews a year on these criteria; without criteria nothing begins."""
    if not criteria:
        return None
    made = Obligation(
        channel_id=channel.id,
        from_on=from_on,
        until_on=until_on,
        reviews_per_year=n,
        criteria=criteria,
        cause=cause,
        created_at=clock.now(),
    )
    db.session.add(made)
    ids: dict[str, int | str] = {
        "channel": channel.id,
        "from": from_on.isoformat(),
        "n": n,
        "criteria": _names(criteria),
    }
    if until_on is not None:
        ids["until"] = until_on.isoformat()
    journal.note(
        db.session, Deed.OBLIGATIONS_BEGIN, made, ids=ids, words={"cause": cause}, unit_id=channel.unit_id
    )
    return made


def end(obligation: Obligation, channel: Channel, until_on: date, cause: str) -> None:
    """The obligation holds until a day, that day included; one that would never have begun goes away."""
    ids: dict[str, int | str] = {
        "obligation": obligation.id,
        "channel": channel.id,
        "until": until_on.isoformat(),
    }
    if until_on < obligation.from_on:
        db.session.delete(obligation)
    else:
        obligation.until_on = until_on
    db.session.flush()
    journal.note(db.session, Deed.OBLIGATIONS_END, ids=ids, words={"cause": cause}, unit_id=channel.unit_id)


def _write_states(channel: Channel, after: Sequence[StateFrom], cause: str) -> None:
    rows = {StateFrom(row.from_on, row.state): row for row in _rows(StateChange, [channel.id])}
    for known, row in rows.items():
        if known not in after:
            db.session.delete(row)
    db.session.flush()
    for one in after:
        if one not in rows:
            db.session.add(
                StateChange(channel_id=channel.id, from_on=one.from_on, state=one.state, cause=cause,
                            created_at=clock.now())
            )  # fmt: skip


def _write_duties(channel: Channel, after: Sequence[Duty], cause: str) -> None:
    wanted = {_identity(duty): duty for duty in after}
    for row in _rows(Obligation, [channel.id]):
        kept = wanted.pop(_identity(_duty(row)), None)
        if kept is None:
            end(row, channel, row.from_on - timedelta(days=1), cause)
        elif kept.until_on is not None and kept.until_on != row.until_on:
            end(row, channel, kept.until_on, cause)
    for duty in wanted.values():
        begin(channel, duty.from_on, duty.n, duty.criteria, cause, duty.until_on)


def _rows(kind: type[Row], channel_ids: Iterable[int]) -> Sequence[Row]:
    """As they are in the database now, by day; another transaction may have changed them while we waited."""
    query = select(kind).where(kind.channel_id.in_(list(channel_ids))).order_by(kind.from_on)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _duty(row: Obligation) -> Duty:
    return Duty(row.from_on, row.until_on, row.reviews_per_year, row.criteria)


def _identity(duty: Duty) -> tuple[date, int, frozenset[Criterion]]:
    """What of an obligation never changes; its last day is set once it is known."""
    return duty.from_on, duty.n, duty.criteria


def _names(criteria: frozenset[Criterion]) -> str:
    return ",".join(criterion.value for criterion in Criterion if criterion in criteria)
