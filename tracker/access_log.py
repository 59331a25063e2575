"""The access log's verb: note() a sign-in or a refusal.

It is written when the answer is made, in a transaction of its own. So what is refused is noted although the request
changes nothing, a request that only shows still changes nothing, and an ordinary page view costs nothing. The same
again within a minute is counted in one row: nobody can fill the disk by trying. Nothing of the machine is noted, and
nothing of an address that no account has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_login import user_loaded_from_cookie, user_logged_out  # type: ignore[import-untyped]
from flask_security.signals import user_authenticated
from sqlalchemy import Connection, Table, delete, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db
from tracker.models import Access, User
from tracker.rules.accounts import Attempt

TOO_MANY = 429
COUNTED_WITHIN = timedelta(minutes=1)
ABOUT_MAX = 80  # characters of the column
LOCK_NUMBER = 7_145_332  # any number but the journal's: PostgreSQL's advisory lock of those who count
LOG = cast(Table, Access.__table__)


@dataclass(frozen=True)
class Noted:
    """A row before it is written or counted. `about` is a deed, a page, or a word of rules.accounts.Why."""

    at: datetime
    kind: Attempt
    user_id: int | None
    about: str


def note(kind: Attempt, user_id: int | None, about: str = "") -> None:
    """Have it written when the answer to this request is made. `user_id` is None where nobody is known."""
    noted: list[Noted] = g.setdefault("accesses", [])
    noted.append(Noted(clock.now(), kind, user_id, about[:ABOUT_MAX]))


def register(app: Flask) -> None:
    """Hear who comes and goes, and write after each request. Register it first: answers go through it last."""
    app.after_request(_after)
    user_authenticated.connect(_came_in, app)
    user_loaded_from_cookie.connect(_came_back, app)
    user_logged_out.connect(_went_out, app)


def _came_in(_app: Flask, user: User, authn_via: list[str] | None = None, **_more: Any) -> None:
    if "change" not in (authn_via or ()):  # a new password of one's own begins the session anew
        note(Attempt.SIGNED_IN, user.id)


def _came_back(_app: Flask, user: User, **_more: Any) -> None:
    note(Attempt.CAME_BACK, user.id)


def _went_out(_app: Flask, user: Any, **_more: Any) -> None:
    if request.endpoint == "security.logout" and user.is_authenticated:
        note(Attempt.SIGNED_OUT, user.id)


def _after(response: Response) -> Response:
    if response.status_code == TOO_MANY:
        note(Attempt.TOO_OFTEN, None, request.endpoint or "")
    noted: list[Noted] = g.pop("accesses", [])
    if noted:
        db.session.rollback()  # what was to stay is committed; SQLite would wait for what is still open
        try:
            with db.engine.begin() as connection:
                for one in noted:
                    _count(connection, one)
        except SQLAlchemyError:
            current_app.logger.exception("The access log could not be written.")
    return response


def _count(connection: Connection, one: Noted) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK_NUMBER})
    columns = LOG.c
    same = (columns.kind == one.kind) & (columns.user_id == one.user_id) & (columns.about == one.about)
    lately = columns.at > one.at - COUNTED_WITHIN
    counted = connection.execute(update(LOG).where(same, lately).values(count=columns["count"] + 1))
    if not counted.rowcount:
        row = {"at": one.at, "kind": one.kind, "user_id": one.user_id, "about": one.about, "count": 1}
        connection.execute(insert(LOG), row)


def clear(now: datetime, days: int) -> int:
    """Delete what is older than so many days; how many rows went. Never commits."""
    gone = db.session.execute(delete(Access).where(Access.at < now - timedelta(days=days)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
