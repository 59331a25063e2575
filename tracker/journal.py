"""The journal's verb: note() one entry for one change, in the same transaction, as a link of a hash chain.

note() only collects. Number and hash are taken last, under one lock, just before the commit: so concurrent writers
keep one chain and never wait for each other's work. The format of an entry is described in docs/journal.md.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from flask import g, has_request_context
from sqlalchemy import Connection, Table, event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from tracker import clock
from tracker.models import Entry, User, Words
from tracker.models.base import Model
from tracker.rules.deeds import Deed

START = "0" * 64  # the previous hash of the first entry
LOCK_NUMBER = 7_145_331  # any number, the same for every process: PostgreSQL's advisory lock of the chain
KEY = "journal"
HEAD = select(Entry.number, Entry.hash).order_by(Entry.number.desc()).limit(1)
ENTRIES, WORDS = (
    cast(Table, Entry.__table__),
    cast(Table, Words.__table__),
)  # nobody needs what is written as objects


@dataclass
class Noted:
    """An entry before it has a number: what note() was told. `within` are the savepoints it was noted in."""

    deed: Deed
    things: tuple[Model, ...]
    ids: dict[str, int | str]
    words: dict[str, str]
    by: User | None
    unit_id: int | None
    within: tuple[SessionTransaction, ...]
    at: datetime = field(default_factory=clock.now)


def note(
    session: Any,
    deed: Deed,
    *things: Model,
    ids: Mapping[str, int | str] | None = None,
    words: Mapping[str, str | None] | None = None,
    unit_id: int | None = None,
    by: User | None = None,
) -> None:
    """Write down one change. Call it once for each deed, before the commit that makes the change.

    `things` are rows; their table and id go into the entry. `ids` are further numbers, dates and keys, nothing
    personal. `words` is what is said in words or names a person: only its salted hash becomes part of the chain.
    `by` is the person who did it, by default the one signed in; None: the system. Somebody who came with a private
    token left its id in `g.journal_ids`, which every entry of the request carries.
    """
    person = by or (getattr(g, "journal_person", None) if has_request_context() else None)
    said = {name: value for name, value in (words or {}).items() if value}
    if person is not None:
        said["by"] = person.full_name
    session.connection()  # a rollback is only told, and what was noted only forgotten, where something has begun
    came_by = getattr(g, "journal_ids", {}) if has_request_context() else {}
    one = Noted(deed, things, {**came_by, **(ids or {})}, said, person, unit_id, tuple(_savepoints(session)))
    session.info.setdefault(KEY, []).append(one)


def _savepoints(session: Any) -> Iterator[SessionTransaction]:
    """Those that are open now, the innermost first."""
    real: Session = session() if isinstance(session, scoped_session) else session
    inner = real.get_nested_transaction()
    while inner is not None:
        if inner.nested:
            yield inner
        inner = inner.parent


def listen_to(session_class: Any) -> None:
    """Write what was noted just before each commit; forget it on rollback."""
    event.listen(session_class, "before_commit", _write)
    event.listen(session_class, "after_soft_rollback", _forget)


def _write(session: Session) -> None:
    noted: list[Noted] = session.info.get(KEY, [])
    if not noted or session.in_nested_transaction():
        return
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK_NUMBER})
    number, previous = head(connection)
    for one in noted:
        number += 1
        previous = _append(connection, one, number, previous)
    session.info[KEY] = []


def _forget(session: Session, previous: SessionTransaction) -> None:
    """A savepoint takes along only what was noted within it; what was noted before it is still going to happen."""
    if previous.nested:
        session.info[KEY] = [one for one in session.info.get(KEY, []) if previous not in one.within]
    elif previous.parent is None:
        session.info.pop(KEY, None)


def head(session: Any) -> tuple[int, str]:
    """Number and hash of the newest entry; (0, START) for an empty journal."""
    newest = session.execute(HEAD).first()
    return (newest[0], newest[1]) if newest else (0, START)


def _append(connection: Connection, one: Noted, number: int, previous: str) -> str:
    salted = {name: (secrets.token_hex(16), value) for name, value in sorted(one.words.items())}
    ids: dict[str, int | str] = dict(one.ids)
    for thing in one.things:
        ids[str(thing.__tablename__)] = int(getattr(thing, "id"))  # noqa: B009 - not every model has an id
    body = entry_body(
        number=number,
        at=one.at,
        deed=one.deed.value,
        by=one.by.id if one.by else None,
        unit=one.unit_id,
        ids=ids,
        words={name: word_hash(salt, value) for name, (salt, value) in salted.items()},
        previous=previous,
    )
    digest = sha256(body.encode()).hexdigest()
    row = {"number": number, "body": body, "hash": digest, "at": one.at, "deed": one.deed.value,
           "by_id": one.by.id if one.by else None, "unit_id": one.unit_id}  # fmt: skip
    connection.execute(insert(ENTRIES), row)
    if salted:
        rows = [
            {"number": number, "field": name, "salt": salt, "text": value}
            for name, (salt, value) in salted.items()
        ]
        connection.execute(insert(WORDS), rows)
    return digest


def entry_body(
    *,
    number: int,
    at: datetime,
    deed: str,
    by: int | None,
    unit: int | None,
    ids: Mapping[str, int | str],
    words: Mapping[str, str],
    previous: str,
) -> str:
    """The exact text of an entry: JSON with sorted keys, no spaces, UTF-8. Format 1; it never changes."""
    entry = {
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": by,
        "deed": deed,
        "format": 1,
        "ids": dict(ids),
        "number": number,
        "previous": previous,
        "unit": unit,
        "words": dict(words),
    }
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def word_hash(salt: str, value: str) -> str:
    """SHA-256 over salt and text: says nothing about the text once the salt is gone."""
    return sha256((salt + value).encode("utf-8", "surrogatepass")).hexdigest()
