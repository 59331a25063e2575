"""Pages: an action is done, not done after all, moved to another day.

The same form sent twice changes once. Whoever comes second, with something else to say, is told what happened and
gets back what they typed.
"""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _

from tracker import guard
from tracker.actions import changes
from tracker.actions.forms import ChangeForm, FinishForm, MoveForm, ReopenForm
from tracker.actions.views import may_change, newest, page, reachable, room
from tracker.extensions import db
from tracker.models import Action
from tracker.rules.deeds import Deed


@room.post("/<int:action_id>/finish")
@guard.allow(Deed.ACTIONS_FINISH)
def finish(action_id: int) -> Any:
    """It is done."""
    found = _held(action_id, Deed.ACTIONS_FINISH)
    form = FinishForm()
    form.agreed_on = found.agreed_on
    if _sent_twice(found, changes.DONE, form.note.data) and found.done_on == form.done_on.data:
        return _back(found, _("This action is done already. Nothing was changed."))
    if found.done_on is not None or not form.saw(newest(found)):
        return _second(found, form, finish=form)
    if not form.validate_on_submit():
        return page(found, finish=form), 422
    changes.finish(found, form.done_on.data, form.note.data or "", guard.signed_in())
    return _back(found, _("The action is done."))


@room.post("/<int:action_id>/reopen")
@guard.allow(Deed.ACTIONS_REOPEN)
def reopen(action_id: int) -> Any:
    """It is not done after all."""
    found = _held(action_id, Deed.ACTIONS_REOPEN)
    form = ReopenForm()
    if _sent_twice(found, changes.REOPENED, form.reason.data):
        return _back(found, _("This action is open already. Nothing was changed."))
    if found.done_on is None or not form.saw(newest(found)):
        return _second(found, form, reopen=form)
    if not form.validate_on_submit():
        return page(found, reopen=form), 422
    changes.reopen(found, form.reason.data, guard.signed_in())
    return _back(found, _("The action is open again."))


@room.post("/<int:action_id>/move")
@guard.allow(Deed.ACTIONS_MOVE)
def move(action_id: int) -> Any:
    """It is due on another day."""
    found = _held(action_id, Deed.ACTIONS_MOVE)
    form = MoveForm()
    form.due_so_far = found.due_on
    if _sent_twice(found, changes.MOVED, form.reason.data) and found.due_on == form.due_on.data:
        return _back(found, _("This action is moved already. Nothing was changed."))
    if found.done_on is not None or not form.saw(newest(found)):
        return _second(found, form, move=form)
    if not form.validate_on_submit():
        return page(found, move=form), 422
    changes.move(found, form.due_on.data, form.reason.data, guard.signed_in())
    return _back(found, _("The action is moved."))


def _held(action_id: int, deed: Deed) -> Action:
    """The action, held against other writers; 404 where the person may not see it, 403 where they may not change it."""
    if changes.locked(action_id) is None:
        abort(404)
    found = reachable(action_id, deed)
    if not may_change(deed, found):
        abort(403)
    return found


def _sent_twice(found: Action, kind: str, note: str | None) -> bool:
    """Whether the last thing that happened is what this form says, by the same person."""
    last = found.changes[-1] if found.changes else None
    me = guard.signed_in().id
    return last is not None and (last.kind, last.note, last.by_id) == (kind, note or "", me)


def _second(found: Action, form: ChangeForm, **typed: Any) -> Any:
    """Something happened while this was typed: say so, and keep the words. 409; nothing is changed."""
    unsaved = form["note"].data if "note" in form else form["reason"].data
    return page(found, meanwhile=True, unsaved=unsaved, **typed), 409


def _back(found: Action, words: str) -> Any:
    db.session.commit()
    flash(words, "info")
    return redirect(url_for("actions.show", action_id=found.id), 303)
