"""Pages: the minutes as a PDF, and sending them to those who took part."""

from io import BytesIO
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale, ngettext

from tracker import guard, language, paper
from tracker.extensions import db
from tracker.meetings import minutes_mail, minutes_pdf
from tracker.meetings.desk import meeting_or_404, units_of
from tracker.meetings.minutes import minutes
from tracker.meetings.minutes_page import may_send
from tracker.meetings.views import room
from tracker.rules.deeds import Deed


@room.get("/<int:meeting_id>/minutes.pdf")
@guard.allow(Deed.MEETINGS_SEE)
def minutes_as_pdf(meeting_id: int) -> Any:
    """The file, with the channels one may see; `language` may be de or en."""
    found = meeting_or_404(meeting_id)
    said = minutes(found, units_of(found), language.zone()) or abort(404)
    asked = request.args.get("language", "")
    with force_locale(asked if asked in language.LANGUAGES else language.chosen()):
        name = minutes_pdf.filename(said)
        try:
            made = minutes_pdf.pdf(said)
        except paper.NotPrinted:
            current_app.logger.exception("The minutes of meeting %s could not be printed.", found.id)
            made = b""
    if not made:
        return render_template("meetings/not_printed.html", meeting=found, minutes=said), 503
    return send_file(BytesIO(made), "application/pdf", as_attachment=True, download_name=name)


@room.route("/<int:meeting_id>/minutes/send", methods=["GET", "POST"])
@guard.allow(Deed.MEETINGS_SEND_MINUTES)
def send_minutes(meeting_id: int) -> Any:
    """Say who gets them, then write the mails. Asks again where they were sent since the page was opened."""
    found = meeting_or_404(meeting_id, lock=request.method == "POST")
    if found.closed_at is None:
        abort(404)
    if not may_send(found):
        abort(403)
    last, to = minutes_mail.last_sent(found), minutes_mail.recipients(found)
    reached = [one for one in to if one.reached]
    seen = request.form.get("after", "")
    meanwhile = request.method == "POST" and seen != str(last.number if last else 0)
    if request.method == "GET" or meanwhile or not reached:
        page = render_template("meetings/send_minutes.html", meeting=found, last=last, recipients=to,
                               reached=reached, meanwhile=meanwhile)  # fmt: skip
        return page, 200 if request.method == "GET" else 422
    minutes_mail.send(found, reached)
    db.session.commit()
    flash(
        ngettext(
            "The minutes go out to %(num)d person.", "The minutes go out to %(num)d people.", len(reached)
        ),
        "info",
    )
    return redirect(url_for("meetings.show", meeting_id=found.id), 303)
