"""Pages: all actions, one action, a new one; saying that one is done, and taking that back."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.actions import changes, queries
from tracker.actions.forms import AddForm, FinishForm
from tracker.extensions import db
from tracker.models import Action
from tracker.rules.deeds import Deed

room = Blueprint("actions", __name__, url_prefix="/actions")

BIGGEST_ID = 2**31 - 1  # what a column of PostgreSQL holds


@room.get("")
@guard.allow(Deed.ACTIONS_SEE)
def index() -> Any:
    """Open first by due date; the filter stands in the address."""
    seen = guard.units_for(Deed.ACTIONS_SEE)
    units = queries.units_of(seen)
    state = request.args.get("state", queries.OPEN)
    state = state if state in {queries.OPEN, queries.DONE, queries.ALL} else queries.OPEN
    unit_id = request.args.get("unit", type=int)
    unit_id = unit_id if unit_id in {one.id for one in units} else None
    return render_template(
        "actions/index.html",
        found=queries.found(seen, state, unit_id, request.args.get("page", 1, type=int)),
        anything=queries.anything(seen),
        units=units,
        state=state,
        unit_id=unit_id,
        chosen={key: value for key, value in {"state": state, "unit": unit_id}.items() if value},
        on=language.today(),
    )


@room.get("/<int:action_id>")
@guard.allow(Deed.ACTIONS_SEE)
def show(action_id: int) -> Any:
    """One action; with the form to say that it is done."""
    return _page(
        _action(action_id, Deed.ACTIONS_SEE), FinishForm(formdata=None, data={"done_on": language.today()})
    )


@room.post("/<int:action_id>/finish")
@guard.allow(Deed.ACTIONS_FINISH)
def finish(action_id: int) -> Any:
    """It is done."""
    found = _action(action_id, Deed.ACTIONS_FINISH, lock=True)
    form = FinishForm()
    if found.done_on is None and not form.validate_on_submit():
        return _page(found, form), 422
    if found.done_on is None and changes.finish(found, form.done_on.data, form.note.data or ""):
        db.session.commit()
        flash(_("The action is done."), "info")
    else:
        flash(_("This action is done already. Nothing was changed."), "info")
    return redirect(url_for("actions.show", action_id=action_id), 303)


@room.post("/<int:action_id>/reopen")
@guard.allow(Deed.ACTIONS_REOPEN)
def reopen(action_id: int) -> Any:
    """It is not done after all."""
    found = _action(action_id, Deed.ACTIONS_REOPEN, lock=True)
    if changes.reopen(found):
        db.session.commit()
        flash(_("The action is open again."), "info")
    else:
        flash(_("This action is open already. Nothing was changed."), "info")
    return redirect(url_for("actions.show", action_id=action_id), 303)


@room.route("/add", methods=["GET", "POST"])
@guard.allow(Deed.ACTIONS_ADD)
def add() -> Any:
    """Agree on an action outside a meeting; `channel` in the address is chosen already."""
    form = (
        AddForm(data={"channel": request.args.get("channel", "")}) if request.method == "GET" else AddForm()
    )
    channels = {str(one.id): one for one in queries.channels(guard.units_for(Deed.ACTIONS_ADD))}
    owners = {str(one.id): one for one in queries.owners()}
    form.offer(
        [(one.id, f"{one.platform} {one.name} ({one.unit.name})") for one in channels.values()],
        [(one.id, one.name) for one in owners.values()],
    )
    if form.validate_on_submit():
        channel, owner = channels[form.channel.data], owners[form.owner.data]
        made, new = changes.add(
            channel, form.what.data, owner, form.due_on.data, language.today(), guard.signed_in()
        )
        db.session.commit()
        flash(_("The action is written down.") if new else _("This action is written down already."), "info")
        return redirect(url_for("actions.show", action_id=made.id), 303)
    return render_template("actions/add.html", form=form), 422 if form.errors else 200


def _page(found: Action, form: FinishForm) -> str:
    unit_id = found.channel.unit_id if found.channel else None
    return render_template(
        "actions/show.html",
        action=found,
        form=form,
        on=language.today(),
        may_finish=guard.may(Deed.ACTIONS_FINISH, unit_id),
        may_reopen=guard.may(Deed.ACTIONS_REOPEN, unit_id),
    )


def _action(action_id: int, deed: Deed, lock: bool = False) -> Action:
    """The action, or 404 where there is none that the person may `deed`."""
    if action_id > BIGGEST_ID or (lock and changes.locked(action_id) is None):
        abort(404)
    return queries.action(action_id, guard.units_for(deed)) or abort(404)
