"""The address at which a fresh installation gets its first account: printed by the server as long as there is nobody.

Whoever can read what the server prints is trusted with it. Its token is a file beside the other secrets, the same for
every process, and deleted once somebody is there: an address that was printed does not come back with an emptied
database.
"""

import hmac
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from tracker import outbox, secret_files
from tracker.extensions import db
from tracker.models import User

NAME = "FIRST_ACCOUNT"
BY_COMMAND = (
    "Nobody has an account here yet. Make the first one with `flask users create` and `flask roles add`."
)


def nobody_yet() -> bool:
    """Whether there is no account at all, a deactivated one included."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def is_token(given: str) -> bool:
    """Whether this is the token that was printed."""
    try:
        printed = (_secrets() / NAME).read_text("ascii").strip()
    except OSError:
        return False
    return bool(printed) and hmac.compare_digest(given.encode(), printed.encode())


def sentence(app: Flask) -> str:
    """What to print: where the first account is made; empty where there is one, or no database that could tell."""
    with app.app_context():
        try:
            if not nobody_yet():
                over()
                return ""
            token = secret_files.made_once(Path(app.instance_path), NAME)
            address = outbox.link("people.first", token=token)
            return f"Nobody has an account here yet. Make the first one, an administrator's, at {address}"
        except SQLAlchemyError:
            return ""
        except OSError:  # the folder may not be written
            return BY_COMMAND
        finally:
            db.session.remove()


def over() -> None:
    """Somebody is there: what was printed opens nothing any more, whatever becomes of the database."""
    try:
        (_secrets() / NAME).unlink(missing_ok=True)
    except OSError:
        current_app.logger.warning("The file %s cannot be deleted: please do.", _secrets() / NAME)


def _secrets() -> Path:
    return Path(current_app.instance_path) / "secrets"
