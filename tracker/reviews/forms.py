"""What the log asks: the names of its fields, how each is read, and what is refused.

A field is named by its key: "chair" in the head, "channel-7.legality.reason" in the row of channel 7. Every value is
kept as text, as it was typed but cleaned; a list of people is their ids with commas.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from tracker.rules.judgement import REASON_MAX, clean
from tracker.rules.words import Answer, Criterion, Decision, Level

LINE_MAX = 200  # characters of a name or place
ACTIONS_MAX = 20  # of one channel in one meeting
HEAD = {
    "held_on": "day",
    "begins_at": "time",
    "ends_at": "time",
    "place": "line",
    "chair": "line",
    "minute_taker": "line",
    "present": "people",
    "guests": "names",
    "excused": "people",
    "nobody_excused": "tick",
}
RATING = {"level": "level", "reason": "text", "unchanged": "tick"}
ROW = {
    **{f"{criterion}.{part}": kind for criterion in Criterion for part, kind in RATING.items()},
    "decision": "decision",
    "decision.from_on": "day",
    "decision.reason": "text",
    "decision.successor": "channel",
}
ACTION = {"what": "text", "owner": "contact", "due_on": "day"}
KEY = re.compile(r"channel-(\d{1,9})\.(.+)")
CHECK_FIELD = re.compile(r"check-[1-9]\d{0,8}(\.note)?")
CONFIRMED = "confirmed"  # an answer: as last time, looked at no more closely
ACTION_FIELD = re.compile(r"action-([1-9]\d?)\.(what|owner|due_on)")
WORDS_OF: Mapping[str, frozenset[str]] = {
    "level": frozenset(Level),
    "decision": frozenset(Decision),
    "answer": frozenset({*Answer, CONFIRMED}) - {Answer.NOT_CHECKED},
}
TEXTS = frozenset({"text", "line", "names"})


@dataclass(frozen=True)
class Known:
    """What may be chosen: names by id."""

    people: Mapping[int, str]
    contacts: Mapping[int, str]
    channels: Mapping[int, str]


@dataclass
class Typed:
    """What a form brought: values that can be kept, those refused with the reason, and what the page had shown.

    `shown` has, for each field that was not empty, the versions of its drafts and the digest of its value; `choices`
    are answers to "two versions of one text", by key. What is `overtaken` is refused once: the next answer holds.
    """

    values: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    overtaken: set[str] = field(default_factory=set)

    def changed(self, key: str) -> bool:
        """Whether a field differs from what the page had shown."""
        return digest(self.values[key]) != self.shown.get(key, ("", digest("")))[1]


def key_of(channel_id: int | None, name: str) -> str:
    """The key of a field of the head (no channel) or of a channel's row."""
    return name if channel_id is None else f"channel-{channel_id}.{name}"


def parts_of(key: str) -> tuple[int | None, str]:
    """The channel and the field's name in it; the opposite of key_of."""
    found = KEY.fullmatch(key)
    return (int(found[1]), found[2]) if found else (None, key)


def kind_of(channel_id: int | None, name: str) -> str | None:
    """How a field is read; None for a name that the log does not ask."""
    if channel_id is None:
        return HEAD.get(name)
    action = ACTION_FIELD.fullmatch(name)
    if action:
        return ACTION[action[2]] if int(action[1]) <= ACTIONS_MAX else None
    check = CHECK_FIELD.fullmatch(name)
    if check:
        return "text" if check[1] else "answer"
    return ROW.get(name)


def digest(value: str) -> str:
    """A short fingerprint, by which a page remembers what it had shown."""
    return sha256(value.encode()).hexdigest()[:12]


def read(form: MultiDict[str, str], channel_ids: Iterable[int], known: Callable[[], Known]) -> Typed:
    """Read a posted log; rows of channels that are not in `channel_ids` are left alone.

    `known` is asked only where a field has to name one of them.
    """
    allowed = frozenset(channel_ids)
    typed = Typed(shown=_shown(form.get("shown", "")))
    head = HEAD if form.get("with_head") else {}
    rows = [key for key in form if (parts_of(key)[0] or 0) in allowed]
    for key in [*head, *rows]:
        channel_id, name = parts_of(key)
        kind = kind_of(channel_id, name)
        if kind is None:
            continue
        # a box that is not ticked sends only the empty value before it
        said = form.getlist(key)[-1] if key in form else ""
        value = _listed(form, key, known) if kind == "people" else clean(said)
        value, problem = _checked(kind, value, known)
        typed.values[key] = value
        if problem:
            typed.refused[key] = problem
        if form.get(f"choose:{key}"):
            typed.choices[key] = form[f"choose:{key}"]
    return typed


def _listed(form: MultiDict[str, str], key: str, known: Callable[[], Known]) -> str:
    given = {int(one) for one in form.getlist(key) if one.isascii() and one.isdigit() and len(one) < 10}
    return ",".join(str(one) for one in sorted(given & set(known().people)))


def _checked(kind: str, value: str, known: Callable[[], Known]) -> tuple[str, str]:
    """The value as it is kept, and what is the matter with it, if anything."""
    if not value:
        return "", ""
    match kind:
        case "text" | "line" | "names":
            return value, too_long(kind, value)
        case "day":
            day = as_day(value)
            return (day.isoformat(), "") if day else (value, _("There is no such day: %(day)s. Write it as 2026-10-20.", day=value[:40]))  # fmt: skip # noqa: E501
        case "time":
            moment = as_time(value)
            return (f"{moment:%H:%M}", "") if moment else (value, _("There is no such time: %(time)s. Write it as 14:30.", time=value[:40]))  # fmt: skip # noqa: E501
        case "tick":
            return "1", ""
        case "level" | "decision" | "answer":
            return value, "" if value in WORDS_OF[kind] else _("Choose one of the answers.")
        case "contact" | "channel":
            ids = known().contacts if kind == "contact" else known().channels
            return value, "" if value in map(str, ids) else _("Choose an entry of the list.")
    return value, ""


def too_long(kind: str, value: str) -> str:
    """What to say about a text that does not fit; empty if it does. Of names each line must fit."""
    if kind not in TEXTS:
        return ""
    most = REASON_MAX if kind == "text" else LINE_MAX
    longest = max(map(len, value.splitlines()), default=0) if kind == "names" else len(value)
    over = longest - most
    if over <= 0:
        return ""
    return ngettext(
        "One character too many: at most %(most)s fit. Nothing of this text was saved yet.",
        "%(num)s characters too many: at most %(most)s fit. Nothing of this text was saved yet.",
        over,
        most=most,
    )


def as_day(value: str) -> date | None:
    """A day written as 2026-10-20 or 20.10.2026, between 1990 and 2199; None for anything else."""
    for pattern, form in ((r"\d{4}-\d\d-\d\d", "%Y-%m-%d"), (r"\d\d?\.\d\d?\.\d{4}", "%d.%m.%Y")):
        if re.fullmatch(pattern, value, re.ASCII):
            try:
                day = datetime.strptime(value, form).date()  # noqa: DTZ007 - a plain day
            except ValueError:
                return None
            return day if 1990 <= day.year < 2200 else None
    return None


def as_time(value: str) -> time | None:
    """A time of day written as 14:30; None for anything else."""
    if not re.fullmatch(r"\d\d?:\d\d(:\d\d)?", value, re.ASCII):
        return None
    try:
        return datetime.strptime(value[:5].rstrip(":"), "%H:%M").time()  # noqa: DTZ007 - a plain time
    except ValueError:
        return None


def as_ids(value: str) -> tuple[int, ...]:
    """The ids in a kept list of people."""
    return tuple(int(one) for one in value.split(",") if one.isdigit())


def _shown(text: str) -> dict[str, tuple[str, str]]:
    """What the page had shown; a broken list counts as nothing shown, which can only lead to more questions."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(key): (str(value[0]), str(value[1]))
        for key, value in found.items()
        if isinstance(value, list) and len(value) == 2
    }
