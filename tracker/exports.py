"""Files that are made in the background: asked for, claimed by whoever makes them, kept for some days, cleared away.

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

DOSSIER = "dossier"  # the one form that is no kind of file
DEAD_AFTER = timedelta(minutes=3)
LEFT_OVER = timedelta(hours=1)  # a file that no row names, by a server that was killed
BEAT = timedelta(seconds=1)  # how often a maker says how far it is


class Cancelled(Exception):
    """Whoever asked for the file wants it no more."""


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
    query = select(Export).where(Export.by_id == user_id).order_by(Export.id.desc()).limit(50)
    return list(db.session.scalars(query))


def cancel(row: Export) -> bool:
    """Stop it, or throw the file away; whether there was anything left to stop."""
    if row.state not in {"waiting", "running", "done"}:
        return False
    remove(row.name)
    row.state, row.ended_at, row.asked = "cancelled", clock.now(), "{}"
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
        values = {"state": "running", "beat_at": now, "count": 0, "name": secrets.token_hex(16)}
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
    """What the maker of one file says while it works."""

    def __init__(self, row: Export) -> None:
        self._mine = (Export.id == row.id, Export.state == "running", Export.name == row.name)
        self._said_at = clock.now()

    def step(self, count: int, total: int) -> None:
        """So many of so many channels are in it. Raises Cancelled."""
        if clock.now() - self._said_at >= BEAT:
            self._said_at = clock.now()
            if not self._set(count=count, total=total, beat_at=self._said_at):
                raise Cancelled

    def done(self, size: int, keep: timedelta, head: str) -> bool:
        """The file is there; of a dossier its head. False where it was cancelled in the last moment."""
        now = clock.now()
        return self._set(state="done", size=size, ended_at=now, expires_at=now + keep, said=head)

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
