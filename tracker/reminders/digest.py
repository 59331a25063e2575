"""One person's reminders of a day as a mail: subject, plain text, HTML and calendar entry, in the person's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from tracker import language
from tracker.models import Action, Channel, Organisation
from tracker.outbox import link
from tracker.reminders.calendar_entry import calendar_of, has_day, kind_of
from tracker.reminders.letters import Due, Letter
from tracker.reminders.recipients import Why
from tracker.rules.reminding import is_delayed
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Stage
from tracker.rules.workdays import Workdays


@dataclass(frozen=True)
class Composed:
    """A digest ready for the outbox."""

    subject: str
    text: str
    html: str
    calendar: str | None  # none where there is no day left to enter


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


def compose(letter: Letter, on: date, organisation: Organisation, workdays: Workdays) -> Composed:
    """The mail for one recipient. All links begin with the configured address of the installation."""
    with force_locale(letter.recipient.language):
        heading, deadline = _headline(letter)
        subject = _subject(letter)
        button, target = _button(letter)
        owed = [due.owed.owed_on for due in letter.dues]
        delayed = min((day for day in owed if is_delayed(day, on, workdays)), default=None)
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
            "groups": [*_groups(letter.shown, on), *_actions(letter.actions, on)],
            "quiet": _plan_words(letter),
            "plan": link("meetings.plan"),
            "absent": _absent(letter),
            "calendar": any(has_day(due) for due in letter.dues),
            "why": _why(letter),
            "account": link("account.index"),
        }  # fmt: skip
        # not render_template(): a mail is no page, and there may be no request
        text = current_app.jinja_env.get_template("mail/digest.txt").render(values)
        html = current_app.jinja_env.get_template("mail/digest.html").render(values)
        return Composed(subject, text, html, calendar_of(letter.shown))


def _split(letter: Letter) -> tuple[list[Due], list[Due], list[Due]]:
    """What is overdue, what was missed, what is due soon."""
    shown = letter.shown
    apart = {Stage.NOTICE: 2, Stage.MISSED: 1}
    parts: tuple[list[Due], list[Due], list[Due]] = ([], [], [])
    for due in shown:
        parts[apart.get(due.owed.stage, 0)].append(due)
    return parts


def _subject(letter: Letter) -> str:
    overdue, missed, soon = _split(letter)
    parts = []
    if overdue:
        parts.append(ngettext("%(num)d review overdue", "%(num)d reviews overdue", len(overdue)))
    if missed:
        parts.append(ngettext("%(num)d slot missed", "%(num)d slots missed", len(missed)))
    if soon:
        parts.append(ngettext("%(num)d review due soon", "%(num)d reviews due soon", len(soon)))
    if letter.actions:
        parts.append(ngettext("%(num)d action overdue", "%(num)d actions overdue", len(letter.actions)))
    return ", ".join(parts)


def _headline(letter: Letter) -> tuple[str, str]:
    """What is the matter, and until when something can be done about it."""
    overdue, missed, soon = _split(letter)
    if overdue:
        ends = {due.line.slot.grace_ends_on for due in overdue}
        day = language.day_long(min(ends))
        until = (
            _("Can be made up until %(day)s.", day=day)
            if len(ends) == 1
            else _("The first can be made up until %(day)s.", day=day)
        )
        return ngettext("%(num)d review is overdue.", "%(num)d reviews are overdue.", len(overdue)), until
    if missed:
        said = ngettext("%(num)d slot was missed.", "%(num)d slots were missed.", len(missed))
        return said, _("The grace is over. Please explain why; auditors will read it.")
    if soon:
        day = language.day_long(min(due.line.slot.due_on for due in soon))
        said = ngettext("%(num)d review is due soon.", "%(num)d reviews are due soon.", len(soon))
        return said, _("Due by %(day)s.", day=day)
    n = len(letter.actions)
    said = ngettext("%(num)d action is past its due date.", "%(num)d actions are past their due date.", n)
    return said, _("Please say that it is done, or move it.")


def _button(letter: Letter) -> tuple[str, str]:
    """The one next deed: close the meeting that was held, plan one, explain what was missed, see to an action."""
    overdue, missed, soon = _split(letter)
    for due in (*overdue, *soon):
        if due.to_close:
            words = _("Close the meeting of %(day)s", day=language.day(due.to_close.planned_on))
            return words, link("reviews.log", meeting_id=due.to_close.id)
    if overdue or (soon and not missed):
        return _("Plan a meeting"), link("meetings.plan")
    if missed:
        one = missed[0]
        return _("Explain"), link("channels.explain", channel_id=one.channel.id, key=one.line.slot.key)
    return _("To the action"), link("actions.show", action_id=letter.actions[0].id)


def _plan_words(letter: Letter) -> str:
    """How a meeting that is agreed on quiets the reminders; only where something is overdue and none was held."""
    overdue, _missed, _soon = _split(letter)
    if not overdue or all(due.to_close for due in overdue):
        return ""
    return str(_("Is a meeting agreed on already? Enter it: until its day these reminders rest."))


def _absent(letter: Letter) -> str:
    """For whom the recipient stands in."""
    return ", ".join(dict.fromkeys(letter.absent.values()))


def _groups(dues: list[Due], on: date) -> Iterator[Group]:
    """By kind and slot, in the order of the letter: worst first."""
    for (kind, slot), found in groupby(dues, key=lambda due: (kind_of(due), due.line.slot)):
        overdue = kind is Stage.OVERDUE
        until = _("Can be made up until %(day)s.", day=language.day(slot.grace_ends_on)) if overdue else ""
        title = _title(slot, on, kind)
        yield Group(title, kind is not Stage.NOTICE, until, tuple(_line(due) for due in found))


def _title(slot: Slot, on: date, kind: Stage) -> str:
    words = {"slot": language.slot_name(slot), "day": language.day(slot.due_on)}
    days = abs((on - slot.due_on).days)
    if kind is Stage.MISSED:
        ended = language.day(slot.grace_ends_on)
        return str(_("Missed: %(slot)s, the grace ended on %(ended)s", ended=ended, **words))
    if kind is Stage.OVERDUE:
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
    alarm, url = "", link("channels.show", channel_id=due.channel.id)
    if due.owed.stage is Stage.MISSED:
        words = _("The explanation by the management is missing.")
        url = link("channels.explain", channel_id=due.channel.id, key=due.line.slot.key)
    elif due.to_close:
        alarm = _("The meeting of %(day)s is not closed yet.", day=language.day(due.to_close.planned_on))
    return Line(due.channel.platform, place(due.channel), url, words, alarm)


def place(channel: Channel) -> str:
    """Name and unit of a channel, said once where they are the same."""
    return ", ".join(dict.fromkeys([channel.name, channel.unit.name]))


def _actions(actions: list[Action], on: date) -> Iterator[Group]:
    if actions:
        lines = tuple(
            Line(one.what, one.channel.platform + ", " + place(one.channel) if one.channel else "",
                 link("actions.show", action_id=one.id), _overdue_since(one, on))
            for one in actions
        )  # fmt: skip
        yield Group(
            ngettext("Action past its due date", "Actions past their due date", len(actions)), True, "", lines
        )


def _overdue_since(action: Action, on: date) -> str:
    days = (on - action.due_on).days
    ago = ngettext("%(num)d day ago", "%(num)d days ago", days)
    return str(_("was due on %(day)s (%(ago)s)", day=language.day(action.due_on), ago=ago))


def _why(letter: Letter) -> str:
    reasons = {
        Why.RESPONSIBLE: _("responsible for the channel"),
        Why.MANAGER: _("manager"),
        Why.ESCALATION: _("contact for escalation: nothing has happened for some time"),
        Why.OWNER: _("owner of the action"),
        Why.FALLBACK: _("recipient for channels that nobody is responsible for"),
    }
    return ", ".join(str(words) for why, words in reasons.items() if why in letter.why)
