"""What the decisions of a meeting do to their channels: how these are run so far, what is foreseen, and doing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import language, obligations
from tracker.extensions import db
from tracker.models import Channel
from tracker.reviews.logged import LoggedDecision, LoggedMeeting
from tracker.rules import deciding
from tracker.rules.deciding import Course, Decided
from tracker.rules.duties import Duty
from tracker.rules.foreseeing import Foreseen
from tracker.rules.log import Row
from tracker.rules.obligating import RuleBroken
from tracker.rules.words import Decision

ENDING = frozenset({Decision.CLOSE, Decision.REPLACE})


def courses(rows: Iterable[Row]) -> dict[str, Course]:
    """How the channels are run that these rows decide on or name as successors, by the key of the channel."""
    decided = [row for row in rows if row.decision.decision]
    keys = {row.channel_key for row in decided}
    keys |= {f"channel-{row.decision.successor}" for row in decided if row.decision.successor}
    ids = [int(number) for key in keys if (number := key.removeprefix("channel-")).isdigit()]
    return {f"channel-{key}": course for key, course in obligations.courses(_channels(ids)).items()}


def hold(logged: LoggedMeeting) -> None:
    """Keep the channels that are decided on, and their successors, as they are until the meeting is closed."""
    decisions = [(row.channel_id, row.decision.successor_id) for row in logged.rows if row.decision]
    ids = {one for pair in decisions for one in pair if one is not None}
    if ids:
        obligations.hold(_channels(ids))


def foreseen(logged: LoggedMeeting, today: date) -> dict[int, Foreseen]:
    """What each decision will change, by channel. Ask only once the rules find no obstacle."""
    channels = {one.id: one for one in _channels(row.channel_id for row in logged.rows if row.decision)}
    return {
        row.channel_id: obligations.preview(
            channels[row.channel_id], row.decision.decision, row.decision.from_on, today
        )
        for row in logged.rows
        if row.decision is not None
    }


def duties_after(logged: LoggedMeeting, today: date) -> dict[int, tuple[Duty, ...]]:
    """What each channel that is decided on will owe. Ask only once the rules find no obstacle."""
    decisions = {row.channel_id: row.decision for row in logged.rows if row.decision is not None}
    found = obligations.courses(_channels(decisions))
    return {
        key: deciding.decided(found[key], one.decision, one.from_on, today).duties
        for key, one in decisions.items()
    }


def ends_without_action(logged: LoggedMeeting) -> list[int]:
    """The channels that are closed or replaced although no action says what is left to do; a hint, no obstacle."""
    return [
        row.channel_id
        for row in logged.rows
        if row.decision is not None and row.decision.decision in ENDING and not row.actions
    ]


def carry_out(logged: LoggedMeeting, today: date) -> None:
    """Do what was decided; each change tells its meeting as the cause."""
    for row in logged.rows:
        if row.decision is not None:
            channel = db.session.get_one(Channel, row.channel_id)
            line = row.decision
            cause = _cause(logged.head.held_on, line.decision, line.reason)
            obligations.apply(channel, line.decision, line.from_on, cause, today)


@dataclass(frozen=True)
class Again:
    """What a corrected decision does to its channel; `foreseen` is None where the old one cannot be undone any more."""

    foreseen: Foreseen | None


def courses_again(
    channel: Channel, before: LoggedDecision | None, after: LoggedDecision | None, today: date
) -> dict[str, Course]:
    """What the rules ask a corrected decision about: its successor, and the channel without the old decision.

    The channel is left out where it is not touched: decision and day stay, or the old one cannot be undone. It is kept
    as it is until the end of the transaction.
    """
    obligations.hold([channel])
    was, now = _decided(before), _decided(after)
    found = {} if was == now or _lasting(channel, was, today) else {channel.id: _without(channel, was, today)}
    if after is not None and after.successor_id and (was != now or after.successor_id != _successor(before)):
        found |= obligations.courses(_channels({after.successor_id} - {channel.id}))
    return {f"channel-{key}": course for key, course in found.items()}


def foreseen_again(
    channel: Channel, before: LoggedDecision | None, after: LoggedDecision | None, today: date
) -> Again | None:
    """What correcting a decision will change; None where decision and day stay. Ask only once nothing is in the way."""
    was, now = _decided(before), _decided(after)
    if was == now:
        return None
    if _lasting(channel, was, today):
        return Again(None)
    return Again(obligations.preview_again(channel, was, now, today))


def carry_out_again(
    channel: Channel,
    before: LoggedDecision | None,
    after: LoggedDecision | None,
    held_on: date,
    today: date,
) -> None:
    """Do what `foreseen_again` says. RuleBroken where the new decision is against the rules."""
    was, now = _decided(before), _decided(after)
    line = after or before
    if was == now or line is None or _lasting(channel, was, today):
        return
    said = _cause(held_on, line.decision, line.reason)
    with force_locale(language.house_language()):
        cause = _("Corrected: %(cause)s", cause=said) if after else _("Withdrawn: %(cause)s", cause=said)
    obligations.reapply(channel, was, now, cause, today)


def _lasting(channel: Channel, was: Decided | None, today: date) -> bool:
    """Whether a decision took effect in a slot that has ended, so that it stays (docs/promise.md, rule 2)."""
    try:
        _without(channel, was, today)
    except RuleBroken:
        return True
    return False


def _without(channel: Channel, was: Decided | None, today: date) -> Course:
    course = obligations.course_of(channel)
    return deciding.undone(course, was, today) if was is not None else course


def _decided(line: LoggedDecision | None) -> Decided | None:
    return (line.decision, line.from_on) if line is not None else None


def _successor(line: LoggedDecision | None) -> int | None:
    return line.successor_id if line is not None else None


def _cause(held_on: date, decision: Decision, reason: str) -> str:
    """Kept in the organisation's language: it is part of the record, like what people write."""
    with force_locale(language.house_language()):
        said = {"day": language.day(held_on), "decision": language.word(decision), "reason": reason}
        return _("Meeting of %(day)s, decision “%(decision)s”: %(reason)s", **said)


def _channels(ids: Iterable[int]) -> list[Channel]:
    return list(db.session.scalars(select(Channel).where(Channel.id.in_(list(ids)))))
