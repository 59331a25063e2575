"""The concept as it was published, and what it leaves open."""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.concept.changes import newest_version
from tracker.concept.gaps import Gap, gaps
from tracker.concept.schema import ConceptFile
from tracker.extensions import db
from tracker.models import Channel, ConceptVersion, Contact


@dataclass(frozen=True)
class Published:
    """One version with its content, its gaps, and the rows of its channels in the order of the file."""

    version: ConceptVersion
    concept: ConceptFile
    gaps: tuple[Gap, ...]
    channels: dict[int, Channel]  # by place in the file, from 0
    newest: bool


def published(number: int | None = None) -> Published | None:
    """The newest version, or one by its number; None if there is none."""
    newest = newest_version()
    query = select(ConceptVersion).where(ConceptVersion.number == number)
    version = newest if number is None else db.session.scalars(query).first()
    if version is None or newest is None:
        return None
    concept = ConceptFile.of_json(version.content)
    texts = sorted(version.texts, key=lambda text: text.id)
    channels = dict(enumerate(text.channel for text in texts))
    return Published(version, concept, gaps(concept, linked_labels()), channels, version.id == newest.id)


def linked_labels() -> frozenset[str]:
    """The names of the concept behind which a person or a mailbox stands, so that somebody can be told."""
    reachable = (Contact.user_id.is_not(None)) | (Contact.email.is_not(None))
    return frozenset(db.session.scalars(select(Contact.name).where(reachable)))


def versions() -> list[ConceptVersion]:
    """All versions, newest first."""
    return list(db.session.scalars(select(ConceptVersion).order_by(ConceptVersion.number.desc())))
