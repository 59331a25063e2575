"""The rules by which what is closed is compared with the entries that closed it, over plain rows.

The chain proves that the journal was not changed; this proves that the rows still say what the journal said when they
were closed. Somebody who took the locks away, changed a rating and put the locks back is found here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion

Said: TypeAlias = Mapping[str, str | None]  # words by field; None where they were erased

PARTS = (*(one.value for one in Criterion), "checks", "decision")
OF_HEAD = ("chair", "minute_taker", "place", "time", "present", "excused", "guests")
REVIEW_OF = "review-of-channel-"
SOON = timedelta(
    hours=1
)  # a deed writes its rows this much before its entry at most, also where it had to wait
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Key:
    """Which row: of a head the meeting's id and the version, of all others the id."""

    kind: str  # review, head, explanation, obligation, meeting, entry
    id: int
    version: int = 0


@dataclass(frozen=True)
class Finding:
    """Something that is not as the journal says. `what` is a field, or one of MISSING, UNNAMED, TWICE, UNREADABLE."""

    key: Key
    what: str
    entry: int | None = None
    meeting: int | None = None  # of a review


MISSING, UNNAMED, TWICE, UNREADABLE = "missing", "unnamed", "twice", "unreadable"


@dataclass(frozen=True)
class Told:
    """What one entry says of one row. `at` is the entry's moment, "2026-03-31T10:00:00Z"."""

    key: Key
    entry: int
    at: str
    ids: Mapping[str, Any]
    said: Said


@dataclass(frozen=True)
class Row:
    """The row itself in the words of an entry. Of moments, those without another beside them were written with it."""

    ids: Mapping[str, Any]
    said: Mapping[str, str]
    moments: tuple[tuple[str, str, str | None], ...] = ()  # field, the moment, and the one it should be


@dataclass
class Heard:
    """What entries told so far of rows that may change once more: obligations end."""

    obligations: dict[int, Told] = field(default_factory=dict)


def told(number: int, deed: str, body: str, words: Said, heard: Heard) -> Iterator[Told]:
    """What an entry closed; of obligations nothing, they stay in `heard`. ValueError if it does not say."""
    try:
        entry = json.loads(body)
        ids = {**entry["ids"], "by": entry["by"]}
        if deed in {Deed.OBLIGATIONS_BEGIN, Deed.OBLIGATIONS_END}:
            _owe(
                deed, Told(Key("obligation", _id(ids["obligation"])), number, entry["at"], ids, words), heard
            )
            return
        for key, about, said in _closed(deed, ids, words):
            yield Told(key, number, entry["at"], about, {**said, **_of(words, "", ("by",))})
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"entry {number} does not say what it closed") from wrong


def _closed(deed: str, ids: Mapping[str, Any], words: Said) -> Iterator[tuple[Key, Mapping[str, Any], Said]]:
    """Key, numbers and words of each row that such an entry tells of."""
    if deed == Deed.MEETINGS_CLOSE:
        meeting = _id(ids["meeting"])
        yield Key("head", meeting, 1), {**ids, "version": 1}, _of(words, "", OF_HEAD)
        for name, review in ids.items():
            if name.startswith(REVIEW_OF):
                channel = int(name.removeprefix(REVIEW_OF))
                about = {"meeting": meeting, "channel": channel, "by": ids["by"]}
                yield Key("review", _id(review)), about, _of(words, f"channel-{channel}.", PARTS)
    elif deed == Deed.MEETINGS_CORRECT:
        said = {**_of(words, "after.", OF_HEAD), **_of(words, "", ("reason",))}
        yield Key("head", _id(ids["meeting"]), _id(ids["version"])), ids, said
    elif deed == Deed.REVIEWS_CORRECT:
        said = {**_of(words, "after.", PARTS), **_of(words, "", ("reason",))}
        yield Key("review", _id(ids["review"])), ids, said
    elif deed == Deed.CHANNELS_EXPLAIN:
        yield Key("explanation", _id(ids["explanation"])), ids, _of(words, "", ("text",))


def _owe(deed: str, one: Told, heard: Heard) -> None:
    """An obligation begins, or gets its last day; one that would never have begun goes away."""
    known = heard.obligations.get(one.key.id)
    if deed == Deed.OBLIGATIONS_BEGIN:
        heard.obligations[one.key.id] = replace(one, said=_of(one.said, "", ("cause",)))
    elif known is not None and one.ids["until"] < known.ids["from"]:
        del heard.obligations[one.key.id]
    elif known is not None:
        ids = {**known.ids, "until": one.ids["until"]}
        heard.obligations[one.key.id] = replace(known, entry=one.entry, ids=ids)


def _of(words: Said, prefix: str, fields: Iterable[str]) -> dict[str, str | None]:
    return {name: words[prefix + name] for name in fields if prefix + name in words}


def _id(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_ID:
        raise TypeError("not an id")
    return value


def differences(one: Told, row: Row) -> tuple[list[Finding], int]:
    """What of a row differs from what its entry told, and how many fields cannot be compared any more.

    What is empty is left out of the words of an entry.
    """
    wrong = {name for name, value in row.ids.items() if value != one.ids.get(name)}
    erased = 0
    for name in {**one.said, **row.said}:
        if name in one.said and one.said[name] is None:
            erased += 1
        elif one.said.get(name, "") != row.said.get(name, ""):
            wrong.add(name)
    for name, moment, expected in row.moments:
        if moment != expected if expected is not None else not _soon(moment, one.at):
            wrong.add(name)
    meeting = row.ids.get("meeting")
    return [Finding(one.key, name, one.entry, meeting) for name in sorted(wrong)], erased


@lru_cache(maxsize=1024)  # what was closed together has the same moments
def _soon(moment: str, at: str) -> bool:
    """Whether a stored moment is that of the entry, but for the time that the deed took."""
    try:
        stored, noted = (datetime.fromisoformat(text).replace(tzinfo=None) for text in (moment, at))
    except ValueError:
        return False
    return abs(noted - stored) <= SOON
