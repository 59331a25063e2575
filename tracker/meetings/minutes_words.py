"""The minutes in words: what page, PDF and mail say beside what somebody wrote, each said once and here."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker import language
from tracker.meetings.minutes import Minutes, Tally
from tracker.meetings.results import Discharged, Mark, Result, successor
from tracker.models import Action, Channel, MeetingHead, Rating, Review, ReviewDecision
from tracker.rules.words import Criterion

MARKS = {
    Mark.EXTRA: _l("extra: discharges nothing"),
    Mark.ENTERED_LATE: _l("late-entered"),
    Mark.ENTERED_AFTERWARDS: _l("entered afterwards"),
}


def title(minutes: Minutes) -> str:
    """Ergebnisprotokoll vom 12.03.2026."""
    return _("Minutes of %(day)s", day=language.day(minutes.head.held_on))


def facts(head: MeetingHead) -> list[tuple[str, str]]:
    """One version of the head, each thing with its title."""
    begun = f"{head.begins_at:%H:%M}" if head.begins_at else ""
    ended = f"{head.ends_at:%H:%M}" if head.ends_at else ""
    time = (
        f"{begun}–{ended}"
        if begun and ended
        else _("from %(time)s", time=begun)
        if begun
        else _("until %(time)s", time=ended)
    )
    people: dict[str, list[str]] = {"present": [], "excused": [], "guest": []}
    for one in head.attendance:
        people[one.kind].append(one.name)
    found = [
        (_("Held on"), language.day_long(head.held_on)),
        (_("Time"), time if head.begins_at or head.ends_at else ""),
        (_("Place or video"), head.place),
        (_("Chair"), head.chair),
        (_("Minutes taken by"), head.minute_taker),
        (_("Present"), ", ".join(people["present"])),
        (_("Excused"), ", ".join(people["excused"]) or _("nobody")),
        (_("Guests"), ", ".join(people["guest"])),
    ]
    return [(name, said) for name, said in found if said]


def notes(minutes: Minutes) -> list[str]:
    """What a reader must know about these minutes as a whole."""
    found = []
    if minutes.partly:
        found.append(_("Shown are the channels of your units. The meeting also dealt with others."))
    if minutes.entered_late:
        days = minutes.days_to_close
        closed = ngettext(
            "Closed %(num)d day after it was held.", "Closed %(num)d days after it was held.", days
        )
        found.append(_("Late-entered.") + " " + closed)
    if minutes.older_heads:
        found.append(head_corrected(minutes.head))
    return found


def head_corrected(head: MeetingHead) -> str:
    """When, by whom and why the head was corrected."""
    return _(
        "These data were corrected on %(moment)s by %(name)s: %(reason)s",
        moment=language.moment(head.written_at),
        name=head.by_name,
        reason=head.reason,
    )


def tally(counted: Tally) -> list[str]:
    """What the meeting discharged, over all channels shown."""
    found = [
        ngettext("%(num)d slot kept", "%(num)d slots kept", counted.kept) if counted.kept else "",
        ngettext("%(num)d slot late", "%(num)d slots late", counted.late) if counted.late else "",
        ngettext("%(num)d slot in part", "%(num)d slots in part", counted.partly) if counted.partly else "",
        ngettext("%(num)d extra review", "%(num)d extra reviews", counted.extra) if counted.extra else "",
    ]
    return [one for one in found if one] or [_("nothing")]


def counts(result: Result) -> list[str]:
    """For which slots a review counts, or that it is extra."""
    if result.extra:
        return [str(MARKS[Mark.EXTRA])]
    return [_counts(one) for one in result.discharged]


def _counts(one: Discharged) -> str:
    slot = language.slot_name(one.slot)
    if one.days_late:
        words = ngettext(
            "counts for %(slot)s, one day late",
            "counts for %(slot)s, %(num)s days late",
            one.days_late,
            slot=slot,
        )
    else:
        words = _("counts for %(slot)s", slot=slot)
    if one.alone:
        return words
    only = ", ".join(language.word(criterion) for criterion in one.criteria)
    return _("%(words)s (only %(criteria)s)", words=words, criteria=only)


def unrated(result: Result, review: Review, criterion: Criterion) -> str:
    """Why one version has no rating of a criterion."""
    return _("withdrawn") if result.withdrawn(review, criterion) else _("not discussed")


def remarks(result: Result, rating: Rating | None) -> list[str]:
    """What is to be known about one rating besides its verdict: carried unchanged, and its marks."""
    if rating is None:
        return []
    since = result.since.get(rating.criterion)
    found = []
    if rating.unchanged:
        found.append(_("unchanged since %(day)s", day=language.day(since)) if since else _("unchanged"))
    return found + [str(MARKS[mark]) for mark in result.marks.get(rating.id, ())]


def channel(result: Result, unit_name: str) -> str:
    """The channel as it was called then; without the unit's name, which stands above it."""
    review = result.review
    return review.platform + (f" {review.channel_name}" if review.channel_name != unit_name else "")


def channel_with_unit(of: Channel) -> str:
    """A channel where no unit stands above it."""
    name = f"{of.platform} {of.name}"
    return name if of.name == of.unit.name else f"{name}, {of.unit.name}"


def decision(said: ReviewDecision) -> str:
    """What becomes of the channel, from when, why."""
    words, place = language.word(said.decision), successor(said)
    if place is not None:
        words += f" ({channel_with_unit(place)})"
    if said.from_on:
        words += ", " + _("from %(day)s", day=language.day(said.from_on))
    return f"{words}: {said.reason}" if said.reason else words


def corrected(review: Review) -> str:
    """When, by whom and why a review was replaced by this one."""
    said = _(
        "Correction of %(moment)s by %(name)s.", moment=language.moment(review.closed_at), name=review.by_name
    )
    found = f"{said} {_('Reason:')} {review.reason}"
    if review.ratings:
        return found
    return found + "\n" + _("The review was withdrawn: nothing of it counts any more.")


def state(action: Action, until: date, on: date) -> str:
    """What became of an action that was due on `until`, as it stands on a day: moved, done, past its day, or open."""
    found = []
    if until != action.due_on:
        found.append(_("moved to %(day)s", day=language.day(action.due_on)))
    if action.done_on:
        found.append(_("done on %(day)s", day=language.day(action.done_on)))
    elif action.due_on < on:
        late = (on - action.due_on).days
        found.append(ngettext("%(num)s day past due", "%(num)s days past due", late))
    else:
        found.append(_("open"))
    words = ", ".join(found)
    return f"{words}: {action.done_note}" if action.done_on and action.done_note else words
