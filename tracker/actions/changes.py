"""Agreeing on an action, noting that it is done, and taking that back. Never commits."""

from datetime import date, timedelta

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Action, Channel, Contact, User
from tracker.rules.deeds import Deed

TWICE_WITHIN = timedelta(minutes=1)  # the same action agreed again this soon is a form sent twice


def add(
    channel: Channel, what: str, owner: Contact, due_on: date, agreed_on: date, by: User
) -> tuple[Action, bool]:
    """Agree on an action outside a meeting; the same one sent twice within a minute is one. True if it is new."""
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())  # two clicks queue up
    twin = select(Action).where(
        Action.channel_id == channel.id,
        Action.owner_id == owner.id,
        Action.due_on == due_on,
        Action.what == what,
        Action.review_id.is_(None),
        Action.created_at > clock.now() - TWICE_WITHIN,
    )
    found = db.session.scalars(twin).first()
    if found is not None:
        return found, False
    made = Action(
        what=what,
        owner_id=owner.id,
        due_on=due_on,
        channel_id=channel.id,
        agreed_on=agreed_on,
        created_at=clock.now(),
    )
    db.session.add(made)
    ids = {"due_on": due_on.isoformat()}
    words = {"what": what, "owner": owner.name}
    journal.note(
        db.session,
        Deed.ACTIONS_ADD,
        made,
        channel,
        owner,
        ids=ids,
        words=words,
        unit_id=channel.unit_id,
        by=by,
    )
    db.session.flush()
    return made, True


def locked(action_id: int) -> Action | None:
    """The action, held against other writers until the end of the transaction."""
    return db.session.get(Action, action_id, with_for_update=True, populate_existing=True)


def finish(action: Action, done_on: date, note: str, by: User | None = None) -> bool:
    """Done, on that day. False if it is done already: what was said first stays until it is reopened."""
    if action.done_on is not None:
        return False
    action.done_on, action.done_note = done_on, note
    ids = {"done_on": done_on.isoformat()}
    words = {"what": action.what, "note": note}
    journal.note(
        db.session, Deed.ACTIONS_FINISH, action, ids=ids, words=words, unit_id=_unit_of(action), by=by
    )
    return True


def reopen(action: Action) -> bool:
    """Not done after all; the journal keeps what was said. False if it is open already."""
    if action.done_on is None:
        return False
    ids = {"done_on": action.done_on.isoformat()}
    words = {"what": action.what, "note": action.done_note}
    journal.note(db.session, Deed.ACTIONS_REOPEN, action, ids=ids, words=words, unit_id=_unit_of(action))
    action.done_on, action.done_note = None, ""
    return True


def _unit_of(action: Action) -> int | None:
    return action.channel.unit_id if action.channel else None
