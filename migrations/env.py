"""How migrations run: on the app's own engine, without our triggers in the way, foreign keys checked at the end.

On SQLite a table is rebuilt to be altered. With foreign keys on that would take rows of other tables along, and
triggers would be lost or refuse the copy. So: foreign keys off before BEGIN, all triggers dropped, the steps run,
all triggers of the one list created again, every foreign key checked, commit.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, TypeDecorator

from tracker.models import locks

db = current_app.extensions["migrate"].db


def run() -> None:
    """All steps in one transaction."""
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                migrate(connection, sqlite)
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def migrate(connection: Connection, sqlite: bool) -> None:
    """Without triggers to the revision asked for, then with them again."""
    locks.drop_locks(connection)
    arguments = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=db.metadata, render_item=plain_types,
                      transactional_ddl=False, **arguments)  # fmt: skip
    context.run_migrations()
    locks.create_locks(connection)
    if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"foreign keys would be broken: {broken[:5]}")


def plain_types(kind: str, thing: object, _context: object) -> str | bool:
    """A migration names the databases' own types, so that it can be read when the app's types have moved on."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        impl = thing.impl_instance
        return (
            f"sa.String(length={impl.length})"
            if getattr(impl, "length", None)
            else f"sa.{type(impl).__name__}()"
        )
    return False


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: this project does not write them as SQL files.")
run()
