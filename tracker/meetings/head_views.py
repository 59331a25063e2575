"""Page: correcting the head of a closed meeting. The form, what the new version would change, and the deed."""

from datetime import date
from hashlib import sha256
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import accounts, guard, language
from tracker.extensions import csrf, db
from tracker.meetings import heads
from tracker.meetings.desk import meeting_or_404
from tracker.meetings.head_forms import HeadForm
from tracker.meetings.heads import Named, Said
from tracker.meetings.views import room
from tracker.models import Meeting, MeetingHead, User
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean


@room.route("/<int:meeting_id>/head", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_CORRECT)
def head(meeting_id: int) -> Any:
    """The data as they are, to be changed; what would be different; and once confirmed a new version of them."""
    meeting = meeting_or_404(meeting_id, lock=request.method == "POST")
    now = meeting.head
    if not may_correct(meeting):
        abort(403)
    if now is None or now.closed_at is None:
        flash(_("This meeting is not closed: its data are typed into the log."), "info")
        return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
    form = HeadForm(formdata=None) if request.method == "GET" else HeadForm()
    form.offer(_people(meeting))
    if request.method == "GET":
        form.show(heads.said_by(now), now.version)
        return _page(meeting, form)
    if form.seen.data != str(now.version):
        return _overtaken(meeting, now, form)
    if not form.validate() or not _day_fits(meeting, form):
        return _page(meeting, form), 400 if "csrf_token" in form.errors else 422
    said, reason = form.said(heads.said_by(now)), form.reason.data
    if request.form.get("back"):
        return _page(meeting, form)
    if said == heads.said_by(now):
        form.form_errors = [_("Nothing differs from the data as they are. There is nothing to correct.")]
        return _page(meeting, form), 422
    moved = said.held_on != now.held_on
    foreseen = heads.foreseen(meeting, said.held_on, language.zone()) if moved else []
    told = [(channel.id, found) for channel, found in foreseen]
    state = sha256(repr((now.version, said, reason, told)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if request.form.get("confirm") != state:
        return _confirmation(meeting, form, said, foreseen, state)
    heads.correct(meeting, said, reason, guard.signed_in())
    db.session.commit()
    flash(_("The data are corrected. The earlier version stays readable below them."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


csrf.exempt(head)  # the form checks its token itself, and comes back with all that was typed


def may_correct(meeting: Meeting) -> bool:
    """Whether the person may correct the head: it holds for every channel that was reviewed, or they chaired it."""
    chairs = meeting.chair_id is not None and meeting.chair_id == guard.signed_in().id
    return (chairs and guard.may(Deed.MEETINGS_CORRECT)) or all(
        guard.may(Deed.MEETINGS_CORRECT, unit_id) for unit_id in heads.units_of(meeting)
    )


def _people(meeting: Meeting) -> list[Named]:
    """Whom the form offers: everybody that any version names, by the newest name, then the active accounts."""
    found: dict[object, Named] = {}
    for version in reversed(meeting.heads):
        for one in version.attendance:
            if one.kind != "guest":
                found.setdefault(one.user_id or one.name, Named("", one.name, one.user_id))
    for person in db.session.scalars(
        select(User).where(accounts.that_hold()).order_by(User.full_name, User.id)
    ):
        found.setdefault(person.id, Named("", person.full_name, person.id))
    return list(found.values())


def _day_fits(meeting: Meeting, form: HeadForm) -> bool:
    closed_on: date = heads.closed_on(meeting)
    if form.held_on.data <= closed_on:
        return True
    said = _(
        "The meeting was closed on %(day)s; it cannot have been held later.", day=language.day(closed_on)
    )
    form.held_on.errors = [said]
    return False


def _page(meeting: Meeting, form: HeadForm, meanwhile: MeetingHead | None = None) -> str:
    """The form. `meanwhile` is the version that the page had shown, if somebody corrected it since."""
    return render_template(
        "meetings/head.html", meeting=meeting, head=meeting.head, form=form, meanwhile=meanwhile
    )


def _overtaken(meeting: Meeting, now: MeetingHead, form: HeadForm) -> Any:
    """The answer where somebody corrected the data since the form was shown: what was typed is still there."""
    seen = next((one for one in meeting.heads if str(one.version) == form.seen.data), None)
    twice = now.by_id == guard.signed_in().id and now.reason == form.reason.data
    if form.validate() and twice and form.said(heads.said_by(now)) == heads.said_by(now):
        flash(_("This correction is made already. Nothing was changed."), "info")
        return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
    form.seen.data = str(now.version)
    return _page(meeting, form, meanwhile=seen or meeting.heads[0]), 409


def _confirmation(meeting: Meeting, form: HeadForm, said: Said, foreseen: Any, state: str) -> str:
    """What will be different, before it is done."""
    names = [field.name for field in form if field.name != "csrf_token"]
    return render_template(
        "meetings/head_confirm.html",
        meeting=meeting,
        head=meeting.head,
        said=said,
        reason=form.reason.data,
        foreseen=foreseen,
        moved=said.held_on != meeting.heads[-1].held_on,
        typed=[(name, clean(value)) for name in names for value in request.form.getlist(name)],
        state=state,
        changed=bool(request.form.get("confirm")),
    )
