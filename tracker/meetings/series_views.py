"""Page: a series of meetings, proposed by the calendar, planned in one go; each is a plain meeting from then on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import guard, language
from tracker.extensions import db
from tracker.meetings import changes, invitations, queries
from tracker.meetings.desk import offer_people, people_of
from tracker.meetings.forms import sensible
from tracker.meetings.invitations import Invitee
from tracker.meetings.series_forms import PROPOSED, RhythmForm, SeriesForm
from tracker.meetings.views import SENT, keep_sent, room
from tracker.models import Meeting
from tracker.rules.deeds import Deed
from tracker.rules.series import next_days
from tracker.rules.workdays import Workdays


@dataclass(frozen=True)
class Proposal:
    """The fields of one meeting, and what speaks against its day."""

    take: Any
    on: Any
    at: Any
    holiday: bool
    planned: list[Meeting]


@room.route("/series", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_PLAN)
def series() -> Any:
    """Ask how it recurs; propose the next meetings; plan those that are ticked."""
    today = language.today()
    asked = "every" in request.args
    rhythm = RhythmForm(request.args) if asked else RhythmForm(None, data={"since": today})
    form, people = SeriesForm(), invitations.offered()
    offer_people(form, people)
    if form.chair:
        del form.chair
    if request.method == "POST":
        if form.form_id.data in session.get(SENT, {}):
            return _planned_before()
        if form.validate_on_submit():
            return _plan(form, people)
        return _page(rhythm, form, people), 422
    proposed = asked and rhythm.validate()
    if proposed:
        _propose(form, rhythm)
    return _page(rhythm, form if proposed else None, people), 422 if rhythm.errors else 200


def _propose(form: SeriesForm, rhythm: RhythmForm) -> None:
    """Fill in the next days; ticked is what is no holiday and has no meeting yet."""
    days = next_days(rhythm.series, rhythm.since.data, PROPOSED)
    for (take, on, at), day in zip(form.rows, days, strict=False):
        on.data, at.data = day, rhythm.at.data
        take.data = not _is_holiday(day) and not _planned_on(day)
    form.invited.data = [str(one) for one in invitations.ids_last_time()]


def _page(rhythm: RhythmForm, form: SeriesForm | None, people: list[Invitee]) -> str:
    proposals = [
        Proposal(take, on, at, bool(on.data) and _is_holiday(on.data), _planned_on(on.data))
        for take, on, at in (form.rows if form else [])
    ]
    organisation = language.organisation()
    return render_template(
        "meetings/series.html",
        rhythm=rhythm,
        form=form,
        proposals=proposals,
        people=people,
        region=organisation.holiday_region if organisation else "",
        args=request.args.to_dict(),
    )


def _plan(form: SeriesForm, people: list[Invitee]) -> Any:
    """Plan what is ticked; what this person planned just so before is left as it is."""
    by, units = guard.signed_in(), guard.units_for(Deed.MEETINGS_PLAN)
    place, (contacts, _chair) = form.place.data or "", people_of(form, people)
    made: list[Meeting] = []
    before = 0
    for take, on, at in form.rows:
        if not take.data:
            continue
        if changes.planned_already(on.data, at.data, place, by) is not None:
            before += 1
            continue
        offered = queries.offers(on.data, language.today(), units)
        channels = [one.channel for one in offered if one.due]
        made.append(changes.plan(on.data, at.data, place, channels, by, invited=contacts))
    if not made:
        return _planned_before()
    db.session.commit()
    keep_sent(form.form_id.data, made[0].id)
    flash(ngettext("%(num)d meeting is planned.", "%(num)d meetings are planned.", len(made)), "info")
    if before:
        was = ngettext("%(num)d was planned already.", "%(num)d were planned already.", before)
        flash(was, "info")
    return redirect(url_for("meetings.index"), 303)


def _planned_before() -> Any:
    db.session.rollback()
    flash(_("These meetings are planned already. Nothing was changed."), "info")
    return redirect(url_for("meetings.index"), 303)


def _is_holiday(day: date) -> bool:
    """Whether nobody works on that day in the organisation's region; weekends are not asked."""
    organisation = language.organisation()
    return (
        organisation is not None
        and day.weekday() < 5
        and not Workdays(organisation.holiday_region).is_workday(day)
    )


def _planned_on(day: date | None) -> list[Meeting]:
    """The meetings planned for that day already, as far as the person may see them."""
    if day is None or not sensible(day):
        return []
    planned = queries.planned(guard.units_for(Deed.MEETINGS_SEE), guard.signed_in().id)
    return [one for one in planned if one.planned_on == day]
