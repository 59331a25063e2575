"""One person's reminders of a day as a mail: subject, plain text, HTML and calendar entry, in the person's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from icalendar import Calendar, Event

from tracker import clock, language
from tracker.models import Action, Channel, Organisation
from tracker.outbox import link
from tracker.reminders.owed import Due, Letter
from tracker.reminders.recipients import Why
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Stage

DELAYED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Composed:
    """A digest ready for the outbox."""

    subject: str
    text: str
    html: str
    calendar: str


@dataclass(frozen=True)
class Line:
    """One channel or action of the mail."""

    name: str
    place: str
    url: str
    words: str
    alarm: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under one heading, e.g. all channels overdue for one slot."""

    title: str
    overdue: bool
    words: str
    lines: tuple[Line, ...]


def is_delayed(owed_on: date, told_on: date) -> bool:
    """Whether a reminder comes more than a day after it was owed."""
    return told_on - owed_on > DELAYED_AFTER


def compose(letter: Letter, on: date, organisation: Organisation) -> Composed:
    """The mail for one recipient. All links begin with the configured address of the installation."""
    with force_locale(letter.recipient.language):
        heading, deadline = _headline(letter.dues)
        subject = _subject(letter)
        button, target = _button(letter.dues)
        delayed = min((d.owed.owed_on for d in letter.dues if is_delayed(d.owed.owed_on, on)), default=None)
        values = {
            "language": letter.recipient.language,
            "organisation": organisation,
            "name": letter.recipient.name,
            "subject": subject,
            "heading": heading,
            "deadline": deadline,
            "delayed": _("This reminder comes late: it was owed since %(day)s.", day=language.day(delayed))
            if delayed else "",
            "button": button,
            "target": target,
            "groups": [*_groups(letter.dues, on), *_actions(letter.actions)],
            "why": _why(letter),
            "account": link("account.index"),
        }  # fmt: skip
        # not render_template(): a mail is no page, and there may be no request
        text = current_app.jinja_env.get_template("mail/digest.txt").render(values)
        html = current_app.jinja_env.get_template("mail/digest.html").render(values)
        return Composed(subject, text, html, _calendar(letter.dues))


def _split(dues: list[Due]) -> tuple[list[Due], list[Due]]:
    overdue = [due for due in dues if due.owed.stage is not Stage.NOTICE]
    return overdue, [due for due in dues if due.owed.stage is Stage.NOTICE]


def _subject(letter: Letter) -> str:
    overdue, soon = _split(letter.dues)
    parts = []
    if overdue:
        parts.append(ngettext("%(num)d review overdue", "%(num)d reviews overdue", len(overdue)))
    if soon:
        parts.append(ngettext("%(num)d review due soon", "%(num)d reviews due soon", len(soon)))
    if letter.actions:
        parts.append(ngettext("%(num)d action overdue", "%(num)d actions overdue", len(letter.actions)))
    return ", ".join(parts)


def _headline(dues: list[Due]) -> tuple[str, str]:
    """What is the matter, and until when something can be done about it."""
    overdue, soon = _split(dues)
    if overdue:
        ends = {due.line.slot.grace_ends_on for due in overdue}
        day = language.day_long(min(ends))
        until = (
            _("Can be made up until %(day)s.", day=day)
            if len(ends) == 1
            else _("The first can be made up until %(day)s.", day=day)
        )
        return ngettext("%(num)d review is overdue.", "%(num)d reviews are overdue.", len(overdue)), until
    day = language.day_long(min(due.line.slot.due_on for due in soon))
    return ngettext("%(num)d review is due soon.", "%(num)d reviews are due soon.", len(soon)), _("Due by %(day)s.", day=day)  # fmt: skip # noqa: E501


def _button(dues: list[Due]) -> tuple[str, str]:
    """The one next deed: close the meeting that was held, else plan one."""
    for due in dues:
        if due.to_close:
            words = _("Close the meeting of %(day)s", day=language.day(due.to_close.planned_on))
            return words, link("reviews.log", meeting_id=due.to_close.id)
    return _("Plan a meeting"), link("meetings.plan")


def _groups(dues: list[Due], on: date) -> Iterator[Group]:
    """By stage and slot, in the order of the letter: worst first."""
    for (stage, slot), found in groupby(dues, key=lambda due: (due.owed.stage, due.line.slot)):
        overdue = stage is not Stage.NOTICE
        until = _("Can be made up until %(day)s.", day=language.day(slot.grace_ends_on)) if overdue else ""
        yield Group(_title(slot, on, overdue), overdue, until, tuple(_line(due) for due in found))


def _title(slot: Slot, on: date, overdue: bool) -> str:
    words = {"slot": language.slot_name(slot), "day": language.day(slot.due_on)}
    days = abs((on - slot.due_on).days)
    if overdue:
        ago = ngettext("%(num)d day ago", "%(num)d days ago", days)
        return str(_("Overdue: %(slot)s, was due on %(day)s (%(ago)s)", ago=ago, **words))
    ahead = ngettext("in %(num)d day", "in %(num)d days", days) if days else _("today")
    return str(_("Due soon: %(slot)s, due on %(day)s (%(ahead)s)", ahead=ahead, **words))


def _line(due: Due) -> Line:
    lacking = [cell.criterion for cell in due.line.cells if not cell.discharged]
    if len(lacking) == len(Criterion):
        words = _("All three criteria are open.")
    else:
        words = _("Open: %(criteria)s.", criteria=", ".join(language.word(one) for one in lacking))
    alarm = ""
    if due.to_close:
        alarm = _("The meeting of %(day)s is not closed yet.", day=language.day(due.to_close.planned_on))
    return Line(
        due.channel.platform,
        place(due.channel),
        link("channels.show", channel_id=due.channel.id),
        words,
        alarm,
    )


def place(channel: Channel) -> str:
    """Name and unit of a channel, said once where they are the same."""
    return ", ".join(dict.fromkeys([channel.name, channel.unit.name]))


def _actions(actions: list[Action]) -> Iterator[Group]:
    if actions:
        lines = tuple(
            Line(one.what, one.channel.platform + ", " + place(one.channel) if one.channel else "",
                 link("actions.show", action_id=one.id), _("was due on %(day)s", day=language.day(one.due_on)))
            for one in actions
        )  # fmt: skip
        yield Group(
            ngettext("Action past its due date", "Actions past their due date", len(actions)), True, "", lines
        )


def _why(letter: Letter) -> str:
    reasons = {
        Why.RESPONSIBLE: _("responsible for the channel"),
        Why.MANAGER: _("manager"),
        Why.FALLBACK: _("recipient for channels that nobody is responsible for"),
    }
    return ", ".join(str(words) for why, words in reasons.items() if why in letter.why)


def _calendar(dues: list[Due]) -> str:
    """An all-day entry for each slot: its due date, or once that is past, the last day of its grace."""
    calendar = Calendar()
    calendar.add("prodid", "-//Social Media Review Tracker//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    host = urlsplit(current_app.config["BASE_URL"]).hostname
    for (stage, slot), found in groupby(dues, key=lambda due: (due.owed.stage, due.line.slot)):
        overdue, count = stage is not Stage.NOTICE, len(list(found))
        day = slot.grace_ends_on if overdue else slot.due_on
        event = Event()
        event.add("uid", f"{'grace' if overdue else 'due'}-{slot.key}@{host}")
        event.add("dtstamp", clock.now())
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))  # exclusive
        event.add("transp", "TRANSPARENT")
        words = ngettext("%(num)d review due: %(slot)s", "%(num)d reviews due: %(slot)s", count,
                         slot=language.slot_name(slot))  # fmt: skip
        event.add("summary", _("Last day: %(what)s", what=words) if overdue else words)
        event.add("url", link("board.index"))
        calendar.add_component(event)
    return calendar.to_ical().decode("utf-8")
