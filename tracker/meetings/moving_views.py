"""Pages: moving a planned meeting, and changing whom it invites."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.extensions import db
from tracker.meetings import changes, invitations
from tracker.meetings.desk import (
    answer_over,
    is_open,
    may_for_all,
    meeting_or_404,
    offer_people,
    people_of,
    planned_page,
)
from tracker.meetings.forms import InvitedForm, MoveForm
from tracker.meetings.views import room
from tracker.models import Meeting
from tracker.rules.deeds import Deed


@room.route("/<int:meeting_id>/move", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_PLAN)
def move(meeting_id: int) -> Any:
    """Another day, time or place. Only who may plan for every channel on the agenda."""
    found = meeting_or_404(meeting_id, lock=request.method == "POST")
    if not may_for_all(Deed.MEETINGS_PLAN, found):
        abort(403)
    if not is_open(found):
        return answer_over(found)
    if request.method == "GET":
        now = {"on": found.planned_on, "starts_at": found.starts_at, "place": found.place}
        return _move_page(found, MoveForm(data={**now, "seen": str(found.sequence)}))
    form = MoveForm()
    if not form.validate_on_submit():
        return _move_page(found, form), 422
    seen = next(iter(_numbers(form.seen.data or "")), -1)
    on, place, reason = form.on.data, form.place.data or "", form.reason.data or ""
    try:
        moved = changes.move(found, on, form.starts_at.data, place, reason, seen)
    except changes.MovedMeanwhile:
        db.session.rollback()
        when = language.appointment(found.planned_on, found.starts_at)
        said = _(
            "The meeting was changed meanwhile; it is now planned for %(when)s. Save again if yours holds.",
            when=when,
        )
        form.form_errors = [said]
        form.seen.data = str(found.sequence)
        return _move_page(found, form), 409
    db.session.commit()
    said = _("The meeting is moved to %(when)s.", when=language.appointment(on, form.starts_at.data))
    flash(said if moved else _("Nothing was changed."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _move_page(found: Meeting, form: MoveForm) -> str:
    return render_template(
        "meetings/move.html",
        meeting=found,
        form=form,
        invited=invitations.invited(found),
        on=language.today(),
    )


@room.post("/<int:meeting_id>/invited")
@guard.allow(Deed.MEETINGS_PLAN)
def invite(meeting_id: int) -> Any:
    """Change who is invited and who chairs; what somebody else changed since the page was shown stays."""
    found = meeting_or_404(meeting_id, lock=True)
    current = invitations.ids(found)
    people = invitations.offered(current)
    form = InvitedForm()
    offer_people(form, people, found)
    if not form.validate_on_submit():
        return planned_page(found, invited=form), 422
    shown = set(_numbers(request.form.get("shown", "")))
    contacts, chair = people_of(form, people)
    ticked = {one.id for one in contacts}
    try:
        changed = changes.set_invited(found, (current | (ticked - shown)) - (shown - ticked))
        if form.chair and form.chair.data != request.form.get("shown_chair", ""):
            changed = changes.appoint(found, chair) or changed
    except changes.NotOpen:
        return answer_over(found)
    db.session.commit()
    flash(_("Who is invited is saved.") if changed else _("Nothing was changed."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _numbers(text: str) -> list[int]:
    """The numbers in a list with commas, as a hidden field carries them; what is no id of ours is left out."""
    return [int(one) for one in text.split(",") if one.isascii() and one.isdecimal() and len(one) < 10]
