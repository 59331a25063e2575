"""The evidence of reminding: who was told what when, what became of the mail, and who was not told and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from tracker.extensions import db
from tracker.models import (
    Action,
    ActionReminder,
    Channel,
    Contact,
    Mail,
    Reminder,
    Unit,
    Untold,
)
from tracker.rules.words import Stage, WhyUntold

PER_PAGE = 100


@dataclass(frozen=True)
class Asked:
    """What is asked for; None asks for all. `unit_ids` is the limit of the reader."""

    unit_ids: frozenset[int] | None = None
    channel_id: int | None = None
    stage: Stage | None = None
    told: bool | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Line:
    """Somebody was told about a slot or an action on a day; or, with a reason, was not."""

    day: date
    unit: str
    platform: str
    channel: str
    channel_id: int | None
    due_on: date
    stage: Stage | None
    what: str
    who: str
    stands_in_for: str
    why: WhyUntold | None
    mail_id: int | None
    state: str | None
    last_words: str | None


@dataclass(frozen=True)
class Page:
    """One page of them, the newest first."""

    lines: Sequence[Line]
    number: int
    pages: int
    total: int


def page(asked: Asked, number: int) -> Page:
    """A page; a number beyond the last shows the last."""
    every = _every(asked).subquery()
    total = db.session.scalar(select(func.count()).select_from(every)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    query = select(every).order_by(every.c.day.desc(), every.c.sort.desc(), every.c.kind, every.c.id.desc())
    rows = db.session.execute(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).mappings()
    return Page([_line(row) for row in rows], number, pages, total)


def lines(asked: Asked) -> Iterator[Line]:
    """All of them, the newest first, read in pieces."""
    every = _every(asked).subquery()
    query = select(every).order_by(every.c.day.desc(), every.c.sort.desc(), every.c.kind, every.c.id.desc())
    for row in db.session.execute(query.execution_options(yield_per=1_000)).mappings():
        yield _line(row)


def _line(row: Any) -> Line:
    return Line(
        row["day"], row["unit"] or "", row["platform"] or "", row["channel"] or "", row["channel_id"], row["due_on"],
        Stage(row["stage"]) if row["stage"] else None, row["what"] or "", row["who"] or "", row["stands_in_for"] or "",
        WhyUntold(row["why"]) if row["why"] else None, row["mail_id"], row["state"], row["last_words"],
    )  # fmt: skip


def _every(asked: Asked) -> Any:
    told, actions, untold = _told(asked), _actions(asked), _untold(asked)
    if asked.told is True:
        return union_all(told, actions)
    return untold if asked.told is False else union_all(told, actions, untold)


def _told(asked: Asked) -> Any:
    query = (
        select(
            Reminder.told_on.label("day"), Unit.name.label("unit"), Channel.platform.label("platform"),
            Channel.name.label("channel"), Channel.id.label("channel_id"), Reminder.due_on.label("due_on"),
            _text(Reminder.stage).label("stage"), literal("").label("what"), Contact.name.label("who"),
            Reminder.stands_in_for.label("stands_in_for"), _nothing(String).label("why"),
            Reminder.mail_id.label("mail_id"), Mail.became.label("state"), Mail.last_words.label("last_words"),
            literal(2).label("sort"),
            literal("a").label("kind"), Reminder.id.label("id"),
        )
        .join(Channel, Reminder.channel_id == Channel.id)
        .join(Unit, Channel.unit_id == Unit.id)
        .join(Contact, Reminder.contact_id == Contact.id)
        .join(Mail, Reminder.mail_id == Mail.id)
    )  # fmt: skip
    return _within(query, asked, Reminder.told_on, Reminder.stage)


def _actions(asked: Asked) -> Any:
    owner = aliased(Contact)
    query = (
        select(
            ActionReminder.told_on, Unit.name, Channel.platform, Channel.name, Channel.id, Action.due_on,
            _nothing(String), Action.what, owner.name, ActionReminder.stands_in_for, _nothing(String),
            ActionReminder.mail_id, Mail.became, Mail.last_words, literal(1), literal("b"), ActionReminder.id,
        )
        .join(Action, ActionReminder.action_id == Action.id)
        .join(owner, ActionReminder.contact_id == owner.id)
        .join(Mail, ActionReminder.mail_id == Mail.id)
        .outerjoin(Channel, Action.channel_id == Channel.id)
        .outerjoin(Unit, Channel.unit_id == Unit.id)
    )  # fmt: skip
    if asked.stage is not None:
        query = query.where(literal(1) == 0)
    return _within(query, asked, ActionReminder.told_on, None)


def _untold(asked: Asked) -> Any:
    query = (
        select(
            Untold.noted_on.label("day"), Unit.name.label("unit"), Channel.platform.label("platform"),
            Channel.name.label("channel"), Channel.id.label("channel_id"), Untold.due_on.label("due_on"),
            _text(Untold.stage).label("stage"), literal("").label("what"), Untold.who.label("who"),
            literal("").label("stands_in_for"), _text(Untold.why).label("why"), _nothing(Integer).label("mail_id"),
            _nothing(String).label("state"), _nothing(String).label("last_words"), literal(0).label("sort"),
            literal("c").label("kind"), Untold.id.label("id"),
        )
        .join(Channel, Untold.channel_id == Channel.id)
        .join(Unit, Channel.unit_id == Unit.id)
    )  # fmt: skip
    return _within(query, asked, Untold.noted_on, Untold.stage)


def _within(query: Any, asked: Asked, day: Any, stage: Any) -> Any:
    if asked.unit_ids is not None:
        query = query.where(Channel.unit_id.in_(asked.unit_ids))
    if asked.channel_id is not None:
        query = query.where(Channel.id == asked.channel_id)
    if asked.stage is not None and stage is not None:
        query = query.where(stage == asked.stage)
    if asked.from_on is not None:
        query = query.where(day >= asked.from_on)
    if asked.until_on is not None:
        query = query.where(day <= asked.until_on)
    return query


def _text(column: Any) -> Any:
    """A word of the rules as plain text, so that the parts of the union agree."""
    return func.coalesce(column, "", type_=String)


def _nothing(kind: type[String] | type[Integer]) -> Any:
    return cast(null(), kind)
