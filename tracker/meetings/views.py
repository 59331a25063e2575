"""Pages: all meetings, one meeting (planned, cancelled, or its minutes), planning, the agenda, calling off."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.extensions import db
from tracker.meetings import changes, queries
from tracker.meetings.forms import AgendaForm, PlanForm, sensible
from tracker.meetings.minutes import minutes
from tracker.models import Channel, Meeting
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion

room = Blueprint("meetings", __name__, url_prefix="/meetings")

BIGGEST_ID = 2**31 - 1  # what a column of PostgreSQL holds
SENT = "plans_sent"  # in the session: the forms that were used, with the meeting each of them planned
SENT_KEPT = 20


@room.get("")
@guard.allow(Deed.MEETINGS_SEE)
def index() -> Any:
    """Planned ones first, then what is over."""
    units = guard.units_for(Deed.MEETINGS_SEE)
    planned, over = queries.planned(units), queries.over(units, request.args.get("page", 1, type=int))
    counts = queries.counts([*planned, *over.meetings], units)
    return render_template(
        "meetings/index.html", planned=planned, over=over, counts=counts, on=language.today()
    )


@room.route("/plan", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_PLAN)
def plan() -> Any:
    """Plan a meeting; `suggest` only ticks what is due by the day that was typed."""
    day = _day(request.args.get("on", "")) or language.today()
    form = PlanForm(data={"on": day}) if request.method == "GET" else PlanForm()
    suggesting = request.method == "GET" or "suggest" in request.form
    planned = session.get(SENT, {}).get(form.form_id.data)
    if planned is not None and request.method == "POST":
        return _planned_already(planned)
    day = form.on.data if form.on.data and sensible(form.on.data) else day
    offered = queries.offers(day, language.today(), language.zone(), guard.units_for(Deed.MEETINGS_PLAN))
    form.offer([one.channel.id for one in offered])
    if not suggesting and form.validate_on_submit():
        return _plan(form, offered)
    if suggesting:
        asked = set(request.args.get("channels", "").split(","))
        ticked = {str(one.channel.id) for one in offered if one.due or str(one.channel.id) in asked}
        form.channels.data = list(ticked)
    page = render_template("meetings/plan.html", form=form, groups=queries.by_unit(offered), day=day)
    return page, 422 if form.errors else 200


def _plan(form: PlanForm, offered: list[queries.Offer]) -> Any:
    by = guard.signed_in()
    on, starts_at, place = form.on.data, form.starts_at.data, form.place.data or ""
    twin = changes.planned_just_now(on, starts_at, place, by)
    if twin is not None:
        return _planned_already(twin.id)
    ticked = set(form.ticked)
    channels = [one.channel for one in offered if one.channel.id in ticked]
    made = changes.plan(on, starts_at, place, channels, by)
    db.session.commit()
    used = (
        {**session.get(SENT, {}), form.form_id.data: made.id} if form.form_id.data else session.get(SENT, {})
    )
    session[SENT] = dict(list(used.items())[-SENT_KEPT:])
    flash(_("The meeting on %(day)s is planned.", day=language.day(on)), "info")
    return redirect(url_for("meetings.show", meeting_id=made.id), 303)


def _planned_already(meeting_id: int) -> Any:
    flash(_("This meeting is planned already. Nothing was changed."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@room.get("/<int:meeting_id>")
@guard.allow(Deed.MEETINGS_SEE)
def show(meeting_id: int) -> Any:
    """A planned meeting with its agenda, or the minutes of a closed one."""
    found = _meeting(meeting_id)
    units = guard.units_for(Deed.MEETINGS_SEE)
    said = minutes(found, units, language.zone())
    if said is not None:
        return render_template("meetings/minutes.html", meeting=found, minutes=said, criteria=list(Criterion))
    return _planned_page(found, AgendaForm(formdata=None))


@room.post("/<int:meeting_id>/agenda")
@guard.allow(Deed.MEETINGS_PLAN)
def agenda(meeting_id: int) -> Any:
    """Change the agenda, as long as the meeting is not closed. What belongs to other units stays on it."""
    found = _meeting(meeting_id, lock=True)
    form = AgendaForm()
    offered = _agenda_offers(found, Deed.MEETINGS_PLAN)
    form.offer([one.channel.id for one in offered])
    if not form.validate_on_submit():
        return _planned_page(found, form), 422
    try:
        changed = changes.set_agenda(found, [one.channel for one in offered], set(form.ticked))
    except changes.NotOpen:
        return _over(found)
    db.session.commit()
    flash(_("The agenda is saved.") if changed else _("Nothing was changed."), "info")
    if (
        queries.meeting(meeting_id, guard.units_for(Deed.MEETINGS_SEE)) is None
    ):  # only other units' channels are left
        return redirect(url_for("meetings.index"), 303)
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@room.route("/<int:meeting_id>/cancel", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_CANCEL)
def cancel(meeting_id: int) -> Any:
    """Ask, then call the meeting off. It is undone by planning it again."""
    found = _meeting(meeting_id, lock=request.method == "POST")
    if not _may_cancel(found):
        abort(403)
    if found.closed_at is not None or found.cancelled_at is not None:
        return _over(found)
    if request.method == "GET":
        return render_template("meetings/cancel.html", meeting=found, typed=queries.typed_fields(found.id))
    changes.cancel(found)
    db.session.commit()
    flash(_("The meeting on %(day)s is cancelled.", day=language.day(found.planned_on)), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _planned_page(found: Meeting, form: AgendaForm) -> str:
    offered = _agenda_offers(found, Deed.MEETINGS_SEE)
    units, planning = guard.units_for(Deed.MEETINGS_SEE), guard.units_for(Deed.MEETINGS_PLAN)
    on_agenda = [line.channel for line in found.agenda if units is None or line.channel.unit_id in units]
    if form.channels.data is None:
        form.channels.data = [str(one.id) for one in on_agenda]
    due = {one.channel.id: one.due for one in offered}
    listed = [queries.Offer(one, due.get(one.id, ())) for one in sorted(on_agenda, key=_place)]
    return render_template(
        "meetings/planned.html",
        meeting=found,
        form=form,
        agenda=queries.by_unit(listed),
        groups=queries.by_unit(one for one in offered if planning is None or one.channel.unit_id in planning),
        planner=queries.planner(found),
        on=language.today(),
        open=found.cancelled_at is None and found.closed_at is None,
        may_cancel=_may_cancel(found),
        channels_again=",".join(str(one.id) for one in on_agenda),
    )


def _place(channel: Channel) -> tuple[int, int]:
    return channel.position, channel.id


def _over(found: Meeting) -> Any:
    db.session.rollback()
    closed = found.closed_at is not None
    flash(_("This meeting is already closed.") if closed else _("This meeting was cancelled."), "info")
    return redirect(url_for("meetings.show", meeting_id=found.id), 303)


def _may_cancel(found: Meeting) -> bool:
    """Only who may do it for every channel on the agenda."""
    return guard.may(Deed.MEETINGS_CANCEL) and all(
        guard.may(Deed.MEETINGS_CANCEL, line.channel.unit_id) for line in found.agenda
    )


def _agenda_offers(found: Meeting, deed: Deed) -> list[queries.Offer]:
    """What could be ticked, and what is on the agenda already, in the units where the person may `deed`."""
    units = guard.units_for(deed)
    offered = queries.offers(found.planned_on, language.today(), language.zone(), units)
    known = {one.channel.id for one in offered}
    more = [one.channel for one in found.agenda if units is None or one.channel.unit_id in units]
    return offered + [queries.Offer(one, ()) for one in more if one.id not in known]


def _meeting(meeting_id: int, lock: bool = False) -> Meeting:
    """The meeting, or 404 where there is none that the person may see."""
    if meeting_id > BIGGEST_ID or (lock and changes.locked(meeting_id) is None):
        abort(404)
    return queries.meeting(meeting_id, guard.units_for(Deed.MEETINGS_SEE)) or abort(404)


def _day(text: str) -> date | None:
    """A day of the calendar in an address, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if sensible(day) else None
