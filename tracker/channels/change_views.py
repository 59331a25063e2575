"""Pages: changing how a channel is run. First the form, then what it would do, then it is done."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, language, obligations
from tracker.channels import queries
from tracker.channels.change_forms import CADENCE, TEXT_MAX, ChangeForm
from tracker.channels.views import find, room
from tracker.extensions import db
from tracker.models import Channel
from tracker.rules.deciding import Course, Turn, refuse_once_closed, turned
from tracker.rules.deeds import Deed
from tracker.rules.foreseeing import Foreseen, foreseen
from tracker.rules.obligating import RuleBroken
from tracker.rules.slots import slot_on
from tracker.rules.words import ChannelState


@room.route("/<int:channel_id>/change", methods=["GET", "POST"])
@guard.allow(Deed.CHANNELS_CHANGE)
def change(channel_id: int) -> Any:
    """Ask what changes, show what that does, and do it once that is confirmed."""
    channel, today = find(channel_id, Deed.CHANNELS_CHANGE), language.today()
    if request.method == "POST":
        obligations.hold([channel])
    course = obligations.course_of(channel)
    form = ChangeForm(data={"from_on": _next_slot(course, today)})
    form.offer(course, today)
    if request.method == "GET" or request.form.get("back"):
        return _asked(channel, form)
    if not form.validate_on_submit():
        return _asked(channel, form), 422
    wanted = form.turn()
    try:
        refuse_once_closed(course, wanted)
        ahead = foreseen(course, turned(course, wanted, today), today)
    except RuleBroken as broken:
        field = form.cadence if form.what.data == CADENCE else form.from_on
        field.errors = [*field.errors, _broken(broken)]
        return _asked(channel, form), 422
    state = _digest(wanted, ahead)
    confirmed = request.form.get("confirm")
    if confirmed != state or not ahead.anything:
        return render_template(
            "channels/change_preview.html",
            channel=channel,
            form=form,
            wanted=wanted,
            ahead=ahead,
            state=state,
            changed=bool(confirmed) and confirmed != state,
            left_to_do=wanted.state is ChannelState.CLOSED and not queries.open_actions(channel_id),
        )
    obligations.turn(channel, wanted, form.reason.data, today)
    db.session.commit()
    flash(_("The change is written down. It stands under “Obligations”, with its reason."), "info")
    return redirect(url_for("channels.show", channel_id=channel_id), 303)


def _next_slot(course: Course, today: date) -> date:
    """The day that is proposed: where a change leaves the running slot alone."""
    n = next((one.n for one in reversed(course.promises) if one.from_on <= today), 4)
    return slot_on(today, n).due_on + timedelta(days=1)


def _asked(channel: Channel, form: ChangeForm) -> str:
    return render_template(
        "channels/change.html", channel=channel, form=form, text_max=TEXT_MAX, CADENCE=CADENCE
    )


def _broken(broken: RuleBroken) -> str:
    """Why a day does not do, in the reader's words."""
    match broken.rule:
        case "before_opening":
            return _("This day is before the first day of the channel.")
        case "slot_ended":
            return _(
                "This day lies in a slot that has ended. What has ended stays as it is; choose a later day."
            )
        case "closed":
            return _("The channel is closed before this day already.")
    return _("A new cadence begins on a day that starts a slot of both.")


def _digest(wanted: Turn, ahead: Foreseen) -> str:
    """What the person confirms: if the channel has changed meanwhile, it is asked again."""
    return sha256(repr((wanted, ahead)).encode()).hexdigest()[:16]
