"""What followed from the slots of a channel: actions, reminders, missed slots, explanations, figures, in words."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from tracker import language
from tracker.channels.timeline import Detail, Happening, Kind
from tracker.channels.timeline_queries import Life
from tracker.channels.timeline_words import on
from tracker.models import Action, ActionChange, Explanation
from tracker.rules.ledger import Ledger
from tracker.rules.periods import Period
from tracker.rules.reminding import is_delayed
from tracker.rules.words import Outcome, WhyUntold
from tracker.rules.workdays import Workdays
from tracker.rules.year import lines_of

DONE, MOVED = "done", "moved"


def actions(life: Life, zone: ZoneInfo) -> Iterator[Happening]:
    """Actions agreed, moved, done and reopened."""
    for action in life.actions:
        url = url_for("actions.show", action_id=action.id)
        moved = [one for one in action.changes if one.kind == MOVED and one.from_on]
        days = [*(one.from_on for one in moved), action.due_on]
        agreed = (Detail(_("Owner"), action.owner.name), Detail(_("Due date"), language.day(days[0])))
        said = _("Action agreed: %(what)s", what=action.what)
        yield Happening(action.agreed_on, Kind.ACTION, said, "person", "", agreed, url)
        for change in action.changes:
            yield _changed(action, change, days[moved.index(change) + 1] if change in moved else None, zone)
        if action.done_on is not None and (not action.changes or action.changes[-1].kind != DONE):
            yield _done(action, action.done_on, action.done_note)


def _changed(action: Action, change: ActionChange, to_on: date | None, zone: ZoneInfo) -> Happening:
    day, url = on(change.at, zone), url_for("actions.show", action_id=action.id)
    by = Detail(_("By"), change.by_name)
    because = (Detail(_("Reason"), change.note), by) if change.note else (by,)
    if change.kind == DONE:
        return _done(action, day, change.note, by)
    if change.kind == MOVED:
        said = _("Action moved: %(what)s", what=action.what)
        due = Detail(_("Due date"), language.day(to_on), language.day(change.from_on))
        return Happening(day, Kind.ACTION, said, "person", "", (due, *because), url)
    said = _("Action reopened: %(what)s", what=action.what)
    return Happening(day, Kind.ACTION, said, "person", "", because, url)


def _done(action: Action, day: date, note: str, *by: Detail) -> Happening:
    details = (Detail(_("Note"), note), *by) if note else by
    url = url_for("actions.show", action_id=action.id)
    return Happening(day, Kind.ACTION, _("Action done: %(what)s", what=action.what), "kept", "", details, url)


def reminders(life: Life, workdays: Workdays) -> Iterator[Happening]:
    """Who was told what, and why somebody was not: everybody told the same on one day stands together."""
    for (day, begins_on, due_on, stage), rows in groupby(life.reminders, key=lambda one: one[:4]):
        told = list(rows)
        said = _(
            "Reminded: %(stage)s, %(slot)s", stage=language.word(stage), slot=slot_words(begins_on, due_on)
        )
        details = [_told([(one.name, one.stands_in_for, one.became) for one in told])]
        delayed = [one.owed_on for one in told if is_delayed(one.owed_on, day, workdays)]
        if delayed:
            details.append(Detail(_("Delayed"), _("owed since %(day)s", day=language.day(min(delayed)))))
        yield Happening(day, Kind.REMINDER, said, "bell", "", tuple(details))
    for (day, action_id, what), rows in groupby(life.action_reminders, key=lambda one: one[:3]):
        details = [_told([(one.name, one.stands_in_for, one.became) for one in rows])]
        url = url_for("actions.show", action_id=action_id)
        yield Happening(
            day,
            Kind.REMINDER,
            _("Reminded of an action: %(what)s", what=what),
            "bell",
            "",
            tuple(details),
            url,
        )
    for one in life.untold:
        said = _("Not reminded: %(stage)s, %(slot)s", stage=language.word(one.stage),
                 slot=slot_words(one.begins_on, one.due_on))  # fmt: skip
        who = (Detail(_("Who"), one.who),) if one.who else ()
        tone = "" if one.why is WhyUntold.PLANNED else "warn"
        url = url_for("meetings.show", meeting_id=one.meeting_id) if one.meeting_id else ""
        details = [Detail(_("Why"), language.word(one.why)), *who]
        yield Happening(one.noted_on, Kind.REMINDER, said, "bell", tone, tuple(details), url)


def _told(people: Sequence[tuple[str, str, str]]) -> Detail:
    words = []
    for name, stands_in_for, state in people:
        said = _("%(name)s (for %(other)s)", name=name, other=stands_in_for) if stands_in_for else name
        if state == "given_up":
            said = _("%(who)s (the mail was given up)", who=said)
        elif state == "filed":
            said = _("%(who)s (the mail became a file only)", who=said)
        words.append(said)
    return Detail(_("Who"), ", ".join(words))


def missed(life: Life, ledger: Ledger, channel_id: int, may_explain: bool) -> Iterator[Happening]:
    """Slots that were missed, on the day after their grace, with what was said about them."""
    first = min((duty.from_on.year for duty in ledger.duties), default=ledger.on.year + 1)
    for year in range(first, ledger.on.year + 1):
        for line in lines_of(ledger, year):
            if line.outcome is not Outcome.MISSED:
                continue
            slot = line.slot
            said = life.explanations.get((slot.begins_on, slot.due_on), [])
            details = [Detail(_("Due date"), language.day(slot.due_on)), *(_explained(one) for one in said)]
            if not said:
                details.append(Detail(_("Explanation by the management"), _("missing")))
            url = url_for("channels.explain", channel_id=channel_id, key=slot.key)
            ask = (url, _("Add to the explanation") if said else _("Explain")) if may_explain else None
            yield Happening(
                slot.grace_ends_on + timedelta(days=1),
                Kind.MISSED,
                _("Missed: %(slot)s", slot=language.slot_name(slot)),
                "missed",
                "bad",
                tuple(details),
                url_for("channels.show", channel_id=channel_id, _anchor=f"slot-{slot.key}"),
                ask,
            )


def _explained(one: Explanation) -> Detail:
    return Detail(
        _("Explanation by the management"), f"{one.text} ({one.by_name}, {language.moment(one.at)})"
    )


def explanations(life: Life, zone: ZoneInfo) -> Iterator[Happening]:
    """What managers said to missed slots, and added to it, on the days they did."""
    for (begins_on, due_on), rows in life.explanations.items():
        for place, one in enumerate(rows):
            slot = slot_words(begins_on, due_on)
            said = _("Explanation by the management: %(slot)s", slot=slot)
            if place:
                said = _("Explanation by the management added to: %(slot)s", slot=slot)
            details = (Detail(_("Text"), one.text), Detail(_("By"), one.by_name))
            yield Happening(on(one.at, zone), Kind.EXPLANATION, said, "person", "", details)


def figures(life: Life, channel_id: int, zone: ZoneInfo) -> Iterator[Happening]:
    """Figures entered or uploaded, also those that were replaced or undone since."""
    for begins_on, ends_on, entered_at, by_name, filename, undone_at in life.figures:
        period = Period(ends_on, begins_on)
        said = _("Figures entered: %(period)s", period=slot_words(begins_on, ends_on))
        details = [Detail(_("By"), by_name)]
        if filename:
            details.append(Detail(_("File"), filename))
        if undone_at is not None:
            details.append(Detail(_("Note"), _("undone on %(day)s", day=language.day(on(undone_at, zone)))))
        url = url_for("figures.show", channel_id=channel_id, period=period.key)
        yield Happening(on(entered_at, zone), Kind.FIGURES, said, "chart", "", tuple(details), url)


def slot_words(begins_on: date, due_on: date) -> str:
    """How people call these days: 3. Quartal 2026, else the two days."""
    slot = Period(due_on, begins_on).slot
    return language.slot_name(slot) if slot else f"{language.day(begins_on)} – {language.day(due_on)}"
