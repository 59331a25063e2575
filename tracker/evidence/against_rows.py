"""Closed rows in the words of an entry, read as they are stored: somebody may have written nonsense into a column."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from tracker import in_words
from tracker.evidence.against import Key, Row
from tracker.extensions import db
from tracker.models import (
    Attendance,
    Check,
    CheckItem,
    CheckWording,
    Explanation,
    Meeting,
    MeetingHead,
    Obligation,
    Rating,
    Review,
    ReviewDecision,
)
from tracker.rules.slots import CADENCES, Slot

Column = InstrumentedAttribute[Any]


def _reviews(ids: Collection[int]) -> dict[Key, Row]:
    query = select(Review.id, Review.meeting_id, Review.channel_id, Review.replaces_id, Review.reason, Review.by_id,
                   Review.by_name, _as_text(Review.closed_at))  # fmt: skip
    rows: list[Any] = list(db.session.execute(query.where(Review.id.in_(ids), Review.closed_at.is_not(None))))
    ratings = _ratings({*ids, *(row.replaces_id for row in rows if row.replaces_id is not None)})
    said: dict[int, dict[str, str]] = {row.id: {"by": row.by_name} for row in rows}
    for row in rows:
        for one in ratings.get(row.id, ()):
            _say(said[row.id], str(one.criterion), in_words.rating(one))
        if row.replaces_id is not None:
            said[row.id]["reason"] = row.reason
    for one in _checks(said):
        _say(said[one.review_id], "checks", in_words.check(one, one.key, one.number))
    for one in _decisions(said):
        _say(said[one.review_id], "decision", in_words.decision(one))
    return {Key("review", row.id): _review(row, said[row.id], ratings) for row in rows}


def _review(row: Any, said: Mapping[str, str], ratings: Mapping[int, Collection[Any]]) -> Row:
    """A correction keeps the moments of what it corrects."""
    before = {one.criterion: str(one.entered_at) for one in ratings.get(row.replaces_id, ())}
    entered = (
        ("entered_at", str(one.entered_at), before.get(one.criterion)) for one in ratings.get(row.id, ())
    )
    ids = {"meeting": row.meeting_id, "channel": row.channel_id, "replaces": row.replaces_id, "by": row.by_id}
    return Row(ids, said, (("closed_at", str(row.closed_at), None), *entered))


def _ratings(ids: Collection[int]) -> dict[int, list[Any]]:
    query = select(Rating.review_id, _as_text(Rating.criterion), _as_text(Rating.level), Rating.reason,
                   Rating.unchanged, _as_text(Rating.entered_at))  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query.where(Rating.review_id.in_(ids)).order_by(Rating.id)):
        found.setdefault(row.review_id, []).append(row)
    return found


def _checks(ids: Collection[int]) -> Iterable[Any]:
    query = select(Check.review_id, Check.wording_id, _as_text(Check.answer), Check.note, Check.confirmed,
                   _as_text(Check.checked_on), CheckItem.key, CheckWording.number)  # fmt: skip
    query = query.outerjoin(CheckWording, Check.wording_id == CheckWording.id)
    query = query.outerjoin(CheckItem, CheckWording.item_id == CheckItem.id)
    return db.session.execute(query.where(Check.review_id.in_(ids)).order_by(Check.id))


def _decisions(ids: Collection[int]) -> Iterable[Any]:
    query = select(ReviewDecision.review_id, _as_text(ReviewDecision.decision), _as_text(ReviewDecision.from_on),
                   ReviewDecision.reason, ReviewDecision.successor_id)  # fmt: skip
    return db.session.execute(query.where(ReviewDecision.review_id.in_(ids)).order_by(ReviewDecision.id))


def _say(said: dict[str, str], name: str, words: str) -> None:
    """Two rows where there can be one are told both."""
    said[name] = f"{said[name]}\n{words}" if name in said else words


def _heads(meeting_ids: Collection[int]) -> dict[Key, Row]:
    head = MeetingHead
    query = select(head.id, head.meeting_id, head.version, _as_text(head.held_on), _as_text(head.begins_at),
                   _as_text(head.ends_at), head.place, head.chair, head.minute_taker, head.reason, head.by_id,
                   head.by_name, _as_text(head.written_at), _as_text(head.closed_at),
                   type_coerce(Meeting.closed_at, String).label("ended"))  # fmt: skip
    query = query.join(Meeting, head.meeting_id == Meeting.id)
    rows: list[Any] = list(
        db.session.execute(query.where(head.meeting_id.in_(meeting_ids), head.closed_at.is_not(None)))
    )
    named: dict[tuple[int, str], list[str]] = {}
    people = select(Attendance.head_id, Attendance.kind, Attendance.name).order_by(Attendance.id)
    for head_id, kind, name in db.session.execute(
        people.where(Attendance.head_id.in_([row.id for row in rows]))
    ):
        named.setdefault((head_id, kind), []).append(name)
    return {Key("head", row.meeting_id, row.version): _head(row, named) for row in rows}


def _head(row: Any, named: Mapping[tuple[int, str], list[str]]) -> Row:
    said = in_words.head(
        chair=row.chair, minute_taker=row.minute_taker, place=row.place, begins_at=row.begins_at, ends_at=row.ends_at,
        present=named.get((row.id, "present"), ()), excused=named.get((row.id, "excused"), ()),
        guests=named.get((row.id, "guest"), ()),
    )  # fmt: skip
    said["by"] = row.by_name
    moments = [("closed_at", str(row.closed_at), None), ("written_at", str(row.written_at), None)]
    if row.version == 1:
        moments.append(("closed_at", str(row.ended), None))
    else:
        said["reason"] = row.reason
    ids = {"held_on": str(row.held_on)[:10], "version": row.version, "by": row.by_id}
    return Row(ids, said, tuple(moments))


def _explanations(ids: Collection[int]) -> dict[Key, Row]:
    row = Explanation
    query = select(row.id, row.channel_id, _as_text(row.begins_on), _as_text(row.due_on), row.text, row.by_id,
                   row.by_name, _as_text(row.at))  # fmt: skip
    return {
        Key("explanation", key): Row(
            {"channel": channel, "slot": _slot(str(begins_on)[:10], str(due_on)[:10]), "by": by},
            {"text": text, "by": name},
            (("at", str(at), None),),
        )
        for key, channel, begins_on, due_on, text, by, name, at in db.session.execute(
            query.where(row.id.in_(ids))
        )
    }


def _slot(begins_on: str, due_on: str) -> str | None:
    """The key of the slot with these days; None if there is none."""
    for n in CADENCES:
        try:
            slot = Slot.of_key(f"{due_on[:4]}-{n}-{int(due_on[5:7]) * n // 12}")
        except ValueError:
            continue
        if (slot.begins_on.isoformat(), slot.due_on.isoformat()) == (begins_on, due_on):
            return slot.key
    return None


def _obligations(ids: Collection[int]) -> dict[Key, Row]:
    row = Obligation
    query = select(row.id, row.channel_id, _as_text(row.from_on), _as_text(row.until_on), row.reviews_per_year,
                   _as_text(row.criteria), row.cause)  # fmt: skip
    return {
        Key("obligation", key): Row(
            {
                "channel": channel,
                "from": str(from_on)[:10],
                "until": None if until_on is None else str(until_on)[:10],
                "n": n,
                "criteria": criteria,
            },
            {"cause": cause},
        )
        for key, channel, from_on, until_on, n, criteria, cause in db.session.execute(
            query.where(row.id.in_(ids))
        )
    }


def _as_text(column: Column) -> ColumnElement[Any]:
    """A column as the driver gives it, whatever stands in it."""
    return type_coerce(column, String).label(column.key)


ROWS: Mapping[str, Callable[[Collection[int]], dict[Key, Row]]] = {
    "review": _reviews,
    "head": _heads,
    "explanation": _explanations,
    "obligation": _obligations,
    "meeting": lambda _ids: {},  # told with its first head
}
