"""One request about a planned meeting: finding it, refusing where it is over, whom it could invite, and its page."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from tracker import concept_news, guard, language
from tracker.extensions import db
from tracker.meetings import changes, invitations, queries
from tracker.meetings.forms import AgendaForm, InvitedForm, sensible
from tracker.meetings.invitations import Invitee
from tracker.models import Channel, Contact, Meeting, User
from tracker.rules.deeds import Deed


def meeting_or_404(meeting_id: int, lock: bool = False) -> Meeting:
    """The meeting, or 404 where there is none that the person may see."""
    if lock and changes.locked(meeting_id) is None:
        abort(404)
    me = guard.signed_in()
    return queries.meeting(meeting_id, guard.units_for(Deed.MEETINGS_SEE), me.id) or abort(404)


def units_of(found: Meeting) -> frozenset[int] | None:
    """The units whose channels the person may see in this meeting; whoever was appointed to chair it sees all."""
    return None if found.chair_id == guard.signed_in().id else guard.units_for(Deed.MEETINGS_SEE)


def is_open(found: Meeting) -> bool:
    """Whether something can still be planned about it."""
    return found.closed_at is None and found.cancelled_at is None


def answer_over(found: Meeting) -> Any:
    """The answer where it is closed or cancelled: on to its page."""
    db.session.rollback()
    closed = found.closed_at is not None
    flash(_("This meeting is already closed.") if closed else _("This meeting was cancelled."), "info")
    return redirect(url_for("meetings.show", meeting_id=found.id), 303)


def may_for_all(deed: Deed, found: Meeting) -> bool:
    """Whether the person may `deed` in the unit of every channel on the agenda."""
    return guard.may(deed) and all(guard.may(deed, line.channel.unit_id) for line in found.agenda)


def day_of(text: str) -> date | None:
    """A day of the calendar in an address, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if sensible(day) else None


def offer_people(form: InvitedForm, people: list[Invitee], meeting: Meeting | None = None) -> None:
    """Whom the form may name. To appoint a chair one must be able to close any meeting oneself."""
    chairs = None
    if guard.may_everywhere(Deed.MEETINGS_CLOSE):
        chairs = [(one.id, one.full_name) for one in invitations.chairs(meeting)]
    form.offer_people([one.contact.id for one in people], chairs)


def people_of(form: InvitedForm, people: list[Invitee]) -> tuple[list[Contact], User | None]:
    """The contacts ticked in a valid form, and who is appointed to chair."""
    ticked = set(form.invited_ids)
    chair = db.session.get(User, form.chair_id) if form.chair_id else None
    return [one.contact for one in people if one.contact.id in ticked], chair


def agenda_offers(found: Meeting, deed: Deed) -> list[queries.Offer]:
    """What could be ticked, and what is on the agenda already, in the units where the person may `deed`."""
    units = guard.units_for(deed)
    offered = queries.offers(found.planned_on, language.today(), units)
    known = {one.channel.id for one in offered}
    more = [one.channel for one in found.agenda if units is None or one.channel.unit_id in units]
    return offered + [queries.Offer(one, ()) for one in more if one.id not in known]


def planned_page(found: Meeting, agenda: AgendaForm | None = None, invited: InvitedForm | None = None) -> str:
    """A meeting that is planned or cancelled, with the forms for its agenda and those invited as they were sent."""
    offered = agenda_offers(found, Deed.MEETINGS_SEE)
    units, planning = units_of(found), guard.units_for(Deed.MEETINGS_PLAN)
    on_agenda = [line.channel for line in found.agenda if units is None or line.channel.unit_id in units]
    agenda = agenda or AgendaForm(formdata=None)
    if agenda.channels.data is None:
        agenda.channels.data = [str(one.id) for one in on_agenda]
    people = invitations.offered(invitations.ids(found))
    invited = invited or invited_form(found, people)
    due = {one.channel.id: one.due for one in offered}
    mine = [one for one in offered if planning is None or one.channel.unit_id in planning]
    carried = {one.id for one in on_agenda} | queries.on_other_agendas(found.id, language.today())
    listed = [queries.Offer(one, due.get(one.id, ())) for one in sorted(on_agenda, key=_place)]
    return render_template(
        "meetings/planned.html",
        meeting=found,
        form=agenda,
        invited_form=invited,
        people=people,
        invited=invitations.invited(found),
        chair=db.session.get(User, found.chair_id) if found.chair_id else None,
        agenda=queries.by_unit(listed),
        groups=queries.by_unit(mine),
        lacking=[one.channel for one in mine if one.due and one.channel.id not in carried],
        planner=queries.planner(found),
        on=language.today(),
        open=is_open(found),
        may_cancel=may_for_all(Deed.MEETINGS_CANCEL, found),
        may_move=may_for_all(Deed.MEETINGS_PLAN, found),
        partly=len(on_agenda) < len(found.agenda),
        news=concept_news.since_last_legality(on_agenda) if is_open(found) else {},
        why=concept_news.why,
        channels_again=",".join(str(one.id) for one in on_agenda),
    )


def invited_form(found: Meeting, people: list[Invitee]) -> InvitedForm:
    """The form as the meeting stands; the hidden fields of the page say what it was."""
    form = InvitedForm(formdata=None)
    offer_people(form, people, found)
    form.invited.data = [str(one) for one in invitations.ids(found)]
    if form.chair:
        form.chair.data = str(found.chair_id or "")
    return form


def _place(channel: Channel) -> tuple[int, int]:
    return channel.position, channel.id
