"""Agreeing on an action, noting that it is done, taking that back, moving it to another day. Never commits."""

from datetime import date, timedelta

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Action, ActionChange, Channel, Contact, User
from tracker.rules.deeds import Deed

TWICE_WITHIN = timedelta(minutes=1)  # the same action agreed again this soon is a form sent twice
DONE, REOPENED, MOVED = "done", "reopened", "moved"
DEEDS = {DONE: Deed.ACTIONS_FINISH, REOPENED: Deed.ACTIONS_REOPEN, MOVED: Deed.ACTIONS_MOVE}


def add(
    channel: Channel | None, what: str, owner: Contact, due_on: date, agreed_on: date, by: User
) -> tuple[Action, bool]:
    """Agree on an action outside a meeting; the same one sent twice within a minute is one. True if it is new.

    Without a channel it concerns the whole organisation.
    """
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())  # two clicks queue up
    twin = select(Action).where(
        Action.channel_id == (channel.id if channel else None),
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
        channel_id=channel.id if channel else None,
        agreed_on=agreed_on,
        created_at=clock.now(),
    )
    db.session.add(made)
    things = (made, channel, owner) if channel else (made, owner)
    ids = {"due_on": due_on.isoformat()}
    words = {"what": what, "owner": owner.name}
    unit_id = channel.unit_id if channel else None
    journal.note(db.session, Deed.ACTIONS_ADD, *things, ids=ids, words=words, unit_id=unit_id, by=by)
    db.session.flush()
    return made, True


def locked(action_id: int) -> Action | None:
    """The action, held against other writers until the end of the transaction."""
    return db.session.get(Action, action_id, with_for_update=True, populate_existing=True)


def finish(action: Action, done_on: date, note: str, by: User) -> bool:
    """Done, on that day. False if it is done already: what was said first stays until it is reopened."""
    if action.done_on is not None:
        return False
    action.done_on, action.done_note = done_on, note
    _remember(action, DONE, note, None, by, {"done_on": done_on.isoformat()})
    return True


def reopen(action: Action, reason: str, by: User) -> bool:
    """Not done after all; the history keeps what was said. False if it is open already."""
    if action.done_on is None:
        return False
    was_done_on = action.done_on
    action.done_on, action.done_note = None, ""
    _remember(action, REOPENED, reason, was_done_on, by, {"done_on": was_done_on.isoformat()})
    return True


def move(action: Action, due_on: date, reason: str, by: User) -> bool:
    """Due on another day, and why. False if it is done, or due on that day already."""
    if action.done_on is not None or action.due_on == due_on:
        return False
    before, action.due_on = action.due_on, due_on
    ids = {"before": before.isoformat(), "due_on": due_on.isoformat()}
    _remember(action, MOVED, reason, before, by, ids)
    return True


def _remember(
    action: Action, kind: str, note: str, from_on: date | None, by: User, ids: dict[str, str]
) -> None:
    """A line of the action's history and an entry of the journal.

    `from_on` is the day that held before: the due date of a moved action, the day on which a reopened one was done.
    """
    row = ActionChange(
        kind=kind, note=note, from_on=from_on, at=clock.now(), by_id=by.id, by_name=by.full_name
    )
    action.changes.append(row)
    words = {"what": action.what, "note" if kind == DONE else "reason": note}
    unit_id = action.channel.unit_id if action.channel else None
    journal.note(db.session, DEEDS[kind], action, row, ids=ids, words=words, unit_id=unit_id, by=by)
