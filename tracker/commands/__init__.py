"""The flask commands. Each does one deed, says one sentence, and exits non-zero with one sentence when it cannot.

One file a subject; a file named here brings a function `register(app)`. Commands speak English, whatever the
organisation speaks: they are for the person at the terminal, and their words can be searched for.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from tracker.commands.said import stop
from tracker.extensions import db

SUBJECTS = (
    "setup",
    "backup",
    "concept",
    "people",
    "standings",
    "reminders",
    "evidence",
    "retention",
    "secrets",
    "demo",
)


def register(app: Flask) -> None:
    """Add every command to `flask`."""
    known = set(app.cli.commands)
    for subject in SUBJECTS:
        import_module(f"tracker.commands.{subject}").register(app)
    for name in set(app.cli.commands) - known:
        _speak_plainly(app.cli.commands[name])


def _speak_plainly(command: click.Command) -> None:
    """In a group every command of it."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _speak_plainly(inner)
    elif command.callback is not None:
        command.callback = _plainly(command.callback)


def _plainly(callback: Callable[..., Any]) -> Callable[..., Any]:
    """The same, in English, and with one sentence instead of a traceback where the database does not answer."""
    if getattr(callback, "speaks_plainly", False):
        return callback  # a second app of the same process registers the same commands

    @wraps(callback)
    def plain(*args: Any, **kwargs: Any) -> Any:
        _refuse_broken_text(kwargs)
        _refuse_an_empty_place()
        try:
            with force_locale("en"):
                return callback(*args, **kwargs)
        except DatabaseError as error:
            if (
                not isinstance(error, OperationalError | ProgrammingError)
                and type(error) is not DatabaseError
            ):
                raise  # what was to be written is wrong; a plain DatabaseError is a damaged file
            db.session.rollback()
            said = str(error.orig).strip().splitlines()[0]
            stop(f"The database does not answer as it should ({said}). Has `flask init` been run here?")

    plain.speaks_plainly = True  # type: ignore[attr-defined]
    return plain


def _refuse_an_empty_place() -> None:
    """Opening a database of SQLite that is not there would make an empty one; only `flask init` makes one."""
    url = db.engine.url
    new = url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists()
    if new and click.get_current_context().info_name not in {"init", "restore"}:
        stop("There is no database here yet: `flask init` makes it.")


def _refuse_broken_text(given: Mapping[str, Any]) -> None:
    """Bytes that are no UTF-8 reach us as signs that can be written nowhere: not to a terminal, not to a database."""
    for value in given.values():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str | Path) and not _is_utf8(str(one)):
                stop(f"This argument is not UTF-8: {str(one)!r}.", 2)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
