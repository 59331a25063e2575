"""What a concept file says, as plain values: the shape that is compared, stored and read back.

A key that the file leaves out is None or empty here: a gap of the concept, never an invented value.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from tracker.concept.problems import Problem
from tracker.rules.words import ChannelState, Criterion


def fold(words: str) -> str:
    """The words as they are compared: without regard to case, spacing and the spelling of umlauts in bytes."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", words).casefold()).split())


@dataclass(frozen=True)
class FileOrganisation:
    """The body, as its file names it. Platforms are those of the concept's opening list."""

    name: str
    timezone: str | None = None
    language: str | None = None
    holiday_region: str | None = None
    website: str | None = None
    platforms: tuple[str, ...] = ()
    legal_references: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileMention:
    """A channel that the concept mentions in passing; whether it is described as well is for the gaps to say."""

    platform: str
    name: str


@dataclass(frozen=True)
class FileContacts:
    """Whom people can turn to, and by which other ways they learn what the channels say."""

    data_protection_officer: str | None = None
    alternative_routes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileCommitment:
    """A sentence that holds for every channel; known by its key from version to version."""

    key: str
    text: str


@dataclass(frozen=True)
class FileUnit:
    """A part of the body that runs channels; known by its key from version to version."""

    key: str
    name: str


@dataclass(frozen=True)
class FileChannel:
    """One presence of one unit on one platform, as the concept describes it."""

    platform: str
    name: str
    unit: str
    responsible: str | None = None
    deputy: str | None = None
    provider: str | None = None
    purpose: str | None = None
    content: str | None = None
    audience: str | None = None
    address: str | None = None
    reviews_per_year: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    state: ChannelState | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """Unit, platform and name as they are compared: no two channels share it."""
        return fold(self.unit), fold(self.platform), fold(self.name)

    @property
    def acting_state(self) -> ChannelState:
        """How the channel is run: as the file says, else active."""
        return self.state or ChannelState.ACTIVE


@dataclass(frozen=True)
class ConceptFile:
    """A whole concept. Two are equal if they say the same; warnings about the file do not count."""

    organisation: FileOrganisation
    reviews_per_year: int
    criteria: tuple[Criterion, ...]
    units: tuple[FileUnit, ...]
    channels: tuple[FileChannel, ...]
    commitments: tuple[FileCommitment, ...] = ()
    mentions: tuple[FileMention, ...] = ()
    contacts: FileContacts = FileContacts()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    def cadence_of(self, channel: FileChannel) -> int:
        """How many reviews a year are promised for the channel: its own number, else the concept's."""
        return channel.reviews_per_year or self.reviews_per_year

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content: comments, spacing and the order of keys do not change it, every word does."""
        canonical = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The content for storing, dates as ISO text. What is absent is left out, so that a key which the format
        learns later does not change the fingerprint of an old concept."""
        written = {**asdict(self), "warnings": None}
        return {key: _plain(value) for key, value in written.items() if _said(value)}

    @classmethod
    def of_json(cls, content: dict[str, Any]) -> Self:
        """What `to_json` wrote, read back; KeyError, TypeError or ValueError if it was something else."""
        organisation = dict(content["organisation"])
        for key in ("platforms", "legal_references"):
            organisation[key] = tuple(organisation.get(key, ()))
        contacts = content.get("contacts", {})
        return cls(
            organisation=FileOrganisation(**organisation),
            reviews_per_year=content["reviews_per_year"],
            criteria=tuple(Criterion(word) for word in content["criteria"]),
            units=tuple(FileUnit(**unit) for unit in content["units"]),
            channels=tuple(_channel(channel) for channel in content["channels"]),
            commitments=tuple(FileCommitment(**commitment) for commitment in content.get("commitments", ())),
            mentions=tuple(FileMention(**mention) for mention in content.get("mentions", ())),
            contacts=FileContacts(
                contacts.get("data_protection_officer"), tuple(contacts.get("alternative_routes", ()))
            ),
        )


def _said(value: object) -> bool:
    if isinstance(value, dict):
        return any(_said(inner) for inner in value.values())
    return value is not None and value != ()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if _said(inner)}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value  # a word of an enum becomes the plain word


def _channel(written: dict[str, Any]) -> FileChannel:
    state = written.get("state")
    days = {
        key: date.fromisoformat(written[key]) if written.get(key) else None
        for key in ("opened_on", "closed_on")
    }
    return FileChannel(**{**written, **days, "state": ChannelState(state) if state else None})
