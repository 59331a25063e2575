"""What the decisions of a meeting do to their channels: how these are run so far, what is foreseen, and doing it."""

from collections.abc import Iterable
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import language, obligations
from tracker.extensions import db
from tracker.models import Channel
from tracker.reviews.logged import LoggedMeeting
from tracker.rules.deciding import Course
from tracker.rules.foreseeing import Foreseen
from tracker.rules.log import Row
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


def _cause(held_on: date, decision: Decision, reason: str) -> str:
    """Kept in the organisation's language: it is part of the record, like what people write."""
    with force_locale(language.house_language()):
        said = {"day": language.day(held_on), "decision": language.word(decision), "reason": reason}
        return _("Meeting of %(day)s, decision “%(decision)s”: %(reason)s", **said)


def _channels(ids: Iterable[int]) -> list[Channel]:
    return list(db.session.scalars(select(Channel).where(Channel.id.in_(list(ids)))))
