"""What somebody else changed of a person while this page was being filled in: what was seen, what is so now."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import language
from tracker.models import Unit, User
from tracker.people.roles import roles_of
from tracker.rules.words import Role

LANGUAGES = {"de": _l("German"), "en": _l("English")}


@dataclass(frozen=True)
class Changed:
    """One thing that is not as it was shown, in words."""

    what: str
    before: str
    now: str


def shown(person: User) -> str:
    """What a page shows of a person, for its hidden field."""
    roles = {role.value: [unit.id for unit in units] for role, units in roles_of(person).items()}
    told = {
        "full_name": person.full_name, "email": person.email, "language": person.language or "", "roles": roles,
        "from_on": str(person.from_on or ""), "until_on": str(person.until_on or ""),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def changed(seen: str, person: User, units: list[Unit]) -> list[Changed]:
    """What differs between what a page showed and what is so now; empty also where `seen` cannot be read."""
    try:
        before, now = json.loads(seen), json.loads(shown(person))
        words = [_words(one, units) for one in (before, now)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    return [Changed(what, old, words[1][what]) for what, old in words[0].items() if old != words[1][what]]


def _words(told: dict[str, Any], units: list[Unit]) -> dict[str, str]:
    said = {
        _("Name"): str(told["full_name"]),
        _("E-mail address"): str(told["email"]),
        _("Language"): str(LANGUAGES.get(told["language"]) or _("as the browser says")),
    }
    for name, title in (("from_on", _("Access from")), ("until_on", _("Access until"))):
        said[title] = language.day(date.fromisoformat(told[name])) if told[name] else _("open")
    for role in Role:
        limits = told["roles"].get(role.value)
        names = [unit.name for unit in units if limits and unit.id in limits]
        said[language.word(role)] = _("no") if limits is None else ", ".join(names) or _("all units")
    return said
