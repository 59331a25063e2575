"""The concept as it was published, and what it leaves open."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from tracker import accounts, language
from tracker.concept.changes import newest_version
from tracker.concept.comparing import Comparison, compare
from tracker.concept.gaps import Gap, gaps
from tracker.concept.schema import ConceptFile, FileChannel
from tracker.extensions import db
from tracker.models import Channel, ConceptVersion, Contact, User
from tracker.rules.deciding import state_on
from tracker.rules.words import ChannelState
from tracker.standings import states_by_channel


@dataclass(frozen=True)
class Published:
    """One version with its content, its gaps, and the rows of its channels in the order of the file."""

    version: ConceptVersion
    concept: ConceptFile
    gaps: tuple[Gap, ...]
    channels: dict[int, Channel]  # by place in the file, from 0
    newest: bool

    def row(self, described: FileChannel) -> Channel | None:
        """The installation's channel that a channel of the file became."""
        places = {one.identity: place for place, one in enumerate(self.concept.channels)}
        return self.channels.get(places.get(described.identity, -1))

    @property
    def by_row(self) -> dict[int, FileChannel]:
        """The channels of the file by the id of their row."""
        return {self.channels[place].id: said for place, said in enumerate(self.concept.channels)}

    def by_unit(self) -> list[tuple[str, list[FileChannel]]]:
        """The channels of the file with the names of their units, both in its order; units without channels too."""
        return [
            (unit.name, [one for one in self.concept.channels if one.unit == unit.key])
            for unit in self.concept.units
        ]


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
    states, today = states_by_channel(), language.today()
    closed = {
        said.identity
        for place, said in enumerate(concept.channels)
        if place in channels and state_on(states[channels[place].id], today) is ChannelState.CLOSED
    }
    found = gaps(concept, linked_labels(), closed)
    return Published(version, concept, found, channels, version.id == newest.id)


def compared(older: Published, newer: Published) -> Comparison:
    """What differs between two versions, in the reader's language."""
    return compare(older.concept, newer.concept, older.by_row, newer.by_row)


def before(version: ConceptVersion) -> Published | None:
    """The version before one; None for the first."""
    query = select(func.max(ConceptVersion.number)).where(ConceptVersion.number < version.number)
    number = db.session.scalar(query)
    return published(number) if number is not None else None


def authors(found: list[ConceptVersion]) -> dict[int, str]:
    """Who made these versions, by the id of the person; without one it was the system."""
    query = select(User.id, User.full_name).where(User.id.in_({one.by_id for one in found if one.by_id}))
    return {key: str(name) for key, name in db.session.execute(query)}


def linked_labels() -> frozenset[str]:
    """The names of the concept behind which an active person or a mailbox stands, so that somebody can be told."""
    query = select(Contact.name).outerjoin(User, Contact.user_id == User.id)
    return frozenset(db.session.scalars(query.where(or_(Contact.email.is_not(None), accounts.that_hold()))))


def versions() -> list[ConceptVersion]:
    """All versions, newest first."""
    return list(db.session.scalars(select(ConceptVersion).order_by(ConceptVersion.number.desc())))
