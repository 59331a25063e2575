"""What a meeting's log says once it is complete, as plain values: what closing writes down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from tracker.reviews.forms import Known, as_day, as_ids, as_time
from tracker.reviews.reading import guests_of
from tracker.rules.checking import CheckLine
from tracker.rules.judgement import clean
from tracker.rules.log import ActionLine, DecisionLine, Head, Row, Verdict
from tracker.rules.words import Answer, Criterion, Decision, Level


@dataclass(frozen=True)
class Attendee:
    """Someone named in the head; without a user id it is a name only."""

    name: str
    user_id: int | None = None


@dataclass(frozen=True)
class LoggedHead:
    """When, where and by whom the meeting was held; times are local to the organisation."""

    held_on: date
    chair: str
    minute_taker: str
    present: tuple[Attendee, ...]
    excused: tuple[Attendee, ...] = ()
    guests: tuple[str, ...] = ()
    begins_at: time | None = None
    ends_at: time | None = None
    place: str = ""


@dataclass(frozen=True)
class LoggedRating:
    """A level with its reason; `unchanged` says that it was ticked as last time."""

    level: Level
    reason: str = ""
    unchanged: bool = False


@dataclass(frozen=True)
class LoggedDecision:
    """What becomes of the channel, from when, why."""

    decision: Decision
    from_on: date | None = None
    reason: str = ""
    successor_id: int | None = None


@dataclass(frozen=True)
class LoggedAction:
    """What will be done, by which contact, until when."""

    what: str
    owner_id: int
    due_on: date


@dataclass(frozen=True)
class LoggedCheck:
    """An answer to an item in its wording; a prompt has only a note. `checked_on`: when it was really looked at."""

    wording_id: int
    criterion: Criterion
    answer: Answer | None
    note: str = ""
    confirmed: bool = False
    checked_on: date | None = None


@dataclass(frozen=True)
class LoggedRow:
    """One channel: criteria that are not in `ratings` were not discussed."""

    channel_id: int
    ratings: Mapping[Criterion, LoggedRating] = field(default_factory=dict)
    decision: LoggedDecision | None = None
    actions: tuple[LoggedAction, ...] = ()
    open_action: bool = False  # one of an earlier meeting, which answers an unchanged objection
    checks: tuple[LoggedCheck, ...] = ()


@dataclass(frozen=True)
class LoggedMeeting:
    """A whole meeting, ready to be closed."""

    head: LoggedHead
    rows: tuple[LoggedRow, ...]


def complete(values: Mapping[str, str], rows: Mapping[int, Row], known: Known) -> LoggedMeeting:
    """What is to be closed, of rows by channel. Call it only once the rules find no obstacle."""
    head = LoggedHead(
        held_on=_day(values["held_on"]),
        begins_at=as_time(values.get("begins_at", "")),
        ends_at=as_time(values.get("ends_at", "")),
        place=values.get("place", ""),
        chair=values["chair"],
        minute_taker=values["minute_taker"],
        present=_attendees(values.get("present", ""), known),
        excused=_attendees(values.get("excused", ""), known),
        guests=guests_of(values),
    )
    done = (_complete_row(row, channel_id) for channel_id, row in rows.items())
    return LoggedMeeting(head, tuple(row for row in done if row.ratings or row.decision or row.actions))


def _complete_row(row: Row, channel_id: int) -> LoggedRow:
    line = row.decision
    decision = None
    if line.decision is not None:
        successor = int(line.successor) if line.successor and line.decision is Decision.REPLACE else None
        decision = LoggedDecision(line.decision, line.from_on, line.reason, successor)
    return LoggedRow(
        channel_id,
        {
            criterion: LoggedRating(verdict.level, verdict.reason, verdict.unchanged)
            for criterion, verdict in row.ratings.items()
            if verdict.level is not None
        },
        decision,
        tuple(
            LoggedAction(action.what, int(action.owner), action.due_on)
            for action in row.actions
            if action.due_on is not None and action.complete
        ),
        row.open_action,
        tuple(_logged_check(line) for line in row.checks if _is_kept(line, row)),
    )


def _is_kept(line: CheckLine, row: Row) -> bool:
    """The whole checklist belongs to a verdict on legality, unchecked items too; of prompts what was answered."""
    verdict = row.ratings.get(line.criterion)
    return bool(verdict and verdict.level) and (line.criterion is Criterion.LEGALITY or line.said)


def _logged_check(line: CheckLine) -> LoggedCheck:
    answer = (line.answer or Answer.NOT_CHECKED) if line.criterion is Criterion.LEGALITY else None
    return LoggedCheck(
        line.wording_id, line.criterion, answer, clean(line.note), line.confirmed, line.checked_on
    )


def _attendees(value: str, known: Known) -> tuple[Attendee, ...]:
    return tuple(Attendee(known.people[one], one) for one in as_ids(value) if one in known.people)


def _day(value: str) -> date:
    day = as_day(value)
    if day is None:
        raise ValueError("the day of the meeting is missing")
    return day


def head_for_rules(head: LoggedHead) -> Head:
    """The head for the rules of closing, which ask once more what the form has asked."""
    present = (*(one.name for one in head.present), *head.guests)
    excused = tuple(one.name for one in head.excused)
    return Head(
        head.held_on,
        head.chair,
        head.minute_taker,
        present,
        excused,
        nobody_excused=not excused,
        begins_at=head.begins_at,
        ends_at=head.ends_at,
    )


def row_for_rules(row: LoggedRow) -> Row:
    """A row for the same rules."""
    line = row.decision
    not_met = any(one.answer is Answer.NOT_MET for one in row.checks)
    decision = DecisionLine()
    if line is not None:
        decision = DecisionLine(line.decision, line.from_on, line.reason, str(line.successor_id or ""))
    return Row(
        f"channel-{row.channel_id}",
        {
            key: Verdict(one.level, one.reason, one.unchanged, not_met and key is Criterion.LEGALITY)
            for key, one in row.ratings.items()
        },
        tuple(map(_action_for_rules, row.actions)),
        decision,
        row.open_action,
        tuple(_check_for_rules(one) for one in row.checks),
    )


def _check_for_rules(check: LoggedCheck) -> CheckLine:
    return CheckLine("check", check.answer, check.note, check.criterion)


def _action_for_rules(action: LoggedAction) -> ActionLine:
    return ActionLine(action.what, str(action.owner_id), action.due_on)
