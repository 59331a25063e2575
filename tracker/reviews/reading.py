"""What is typed so far of a meeting's log, as the rules read it; complete or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from tracker.checks import Asked
from tracker.reviews.forms import ACTIONS_MAX, CONFIRMED, as_day, as_ids, as_time, key_of, parts_of
from tracker.rules.checking import CheckLine
from tracker.rules.log import ActionLine, DecisionLine, Head, Row, Verdict
from tracker.rules.words import Answer, Criterion, Decision, Level


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
    """What a row can take over: the last rating of each criterion, whether an action agreed then is still open, and
    what the channel is asked, with the answers of last time.
    """

    last: Mapping[Criterion, Before] = field(default_factory=dict)
    open_action: bool = False
    asked: Sequence[Asked] = ()


def row_of(values: Mapping[str, str], channel_id: int, carried: Carried) -> Row:
    """A channel's row as typed so far, for the rules. "Unchanged" brings the level and reason of last time."""

    def said(name: str) -> str:
        return values.get(key_of(channel_id, name), "")

    checks = tuple(
        check_line(asked, said(asked.key), said(f"{asked.key}.note"), as_day(values.get("held_on", "")))
        for asked in carried.asked
    )
    not_met = any(line.answer is Answer.NOT_MET for line in checks)

    def verdict(criterion: Criterion) -> Verdict:
        failed = not_met and criterion is Criterion.LEGALITY
        if not said(f"{criterion}.unchanged"):
            return Verdict(_level(said(f"{criterion}.level")), said(f"{criterion}.reason"), False, failed)
        before = carried.last.get(criterion)
        return Verdict(before.level, before.reason, True, failed) if before else Verdict(unchanged=True)

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
        checks=checks,
    )


def check_line(asked: Asked, answer: str, note: str, held_on: date | None) -> CheckLine:
    """What was typed on one item; "as last time" brings the answer and note of then, where the wording is the same."""
    line = CheckLine(asked.key, None, note, asked.item.criterion, asked.wording.id)
    if answer == CONFIRMED and (last := asked.proposed) is not None and last.answer is not None:
        return replace(
            line, answer=last.answer, note=note or last.note, confirmed=True, checked_on=last.checked_on
        )
    if not answer or answer == CONFIRMED:
        return line
    return replace(line, answer=Answer(answer), checked_on=held_on)


def _level(value: str) -> Level | None:
    return Level(value) if value else None
