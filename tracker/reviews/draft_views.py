"""Saving as one types, for the script of the log; and the page that asks before "unchanged" is ticked for all."""

from typing import Any

from flask import flash, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from tracker import clock, concept_news, guard, language
from tracker.extensions import csrf, db
from tracker.reviews import drafts, queries, texts
from tracker.reviews.desk import Desk, desk, expired
from tracker.reviews.forms import digest
from tracker.reviews.log_page import shown_of, shown_value
from tracker.reviews.views import over, room
from tracker.rules.deeds import Deed


@room.post("/meetings/<int:meeting_id>/draft")
@guard.allow(Deed.REVIEWS_LOG)
def draft(meeting_id: int) -> Any:
    """Keep what was typed; the answer says what is saved, what others wrote meanwhile, and what was refused.

    400 with a new token where the form's had expired, 409 where the meeting is over or another person is signed in
    than the one who typed. Nothing was kept then.
    """
    mine = desk(meeting_id, posted=True)
    me = guard.signed_in()
    if request.form.get("person") != str(me.id):
        return {"message": _("Somebody else is signed in now. What you typed stays on this page.")}, 409
    if not mine.open:
        message = (
            _("The meeting was closed meanwhile.")
            if mine.meeting.closed_at
            else _("The meeting was cancelled meanwhile.")
        )
        return {"message": message, "send": True}, 409
    if expired():
        return {"csrf": generate_csrf()}, 400
    drafts.save(mine.meeting, mine.typed, me, mine.before)
    answer = _answer(mine)
    db.session.commit()
    return answer


def _answer(mine: Desk) -> dict[str, Any]:
    """What differs from what the page had shown, and for what was sent, that it is kept."""
    me, kept = guard.signed_in(), mine.kept()
    values = drafts.values(mine.meeting, kept, me)
    shown = shown_of(values, kept)
    news = {key: pair for key, pair in shown.items() if tuple(pair) != mine.typed.shown.get(key)}
    sent = {key for key in mine.typed.values if mine.typed.changed(key)}
    fresh = {
        key: values[key]
        for key in news
        if key not in sent and _digest(mine.typed.shown.get(key)) != news[key][1]
    }
    answer: dict[str, Any] = {
        "saved": language.time_of_day(clock.now()),
        "shown": {
            key: pair
            for key, pair in news.items()
            if key not in mine.typed.refused or key in mine.typed.overtaken
        },
        "fresh": fresh,
        "refused": mine.typed.refused,
        "conflicts": _conflicts(mine, kept),
    }
    if "held_on" in sent:  # what the ratings count for follows the day
        page = queries.page(mine.meeting, mine.channels, values)
        answer["counts"] = {line.key: texts.counts_words(line.counts) for line in page.lines}
    return answer


def _conflicts(mine: Desk, kept: drafts.Drafts) -> dict[str, str]:
    """Both texts of each field in which two people wrote, as the page shows them."""
    both = {key: rows for key, rows in kept.items() if len(rows) > 1}
    if not both:
        return {}
    me, channels, say = guard.signed_in(), mine.by_id, shown_value(mine.known)
    two_versions = get_template_attribute("reviews/versions.html", "two_versions")
    return {
        key: str(two_versions(key, texts.place_of(key, channels), drafts.shown_to(me, rows), rows, say))
        for key, rows in both.items()
    }


def _digest(pair: tuple[str, str] | None) -> str:
    """Of a value that a page had shown; what it did not name was empty."""
    return pair[1] if pair else digest("")


csrf.exempt(draft)  # checked in the view, which answers a form that had expired with a new token


@room.route("/meetings/<int:meeting_id>/log/unchanged", methods=["GET", "POST"])
@guard.allow(Deed.REVIEWS_LOG)
def unchanged(meeting_id: int) -> Any:
    """Name everything that is still untouched and was rated before; once confirmed, tick just that."""
    mine = desk(meeting_id, posted=request.method == "POST")
    if not mine.open:
        return over(mine)
    values = drafts.values(mine.meeting, drafts.load(meeting_id))
    found = queries.untouched(values, queries.page(mine.meeting, mine.channels, values).on_agenda)
    if request.method == "GET":
        return render_template(
            "reviews/unchanged.html", meeting=mine.meeting, found=found, why=concept_news.why
        )
    named = set(request.form.getlist("cell"))
    cells = [(line, [one for one in criteria if f"{line.key}.{one}" in named]) for line, criteria in found]
    drafts.tick(mine.meeting, cells, guard.signed_in())
    db.session.commit()
    n = sum(len(criteria) for _line, criteria in cells)
    flash(
        ngettext("One verdict is taken over unchanged.", "%(num)s verdicts are taken over unchanged.", n),
        "info",
    )
    return redirect(url_for("reviews.log", meeting_id=meeting_id), 303)
