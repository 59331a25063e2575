"""What the concept, the obligations and the meetings did with a channel, each as a happening in words."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import language
from tracker.channels.course import Stretch, stretches
from tracker.channels.timeline import Detail, Happening, Kind
from tracker.channels.timeline_queries import Life
from tracker.models import Meeting, MeetingHead, Obligation, Review
from tracker.rules.words import Criterion, Level

NOTHING = "–"
TEXTS = {"purpose": _l("Purpose"), "content": _l("Content"), "audience": _l("Audience"),
         "responsible": _l("Responsible"), "deputy": _l("Deputy"), "provider": _l("Provider"),
         "address": _l("Address")}  # fmt: skip
HEAD = {"held_on": _l("Held on"), "begins_at": _l("Time"), "ends_at": _l("Until"), "place": _l("Place or video"),
        "chair": _l("Chair"), "minute_taker": _l("Minutes taken by")}  # fmt: skip


def concept(life: Life) -> Iterator[Happening]:
    """Versions of the concept that say something else on the channel than the one before."""
    before: dict[str, str] = {}
    for number, since_on, reason, text in life.versions:
        now = {name: getattr(text, name) or "" for name in TEXTS} if text is not None else {}
        details = [
            Detail(str(title), now.get(name) or NOTHING, (before.get(name) or NOTHING) if before else None)
            for name, title in TEXTS.items()
            if now.get(name, "") != before.get(name, "")
        ]
        if now and not before:
            said = _("Concept, version %(n)s: the channel is described", n=number)
        elif before and not now:
            said = _("Concept, version %(n)s: the channel is no longer described", n=number)
            details = []
        else:
            said = _("Concept, version %(n)s: other texts on the channel", n=number)
        if now != before and (details or not now or not before):
            because = (Detail(_("Reason"), reason),) if reason else ()
            url = url_for("concept.version", number=number)
            yield Happening(since_on, Kind.CONCEPT, said, "text", "", (*details, *because), url)
        before = now


def course(life: Life, channel_id: int, today: date) -> Iterator[Happening]:
    """How the channel was run and what was owed for it, whenever one of them changed."""
    url = url_for("channels.show", channel_id=channel_id, _anchor="h-obligations")
    before: Stretch | None = None
    for one in reversed(stretches(life.states, life.obligations)):
        was = before.duty if before else None
        details = []
        if before is None or one.state is not before.state:
            details.append(
                Detail(_("State"), language.word(one.state), language.word(before.state) if before else None)
            )
        if extent(one.duty) != extent(was):
            details.append(Detail(_("Obligation"), extent(one.duty), extent(was) if before else None))
        if details:
            details += [Detail(_("Cause"), cause) for cause in one.causes]
            said = _course_words(one, before)
            if one.from_on > today:
                said = _("%(what)s (to come)", what=said)
            yield Happening(one.from_on, Kind.COURSE, said, "flag", "", tuple(details), url)
        before = one


def _course_words(one: Stretch, before: Stretch | None) -> str:
    was = before.duty if before else None
    if one.duty is not None and was is None:
        return _("Obligation begins")
    if one.duty is None and was is not None:
        return _("Obligation ends")
    return _("Obligation changed") if extent(one.duty) != extent(was) else _("State changed")


def extent(duty: Obligation | None) -> str:
    """What is owed, in words."""
    if duty is None:
        return _("nothing is owed")
    often = _("%(n)s × a year", n=duty.reviews_per_year)
    every = len(duty.criteria) == len(Criterion)
    criteria = (
        _("all three criteria")
        if every
        else ", ".join(language.word(one) for one in Criterion if one in duty.criteria)
    )
    return f"{often}, {criteria}"


def meetings(life: Life, discharging: Iterable[int], today: date) -> Iterator[Happening]:
    """Reviews by the day of their meeting, and meetings that are to come, cancelled or not logged yet."""
    counting = set(discharging)
    for review, held_on in life.reviews:
        if review.replaces_id is None:
            yield _reviewed(review, held_on, counting)
    for meeting in life.open_meetings:
        yield _open(meeting, today)


def _reviewed(review: Review, held_on: date, counting: set[int]) -> Happening:
    levels = [rating.level for rating in review.ratings]
    worst = next((one for one in (Level.OBJECTION, Level.REMARK, Level.CLEAR) if one in levels), None)
    details = [Detail(_title(rating.criterion), _rating(rating)) for rating in review.ratings]
    if review.decision is not None:
        details.append(Detail(_("Decision"), _decision(review.decision)))
    replaced = review.replaced_by is not None and review.replaced_by.closed_at is not None
    if replaced:
        details.append(Detail(_("Note"), _("replaced by a correction")))
    elif review.ratings and not any(rating.id in counting for rating in review.ratings):
        details.append(Detail(_("Note"), _("extra: it discharges no slot")))
    details.append(Detail(_("Logged by"), f"{review.by_name}, {language.moment(review.closed_at)}"))
    tone = {Level.OBJECTION: "bad", Level.REMARK: "warn"}.get(worst, "") if worst and not replaced else ""
    url = url_for("meetings.show", meeting_id=review.meeting_id)
    said = _("Reviewed: %(level)s", level=language.word(worst)) if worst else _("Reviewed, nothing rated")
    return Happening(held_on, Kind.MEETING, said, worst or "none", tone, tuple(details), url)


def _open(meeting: Meeting, today: date) -> Happening:
    url = url_for("meetings.show", meeting_id=meeting.id)
    if meeting.cancelled_at is not None:
        said = _("Meeting cancelled")
        return Happening(meeting.planned_on, Kind.MEETING, said, "calendar", "", (), url)
    if meeting.planned_on >= today:
        return Happening(meeting.planned_on, Kind.MEETING, _("Meeting planned"), "calendar", "", (), url)
    return Happening(
        meeting.planned_on, Kind.MEETING, _("Meeting not closed yet"), "calendar", "warn", (), url
    )


def corrections(life: Life, channel_id: int, zone: ZoneInfo) -> Iterator[Happening]:
    """Reviews and heads of meetings that were replaced, with the reason and what differs."""
    by_id = {review.id: review for review, _held_on in life.reviews}
    for review, held_on in life.reviews:
        older = by_id.get(review.replaces_id or 0)
        if older is not None and review.closed_at is not None:
            said = _("Review of %(day)s corrected", day=language.day(held_on))
            details = (Detail(_("Reason"), review.reason), *_differences(older, review), _by(review.by_name))
            url = url_for("channels.show", channel_id=channel_id, _anchor=f"review-{review.id}")
            yield Happening(on(review.closed_at, zone), Kind.CORRECTION, said, "same", "", details, url)
    for before, head in zip(life.heads, life.heads[1:], strict=False):
        if head.meeting_id == before.meeting_id and head.closed_at is not None:
            said = _("Head of the meeting of %(day)s corrected", day=language.day(head.held_on))
            details = (Detail(_("Reason"), head.reason), *_head(before, head), _by(head.by_name))
            url = url_for("meetings.show", meeting_id=head.meeting_id)
            yield Happening(on(head.closed_at, zone), Kind.CORRECTION, said, "same", "", details, url)


def _differences(older: Review, newer: Review) -> list[Detail]:
    was = {rating.criterion: _rating(rating) for rating in older.ratings}
    now = {rating.criterion: _rating(rating) for rating in newer.ratings}
    found = [
        Detail(_title(one), now.get(one, _("not discussed")), was.get(one, _("not discussed")))
        for one in Criterion
        if was.get(one) != now.get(one)
    ]
    decided, before = _decision(newer.decision), _decision(older.decision)
    return [*found, Detail(_("Decision"), decided, before)] if decided != before else found


def _head(older: MeetingHead, newer: MeetingHead) -> list[Detail]:
    pairs = [(str(title), getattr(older, name), getattr(newer, name)) for name, title in HEAD.items()]
    return [Detail(title, _plain(now), _plain(was)) for title, was, now in pairs if was != now]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return language.day(value)
    return (value if isinstance(value, str) else f"{value:%H:%M}") if value else NOTHING


def _title(criterion: Criterion) -> str:
    said = language.word(criterion)
    return said[:1].upper() + said[1:]


def _rating(rating: Any) -> str:
    said = language.word(rating.level)
    if rating.unchanged:
        said = _("%(level)s, unchanged since last time", level=said)
    return f"{said}: {rating.reason}" if rating.reason else said


def _decision(decided: Any) -> str:
    if decided is None:
        return NOTHING
    said = language.word(decided.decision)
    if decided.from_on:
        said = _("%(decision)s, from %(day)s on", decision=said, day=language.day(decided.from_on))
    return f"{said}: {decided.reason}" if decided.reason else said


def _by(name: str) -> Detail:
    return Detail(_("By"), name)


def on(at: Any, zone: ZoneInfo) -> date:
    """The day of a moment for the organisation."""
    day: date = at.astimezone(zone).date()
    return day
