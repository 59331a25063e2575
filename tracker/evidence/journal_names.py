"""The names behind the numbers of journal entries: one query for each kind of thing that some entries mention."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from tracker.evidence.journal_queries import Line
from tracker.extensions import db
from tracker.models import (
    Action,
    Channel,
    CheckItem,
    ConceptVersion,
    Contact,
    Meeting,
    MeetingHead,
    Review,
    Unit,
    User,
)

KINDS = {"channel": "channel", "channels": "channel", "added": "channel", "removed": "channel", "meeting": "meeting",
         "action": "action", "user": "user", "contact": "contact", "invited": "contact", "uninvited": "contact",
         "before": "contact", "review": "review", "replaces": "review", "concept_version": "version",
         "unit": "unit", "units": "unit", "check_item": "item"}  # fmt: skip
OF_CHANNEL = re.compile(r"channel-(\d+)\..+|review-of-channel-(\d+)", re.DOTALL)
SUCCESSOR = re.compile(r"successor channel (\d+)")
LARGEST = 10**9 - 1
SHORT = 80  # characters of an action that make a name


@dataclass(frozen=True)
class Names:
    """By number: what things are called, a meeting by its day, a review by its channel. What is gone has no name."""

    channel: dict[int, str] = field(default_factory=dict)
    meeting: dict[int, date] = field(default_factory=dict)
    action: dict[int, str] = field(default_factory=dict)
    user: dict[int, str] = field(default_factory=dict)
    contact: dict[int, str] = field(default_factory=dict)
    review: dict[int, int] = field(default_factory=dict)
    version: dict[int, int] = field(default_factory=dict)
    unit: dict[int, str] = field(default_factory=dict)
    item: dict[int, str] = field(default_factory=dict)


def names(lines: Iterable[Line], unit_ids: frozenset[int] | None) -> Names:
    """The names that these entries need; channels of units that are not among these (None: all) stay numbers."""
    wanted = _mentioned(lines)
    known = select(Channel.id, Channel.platform + " " + Channel.name)
    if unit_ids is not None:
        known = known.where(Channel.unit_id.in_(unit_ids))
    day = select(MeetingHead.held_on).where(MeetingHead.meeting_id == Meeting.id, MeetingHead.in_force())
    of_review = dict(_found(select(Review.id, Review.channel_id), Review.id, wanted["review"]))
    wanted["channel"] |= set(of_review.values())
    return Names(
        channel=dict(_found(known, Channel.id, wanted["channel"])),
        meeting=dict(
            _found(
                select(Meeting.id, func.coalesce(day.scalar_subquery(), Meeting.planned_on)),
                Meeting.id,
                wanted["meeting"],
            )
        ),
        action={
            key: _short(what)
            for key, what in _found(select(Action.id, Action.what), Action.id, wanted["action"])
        },
        user=dict(_found(select(User.id, User.full_name), User.id, wanted["user"])),
        contact=dict(_found(select(Contact.id, Contact.name), Contact.id, wanted["contact"])),
        review=of_review,
        version=dict(
            _found(select(ConceptVersion.id, ConceptVersion.number), ConceptVersion.id, wanted["version"])
        ),
        unit=dict(_found(select(Unit.id, Unit.name), Unit.id, wanted["unit"])),
        item=dict(_found(select(CheckItem.id, CheckItem.key), CheckItem.id, wanted["item"])),
    )


def _mentioned(lines: Iterable[Line]) -> defaultdict[str, set[int]]:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        for name, value in line.ids.items():
            if name in KINDS:
                wanted[KINDS[name]] |= set(numbers(value))
            of_channel = OF_CHANNEL.fullmatch(name)
            if of_channel:
                wanted["channel"] |= set(numbers(of_channel[2]))
                wanted["review"] |= set(numbers(value))
        for name, text in line.words:
            of_channel = OF_CHANNEL.fullmatch(name)
            if of_channel:
                wanted["channel"] |= set(numbers(of_channel[1]))
            if name.endswith("decision"):
                wanted["channel"] |= {each for one in SUCCESSOR.findall(text or "") for each in numbers(one)}
    return wanted


def numbers(value: Any) -> list[int]:
    """The numbers of rows in one value: 3, or "1,2,3". Nothing where it is anything else, as a day."""
    if isinstance(value, int) and not isinstance(value, bool):
        return [value] if 0 < value <= LARGEST else []
    parts = value.split(",") if isinstance(value, str) and value else []
    whole = all(part.isascii() and part.isdigit() and len(part) < len(str(LARGEST)) for part in parts)
    return [int(part) for part in parts] if whole else []


def _found(query: Any, key: ColumnElement[int] | Any, ids: set[int]) -> list[tuple[int, Any]]:
    if not ids:
        return []
    return [(row[0], row[1]) for row in db.session.execute(query.where(key.in_(sorted(ids)[:900])))]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"
