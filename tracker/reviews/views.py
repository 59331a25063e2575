"""Pages: logging a meeting, and closing it. What was typed comes back with every answer that is not a success."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.extensions import csrf, db
from tracker.models import Review
from tracker.reviews import changes, confirming, correction_forms, decided, drafts, lateness, queries, texts
from tracker.reviews.desk import Desk, desk, expired
from tracker.reviews.forms import digest
from tracker.reviews.log_page import confirmation, log_page
from tracker.reviews.logged import complete
from tracker.reviews.reading import head_of
from tracker.rules.closing import obstacles
from tracker.rules.deeds import Deed

room = Blueprint("reviews", __name__)


@room.get("/meetings/<int:meeting_id>/log")
@guard.allow(Deed.REVIEWS_LOG)
def log(meeting_id: int) -> Any:
    """The page."""
    mine = desk(meeting_id)
    return log_page(mine) if mine.open else over(mine)


@room.post("/meetings/<int:meeting_id>/log")
@guard.allow(Deed.REVIEWS_LOG)
def save(meeting_id: int) -> Any:
    """Keep what was typed; `unchanged` also ticks a channel's criteria, or asks before it ticks all untouched ones."""
    mine = desk(meeting_id, posted=True)
    refusal = _refusal(mine)
    if refusal is not None:
        return refusal
    drafts.save(mine.meeting, mine.typed, guard.signed_in(), mine.before)
    asked = request.form.get("unchanged", "")
    if asked.startswith("channel-"):
        _tick(mine, asked)
    confirmed, opened = request.form.get("confirm", ""), request.form.get("checklist", "")
    if confirmed.startswith("channel-"):
        _confirm(mine, confirmed)
    db.session.commit()
    if mine.typed.refused:
        return log_page(mine, status=422)
    if confirmed == "all":
        return redirect(url_for("reviews.checks", meeting_id=meeting_id), 303)
    if asked == "all":
        return redirect(url_for("reviews.unchanged", meeting_id=meeting_id), 303)
    more = request.form.get("more", "")
    shown = confirmed or opened
    anchor = more or asked or (f"{shown}.asked" if shown else "") or request.form.get("save", "") or None
    address = url_for(
        "reviews.log", meeting_id=meeting_id, more=more or None, asked=shown or None, _anchor=anchor
    )
    return redirect(address, 303)


@room.post("/meetings/<int:meeting_id>/close")
@guard.allow(Deed.MEETINGS_CLOSE)
def close(meeting_id: int) -> Any:
    """Keep what was typed, say what stands in the way or what closing will do, and once confirmed close."""
    mine = desk(meeting_id, posted=True)
    refusal = _refusal(mine)
    if refusal is not None:
        return refusal
    drafts.save(mine.meeting, mine.typed, guard.signed_in(), mine.before)
    kept = drafts.load(meeting_id)
    values = drafts.values(mine.meeting, kept)
    if not mine.may_close(queries.units_on(mine.meeting, values)):
        db.session.commit()
        return log_page(mine, status=403, refusal=_("You may not close this meeting: there are channels of units on it that you are not responsible for. What you typed is saved."))  # fmt: skip # noqa: E501
    rows = mine.rows(values)
    found = obstacles(
        head_of(values), rows.values(), language.today(), decided.courses(rows.values()), changes.all_checks()
    )
    if found or mine.typed.refused or drafts.two_versions(kept):
        db.session.commit()
        return log_page(mine, status=422, found=found, closing=True)
    logged = complete(values, rows, mine.known)
    ahead = decided.foreseen(logged, language.today())
    state = digest(repr((logged, ahead)))
    if request.form.get("confirm") != state:
        db.session.commit()
        return confirmation(mine, values, logged, ahead, state)
    changes.close(mine.meeting, logged, guard.signed_in())
    db.session.commit()
    flash(_("The meeting is closed. What was logged can no longer be changed, only corrected."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


for view in (save, close):
    csrf.exempt(view)  # checked in _refusal, which answers with the page and all that was typed


def _tick(mine: Desk, key: str) -> None:
    """Tick "unchanged" for what is untouched of one channel, except what the concept's changes ask to look at."""
    values = drafts.values(mine.meeting, drafts.load(mine.meeting.id))
    lines = [one for one in queries.page(mine.meeting, mine.channels, values).lines if one.key == key]
    found = queries.untouched(values, lines)
    cells = [(line, tuple(one for one in criteria if one in line.routine)) for line, criteria in found]
    drafts.tick(mine.meeting, cells, guard.signed_in())


def _confirm(mine: Desk, key: str) -> None:
    """Answer as last time what is not answered yet of one channel's checklist."""
    values = drafts.values(mine.meeting, drafts.load(mine.meeting.id))
    lines = [one for one in queries.page(mine.meeting, mine.channels, values).lines if one.key == key]
    cells = [cell for group in confirming.confirmable(values, lines) for cell in group.cells]
    keys = [cell.key for cell in cells if not cell.concerned]
    drafts.confirm(mine.meeting, keys, guard.signed_in())


def _refusal(mine: Desk) -> Any:
    """The answer to a form that cannot be taken: expired, or the meeting is over."""
    if not mine.open:
        return over(mine)
    if not expired():
        return None
    mine.typed.refused = {**dict.fromkeys(mine.typed.values, ""), **mine.typed.refused}
    said = _(
        "This form had expired, so nothing was saved yet. Everything you typed is still here: save again."
    )
    return log_page(mine, status=400, refusal=said)


def _with_lost(review_id: int, lost: Mapping[str, str]) -> dict[str, str]:
    """The fields of a correction: what the review says, and over it what could not be saved any more."""
    fields = correction_forms.values_of(db.session.get_one(Review, review_id))
    return {**fields, **{key: value for key, value in lost.items() if key in fields}}


def over(mine: Desk) -> Any:
    """A meeting that was closed or cancelled: on to its page, unless there is text that is kept nowhere else."""
    lost = lateness.unsaved(mine.meeting, mine.typed)
    if lost:
        rows = [(texts.place_of(key, mine.by_id), value) for key, value in lost.items()]
        found = lateness.to_correct(mine.meeting, lost) if mine.meeting.closed_at else {}
        may = guard.units_for(Deed.REVIEWS_CORRECT)
        reviews = [
            (mine.by_id[channel_id], review_id, _with_lost(review_id, lost))
            for channel_id, review_id in found.items()
            if channel_id in mine.by_id and (may is None or mine.by_id[channel_id].unit_id in may)
        ]
        return render_template("reviews/over.html", meeting=mine.meeting, rows=rows, reviews=reviews), 409
    closed = mine.meeting.closed_at is not None
    flash(_("This meeting is already closed.") if closed else _("This meeting was cancelled."), "info")
    return redirect(url_for("meetings.show", meeting_id=mine.meeting.id), 303)
