"""Keeping what is typed until the meeting is closed, so that no text of two people is ever dropped.

A field has one row. Someone who writes a field without having seen what another wrote there meanwhile leaves a second
row: both stay until somebody chooses. Drafts are not journalled. Nothing here commits.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import Draft, Meeting, User
from tracker.reviews.forms import CONFIRMED, TEXTS, Typed, key_of, kind_of, parts_of, too_long
from tracker.rules.words import Criterion

Drafts = dict[str, list[Draft]]
AS_TYPED, BOTH = "typed", "both"


def load(meeting_id: int) -> Drafts:
    """The rows of every field by its key, the newest last."""
    query = (
        select(Draft)
        .options(joinedload(Draft.user))
        .where(Draft.meeting_id == meeting_id)
        .order_by(Draft.saved_at, Draft.id)
    )
    found: Drafts = {}
    for row in db.session.scalars(query):
        found.setdefault(key_of(row.channel_id, row.field), []).append(row)
    return found


def defaults(meeting: Meeting) -> dict[str, str]:
    """What the plan says about the head, until somebody writes something else."""
    starts = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    appointed = db.session.get(User, meeting.chair_id) if meeting.chair_id else None
    chair = appointed.full_name if appointed else ""
    return {
        "held_on": meeting.planned_on.isoformat(),
        "begins_at": starts,
        "place": meeting.place,
        "chair": chair,
    }


def values(meeting: Meeting, drafts: Mapping[str, list[Draft]], reader: User | None = None) -> dict[str, str]:
    """What is typed so far: of two versions the reader's own, else the newest."""
    return {**defaults(meeting), **{key: shown_to(reader, rows).value for key, rows in drafts.items()}}


def shown_to(reader: User | None, rows: list[Draft]) -> Draft:
    """The row whose value stands in the field for this reader."""
    return next((row for row in rows if reader is not None and row.user_id == reader.id), rows[-1])


def versions(rows: list[Draft]) -> str:
    """What a page remembers of the rows it showed."""
    return "+".join(sorted(row.version for row in rows))


def two_versions(drafts: Mapping[str, list[Draft]]) -> list[str]:
    """The fields in which two people's texts stand."""
    return [key for key, rows in drafts.items() if len(rows) > 1]


def save(meeting: Meeting, typed: Typed, by: User, drafts: Drafts) -> int:
    """Keep what differs from what the page had shown; the number of fields that were written.

    Refused values are not kept: the page that says so still has them. `drafts` were loaded when the meeting's row had
    been locked.
    """
    written = 0
    for key, value in typed.values.items():
        if key in typed.refused:
            continue
        rows = drafts.get(key, [])
        if len(rows) > 1 and key in typed.choices:
            written += _choose(key, value, rows, typed, by)
        elif typed.changed(key) and _other_window(key, value, rows, typed, by):
            continue
        elif typed.changed(key):
            written += _write(meeting, key, value, rows, typed.shown.get(key, ("", ""))[0], by)
    db.session.flush()
    return written


def _other_window(key: str, value: str, rows: list[Draft], typed: Typed, by: User) -> bool:
    """Whether the same person wrote another text there meanwhile, in a window that this page knows nothing of.

    Then it is refused once, with the other text beside it; sent again it holds.
    """
    mine = rows[0] if len(rows) == 1 and rows[0].user_id == by.id else None
    if mine is None or not mine.value or mine.value == value or kind_of(*parts_of(key)) not in TEXTS:
        return False
    if mine.version == typed.shown.get(key, ("", ""))[0]:
        return False
    typed.refused[key] = _(
        "In another window you wrote here: “%(text)s”. This text is not saved yet; "
        "change or save it once more to keep it.",
        text=mine.value,
    )
    typed.overtaken.add(key)
    return True


def tick(meeting: Meeting, cells: Iterable[tuple[Any, Iterable[Criterion]]], by: User) -> None:
    """Tick "unchanged" for these criteria of these lines. Call it with the meeting's row locked."""
    drafts = load(meeting.id)
    for line, criteria in cells:
        for criterion in criteria:
            key = f"{line.key}.{criterion}.unchanged"
            rows = drafts.get(key, [])
            _write(meeting, key, "1", rows, versions(rows), by)
    db.session.flush()


def confirm(meeting: Meeting, keys: Iterable[str], by: User) -> None:
    """Answer these fields of the checklist "as last time". Call it with the meeting's row locked."""
    drafts = load(meeting.id)
    for key in keys:
        rows = drafts.get(key, [])
        _write(meeting, key, CONFIRMED, rows, versions(rows), by)
    db.session.flush()


def _write(meeting: Meeting, key: str, value: str, rows: list[Draft], seen: str, by: User) -> bool:
    """One field: in place where the person saw what stands there, else beside it."""
    mine = next((row for row in rows if row.user_id == by.id), None)
    if len(rows) == 1:
        if rows[0].value == value:
            return False
        if mine is not None or versions(rows) == seen:
            mine = rows[0]
    if mine is None:
        channel_id, name = parts_of(key)
        mine = Draft(meeting_id=meeting.id, channel_id=channel_id, field=name)
        db.session.add(mine)
    _fill(mine, value, by)
    return True


def _choose(key: str, value: str, rows: list[Draft], typed: Typed, by: User) -> bool:
    """End the question which of two versions holds; a version that the person did not see stays beside."""
    seen = set(typed.shown.get(key, ("", ""))[0].split("+"))
    chosen = _chosen(key, value, [row for row in rows if row.version in seen], typed.choices[key])
    problem = too_long(kind_of(*parts_of(key)) or "", chosen)
    if problem:
        typed.refused[key] = problem
        return False
    kept = next((row for row in rows if row.user_id == by.id), None)
    for row in rows:
        if kept is None and row.version in seen:
            kept = row
        elif row is not kept and row.version in seen:
            db.session.delete(row)
    if kept is not None:
        db.session.flush()
        _fill(kept, chosen, by)
    return kept is not None


def _chosen(key: str, value: str, rows: list[Draft], choice: str) -> str:
    if choice == BOTH:
        kind = kind_of(*parts_of(key)) or ""
        texts = [value, *(row.value for row in rows if row.value != value)]
        if kind == "people":
            ids: set[Any] = {int(one) for text in texts for one in text.split(",") if one}
            return ",".join(str(one) for one in sorted(ids))
        if kind in TEXTS:
            return {"text": "\n\n", "names": "\n"}.get(kind, " / ").join(text for text in texts if text)
        return value
    return next((row.value for row in rows if row.version == choice), value)


def _fill(row: Draft, value: str, by: User) -> None:
    row.value, row.user_id, row.saved_at, row.version = value, by.id, clock.now(), secrets.token_urlsafe(12)
