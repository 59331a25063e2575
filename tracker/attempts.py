"""How often was what tried: the counts of Flask-Limiter in a table, so that all processes share them.

What is counted is kept under a keyed digest: neither an address of a machine nor one that was typed can be read there.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from limits.storage import Storage
from sqlalchemy import Dialect, Table, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db
from tracker.models import Tried

TABLE = cast(Table, Tried.__table__)


class TriedBefore(Storage):
    """Flask-Limiter's counts, in windows that begin with the first attempt; each is a transaction of its own.

    Before it writes, what the request holds open is given back: a limit is asked before a view has done anything, and
    counted after it has committed or failed.
    """

    STORAGE_SCHEME = ["database"]
    base_exceptions = SQLAlchemyError

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count an attempt; how many there were in this window, which ends so many seconds after its first."""
        now = clock.now()
        over = TABLE.c.until_at <= now
        fresh = {"key": keyed(key), "count": amount, "until_at": now + timedelta(seconds=expiry)}
        counted = {
            "count": case((over, amount), else_=TABLE.c["count"] + amount),
            "until_at": case((over, fresh["until_at"]), else_=TABLE.c.until_at),
        }
        db.session.rollback()
        with db.engine.begin() as connection:
            row = _insert(connection.dialect)(TABLE).values(fresh)
            upsert = row.on_conflict_do_update(index_elements=[TABLE.c.key], set_=counted)
            return int(connection.execute(upsert.returning(TABLE.c["count"])).scalar_one())

    def get(self, key: str) -> int:
        """How many attempts there were in the window that runs."""
        count, _until = self._running(key)
        return count

    def get_expiry(self, key: str) -> float:
        """When the window that runs ends, in seconds since 1970; now if none does."""
        _count, until = self._running(key)
        return until.timestamp()

    def _running(self, key: str) -> tuple[int, datetime]:
        now = clock.now()
        asked = select(TABLE.c["count"], TABLE.c.until_at).where(
            TABLE.c.key == keyed(key), TABLE.c.until_at > now
        )
        with db.engine.connect().execution_options(read_only=True) as connection:
            found = connection.execute(asked).first()
        return (found[0], found[1]) if found else (0, now)

    def check(self) -> bool:
        """Whether the table answers."""
        db.session.execute(select(func.count()).select_from(TABLE))
        return True

    def reset(self) -> int | None:
        """Forget all attempts."""
        return _forget(delete(TABLE))

    def clear(self, key: str) -> None:
        """Forget the attempts of one kind."""
        _forget(delete(TABLE).where(TABLE.c.key == keyed(key)))


def keyed(text: str) -> str:
    """A digest that only this installation can make."""
    secret = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode() if isinstance(secret, str) else secret, text.encode(), "sha256").hex()


def clear(now: datetime) -> int:
    """Delete what is over; how many rows went. Never commits."""
    gone = db.session.execute(delete(Tried).where(Tried.until_at <= now))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _forget(which: Any) -> int:
    db.session.rollback()
    with db.engine.begin() as connection:
        return int(connection.execute(which).rowcount)


def _insert(dialect: Dialect) -> Any:
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert
