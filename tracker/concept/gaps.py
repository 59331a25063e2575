"""What a published concept leaves out, so that nobody has to search for it: its gaps.

A gap is no error: a concept with gaps is loaded and reviewed. Closed channels have none, nobody fills them any more.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from flask_babel import lazy_gettext as _l

from tracker.concept.references import successor
from tracker.concept.schema import ConceptFile, FileChannel, fold
from tracker.rules.words import ChannelState


class GapKind(StrEnum):
    """What is missing, in the order in which it is shown."""

    NO_RESPONSIBLE = auto()
    RESPONSIBLE_UNLINKED = auto()
    NO_DEPUTIES = auto()
    NO_AUDIENCE = auto()
    NO_PROVIDER = auto()
    MENTIONED_NOT_DESCRIBED = auto()
    PLATFORM_WITHOUT_CHANNEL = auto()
    OUTDATED_REFERENCE = auto()


WORDS = {
    GapKind.NO_RESPONSIBLE: _l("No responsible person is named."),
    GapKind.RESPONSIBLE_UNLINKED: _l(
        "“%(subject)s” is not linked to a person or a mailbox yet: nobody is told."
    ),
    GapKind.NO_DEPUTIES: _l("No deputy is named."),
    GapKind.NO_AUDIENCE: _l("No audience is described."),
    GapKind.NO_PROVIDER: _l("It is not said who the provider is."),
    GapKind.MENTIONED_NOT_DESCRIBED: _l("“%(subject)s” is mentioned, but not described."),
    GapKind.PLATFORM_WITHOUT_CHANNEL: _l(
        "“%(subject)s” is among the platforms, but no channel on it is described."
    ),
    GapKind.OUTDATED_REFERENCE: _l("“%(subject)s” is outdated; today: %(replacement)s."),
}
FOR_ALL = _l("No channel has a deputy.")


@dataclass(frozen=True)
class Gap:
    """One gap. The subject is what the concept says (a label, a reference, a platform, or platform and name).

    Channels are those it concerns; none where it concerns the concept as a whole.
    """

    kind: GapKind
    subject: str
    channels: tuple[FileChannel, ...] = ()
    replacement: str | None = None

    @property
    def words(self) -> str:
        """The gap in one sentence, in the language of the moment; the channels stand beside it."""
        if self.kind is GapKind.NO_DEPUTIES and not self.channels:
            return str(FOR_ALL)
        return str(WORDS[self.kind]) % {"subject": self.subject, "replacement": self.replacement}


def gaps(
    concept: ConceptFile,
    linked: Collection[str] | Callable[[str], bool],
    closed: Collection[tuple[str, str, str]] = (),
) -> tuple[Gap, ...]:
    """All gaps, kind by kind, then in the order of the file.

    `linked` holds, or answers for, the labels of responsible persons that lead to a person or a mailbox; a collection
    is compared without regard to case. `closed` are the channels, by identity, closed since the file was written.
    """
    channels = tuple(
        channel
        for channel in concept.channels
        if channel.acting_state is not ChannelState.CLOSED and channel.identity not in closed
    )
    is_linked = linked if callable(linked) else _contains(linked)
    return (
        *_without(GapKind.NO_RESPONSIBLE, channels, lambda channel: channel.responsible),
        *_unlinked(channels, is_linked),
        *_deputies(channels),
        *_without(GapKind.NO_AUDIENCE, channels, lambda channel: channel.audience),
        *_without(GapKind.NO_PROVIDER, channels, lambda channel: channel.provider),
        *_mentioned(concept),
        *_platforms(concept),
        *_references(concept),
    )


def _contains(labels: Collection[str]) -> Callable[[str], bool]:
    folded = {fold(label) for label in labels}
    return lambda label: fold(label) in folded


def _without(
    kind: GapKind, channels: Iterable[FileChannel], said: Callable[[FileChannel], str | None]
) -> Iterator[Gap]:
    """One gap for all channels that leave it out: it is filled channel by channel, and said once."""
    found = tuple(channel for channel in channels if not said(channel))
    if found:
        yield Gap(kind, _title(found[0]) if len(found) == 1 else "", found)


def _unlinked(channels: Iterable[FileChannel], is_linked: Callable[[str], bool]) -> Iterator[Gap]:
    """One gap for a label, however many channels carry it: it is filled in one place."""
    carried: dict[str, list[FileChannel]] = defaultdict(list)
    for channel in channels:
        if channel.responsible and not is_linked(channel.responsible):
            carried[fold(channel.responsible)].append(channel)
    for carriers in carried.values():
        yield Gap(GapKind.RESPONSIBLE_UNLINKED, carriers[0].responsible or "", tuple(carriers))


def _deputies(channels: tuple[FileChannel, ...]) -> Iterator[Gap]:
    """A gap of the whole concept if it knows no deputies at all, else one of the channels without."""
    if any(channel.deputy for channel in channels):
        yield from _without(GapKind.NO_DEPUTIES, channels, lambda channel: channel.deputy)
    elif channels:
        yield Gap(GapKind.NO_DEPUTIES, "")


def _mentioned(concept: ConceptFile) -> Iterator[Gap]:
    described = {(fold(channel.platform), fold(channel.name)) for channel in concept.channels}
    mentioned = {(fold(mention.platform), fold(mention.name)): mention for mention in concept.mentions}
    for identity, mention in mentioned.items():
        if identity not in described:
            yield Gap(GapKind.MENTIONED_NOT_DESCRIBED, f"{mention.platform} {mention.name}")


def _platforms(concept: ConceptFile) -> Iterator[Gap]:
    used = {fold(channel.platform) for channel in concept.channels}
    for platform in dict.fromkeys(concept.organisation.platforms):
        if fold(platform) not in used:
            yield Gap(GapKind.PLATFORM_WITHOUT_CHANNEL, platform)


def _references(concept: ConceptFile) -> Iterator[Gap]:
    for reference in dict.fromkeys(concept.organisation.legal_references):
        replacement = successor(reference)
        if replacement:
            yield Gap(GapKind.OUTDATED_REFERENCE, reference, replacement=replacement)


def _title(channel: FileChannel) -> str:
    return f"{channel.platform} {channel.name}"
