"""The address at which a fresh installation gets its first account: printed by the server as long as there is nobody.

Whoever can read what the server prints is trusted with it. Its token can only be made with the secrets of this
installation, is the same in every process, and opens nothing once somebody is there.
"""

import hmac

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from tracker import attempts, outbox
from tracker.extensions import db
from tracker.models import User

SIGNS = 32  # of the token: 128 bits


def nobody_yet() -> bool:
    """Whether there is no account at all, a deactivated one included."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def is_token(given: str) -> bool:
    """Whether this is the token that was printed."""
    return hmac.compare_digest(given.encode(), _token().encode())


def sentence(app: Flask) -> str:
    """What to print: where the first account is made; empty where there is one, or no database that could tell."""
    with app.app_context():
        try:
            if not nobody_yet():
                return ""
            address = outbox.link("people.first", token=_token())
            return f"Nobody has an account here yet. Make the first one, an administrator's, at {address}"
        except SQLAlchemyError:
            return ""
        finally:
            db.session.remove()


def _token() -> str:
    return attempts.keyed("the first account")[:SIGNS]
