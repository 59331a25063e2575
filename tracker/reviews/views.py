"""Pages: logging a meeting, and closing it. What was typed comes back with every answer that is not a success."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from tracker import guard, language
from tracker.extensions import csrf, db
from tracker.models import Channel, Meeting
from tracker.reviews import changes, drafts, lateness, queries, texts
from tracker.reviews.forms import Known, Typed, as_day, as_ids, digest, parts_of, read
from tracker.reviews.logged import action_numbers, channels_in, complete, head_of, row_of
from tracker.rules.closing import Obstacle, obstacles
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion, Decision, Level

room = Blueprint("reviews", __name__)
LARGEST_ID = 2**31 - 1


@dataclass
class Desk:
    """One request's meeting, the channels the person may log, what may be chosen, and what was posted."""

    meeting: Meeting
    channels: list[Channel]
    known: Known
    typed: Typed = field(default_factory=Typed)

    @property
    def open(self) -> bool:
        """Whether the meeting can still be logged."""
        return self.meeting.closed_at is None and self.meeting.cancelled_at is None


@room.get("/meetings/<int:meeting_id>/log")
@guard.allow(Deed.REVIEWS_LOG)
def log(meeting_id: int) -> Any:
    """The page."""
    desk = _desk(meeting_id)
    return _page(desk) if desk.open else _over(desk)


@room.post("/meetings/<int:meeting_id>/log")
@guard.allow(Deed.REVIEWS_LOG)
def save(meeting_id: int) -> Any:
    """Keep what was typed."""
    desk = _desk(meeting_id, posted=True)
    refusal = _refusal(desk)
    if refusal is not None:
        return refusal
    drafts.save(desk.meeting, desk.typed, guard.signed_in())
    db.session.commit()
    if desk.typed.refused:
        return _page(desk, status=422)
    more = request.form.get("more", "")
    anchor = more or request.form.get("save", "") or None
    return redirect(url_for("reviews.log", meeting_id=meeting_id, more=more or None, _anchor=anchor), 303)


@room.post("/meetings/<int:meeting_id>/close")
@guard.allow(Deed.MEETINGS_CLOSE)
def close(meeting_id: int) -> Any:
    """Keep what was typed, say what stands in the way or what closing will do, and once confirmed close."""
    desk = _desk(meeting_id, posted=True)
    refusal = _refusal(desk)
    if refusal is not None:
        return refusal
    drafts.save(desk.meeting, desk.typed, guard.signed_in())
    kept = drafts.load(meeting_id)
    values = drafts.values(desk.meeting, kept)
    if not all(guard.may(Deed.MEETINGS_CLOSE, unit) for unit in queries.units_on(desk.meeting, values)):
        db.session.commit()
        return _page(desk, status=403, refusal=_("You may not close this meeting: there are channels of units on it that you are not responsible for. What you typed is saved."))  # fmt: skip # noqa: E501
    found = obstacles(head_of(values), (row_of(values, one) for one in channels_in(values)), language.today())
    if found or desk.typed.refused or drafts.two_versions(kept):
        db.session.commit()
        return _page(desk, status=422, found=found, closing=True)
    state = digest(json.dumps(sorted(values.items())))
    if request.form.get("confirm") != state:
        db.session.commit()
        return _confirmation(desk, values, state)
    changes.close(desk.meeting, complete(values, channels_in(values), desk.known), guard.signed_in())
    db.session.commit()
    flash(_("The meeting is closed. What was logged can no longer be changed, only corrected."), "info")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


for view in (save, close):
    csrf.exempt(view)  # checked in _refusal, which answers with the page and all that was typed


def _desk(meeting_id: int, posted: bool = False) -> Desk:
    """404 where there is no such meeting, or only channels of units that the person may not log."""
    if meeting_id > LARGEST_ID:
        abort(404)
    meeting = changes.locked(meeting_id) if posted else db.session.get(Meeting, meeting_id)
    if meeting is None:
        abort(404)
    units = guard.units_for(Deed.REVIEWS_LOG)
    channels = queries.visible(units)
    agenda = queries.agenda_of(meeting)
    if units is not None and agenda and not agenda & {one.id for one in channels}:
        abort(404)
    values = drafts.values(meeting, drafts.load(meeting.id))
    known = queries.known(channels, as_ids(f"{values.get('present', '')},{values.get('excused', '')}"))
    typed = read(request.form, (one.id for one in channels), known) if posted else Typed()
    return Desk(meeting, channels, known, typed)


def _refusal(desk: Desk) -> Any:
    """The answer to a form that cannot be taken: expired, or the meeting is over."""
    if not desk.open:
        return _over(desk)
    if current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            csrf.protect()
        except CSRFError:
            said = _(
                "This form had expired, so nothing was saved yet. Everything you typed is still here: save again."
            )
            desk.typed.refused = {**dict.fromkeys(desk.typed.values, ""), **desk.typed.refused}
            return _page(desk, status=400, refusal=said)
    return None


def _over(desk: Desk) -> Any:
    """A meeting that was closed or cancelled: on to its page, unless there is text that is kept nowhere else."""
    channels = {one.id: one for one in desk.channels}
    lost = lateness.unsaved(desk.meeting, desk.typed)
    if lost:
        rows = [(texts.place_of(key, channels), value) for key, value in lost.items()]
        return render_template("reviews/over.html", meeting=desk.meeting, rows=rows), 409
    closed = desk.meeting.closed_at is not None
    flash(_("This meeting is already closed.") if closed else _("This meeting was cancelled."), "info")
    return redirect(url_for("meetings.show", meeting_id=desk.meeting.id), 303)


def _page(
    desk: Desk, status: int = 200, found: tuple[Obstacle, ...] = (), refusal: str = "", closing: bool = False
) -> Any:
    """The log with what is typed so far, and beside each field what is the matter with it."""
    me, meeting = guard.signed_in(), desk.meeting
    channels = {one.id: one for one in desk.channels}
    kept = {key: rows for key, rows in drafts.load(meeting.id).items() if _mine(key, channels)}
    values = drafts.values(meeting, kept, me)
    shown = {key: [drafts.versions(kept.get(key, [])), digest(value)] for key, value in values.items()}
    for key in desk.typed.refused:
        values[key] = desk.typed.values.get(key, "")
        shown[key] = list(desk.typed.shown.get(key, ("", digest(""))))
    held_on = as_day(values["held_on"]) or meeting.planned_on
    page = queries.page(meeting, desk.channels, values, held_on)
    refused = [texts.Problem(key, texts.place_of(key, channels), said) for key, said in desk.typed.refused.items() if said]  # fmt: skip # noqa: E501
    conflicts = drafts.two_versions(kept)
    both = [texts.Problem(f"choose:{key}", texts.place_of(key, channels), _("Two people wrote this. Choose which holds.")) for key in conflicts]  # fmt: skip # noqa: E501
    mine = [row.saved_at for rows in kept.values() for row in rows if row.user_id == me.id]
    return render_template(
        "reviews/log.html",
        meeting=meeting,
        page=page,
        values=values,
        shown=json.dumps(shown, separators=(",", ":")),
        conflicts={key: (drafts.shown_to(me, kept[key]), kept[key]) for key in conflicts},
        errors={**{one.where: texts.message_of(one) for one in found}, **desk.typed.refused},
        summary=[*refused, *both, *texts.problems(found, channels)],
        refusal=refusal,
        closing=closing,
        saved_at=max(mine, default=None),
        known=desk.known,
        counts_words=texts.counts_words,
        shown_value=_shown_value(desk.known),
        rated=sum(1 for line in page.lines for one in Criterion if values.get(f"{line.key}.{one}.level")),
        whole=sum(all(values.get(f"{line.key}.{one}.level") for one in Criterion) for line in page.lines),
        decision_words=[(one.value, language.word(one)) for one in Decision],
        place_of=lambda key: texts.place_of(key, channels),
        actions_of={line.channel.id: _action_lines(values, line) for line in page.lines},
        overdue=sum(one.due_on < language.today() for one in page.actions),
        Criterion=Criterion,
        Level=Level,
        may_close=guard.may(Deed.MEETINGS_CLOSE),
    ), status


def _confirmation(desk: Desk, values: Mapping[str, str], state: str) -> Any:
    """What closing will do, before it is done."""
    page = queries.page(
        desk.meeting, desk.channels, values, as_day(values["held_on"]) or desk.meeting.planned_on
    )
    rated = {line.channel.id: {one for one in Criterion if values.get(f"{line.key}.{one}.level")} for line in page.lines}  # fmt: skip # noqa: E501
    return render_template(
        "reviews/confirm.html",
        meeting=desk.meeting,
        page=page,
        values=values,
        rated=rated,
        state=state,
        changed=bool(request.form.get("confirm")),
        counts_words=texts.counts_words,
        known=desk.known,
        as_ids=as_ids,
        held_on=as_day(values["held_on"]),
    )


def _mine(key: str, channels: Mapping[int, Channel]) -> bool:
    """Whether a draft belongs to the head or to a channel that the person may log."""
    channel_id = parts_of(key)[0]
    return channel_id is None or channel_id in channels


def _action_lines(values: Mapping[str, str], line: queries.Line) -> range:
    """The numbers of the action lines to show: those filled, one if there is none, and one more on demand."""
    last = max(action_numbers(values, line.channel.id), default=0)
    wanted = last + 1 if request.args.get("more", "").startswith(f"{line.key}.") else last
    return range(1, max(wanted, 1) + 1)


def _shown_value(known: Known) -> Any:
    """How a kept value reads where two versions stand side by side."""

    def words(key: str, value: str) -> str:
        return texts.value_words(key, value, known)

    return words
