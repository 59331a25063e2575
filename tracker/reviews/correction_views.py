"""Pages: correcting one closed review. The form, what the correction would change, and the deed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import checks, guard, language
from tracker.extensions import csrf, db
from tracker.models import Channel, Review
from tracker.reviews import (
    changes,
    correction_forms,
    correction_queries,
    corrections,
    decided,
    queries,
    texts,
)
from tracker.reviews.correction_forms import REASON, Correction
from tracker.reviews.desk import expired
from tracker.reviews.forms import Known, digest
from tracker.reviews.views import room
from tracker.rules.deeds import Deed
from tracker.rules.log import ObstacleKind
from tracker.rules.shifting import Shift
from tracker.rules.words import Answer, Criterion, Decision, Level

ADDRESS = "/meetings/<int:meeting_id>/reviews/<int:review_id>/correct"


@room.get(ADDRESS)
@guard.allow(Deed.REVIEWS_CORRECT)
def correct(meeting_id: int, review_id: int) -> Any:
    """The review as it is, to be changed; a replaced one leads to the version in force."""
    found = _review(meeting_id, review_id)
    newest = correction_queries.versions(found)[-1]
    if newest is not found:
        return redirect(url_for("reviews.correct", meeting_id=meeting_id, review_id=newest.id))
    return _page(found, Correction(correction_forms.values_of(found)))


@room.post(ADDRESS)
@guard.allow(Deed.REVIEWS_CORRECT)
def replace(meeting_id: int, review_id: int) -> Any:
    """Say what stands in the way, or what the correction would change, and once confirmed replace the review."""
    if changes.locked(meeting_id) is None:
        abort(404)
    shown = _review(meeting_id, review_id)
    found = correction_queries.versions(shown)[-1]
    typed = correction_forms.typed(request.form, found, _known(found))
    if found is not shown:
        return _overtaken(shown, found, typed)
    if expired():
        said = _(
            "This form had expired, so nothing was saved yet. Everything you typed is still here: go on."
        )
        return _page(found, typed, refusal=said), 400
    if request.form.get("back"):
        return _page(found, typed)
    errors = typed.refused or _in_the_way(found, typed)
    if errors:
        return _page(found, typed, errors), 422
    if typed.after == corrections.verdicts_of(found):
        said = _("Nothing differs from the review as it is. There is nothing to correct.")
        return _page(found, typed, refusal=said), 422
    foreseen = correction_queries.foreseen(found, typed.after, language.zone())
    before, after = corrections.verdicts_of(found), typed.after
    again = decided.foreseen_again(found.channel, before.decision, after.decision, language.today())
    state = digest(repr((found.id, after, typed.reason, foreseen, again)))
    if request.form.get("confirm") != state:
        return _confirmation(found, typed, foreseen, again, state)
    corrections.correct(found, typed.reason, after.ratings, guard.signed_in(), after.decision, after.checks)
    db.session.commit()
    flash(_("The review is corrected. The earlier version stays readable below it."), "info")
    return _to_minutes(found)


csrf.exempt(replace)  # checked in the view, which answers with the page and all that was typed


def _review(meeting_id: int, review_id: int) -> Review:
    """404 where the meeting has no such closed review, or the person may not correct in the channel's unit.

    Whoever was appointed to chair the meeting answers for every row of it.
    """
    found = correction_queries.review(meeting_id, review_id) or abort(404)
    if found.meeting.chair_id != guard.signed_in().id:
        guard.require(Deed.REVIEWS_CORRECT, [found.channel.unit_id])
    return found


def _known(found: Review) -> Known:
    """What may be chosen: as a successor the channels of one's units, and the one that is named already."""
    channels = {one.id: one for one in queries.visible(guard.units_for(Deed.REVIEWS_CORRECT))}
    named = found.decision.successor_id if found.decision else None
    if named is not None and named not in channels:
        channels[named] = db.session.get_one(Channel, named)
    channels.pop(found.channel_id, None)
    return queries.known(channels.values())


def _in_the_way(found: Review, typed: Correction) -> dict[str, str]:
    """What to do about each field that keeps the review from being corrected."""
    own = {
        ObstacleKind.ACTION_MISSING: _("An objection needs an action: one of this review, or one of the channel that is still open."),  # noqa: E501
    }  # fmt: skip
    before, after, today = corrections.verdicts_of(found), typed.after, language.today()
    courses = decided.courses_again(found.channel, before.decision, after.decision, today)
    obstacles = correction_forms.problems_of(found, typed, correction_queries.agreed(found), today, courses)
    said = {one.where: own.get(one.what) or texts.message_of(one) for one in obstacles}
    return said | ({REASON: _("Say why this is corrected.")} if REASON in said else {})


def _page(
    found: Review,
    typed: Correction,
    errors: Mapping[str, str] = MappingProxyType({}),
    refusal: str = "",
    meanwhile: Review | None = None,
) -> str:
    """The form with the review as it is beside it. `meanwhile` is the version that somebody's correction replaced."""
    channel, known = found.channel, _known(found)
    places = {REASON: _("Reason of the correction")}
    summary = [
        texts.Problem(_anchor(key), places.get(key) or texts.place_of(key, {channel.id: channel}), said)
        for key, said in errors.items()
        if said
    ]
    return render_template(
        "reviews/correct.html",
        review=found,
        meeting=found.meeting,
        held_on=found.meeting.heads[-1].held_on,
        as_it_is=corrections.verdicts_of(found),
        meanwhile=meanwhile,
        values=typed.values,
        errors=errors,
        summary=summary,
        refusal=refusal,
        action_missing=any(key.endswith(".action") for key in errors),
        known=known,
        levels=list(Level),
        criteria=list(Criterion),
        asked=checks.of_review(found.id),
        asked_open=any(".check-" in key for key in errors),
        answers=[one for one in Answer if one is not Answer.NOT_CHECKED],
        decisions=[(one.value, language.word(one)) for one in Decision],
        key=f"channel-{channel.id}",
    )


def _anchor(key: str) -> str:
    """The id of the field that a message leads to; what an objection lacks is said beside its level."""
    return f"{key.removesuffix('.action')}.level" if key.endswith(".action") else key


def _confirmation(
    found: Review,
    typed: Correction,
    foreseen: tuple[Shift, ...],
    again: decided.Again | None,
    state: str,
) -> str:
    """What will be different, before it is done."""
    return render_template(
        "reviews/correct_confirm.html",
        review=found,
        meeting=found.meeting,
        held_on=found.meeting.heads[-1].held_on,
        typed=typed,
        before=corrections.verdicts_of(found),
        foreseen=foreseen,
        again=again,
        state=state,
        changed=bool(request.form.get("confirm")),
        channels=_known(found).channels,
        wordings={one.wording_id: one.wording for one in checks.of_review(found.id)},
    )


def _overtaken(shown: Review, newest: Review, typed: Correction) -> Any:
    """The answer where somebody corrected the review since the form was shown: what was typed is still there."""
    me = guard.signed_in()
    twice = newest.by_id == me.id and newest.reason == typed.reason
    if twice and typed.after == corrections.verdicts_of(newest):
        flash(_("This correction is made already. Nothing was changed."), "info")
        return _to_minutes(newest)
    return _page(newest, typed, typed.refused, meanwhile=shown), 409


def _to_minutes(found: Review) -> Any:
    anchor = f"channel-{found.channel_id}"
    return redirect(url_for("meetings.show", meeting_id=found.meeting_id, _anchor=anchor), 303)
