"""The log in words: what stands in the way of closing, and what a rating counts for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker import checks
from tracker.language import day, slot_name, word
from tracker.models import Channel
from tracker.reviews.counting import Counted
from tracker.reviews.forms import CONFIRMED, Known, as_day, as_ids, kind_of, parts_of
from tracker.rules.log import Obstacle, ObstacleKind
from tracker.rules.words import Answer, Criterion, Decision, Level

FIELDS = {
    "held_on": _l("Held on"),
    "begins_at": _l("Begin"),
    "ends_at": _l("End"),
    "place": _l("Place"),
    "chair": _l("Chair"),
    "minute_taker": _l("Minutes taken by"),
    "present": _l("Present"),
    "guests": _l("Guests"),
    "excused": _l("Excused"),
    "nobody_excused": _l("Nobody was excused"),
    "level": _l("Verdict"),
    "reason": _l("Reason"),
    "unchanged": _l("unchanged"),
    "decision": _l("Decision"),
    "from_on": _l("Effective from"),
    "successor": _l("Successor"),
    "what": _l("What"),
    "owner": _l("Who"),
    "due_on": _l("By when"),
}
MISSING = {
    "held_on": _l("Say on which day the meeting was held."),
    "chair": _l("Say who chaired the meeting."),
    "minute_taker": _l("Say who took the minutes."),
    "present": _l("Say who took part."),
    "from_on": _l("Say from which day the decision is effective."),
    "successor": _l("Say which channel replaces this one."),
    "what": _l("Say what will be done."),
    "owner": _l("Say who will do it."),
    "due_on": _l("Say by when it will be done."),
}
OTHER = {
    ObstacleKind.IN_FUTURE: _l("This day is still to come. A meeting is closed once it has been held."),
    ObstacleKind.NOT_SAID: _l("Say who was excused, or tick that nobody was."),
    ObstacleKind.ENDS_BEFORE: _l("The end is before the begin."),
    ObstacleKind.PRESENT_TOO: _l("Somebody is ticked as present and as excused."),
    ObstacleKind.SOMEBODY_EXCUSED: _l("Somebody is ticked as excused, and that nobody was."),
    ObstacleKind.NOTHING_RATED: _l("Nothing has been rated yet."),
    ObstacleKind.LEVEL_MISSING: _l("There is a reason, but no verdict."),
    ObstacleKind.REASON_MISSING: _l("A reason is missing."),
    ObstacleKind.ACTION_MISSING: _l("An objection needs an action: what, who, by when."),
    ObstacleKind.CHECK_NOT_MET: _l("Not possible while a check is not met."),
    ObstacleKind.NOTE_MISSING: _l("Say in a note what is missing."),
    ObstacleKind.ANSWER_MISSING: _l("There is a note, but no answer."),
    ObstacleKind.UNCHECKED: _l("This is not answered yet; your organisation wants every item answered."),
    ObstacleKind.CHECKS_WITHOUT_LEVEL: _l("Questions are answered here, but there is no verdict."),
    ObstacleKind.BEFORE_MEETING: _l("This day is before the meeting."),
    ObstacleKind.DECISION_MISSING: _l("Say what was decided."),
    ObstacleKind.RESUMES_WHEN: _l("This channel is at rest. To continue means to take it up again: say from which day. If it stays at rest, leave the decision empty."),  # noqa: E501
    ObstacleKind.BEFORE_OPENING: _l("This day is before the first day of the channel."),
    ObstacleKind.SLOT_ENDED: _l("This day lies in a slot that has ended. What has ended stays as it is; choose a later day."),  # noqa: E501
    ObstacleKind.CLOSED_BEFORE: _l("The channel is closed before this day already."),
    ObstacleKind.SUCCESSOR_ITSELF: _l("A channel cannot replace itself. Choose another one."),
    ObstacleKind.SUCCESSOR_CLOSED: _l("This channel is closed itself from then on. Choose another successor."),
    ObstacleKind.NEVER_RATED: _l("There is no earlier verdict to carry over. Choose one."),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One line of the list at the top: the field's id to go to, where it is, and what to do."""

    anchor: str
    where: str
    message: str


def field_name(name: str) -> str:
    """The label of a field, by its name without the channel."""
    return str(FIELDS[name.rsplit(".", 1)[-1]])


def place_of(key: str, channels: Mapping[int, Channel]) -> str:
    """Where a field is: channel, criterion and label."""
    channel_id, name = parts_of(key)
    if channel_id is None:
        return field_name(name) if name in FIELDS else _("Verdicts")
    channel = channels.get(channel_id)
    parts = [f"{channel.platform} {channel.name}" if channel else ""]
    first, last = name.split(".", 1)[0], name.rsplit(".", 1)[-1]
    if first in set(Criterion):
        parts.append(word(Criterion(first)))
    elif first.startswith("check-"):
        parts.append(checks.label(int(first.removeprefix("check-"))))
        return ", ".join(part for part in parts if part)
    elif first.startswith("action-"):
        parts.append(_("action %(k)s", k=first.removeprefix("action-")))
    elif last != "decision":
        parts.append(word_decision())
    if last not in {"level", "action"}:
        parts.append(field_name(last))
    return ", ".join(part for part in parts if part)


def word_decision() -> str:
    """The word for the decision inside a list."""
    return str(FIELDS["decision"])


def message_of(obstacle: Obstacle) -> str:
    """What to do about an obstacle."""
    if obstacle.what is ObstacleKind.MISSING:
        return str(MISSING[parts_of(obstacle.where)[1].rsplit(".", 1)[-1]])
    return str(OTHER[obstacle.what])


def anchor_of(key: str) -> str:
    """The id of the field that an obstacle is mended in: an objection without action leads to the first action."""
    channel_id, name = parts_of(key)
    if channel_id is not None and name.endswith(".action"):
        return f"channel-{channel_id}.action-1.what"
    return "log" if key == "ratings" else key


def problems(found: Iterable[Obstacle], channels: Mapping[int, Channel]) -> list[Problem]:
    """Obstacles as the list at the top says them."""
    return [Problem(anchor_of(one.where), place_of(one.where, channels), message_of(one)) for one in found]


def counts_words(counts: Iterable[Counted]) -> str:
    """For which slots the ratings of a channel count: "counts for quarter 3 2026, 20 days late"."""
    listed = list(counts)
    if len(listed) == 1:
        return _one(listed[0])
    return "; ".join(f"{', '.join(map(word, one.criteria))}: {_one(one)}" for one in listed)


def _one(count: Counted) -> str:
    if count.slot is None:
        return _("extra: nothing is open here")
    slot = slot_name(count.slot)
    if not count.days_late:
        return _("counts for %(slot)s", slot=slot)
    return ngettext(
        "counts for %(slot)s, one day late",
        "counts for %(slot)s, %(num)s days late",
        count.days_late,
        slot=slot,
    )


def script_words() -> dict[str, str]:
    """What the script of the page says; %(name)s is filled in there."""
    return {
        "verdicts": _("%(n)s of %(total)s verdicts"),
        "whole": _("%(n)s of %(total)s channels complete"),
        "checked": _("%(n)s of %(total)s checked"),
        "saved": _("Saved at %(time)s"),
        "saving": _("Saving …"),
        "kept": _(
            "Not saved: the server cannot be reached. Your text is kept in this browser and sent later."
        ),
        "lost": _(
            "Not saved: the server cannot be reached, and this browser keeps nothing. Leave this page open."
        ),
        "signed_out": _("Not saved: you are signed out."),
        "refused": _("Not everything is saved: please look at the marked fields."),
        "back": _("Text that could not be saved before was put back from this browser."),
        "denied": _("Not saved: you may no longer log this meeting. Your text is kept in this browser."),
        "wrong_password": _("That did not work. Please check the password."),
        "sign_out": _(
            "Some text could not be saved. Signing out removes it from this browser. Sign out all the same?"
        ),
    }


def value_words(key: str, value: str, known: Known) -> str:
    """How a kept value reads where two versions stand side by side."""
    if not value:
        return _("(left empty)")
    readers: dict[str, Callable[[str], str]] = {
        "level": lambda one: word(Level(one)),
        "decision": lambda one: word(Decision(one)),
        "answer": lambda one: _("as last time") if one == CONFIRMED else word(Answer(one)),
        "day": lambda one: day(as_day(one)),
        "people": lambda one: ", ".join(known.people.get(key, "–") for key in as_ids(one)),
        "contact": lambda one: known.contacts.get(int(one), "–"),
        "channel": lambda one: known.channels.get(int(one), "–"),
        "tick": lambda _one: _("yes"),
    }
    read = readers.get(kind_of(*parts_of(key)) or "")
    return read(value) if read else value
