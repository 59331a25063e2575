"""The questions of the log: those of one channel, and confirming the answers of last time for a whole platform."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from tracker import guard, language
from tracker.extensions import db
from tracker.reviews import confirming, drafts, queries
from tracker.reviews.desk import desk
from tracker.reviews.log_page import asked_alone
from tracker.reviews.views import over, room
from tracker.rules.checking import stale
from tracker.rules.deeds import Deed


@room.get("/meetings/<int:meeting_id>/log/asked/<int:channel_id>")
@guard.allow(Deed.REVIEWS_LOG)
def asked(meeting_id: int, channel_id: int) -> Any:
    """What one channel is asked besides its verdicts, for the script of the log; 409 once the meeting is over."""
    mine = desk(meeting_id)
    if not mine.open:
        return {}, 409
    return asked_alone(mine, channel_id) or abort(404)


@room.route("/meetings/<int:meeting_id>/log/checks", methods=["GET", "POST"])
@guard.allow(Deed.REVIEWS_LOG)
def checks(meeting_id: int) -> Any:
    """Name every answer of last time, by platform; confirm those ticked, as last time and not newly looked at."""
    mine = desk(meeting_id, posted=request.method == "POST")
    if not mine.open:
        return over(mine)
    values = drafts.values(mine.meeting, drafts.load(meeting_id))
    page = queries.page(mine.meeting, mine.channels, values)
    found = confirming.confirmable(values, page.on_agenda or page.lines)
    if request.method == "GET":
        return render_template(
            "reviews/checks.html",
            meeting=mine.meeting,
            found=found,
            on=language.today(),
            stale=partial(stale, on=language.today()),
        )
    keys = confirming.keys_of(found, set(request.form.getlist("cell")))
    drafts.confirm(mine.meeting, keys, guard.signed_in())
    db.session.commit()
    said = ngettext(
        "One answer is confirmed as last time.", "%(num)s answers are confirmed as last time.", len(keys)
    )
    flash(said, "info")
    done = request.form.get("platform") and len(found) > 1
    return redirect(url_for("reviews.checks" if done else "reviews.log", meeting_id=meeting_id), 303)
