"""Pages: all actions, one of them with its history, a new one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import accounts, guard, language, mailboxes
from tracker.actions import changes, history, queries
from tracker.actions.forms import NO_CHANNEL, AddForm, FinishForm, MoveForm, ReopenForm
from tracker.extensions import db
from tracker.models import Action
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean

room = Blueprint("actions", __name__, url_prefix="/actions")

TEXT_MAX = 200  # characters one may search for
MINE = "me"  # in the address: whatever belongs to who reads it


@room.get("")
@guard.allow(Deed.ACTIONS_SEE)
def index() -> Any:
    """Open first by due date; the filter stands in the address."""
    seen, on = guard.units_for(Deed.ACTIONS_SEE), language.today()
    units = {one.id: one for one in queries.units_of(seen)}
    channels = {one.id: one for one in queries.channels(seen)}
    owners = {one.id: one for one in queries.owners_of(seen)}
    me = queries.contact_of(guard.signed_in().id)
    state, owner = request.args.get("state", queries.OPEN), request.args.get("owner", "")
    mine, nobody = owner == MINE, 0  # who has no contact yet owns nothing
    asked = queries.Asked(
        state=state if state in queries.STATES else queries.OPEN,
        unit_id=_known(request.args.get("unit"), units),
        channel_id=_known(request.args.get("channel"), channels),
        owner_id=(me.id if me else nobody) if mine else _known(owner, owners),
        text=clean(request.args.get("text", ""))[:TEXT_MAX],
    )
    chosen = {"state": asked.state, "unit": asked.unit_id, "channel": asked.channel_id,
              "owner": MINE if mine else asked.owner_id, "text": asked.text}  # fmt: skip
    return render_template(
        "actions/index.html",
        found=queries.found(seen, asked, on, request.args.get("page", 1, type=int)),
        counts=queries.counts(seen, on, me.id if me else None),
        units=units,
        channels=channels,
        owners=owners,
        chosen={name: value for name, value in chosen.items() if value},
        on=on,
        first_due_on=history.first_due_on,
    )


def _known(given: str | None, known: dict[int, Any]) -> int | None:
    """A number of the address if it names something one may see; anything else filters nothing."""
    return next((key for key in known if str(key) == given), None)


@room.get("/<int:action_id>")
@guard.allow(Deed.ACTIONS_SEE)
def show(action_id: int) -> Any:
    """One action: its history, and the forms for what may happen next."""
    return page(reachable(action_id, Deed.ACTIONS_SEE))


@room.route("/add", methods=["GET", "POST"])
@guard.allow(Deed.ACTIONS_ADD)
def add() -> Any:
    """Agree on an action outside a meeting; `channel` in the address is chosen already."""
    asked = {"channel": request.args.get("channel", "")}
    form = AddForm(data=asked) if request.method == "GET" else AddForm()
    channels = {str(one.id): one for one in queries.channels(guard.units_for(Deed.ACTIONS_ADD))}
    owners = {str(one.id): one for one in mailboxes.able_to_act()}
    form.offer(
        [(one.id, f"{one.platform} {one.name} ({one.unit.name})") for one in channels.values()],
        [(one.id, one.name if accounts.is_told(one) else _("%(name)s (no address)", name=one.name))
         for one in owners.values()],
        guard.may_everywhere(Deed.ACTIONS_ADD),
    )  # fmt: skip
    if form.validate_on_submit():
        channel = None if form.channel.data == NO_CHANNEL else channels[form.channel.data]
        owner = owners[form.owner.data]
        made, new = changes.add(
            channel, form.what.data, owner, form.due_on.data, language.today(), guard.signed_in()
        )
        db.session.commit()
        flash(_("The action is written down.") if new else _("This action is written down already."), "info")
        return redirect(url_for("actions.show", action_id=made.id), 303)
    return render_template("actions/add.html", form=form), 422 if form.errors else 200


def page(found: Action, **typed: Any) -> str:
    """The page of an action. `typed` are forms that come back with what was typed, and what there is to say."""
    on = language.today()
    finish = FinishForm(formdata=None, data={"done_on": on})
    blank = {"finish": finish, "move": MoveForm(formdata=None), "reopen": ReopenForm(formdata=None)}
    return render_template(
        "actions/show.html",
        action=found,
        steps=history.steps(found),
        first_due_on=history.first_due_on(found),
        newest=newest(found),
        on=on,
        may_change={deed: may_change(deed, found) for deed in changes.DEEDS.values()},
        **{**blank, **typed},
    )


def newest(found: Action) -> int:
    """The number of the last line of its history, 0 where there is none: tells whether something happened since."""
    return found.changes[-1].id if found.changes else 0


def may_change(deed: Deed, found: Action) -> bool:
    """What belongs to no channel is changed by who is not limited to units, or by the one who does it."""
    if found.channel is not None:
        return guard.may(deed, found.channel.unit_id)
    return guard.may_everywhere(deed) or (guard.may(deed) and found.owner.user_id == guard.signed_in().id)


def reachable(action_id: int, deed: Deed) -> Action:
    """The action, or 404 where there is none that the person may `deed`."""
    return queries.action(action_id, guard.units_for(deed)) or abort(404)
