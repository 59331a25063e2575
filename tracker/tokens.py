"""Private tokens, with which a script takes evidence home, or a calendar reads days, in somebody's name. Never commits.

A token is 256 random bits. Only its SHA-256 is kept, and it is found by that: so no comparison tells anything about it.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker import accounts, clock, journal, second_factor
from tracker.extensions import db
from tracker.models import Token, User
from tracker.rules.accounts import Why, a_year_after
from tracker.rules.deeds import Deed

BEGINS_WITH = "smr_"  # so that a token that went astray is recognised
MOST = 10  # that one person has at once
EVIDENCE, CALENDAR = "evidence", "calendar"  # what a token is for; one does not open the other
ALWAYS = date(9999, 12, 31)  # until it is revoked

SENTENCES: dict[Why, Any] = {
    Why.UNKNOWN: _l("This needs a private token that is known, in a header: Authorization: Bearer …"),
    Why.REVOKED: _l("This private token was revoked."),
    Why.EXPIRED: _l("The days of this private token are over."),
    Why.DEACTIVATED: _l("The account of this private token is deactivated."),
    Why.OTHER_DAYS: _l("The account of this private token does not hold on this day."),
    Why.NO_SECOND_FACTOR: _l(
        "The person of this private token must set up a second factor first: a role of theirs asks for it."
    ),
    Why.MAY_NOT: _l("The person of this private token may not take evidence home."),
}


class TokenRefused(ValueError):
    """A token cannot be made like that; `field` says where, the text why, in the reader's language."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Turned:
    """A token that does not let anybody in: why, and whose it is, where it is anybody's."""

    why: Why
    user_id: int | None = None


def find(text: str, on: date, purpose: str = EVIDENCE) -> Token | Turned:
    """The token with its person, or why it does not hold on this day."""
    query = select(Token).options(joinedload(Token.user))
    query = query.where(Token.hash == _hash(text), Token.purpose == purpose)
    found = db.session.scalars(query).first()
    if found is None:
        return Turned(Why.UNKNOWN)
    why = _why_not(found, on)
    return Turned(why, found.user_id) if why else found


def _why_not(token: Token, on: date) -> Why | None:
    if token.revoked_at is not None:
        return Why.REVOKED
    if token.until_on < on:
        return Why.EXPIRED
    if not token.user.active:
        return Why.DEACTIVATED
    if not accounts.in_its_days(token.user, on):
        return Why.OTHER_DAYS
    return Why.NO_SECOND_FACTOR if second_factor.is_missing(token.user) else None


def of(person: User, purpose: str = EVIDENCE) -> list[Token]:
    """The tokens of a person, those that hold first, the newest first."""
    query = select(Token).where(Token.user_id == person.id, Token.purpose == purpose)
    return list(db.session.scalars(query.order_by(Token.revoked_at.is_not(None), Token.id.desc())))


def holding(person: User, on: date, purpose: str = EVIDENCE) -> list[Token]:
    """Those that are neither revoked nor over."""
    return [one for one in of(person, purpose) if one.revoked_at is None and one.until_on >= on]


def make(person: User, name: str, until_on: date, on: date) -> tuple[Token, str]:
    """A new token and its text, which nobody sees again. Raises TokenRefused."""
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update())  # two at once queue up
    last = a_year_after(on)
    if until_on < on:
        raise TokenRefused("until_on", _("This day is past already."))
    if until_on > last:
        raise TokenRefused("until_on", _("A token holds for one year at most."))
    known = holding(person, on)
    if any(one.name.casefold() == name.casefold() for one in known):
        raise TokenRefused(
            "name", _("You have a token of this name already. Revoke it or take another name.")
        )
    if len(known) >= MOST:
        raise TokenRefused("name", _("You have %(n)s tokens already. Revoke one of them first.", n=MOST))
    return _made(person, name, until_on, EVIDENCE)


def make_address(person: User, name: str, on: date) -> tuple[Token, str]:
    """A new token for the address of a calendar, and its text, which nobody sees again; another one holds no more."""
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update())  # two at once queue up
    for one in holding(person, on, CALENDAR):
        revoke(one)
    return _made(person, name, ALWAYS, CALENDAR)


def _made(person: User, name: str, until_on: date, purpose: str) -> tuple[Token, str]:
    text = BEGINS_WITH + secrets.token_urlsafe(32)
    made = Token(
        user_id=person.id,
        name=name,
        hash=_hash(text),
        purpose=purpose,
        made_at=clock.now(),
        until_on=until_on,
    )
    db.session.add(made)
    db.session.flush()
    ids = {"until": until_on.isoformat()} if until_on < ALWAYS else {}
    journal.note(db.session, Deed.TOKENS_ADD, made, ids=ids, words={"name": name})
    return made, text


def revoke(token: Token) -> bool:
    """The token holds no more, from now on. False if it is so already."""
    if token.revoked_at is not None:
        return False
    token.revoked_at = clock.now()
    journal.note(db.session, Deed.TOKENS_REVOKE, token, words={"name": token.name})
    return True


def revoke_all(person: User, on: date) -> int:
    """Revoke what still holds, where somebody else decides on the person's sign-in; how many there were."""
    return sum(revoke(one) for purpose in (EVIDENCE, CALENDAR) for one in holding(person, on, purpose))


def used(token: Token, on: date) -> None:
    """Remember the day on which it was last used, and no more than the day."""
    if token.last_used_on != on:
        token.last_used_on = on


def count(person: User, on: date) -> int:
    """How many tokens of a person hold."""
    query = select(func.count(Token.id)).where(Token.user_id == person.id, Token.revoked_at.is_(None))
    query = query.where(Token.purpose == EVIDENCE)
    return db.session.scalar(query.where(Token.until_on >= on)) or 0


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
