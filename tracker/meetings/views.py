"""Pages: all meetings, one meeting (planned, cancelled, or its minutes), planning, the agenda, calling off."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.extensions import db
from tracker.meetings import changes, invitations, queries
from tracker.meetings.desk import (
    agenda_offers,
    answer_over,
    day_of,
    is_open,
    may_for_all,
    meeting_or_404,
    offer_people,
    people_of,
    planned_page,
    units_of,
)
from tracker.meetings.forms import AgendaForm, PlanForm, SpecialForm, sensible
from tracker.meetings.minutes import minutes
from tracker.meetings.minutes_page import page_of
from tracker.rules.deeds import Deed
from tracker.rules.judgement import REASON_MAX, clean

room = Blueprint("meetings", __name__, url_prefix="/meetings")

SENT = "plans_sent"  # in the session: the forms that were used, with the meeting each of them planned
SENT_KEPT = 20


@room.get("")
@guard.allow(Deed.MEETINGS_SEE)
def index() -> Any:
    """Planned ones first, then what is over."""
    units, me = guard.units_for(Deed.MEETINGS_SEE), guard.signed_in()
    planned = queries.planned(units, me.id)
    over = queries.over(units, request.args.get("page", 1, type=int), me.id)
    return render_template(
        "meetings/index.html",
        planned=planned,
        over=over,
        counts=queries.counts([*planned, *over.meetings], units),
        invited=invitations.counts(planned),
        on=language.today(),
    )


@room.route("/plan", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_PLAN)
def plan() -> Any:
    """Plan a meeting; `suggest` only ticks what is due by the day that was typed. A special review ticks nothing."""
    special, fresh = bool(request.args.get("special")), request.method == "GET"
    kind = SpecialForm if special else PlanForm
    day = day_of(request.args.get("on", "")) or language.today()
    form = kind(data={"on": day, "cause": request.args.get("cause", "")}) if fresh else kind()
    suggesting = fresh or "suggest" in request.form
    planned = session.get(SENT, {}).get(form.form_id.data)
    if planned is not None and not fresh:
        return planned_once(planned)
    day = form.on.data if form.on.data and sensible(form.on.data) else day
    offered = queries.offers(day, language.today(), guard.units_for(Deed.MEETINGS_PLAN))
    form.offer([one.channel.id for one in offered])
    people = invitations.offered()
    offer_people(form, people)
    if not suggesting and form.validate_on_submit():
        return _plan(form, offered, people)
    if suggesting:
        asked = set(request.args.get("channels", "").split(","))
        due = {str(one.channel.id) for one in offered if one.proposed and not special}
        form.channels.data = [*due, *(asked - due)]
    if fresh:
        form.invited.data = [] if special else [str(one) for one in invitations.ids_last_time()]
    page = render_template(
        "meetings/plan.html",
        form=form,
        groups=queries.by_unit(offered),
        people=people,
        day=day,
        special=special,
    )
    return page, 422 if form.errors else 200


def _plan(form: PlanForm, offered: list[queries.Offer], people: list[invitations.Invitee]) -> Any:
    by = guard.signed_in()
    on, starts_at, place = form.on.data, form.starts_at.data, form.place.data or ""
    cause = form.cause.data if isinstance(form, SpecialForm) else ""
    twin = changes.planned_already(on, starts_at, place, by, cause, within=changes.TWICE_WITHIN)
    if twin is not None:
        return planned_once(twin.id)
    ticked = set(form.ticked)
    channels = [one.channel for one in offered if one.channel.id in ticked]
    invited, chair = people_of(form, people)
    made = changes.plan(on, starts_at, place, channels, by, cause=cause, invited=invited, chair=chair)
    db.session.commit()
    keep_sent(form.form_id.data, made.id)
    flash(_("The meeting on %(day)s is planned.", day=language.day(on)), "info")
    return redirect(url_for("meetings.show", meeting_id=made.id), 303)


def keep_sent(form_id: str | None, meeting_id: int) -> None:
    """Remember in the session that a form was used, and for which meeting."""
    if form_id:
        used = {**session.get(SENT, {}), form_id[:40]: meeting_id}
        session[SENT] = dict(list(used.items())[-SENT_KEPT:])


def planned_once(meeting_id: int) -> Any:
    """The answer to a form that was sent again."""
    flash(_("This meeting is planned already. Nothing was changed."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@room.get("/<int:meeting_id>")
@guard.allow(Deed.MEETINGS_SEE)
def show(meeting_id: int) -> Any:
    """A planned meeting with its agenda, or the minutes of a closed one."""
    found = meeting_or_404(meeting_id)
    said = minutes(found, units_of(found), language.zone())
    if said is not None:
        return page_of(said)
    return planned_page(found)


@room.post("/<int:meeting_id>/agenda")
@guard.allow(Deed.MEETINGS_PLAN)
def agenda(meeting_id: int) -> Any:
    """Change the agenda, as long as the meeting is not closed. What belongs to other units stays on it."""
    found = meeting_or_404(meeting_id, lock=True)
    form = AgendaForm()
    offered = agenda_offers(found, Deed.MEETINGS_PLAN)
    form.offer([one.channel.id for one in offered])
    if not form.validate_on_submit():
        return planned_page(found, agenda=form), 422
    try:
        changed = changes.set_agenda(found, [one.channel for one in offered], set(form.ticked))
    except changes.NotOpen:
        return answer_over(found)
    db.session.commit()
    flash(_("The agenda is saved.") if changed else _("Nothing was changed."), "info")
    units, me = guard.units_for(Deed.MEETINGS_SEE), guard.signed_in()
    if queries.meeting(meeting_id, units, me.id) is None:  # only other units' channels are left
        return redirect(url_for("meetings.index"), 303)
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@room.route("/<int:meeting_id>/cancel", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_CANCEL)
def cancel(meeting_id: int) -> Any:
    """Ask, then call the meeting off. It is undone by planning it again."""
    found = meeting_or_404(meeting_id, lock=request.method == "POST")
    if not may_for_all(Deed.MEETINGS_CANCEL, found):
        abort(403)
    if not is_open(found):
        return answer_over(found)
    reason = clean(request.form.get("reason", ""))
    if request.method == "GET" or len(reason) > REASON_MAX:
        typed, invited = queries.typed_fields(found.id), invitations.invited(found)
        page = render_template(
            "meetings/cancel.html",
            meeting=found,
            typed=typed,
            invited=invited,
            reason=reason,
            most=REASON_MAX,
        )
        return page, 200 if request.method == "GET" else 422
    changes.cancel(found, reason)
    db.session.commit()
    flash(_("The meeting on %(day)s is cancelled.", day=language.day(found.planned_on)), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
