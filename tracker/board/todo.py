"""What the person at the screen is to do next, worst first: one deed an entry, with the page where it is done."""

from datetime import date
from functools import cache, partial

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import accounts, guard, language
from tracker.board import todo_running
from tracker.board.queries import PlannedMeeting
from tracker.board.situation import Situation, ToDo, name_of, names
from tracker.rules.deeds import Deed
from tracker.rules.ledger import SlotLine, is_overdue
from tracker.rules.words import Outcome, Role, Standing
from tracker.standings import ChannelStanding


def to_do(now: Situation) -> list[ToDo]:
    """The entries for the roles of the person who is signed in."""
    acts = _act(now)
    editor = [*_log(now), *_overdue(now), *_plan(now), *_left_out(now), *_changed(now), *acts]
    manager = [
        *_overdue(now), *_explain(now), *_log(now), *todo_running.confirm(), *_assign(now), *_plan(now),
        *_left_out(now), *_changed(now), *acts,
    ]  # fmt: skip
    admin = [
        *todo_running.engine(now),
        *todo_running.begin(),
        *todo_running.mail(now),
        *todo_running.confirm(),
        *todo_running.legal_pages(),
    ]
    auditor = todo_running.evidence(now)
    lists = {Role.ADMIN: admin, Role.MANAGER: manager, Role.EDITOR: editor, Role.AUDITOR: auditor}
    mine = [one for role, ones in lists.items() if role in guard.roles() for one in ones]
    return list(dict.fromkeys(mine))


def _log(now: Situation) -> list[ToDo]:
    entries = []
    for one in now.meetings:
        if one.meeting.planned_on <= now.on:
            day = language.day(one.meeting.planned_on)
            why = ngettext(
                "%(num)d channel on the agenda.", "%(num)d channels on the agenda.", len(one.channel_ids)
            )
            url = url_for("reviews.log", meeting_id=one.meeting.id)
            what = _("Log and close the meeting of %(day)s", day=day)
            entries.append(ToDo("calendar", True, what, why, url, _("Log")))
    return entries


def _overdue(now: Situation) -> list[ToDo]:
    overdue = [one for one in now.found if one.position.standing is Standing.OVERDUE]
    overdue.sort(key=lambda one: -one.position.days_overdue)
    carried = {key: one for one in reversed(now.to_come) for key in one.channel_ids}
    left = [one for one in overdue if one.channel.id not in carried]
    entries = []
    if left:
        what = ngettext(
            "One overdue channel is on no agenda", "%(num)d overdue channels are on no agenda", len(left)
        )
        if now.to_come:
            meeting = now.to_come[0].meeting
            url, button = url_for("meetings.show", meeting_id=meeting.id), _("To the next meeting")
        else:
            url, button = url_for("meetings.plan"), _("Plan a meeting")
        entries.append(ToDo("overdue", False, what, names(left), url, button))
    for one in now.to_come:
        planned = [found for found in overdue if carried.get(found.channel.id) is one]
        entries += _made_up_in(one, planned, now.on) if planned else []
    return entries


def _made_up_in(to_come: PlannedMeeting, overdue: list[ChannelStanding], on: date) -> list[ToDo]:
    """What a meeting is to make up; said loudly where it comes after the grace, and could be moved."""
    held_on, url = to_come.meeting.planned_on, url_for("meetings.show", meeting_id=to_come.meeting.id)
    in_grace = (line for one in overdue for line in one.ledger.lines if is_overdue(line, on))
    ends = min((line.slot.grace_ends_on for line in in_grace), default=held_on)
    day = language.day(held_on)
    if ends < held_on:
        what = _("The meeting on %(day)s comes too late for what is overdue", day=day)
        why = _("It can be made up until %(day)s: %(names)s", day=language.day(ends), names=names(overdue))
        return [ToDo("overdue", False, what, why, url, _("To the meeting"))]
    what = ngettext(
        "One overdue channel is on the agenda of %(day)s",
        "%(num)d overdue channels are on the agenda of %(day)s",
        len(overdue),
        day=day,
    )
    return [ToDo("overdue", True, what, names(overdue), url, _("To the meeting"))]


def _plan(now: Situation) -> list[ToDo]:
    """Without a meeting to come: plan one for what is still open. What is overdue has its own entry."""
    open_ones = [one for one in now.found if any(line.outcome is Outcome.OPEN for line in one.ledger.lines)]
    if now.to_come or not open_ones or any(one.position.standing is Standing.OVERDUE for one in now.found):
        return []
    next_due = min((one.position.due_on for one in open_ones if one.position.due_on), default=None)
    why = ngettext(
        "%(num)d channel is due by %(day)s.", "%(num)d channels are due by %(day)s.",
        sum(one.position.due_on == next_due for one in open_ones), day=language.day(next_due),
    )  # fmt: skip
    what = _("No meeting is planned")
    return [ToDo("calendar", True, what, why, url_for("meetings.plan"), _("Plan a meeting"))]


def _left_out(now: Situation) -> list[ToDo]:
    """What is open in the current slot, and on the agenda of no meeting to come."""
    carried = frozenset[int]().union(*(one.channel_ids for one in now.to_come))
    left = [
        one for one in now.found
        if one.channel.id not in carried and one.position.standing is not Standing.OVERDUE
        and any(line.outcome is Outcome.OPEN for line in one.ledger.lines)
    ]  # fmt: skip
    if not now.to_come or not left:
        return []
    what = ngettext("One open channel is on no agenda", "%(num)d open channels are on no agenda", len(left))
    url = url_for("meetings.show", meeting_id=now.to_come[0].meeting.id)
    return [ToDo("calendar", True, what, names(left), url, _("To the next meeting"))]


def _changed(now: Situation) -> list[ToDo]:
    """Channels to be rated anew because the concept has changed, on the agenda of no meeting to come."""
    carried = frozenset[int]().union(*(one.channel_ids for one in now.to_come))
    left = [one for one in now.found if one.channel.id in now.changed - carried and one.ledger.in_force]
    if not left:
        return []
    what = ngettext(
        "The concept has changed: rate the legality of a channel anew",
        "The concept has changed: rate the legality of %(num)d channels anew",
        len(left),
    )
    if now.to_come:
        url, button = url_for("meetings.show", meeting_id=now.to_come[0].meeting.id), _("To the next meeting")
    else:
        url, button = url_for("meetings.plan"), _("Plan a meeting")
    return [ToDo("remark", True, what, names(left), url, button)]


def _act(now: Situation) -> list[ToDo]:
    """One's own actions that are overdue or due soon."""
    entries = []
    for action in now.actions:
        late = action.due_on < now.on
        day = language.day(action.due_on)
        why = (
            _("Your action was due on %(day)s.", day=day)
            if late
            else _("Your action is due on %(day)s.", day=day)
        )
        url = url_for("actions.show", action_id=action.id)
        entries.append(ToDo("late" if late else "flag", not late, action.what, why, url, _("Open")))
    return entries


def unexplained(now: Situation) -> list[tuple[ChannelStanding, SlotLine]]:
    """The missed slots without an explanation, oldest first."""
    may = cache(partial(guard.may, Deed.CHANNELS_EXPLAIN))
    found = [
        (one, line)
        for one in now.found
        if may(one.channel.unit_id)
        for line in one.ledger.lines
        if line.outcome is Outcome.MISSED
        and (one.channel.id, line.slot.begins_on, line.slot.due_on) not in now.explained
    ]
    return sorted(found, key=lambda pair: pair[1].slot)


def _explain(now: Situation) -> list[ToDo]:
    missing = unexplained(now)
    if not missing:
        return []
    one, line = missing[0]
    what = ngettext("Explain a missed slot", "Explain %(num)d missed slots", len(missing))
    why = f"{name_of(one)}, {language.slot_name(line.slot)}."
    if len(missing) > 1:
        why = _("First: %(slot)s", slot=why)
    url = url_for("channels.explain", channel_id=one.channel.id, key=line.slot.key)
    return [ToDo("missed", False, what, why, url, _("Explain"))]


def _assign(now: Situation) -> list[ToDo]:
    may = cache(partial(guard.may, Deed.CHANNELS_ASSIGN))
    nobody = [
        one for one in now.found if not is_told(one) and one.ledger.in_force and may(one.channel.unit_id)
    ]
    if not nobody:
        return []
    what = ngettext(
        "%(num)d channel without a responsible contact",
        "%(num)d channels without a responsible contact",
        len(nobody),
    )
    url = url_for("channels.index", contact="none")
    return [ToDo("person", True, what, _("Their reminders go to the fallback address."), url, _("Assign"))]


def is_told(one: ChannelStanding) -> bool:
    """Whether mail about the channel reaches the one who is responsible for it."""
    return one.channel.contact is not None and accounts.is_told(one.channel.contact)
