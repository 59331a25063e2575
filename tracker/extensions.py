"""The extensions, made here and bound in app.py; and how the database is spoken to."""

from ipaddress import IPv6Address, ip_network
from logging import WARNING, getLogger
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_security.core import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.orm import DeclarativeBase

from tracker.factors import OnceOnly, Passkeys
from tracker.small import Small


class Base(DeclarativeBase):
    """The base of every table: constraints carry names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def machine() -> str:
    """Who asks, for limits. With IPv6 that is a network of 64 bits: whoever has one address there has them all."""
    address = get_remote_address()
    try:
        wide = IPv6Address(address)
    except ValueError:
        return address
    return str(wide.ipv4_mapped or ip_network((wide.packed, 64), strict=False))


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
migrate = Migrate()
babel = Babel()
compress = Small()
csrf = CSRFProtect()
security = Security(totp_cls=OnceOnly, webauthn_util_cls=Passkeys)
limiter = Limiter(machine, default_limits=[], storage_uri="database://")  # tracker/attempts.py
getLogger("flask-limiter").setLevel(WARNING)  # below that it tells addresses


def listen_to(engine: Engine) -> None:
    """SQLite: one writer at a time, decided when a transaction begins, so that no read is overtaken by another's write.

    The driver's own transactions lost updates when tried, and a deferred BEGIN fails in the middle; hence BEGIN
    IMMEDIATE. A transaction marked `read_only` (requests that only show) begins plainly and never waits.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "handle_error", _without_values)
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _without_values(trouble: ExceptionContext) -> None:
    """PostgreSQL says in a detail what stood in the row: that names people, and what is raised goes into the log."""
    for error in (trouble.original_exception, trouble.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])
