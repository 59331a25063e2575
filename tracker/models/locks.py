"""Locks: the triggers by which the database refuses what models/refusals.py lists.

Migrations drop and recreate all of them; a test, `flask verify` and `/healthz` compare the live ones with the list.
"""

from sqlalchemy import Connection, inspect, text

from tracker.models.refusals import LOCKS, Lock

LOCKED_TABLES = tuple(dict.fromkeys(lock.table for lock in LOCKS))
TRUNCATE_BODY = " BEGIN RAISE EXCEPTION 'this table is never emptied'; END "
KINDS = {"INSERT": 7, "DELETE": 11, "UPDATE": 19, "TRUNCATE": 34}  # pg_trigger.tgtype of ours


def create_locks(connection: Connection) -> None:
    """Create every trigger whose table exists by now; a migration calls this last."""
    present = set(inspect(connection).get_table_names())
    for lock in LOCKS:
        if lock.table in present:
            for statement in _statements(lock, connection.dialect.name):
                connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_function("lock_truncate", TRUNCATE_BODY))
        for table in (table for table in LOCKED_TABLES if table in present):
            connection.exec_driver_sql(
                f"CREATE TRIGGER lock_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION lock_truncate()"
            )


def _statements(lock: Lock, dialect: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return (_sqlite_trigger(lock),)
    return (
        _function(lock.name, _function_body(lock)),
        f"CREATE TRIGGER {lock.name} BEFORE {lock.operation} ON {lock.table} "  # noqa: ISC004
        f"FOR EACH ROW EXECUTE FUNCTION {lock.name}()",
    )


def _function_body(lock: Lock) -> str:
    """What PostgreSQL runs. Each statement of it sees what others have committed by then, so holding comes first."""
    hold = "".join(f"PERFORM 1 FROM {rows} ORDER BY id FOR SHARE; " for rows in lock.above)
    when = lock.refused_when
    message = lock.message.replace("'", "''")
    row = "OLD" if lock.operation == "DELETE" else "NEW"
    return f" BEGIN {hold}IF {when} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END "


def _sqlite_trigger(lock: Lock) -> str:
    when = lock.refused_when
    message = lock.message.replace("'", "''")
    return (
        f"CREATE TRIGGER {lock.name} BEFORE {lock.operation} ON {lock.table} "
        f"FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $lock${body}$lock$ LANGUAGE plpgsql"


def drop_locks(connection: Connection) -> None:
    """Drop every trigger of ours; a migration calls this first."""
    for name, table in live_locks(connection).items():
        on_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on_table}")


def live_locks(connection: Connection) -> dict[str, str]:
    """The names of our triggers that the database really has, each with its table."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'lock_%'"
    else:
        found = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'lock_%'"
    return dict(connection.execute(text(found)).all())


def faulty_locks(connection: Connection) -> list[str]:
    """The names of triggers that are missing, were made anew with other words, or are switched off."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        live = {(name, table, sql) for name, table, sql in found}
        wanted = {(lock.name, lock.table, _sqlite_trigger(lock)) for lock in LOCKS}
    else:
        found = connection.execute(
            text(
                "SELECT t.tgname, c.relname, t.tgtype || p.proname || p.prosrc FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr::text = ''"
            )
        )
        live = {(name, table, words) for name, table, words in found}
        wanted = {(x.name, x.table, f"{KINDS[x.operation]}{x.name}{_function_body(x)}") for x in LOCKS}
        emptying = f"{KINDS['TRUNCATE']}lock_truncate{TRUNCATE_BODY}"
        wanted |= {(f"lock_{table}_truncate", table, emptying) for table in LOCKED_TABLES}
    return sorted(name for name, _table, _words in wanted - live)
