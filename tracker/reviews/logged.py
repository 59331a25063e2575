"""What a meeting's log says, as plain values: what is typed so far for the rules, and what is complete for closing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol

from tracker.reviews.forms import ACTIONS_MAX, Known, as_day, as_ids, as_time, key_of, parts_of
from tracker.rules.log import ActionLine, DecisionLine, Head, Row, Verdict
from tracker.rules.words import Criterion, Decision, Level


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
class LoggedRow:
    """One channel: criteria that are not in `ratings` were not discussed."""

    channel_id: int
    ratings: Mapping[Criterion, LoggedRating] = field(default_factory=dict)
    decision: LoggedDecision | None = None
    actions: tuple[LoggedAction, ...] = ()
    open_action: bool = False  # one of an earlier meeting, which answers an unchanged objection


@dataclass(frozen=True)
class LoggedMeeting:
    """A whole meeting, ready to be closed."""

    head: LoggedHead
    rows: tuple[LoggedRow, ...]


def channels_in(values: Mapping[str, str]) -> list[int]:
    """The channels of which something is typed."""
    found = {parts_of(key)[0] for key, value in values.items() if value}
    return sorted(one for one in found if one is not None)


def action_numbers(values: Mapping[str, str], channel_id: int) -> list[int]:
    """The numbers of the action lines of which something is typed."""
    start = key_of(channel_id, "action-")
    found = (
        re.match(r"\d+", key[len(start) :])
        for key, value in values.items()
        if value and key.startswith(start)
    )
    return sorted({int(one[0]) for one in found if one})


def head_of(values: Mapping[str, str]) -> Head:
    """The head as typed so far, for the rules. Guests took part as well."""
    return Head(
        held_on=as_day(values.get("held_on", "")),
        chair=values.get("chair", ""),
        minute_taker=values.get("minute_taker", ""),
        present=(*map(str, as_ids(values.get("present", ""))), *guests_of(values)),
        excused=tuple(map(str, as_ids(values.get("excused", "")))),
        nobody_excused=bool(values.get("nobody_excused")),
        begins_at=as_time(values.get("begins_at", "")),
        ends_at=as_time(values.get("ends_at", "")),
    )


def guests_of(values: Mapping[str, str]) -> tuple[str, ...]:
    """One guest a line."""
    return tuple(line.strip() for line in values.get("guests", "").splitlines() if line.strip())


class Before(Protocol):
    """What a rating of an earlier meeting must tell to be carried over."""

    @property
    def level(self) -> Level: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Carried:
    """What a row can take over: the last rating of each criterion, and whether an action agreed then is still open."""

    last: Mapping[Criterion, Before] = field(default_factory=dict)
    open_action: bool = False


def row_of(values: Mapping[str, str], channel_id: int, carried: Carried) -> Row:
    """A channel's row as typed so far, for the rules. "Unchanged" brings the level and reason of last time."""

    def said(name: str) -> str:
        return values.get(key_of(channel_id, name), "")

    def verdict(criterion: Criterion) -> Verdict:
        if not said(f"{criterion}.unchanged"):
            return Verdict(_level(said(f"{criterion}.level")), said(f"{criterion}.reason"))
        before = carried.last.get(criterion)
        return Verdict(before.level, before.reason, True) if before else Verdict(unchanged=True)

    last = max(action_numbers(values, channel_id), default=0)
    return Row(
        channel_key=f"channel-{channel_id}",
        ratings={criterion: verdict(criterion) for criterion in Criterion},
        actions=tuple(
            ActionLine(
                said(f"action-{k}.what"), said(f"action-{k}.owner"), as_day(said(f"action-{k}.due_on"))
            )
            for k in range(1, min(last, ACTIONS_MAX) + 1)
        ),
        decision=DecisionLine(
            Decision(said("decision")) if said("decision") else None,
            as_day(said("decision.from_on")),
            said("decision.reason"),
            said("decision.successor"),
        ),
        open_action=carried.open_action,
    )


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
    )


def _attendees(value: str, known: Known) -> tuple[Attendee, ...]:
    return tuple(Attendee(known.people[one], one) for one in as_ids(value) if one in known.people)


def _level(value: str) -> Level | None:
    return Level(value) if value else None


def _day(value: str) -> date:
    day = as_day(value)
    if day is None:
        raise ValueError("the day of the meeting is missing")
    return day
