"""A file in which a channel has another platform looks like a new channel and one left out: noticing it in time.

A channel is known by unit, platform and name. Renamed on its page first, it keeps its reviews and its obligations.
"""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.concept.changes import newest_version
from tracker.concept.schema import ConceptFile, fold
from tracker.extensions import db
from tracker.models import Channel, ConceptText


@dataclass(frozen=True)
class Suspected:
    """A channel of the newest version that the file lacks, and what it probably calls it now."""

    channel: Channel
    platform: str
    name: str

    @property
    def was(self) -> str:
        """Platform and name so far."""
        return f"{self.channel.platform} {self.channel.name}"

    @property
    def title(self) -> str:
        """Platform and name in the file."""
        return f"{self.platform} {self.name}"


def suspected(concept: ConceptFile) -> list[Suspected]:
    """The channels whose platform alone differs in the file: same unit, same name, one gone and one come."""
    newest = newest_version()
    if newest is None:
        return []
    described = select(ConceptText.channel_id).where(ConceptText.version_id == newest.id)
    rows = {_identity(row): row for row in db.session.scalars(select(Channel))}
    told = {row.id for row in db.session.scalars(select(Channel).where(Channel.id.in_(described)))}
    said = {one.identity: one for one in concept.channels}
    gone = [row for identity, row in rows.items() if identity not in said and row.id in told]
    come = {identity: one for identity, one in said.items() if identity not in rows}
    found = []
    for row in gone:
        unit, _platform, name = _identity(row)
        alike = [one for key, one in come.items() if (key[0], key[2]) == (unit, name)]
        rivals = [one for one in gone if (_identity(one)[0], _identity(one)[2]) == (unit, name)]
        if len(alike) == len(rivals) == 1:
            found.append(Suspected(row, alike[0].platform, alike[0].name))
    return found


def _identity(channel: Channel) -> tuple[str, str, str]:
    return fold(channel.unit.key), fold(channel.platform), fold(channel.name)
