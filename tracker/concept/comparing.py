"""What differs between two versions of the concept: in the general part, and channel by channel.

A channel is compared with itself by its row, so that one with other names is seen as renamed, not as another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from tracker import language
from tracker.concept.changes import TEXTS
from tracker.concept.schema import ConceptFile, FileChannel
from tracker.concept_news import WORDS

TITLES: dict[str, Any] = {part.value: words for part, words in WORDS.items()} | {
    "added": _l("New commitment"),
    "organisation": _l("Organisation"),
    "website": _l("Website"),
    "timezone": _l("Time zone"),
    "language": _l("Language"),
    "holiday_region": _l("Holiday region"),
    "platforms": _l("Platforms"),
    "mentions": _l("Mentioned in passing"),
    "reviews_per_year": _l("Reviews a year"),
    "criteria": _l("Criteria"),
    "units": _l("Units"),
    "unit": _l("Unit"),
    "state": _l("State"),
    "opened_on": _l("First day"),
    "closed_on": _l("First day without it"),
    "commitment": _l("Commitment"),
}


class Difference(NamedTuple):
    """One thing of both versions, as texts; empty where a version does not say it."""

    title: str
    old: str
    new: str


class Kind(StrEnum):
    """What became of a channel from one version to the other."""

    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()


@dataclass(frozen=True)
class ChannelDifference:
    """A channel that is not the same in both versions. The name is that of the newer one, where it has it."""

    title: str
    kind: Kind
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions."""

    general: tuple[Difference, ...]
    channels: tuple[ChannelDifference, ...]

    def __bool__(self) -> bool:
        return bool(self.general or self.channels)


def compare(
    older: ConceptFile,
    newer: ConceptFile,
    were: Mapping[int, FileChannel],
    are: Mapping[int, FileChannel],
) -> Comparison:
    """The differences in the reader's language; `were` and `are` are the channels of both by the id of their row."""
    channels = []
    for key in dict.fromkeys([*are, *were]):
        old, new = were.get(key), are.get(key)
        told = _differing(_of_channel(older, old) if old else {}, _of_channel(newer, new) if new else {})
        if told:
            named = new or old
            kind = Kind.CHANGED if old and new else Kind.ADDED if new else Kind.REMOVED
            channels.append(ChannelDifference(f"{named.platform} {named.name}" if named else "", kind, told))
    return Comparison(_differing(_general(older), _general(newer)), tuple(channels))


def differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    """The same for the fields of a page, which are named as TITLES has them, or are those of a commitment."""
    titles = {name: str(TITLES.get(name, TITLES["commitment"])) for name in [*old, *new]}
    return tuple(
        Difference(title, old.get(name, ""), new.get(name, ""))
        for name, title in titles.items()
        if old.get(name, "") != new.get(name, "")
    )


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    """By title; what only the older version has stands last."""
    return tuple(
        Difference(title.partition("\0")[0], old.get(title, ""), new.get(title, ""))
        for title in dict.fromkeys([*new, *old])
        if old.get(title, "") != new.get(title, "")
    )


def _general(concept: ConceptFile) -> dict[str, str]:
    """Commitments are told apart by their keys, which nobody needs to read."""
    said = concept.organisation
    mentions = "\n".join(f"{one.platform} {one.name}" for one in concept.mentions)
    found = {
        "organisation": said.name,
        "website": said.website or "",
        "timezone": said.timezone or "",
        "language": said.language or "",
        "holiday_region": said.holiday_region or "",
        "legal_references": "\n".join(said.legal_references),
        "data_protection_officer": concept.contacts.data_protection_officer or "",
        "alternative_routes": "\n".join(concept.contacts.alternative_routes),
        "platforms": "\n".join(said.platforms),
        "mentions": mentions,
        "reviews_per_year": str(concept.reviews_per_year),
        "criteria": ", ".join(language.word(one) for one in concept.criteria),
        "units": "\n".join(one.name for one in concept.units),
    }
    titled = {str(TITLES[name]): text for name, text in found.items()}
    return titled | {f"{TITLES['commitment']}\0{one.key}": one.text for one in concept.commitments}


def _of_channel(concept: ConceptFile, said: FileChannel) -> dict[str, str]:
    units = {one.key: one.name for one in concept.units}
    found = {
        "platform": said.platform,
        "name": said.name,
        "unit": units.get(said.unit, said.unit),
        **{name: getattr(said, name) or "" for name in TEXTS},
        "reviews_per_year": str(concept.cadence_of(said)),
        "state": language.word(said.acting_state),
        "opened_on": language.day(said.opened_on) if said.opened_on else "",
        "closed_on": language.day(said.closed_on) if said.closed_on else "",
    }
    return {str(TITLES[name]): text for name, text in found.items()}
