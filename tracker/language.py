"""Which language a page or mail speaks, and how dates, numbers and the words of the rules read in it."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import format_date, format_datetime, format_decimal, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user

from tracker import catalogue, clock
from tracker.extensions import db
from tracker.models import CheckWording, Organisation
from tracker.rules.slots import Slot
from tracker.rules.words import (
    Answer,
    ChannelState,
    Criterion,
    Decision,
    Level,
    Outcome,
    Role,
    Stage,
    Standing,
    WhyUntold,
)

LANGUAGES = ("de", "en")
DEFAULT = "de"

WORDS: dict[type[StrEnum], dict[str, Any]] = {
    Criterion: {
        "cost_benefit": _l("cost-benefit"),
        "legality": _l("legality"),
        "strategy": _l("strategy"),
    },
    Level: {"clear": _l("clear"), "remark": _l("remark"), "objection": _l("objection")},
    Answer: {
        "met": _l("met"),
        "partly": _l("partly"),
        "not_met": _l("not met"),
        "not_applicable": _l("not applicable"),
        "not_checked": _l("not checked"),
    },
    Outcome: {
        "kept": _l("kept"),
        "late": _l("late"),
        "missed": _l("missed"),
        "open": _l("open"),
        "coming": _l("coming"),
        "not_owed": _l("not owed"),
    },
    Standing: {
        "current": _l("current"),
        "due_soon": _l("due soon"),
        "overdue": _l("overdue"),
        "not_owed": _l("at rest"),
    },
    Decision: {
        "continue": _l("continue"),
        "adjust": _l("adjust"),
        "crisis_only": _l("crisis communication only"),
        "dormant": _l("let it rest"),
        "replace": _l("replace"),
        "close": _l("close"),
    },
    ChannelState: {
        "planned": _l("planned"),
        "active": _l("active"),
        "crisis_only": _l("crisis only"),
        "dormant": _l("dormant"),
        "closed": _l("closed"),
    },
    Stage: {
        "notice": _l("notice"),
        "overdue": _l("overdue"),
        "escalation": _l("escalation"),
        "weekly": _l("weekly reminder"),
        "missed": _l("missed"),
    },
    WhyUntold: {
        "planned": _l("A meeting is planned."),
        "nobody": _l("There is nobody with an address who could act."),
        "inactive": _l("The account is deactivated or does not hold on this day."),
        "no_address": _l("There is no address that mail could reach."),
        "may_not": _l("Has no role with which something could be done about it."),
    },
    Role: {
        "editor": _l("editorial team"),
        "manager": _l("management"),
        "auditor": _l("audit"),
        "admin": _l("administration"),
    },
}


def word(value: StrEnum | str | None) -> str:
    """The word for a value of the rules, in the language of the page."""
    if value is None:
        return "–"
    kind = type(value)
    return _word(catalogue.spoken(), kind, value) if kind in WORDS else str(value)


@cache
def _word(spoken: str, kind: type[StrEnum], value: str) -> str:  # noqa: ARG001 - remembered in that language
    """The word in the language that is spoken now: a matrix says the same words thousands of times."""
    return str(WORDS[kind][value])


def chosen() -> str:
    """The language of this request: the person's, else the one picked, else the browser's, else the organisation's."""
    if not has_request_context():
        return house_language()
    if current_app.config["DEBUG_LANGUAGE"] in LANGUAGES:
        return str(current_app.config["DEBUG_LANGUAGE"])
    if current_user and current_user.is_authenticated and current_user.language in LANGUAGES:
        return str(current_user.language)
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    return request.accept_languages.best_match(LANGUAGES) or house_language()


def zone() -> str:
    """The organisation's time zone."""
    found = organisation()
    return found.timezone if found else "Europe/Berlin"


def house_language() -> str:
    """The organisation's language, for mails to mailboxes and files made by commands."""
    found = organisation()
    return found.language if found and found.language in LANGUAGES else DEFAULT


def organisation() -> Organisation | None:
    """The one row of the organisation, or None before a concept was loaded; asked once in a request."""
    if not has_request_context():
        return db.session.get(Organisation, 1)
    if "organisation" not in g:
        g.organisation = db.session.get(Organisation, 1)
    found: Organisation | None = g.organisation
    return found


def today() -> date:
    """The day it is for the organisation."""
    return clock.today(zone())


def day(value: date | None) -> str:
    """13.10.2026, or 13 Oct 2026; a dash for a day that is not known."""
    if value is None:
        return "–"
    return format_date(value, "dd.MM.yyyy" if german() else "d MMM yyyy", rebase=False)


def day_long(value: date | None) -> str:
    """Dienstag, 13. Oktober 2026, or Tuesday, 13 October 2026."""
    if value is None:
        return "–"
    return format_date(value, "full" if german() else "EEEE, d MMMM yyyy", rebase=False)


def appointment(on: date, starts_at: time | None) -> str:
    """Dienstag, 13. Oktober 2026, 10:00 Uhr; the day alone where no time is set. Both are local to the organisation."""
    found = day_long(on)
    return _("%(day)s, %(time)s", day=found, time=f"{starts_at:%H:%M}") if starts_at else found


def day_short(value: date | None) -> str:
    """13.10. or 13 Oct, where the year is clear."""
    return "–" if value is None else format_date(value, "dd.MM." if german() else "d MMM", rebase=False)


def moment(value: datetime | None) -> str:
    """A moment in the organisation's time, to the minute."""
    if value is None:
        return "–"
    return format_datetime(value, "dd.MM.yyyy, HH:mm" if german() else "d MMM yyyy, HH:mm")


def time_of_day(value: datetime) -> str:
    """A moment of today in the organisation's time, to the second."""
    return format_datetime(value, "HH:mm:ss")


def number(value: float | None) -> str:
    """A number as the language writes it; unknown is a dash, never 0."""
    return "–" if value is None else format_decimal(value)


def slot_name(slot: Slot, with_year: bool = True) -> str:
    """How people call a slot: 3. Quartal 2026, Jahr 2026, Mai 2026."""
    name = _name(catalogue.spoken(), slot.n, slot.number, slot.begins_on.month)
    return f"{name} {slot.year}" if with_year else name


@cache
def _name(spoken: str, n: int, number: int, month: int) -> str:  # noqa: ARG001 - remembered in that language
    names = {
        1: pgettext("slot", "year"),
        2: pgettext("slot", "H%(k)s", k=number),
        3: pgettext("slot", "third %(k)s", k=number),
        4: pgettext("slot", "Q%(k)s", k=number),
        6: pgettext("slot", "two months %(k)s", k=number),
    }
    return names.get(n) or format_date(date(2026, month, 1), "MMMM", rebase=False)


def german() -> bool:
    """Whether the page speaks German."""
    return catalogue.spoken() in {"", "de"}


def worded(wording: CheckWording) -> str:
    """A question that reviews ask, in the language of this page."""
    return wording.text(chosen())


def occasion(cause: str) -> str:
    """What kind of meeting it is: a special review has a cause."""
    return _("Special review: %(cause)s", cause=cause) if cause else _("Editorial meeting")


def register(app: Flask) -> None:
    """Filters and words for the templates."""
    app.add_template_global(word)
    app.add_template_global(slot_name)
    app.add_template_global(occasion)
    app.add_template_global(appointment)
    app.add_template_global(timedelta)
    for name in (day, day_long, day_short, moment, number, worded):
        app.add_template_filter(name)
