"""Work in the background, a file or a check: asked for, claimed by whoever does it, kept, cleared away.

Whoever makes one says how far it is on a connection of its own, since its session reads from a snapshot meanwhile; by
the same way it hears that it was cancelled. A maker that has not been heard of for some minutes is taken for dead, and
the next one begins anew.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from tracker import clock
from tracker.extensions import db
from tracker.models import Export, User

DOSSIER = "dossier"  # the one form of a file that is no kind of file
CHECK = "check"  # no file at all: see tracker/evidence/checking.py
UNDER_WAY = frozenset({"waiting", "running"})
DEAD_AFTER = timedelta(minutes=3)
LEFT_OVER = timedelta(hours=1)  # a file that no row names, by a server that was killed
BEAT = timedelta(seconds=1)  # how often a maker says how far it is


class Cancelled(Exception):
    """Whoever asked for it wants it no more."""


def folder() -> Path:
    """Where the files are kept; made when it is needed, for the server's own user only."""
    found = Path(current_app.instance_path) / "exports"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def ask(form: str, spoken: str, on: date, asked: Mapping[str, int | str], by: User) -> Export:
    """A file that somebody else is to make; `asked` are the filters by the names of the address."""
    row = Export(
        form=form, language=spoken, on=on, asked=json.dumps(dict(asked)), by_id=by.id, asked_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    return row


def of_person(user_id: int) -> list[Export]:
    """The last files a person asked for, the newest first."""
    query = select(Export).where(Export.by_id == user_id, Export.form != CHECK)
    query = query.order_by(Export.id.desc()).limit(50)
    return list(db.session.scalars(query))


def cancel(row: Export) -> bool:
    """Stop it, or throw the file away; whether there was anything left to stop."""
    if row.state not in {*UNDER_WAY, "done"}:
        return False
    remove(row.name)
    row.state, row.ended_at, row.asked, row.said = "cancelled", clock.now(), "{}", ""
    return True


def remove(name: str) -> None:
    """The file, and what there is of it so far."""
    if name:
        (folder() / name).unlink(missing_ok=True)
        (folder() / f"{name}.part").unlink(missing_ok=True)


def claim() -> int | None:
    """The id of the file this process is to make now: the one asked for first. It commits.

    With every claim the file gets another name: a maker taken for dead that lives on is told so by its next step, and
    does not write into what its successor makes.
    """
    now = clock.now()
    query = select(Export.id, Export.name).where(_free(now)).order_by(Export.id).limit(1)
    key, name = db.session.execute(query).first() or (None, "")
    if key is not None:
        values = {"state": "running", "beat_at": now, "count": 0, "total": 0, "said": ""}
        values["name"] = secrets.token_hex(16)
        taken = update(Export).where(Export.id == key, _free(now)).values(values)
        key = key if db.session.connection().execute(taken).rowcount else None
    db.session.commit()
    if key is not None:
        remove(name)
    return key


def _free(now: datetime) -> ColumnElement[bool]:
    dead = and_(Export.state == "running", Export.beat_at < now - DEAD_AFTER)
    return or_(Export.state == "waiting", dead)


class Maker:
    """What the maker of one file, or check, says while it works."""

    def __init__(self, row: Export) -> None:
        self._mine = (Export.id == row.id, Export.state == "running", Export.name == row.name)
        self._said_at, self._what = clock.now(), ""

    def step(self, count: int, total: int, what: str) -> None:
        """So far it is now. Raises Cancelled."""
        if what != self._what or clock.now() - self._said_at >= BEAT:
            self._said_at, self._what = clock.now(), what
            if not self._set(count=count, total=total, said=what, beat_at=self._said_at):
                raise Cancelled

    def done(self, said: str, size: int | None = None, keep: timedelta | None = None) -> bool:
        """It is made, a file of so many bytes to be kept so long. False where it was cancelled in the last moment."""
        now = clock.now()
        until = now + keep if keep is not None else None
        return self._set(state="done", size=size, ended_at=now, expires_at=until, said=said)

    def failed(self, said: str) -> None:
        """There will be none, and why, in one sentence."""
        self._set(state="failed", said=said, ended_at=clock.now())

    def _set(self, **values: object) -> bool:
        change = update(Export).where(*self._mine).values(**values)
        with db.engine.begin() as connection:
            return bool(connection.execute(change).rowcount)


def clear() -> int:
    """Take files away whose days are over, and what was asked for in them; how many. It commits."""
    over = and_(Export.state == "done", Export.expires_at <= clock.now())
    rows = db.session.scalars(select(Export).where(over)).all()
    for row in rows:
        remove(row.name)
        row.state, row.asked = "expired", "{}"
    known = set(db.session.scalars(select(Export.name).where(Export.state.in_(("done", "running")))))
    old = (clock.now() - LEFT_OVER).timestamp()  # what is younger may be of a process that has just begun
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.name.removesuffix(".part") not in known and path.stat().st_mtime < old:
                path.unlink()
    db.session.commit()
    return len(rows)
