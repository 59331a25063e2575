"""The numbers and keys of a journal entry, each by its name and with a link to where it is found.

An unknown key is told as it stands, a thing that is gone, or that the reader may not see, by its number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker import language
from tracker.evidence import journal_words
from tracker.evidence.journal_names import Names, numbers
from tracker.evidence.journal_telling import channel, in_words
from tracker.rules.slots import Slot

PAGES = {"channel": ("channels.show", "channel_id"), "meeting": ("meetings.show", "meeting_id"),
         "action": ("actions.show", "action_id"), "user": ("people.show", "person_id"),
         "mail": ("reminders.mail", "mail_id"), "check_item": ("checklist.show", "item_id"),
         "figures_upload": ("figures.uploaded", "upload_id")}  # fmt: skip
NUMBERED = frozenset({"mail", "figures_upload"})  # things without a name
LISTS = {"channels": "channel", "added": "channel", "removed": "channel", "invited": "contact",
         "uninvited": "contact", "units": "unit"}  # fmt: skip
PAIRS = (
    ("before", "due_on"),
    ("place_before", "place"),
    ("from", "held_on"),
    ("years_before", "years"),
)  # of the same thing, before and after
MOVED = ("from", "on")  # so it is of a meeting, which then has a sequence
OF_REVIEW = re.compile(r"review-of-channel-(\d+)")


@dataclass(frozen=True)
class Thing:
    """A number or key of an entry: its title, what it stands for, and where that is found."""

    title: str
    words: str
    url: str = ""


def things(ids: Mapping[str, Any], names: Names, may_link: Mapping[str, bool]) -> list[Thing]:
    """The numbers and keys of an entry, those that say something. `may_link` tells kinds that lead nowhere for one."""
    told: list[Thing] = []
    before = {after: was for was, after in _pairs(ids)}
    for name, value in ids.items():
        if name in journal_words.UNTOLD or value in ("", None) or name in before.values():
            continue
        if name in before:
            was, now = _value(name, ids[before[name]], names), _value(name, value, names)
            told.append(
                Thing(journal_words.thing(name), _("before: %(was)s → after: %(now)s", was=was, now=now))
            )
            continue
        of_review = OF_REVIEW.fullmatch(name)
        if of_review:
            channel_id = int(of_review[1])
            told.append(Thing(_("Review"), channel(channel_id, names), _review_url(value, channel_id, names)))
        else:
            url = _url(name, value, ids, names) if may_link.get(name, True) else ""
            told.append(Thing(journal_words.thing(name), _value(name, value, names), url))
    return told


def _pairs(ids: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Which numbers or keys of an entry are the same thing before and after."""
    pairs = (*PAIRS, MOVED) if "sequence" in ids else PAIRS
    return [
        (was, now) for was, now in pairs if was in ids and now in ids and type(ids[was]) is type(ids[now])
    ]


def _value(name: str, value: Any, names: Names) -> str:
    known: dict[str, Mapping[int, str]] = {
        "channel": names.channel, "action": names.action, "user": names.user, "contact": names.contact,
        "before": names.contact, "unit": names.unit, "check_item": names.item,
        "meeting": {key: language.day(on) for key, on in names.meeting.items()},
        "review": {key: f"{channel(of, names)} ({key})" for key, of in names.review.items()},
        "concept_version": {key: _("version %(n)s", n=number) for key, number in names.version.items()},
        "public": {0: _("no"), 1: _("yes")},
    }  # fmt: skip
    known["replaces"] = known["review"]
    if name == "years" and not value:
        return _("not replaced")
    if name in {"table", "column"}:
        return journal_words.of_column(name, str(value))
    if isinstance(value, int):
        return known.get(name, {}).get(value, str(value))
    if name in LISTS:
        listed: Mapping[int, str] = getattr(names, LISTS[name])
        return ", ".join(listed.get(each, str(each)) for each in numbers(value)) or str(value)
    return _slot(value) if name == "slot" else in_words(name, str(value))


def _slot(value: Any) -> str:
    try:
        return language.slot_name(Slot.of_key(str(value)))
    except ValueError:
        return str(value)


def _url(name: str, value: Any, ids: Mapping[str, Any], names: Names) -> str:
    known: dict[str, Mapping[int, Any]] = {
        "channel": names.channel, "meeting": names.meeting, "action": names.action, "user": names.user,
        "check_item": names.item,
    }  # fmt: skip
    if name in {"review", "replaces"}:
        return _review_url(value, names.review.get(value) if isinstance(value, int) else None, names)
    if name == "concept_version" and isinstance(value, int) and value in names.version:
        return url_for("concept.version", number=names.version[value])
    if name == "slot" and ids.get("channel") in list(names.channel):
        return url_for("channels.show", channel_id=ids["channel"], _anchor=f"slot-{value}")
    if name in PAGES and numbers(value) == [value] and (name in NUMBERED or value in known[name]):
        endpoint, argument = PAGES[name]
        place: dict[str, Any] = {argument: value}
        return url_for(endpoint, **place)
    return ""


def _review_url(review_id: Any, channel_id: int | None, names: Names) -> str:
    """A review stands on its channel's page."""
    if channel_id not in names.channel or numbers(review_id) != [review_id] or review_id not in names.review:
        return ""
    return url_for("channels.show", channel_id=channel_id, _anchor=f"review-{review_id}")
