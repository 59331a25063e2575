"""Taking a concept in: organisation, units, channels, commitments, a version of the texts, and what is owed from when.

Loading the same content again changes nothing. A changed file makes a new version and never closes a channel.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import asking, clock, journal, language, obligations
from tracker.concept.schema import ConceptFile, FileChannel, fold
from tracker.extensions import db
from tracker.models import Channel, Commitment, ConceptText, ConceptVersion, Contact, Organisation, Unit, User
from tracker.rules.deciding import StateFrom, Turn, state_on
from tracker.rules.deeds import Deed
from tracker.rules.obligating import criteria_owed, next_common_start
from tracker.rules.slots import slot_on
from tracker.rules.words import ChannelState, Criterion
from tracker.steps import Step, unwatched

TEXTS = ("purpose", "content", "audience", "responsible", "deputy", "provider", "address")
DEFAULTS = {"timezone": "Europe/Berlin", "language": "de", "holiday_region": "DE-BW"}


@dataclass
class Loaded:
    """What came of loading: no version where the content was known already."""

    version: ConceptVersion | None = None
    new_channels: list[Channel] = field(default_factory=list)
    changed_channels: list[Channel] = field(default_factory=list)
    left_out: list[Channel] = field(default_factory=list)  # in the installation, no longer in the file


def load(
    concept: ConceptFile, filename: str, since: date | None, by: User | None = None, step: Step = unwatched
) -> Loaded:
    """Take a concept in. `since` is the day its obligations begin or change, in the organisation's zone.

    Without it they begin with the current slot, and change with the next one. RuleBroken if a change would reach into
    a slot that has ended, or a cadence would change within a slot.
    """
    db.session.get(Organisation, 1, with_for_update=True)  # whoever else makes a version waits
    before = newest_version()
    if before is not None and before.fingerprint == concept.fingerprint:
        return Loaded()
    organisation = _organisation(concept)
    today = clock.today(organisation.timezone)
    units = _units(concept)
    version = new_version(concept, filename, since or today, before, by)
    loaded = Loaded(version)
    known = {_identity(channel): channel for channel in db.session.scalars(select(Channel))}
    told = _told_before(before)
    for position, described in enumerate(concept.channels, start=1):
        step(position, len(concept.channels), "channels")
        unit = units[described.unit]
        channel = known.pop((unit.id, fold(described.platform), fold(described.name)), None)
        if channel is None:
            channel = _new_channel(described, unit, position)
            _owe_first(concept, described, channel, since, today, version)
            loaded.new_channels.append(channel)
        else:
            previous = told.get(described.identity)
            channel.position, channel.platform, channel.name = position, described.platform, described.name
            said = _promised(concept, described)
            if said != previous:
                rerun = previous is None or said.run != previous.run
                _owe_differently(concept, described, channel, since, today, version, rerun)
                loaded.changed_channels.append(channel)
        link(described, channel)
        keep_texts(version, described, channel)
    loaded.left_out = list(known.values())
    asking.take_in(version)
    ids: dict[str, int | str] = {"version": version.number, "fingerprint": version.fingerprint}
    journal.note(db.session, Deed.CONCEPT_LOAD, version, ids=ids, words={"filename": filename}, by=by)
    return loaded


def newest_version() -> ConceptVersion | None:
    """The concept in force."""
    return db.session.scalars(select(ConceptVersion).order_by(ConceptVersion.number.desc()).limit(1)).first()


def _identity(channel: Channel) -> tuple[int, str, str]:
    return channel.unit_id, fold(channel.platform), fold(channel.name)


def _organisation(concept: ConceptFile) -> Organisation:
    said = concept.organisation
    row = db.session.get(Organisation, 1)
    if row is None:
        row = Organisation(id=1, name=said.name, **DEFAULTS)
        db.session.add(row)
    row.name, row.website = said.name, said.website
    for name in DEFAULTS:
        setattr(row, name, getattr(said, name) or getattr(row, name))
    db.session.flush()
    return row


def _units(concept: ConceptFile) -> dict[str, Unit]:
    rows = {unit.key: unit for unit in db.session.scalars(select(Unit))}
    for position, said in enumerate(concept.units, start=1):
        row = rows.get(said.key)
        if row is None:
            row = rows[said.key] = Unit(key=said.key, name=said.name, position=position)
            db.session.add(row)
        row.name, row.position = said.name, position
    db.session.flush()
    return rows


def new_version(concept: ConceptFile, filename: str, since: date, before: ConceptVersion | None, by: User | None, reason: str = "") -> ConceptVersion:  # fmt: skip # noqa: E501
    """The row of a version that follows `before`, with its commitments."""
    version = ConceptVersion(
        number=(before.number if before else 0) + 1,
        since_on=since,
        loaded_at=clock.now(),
        by_id=by.id if by else None,
        filename=filename,
        fingerprint=concept.fingerprint,
        reason=reason,
        content=concept.to_json(),
    )
    for position, said in enumerate(concept.commitments, start=1):
        version.commitments.append(Commitment(key=said.key, text=said.text, position=position))
    db.session.add(version)
    db.session.flush()
    return version


def _new_channel(said: FileChannel, unit: Unit, position: int) -> Channel:
    channel = Channel(
        unit_id=unit.id,
        platform=said.platform,
        name=said.name,
        opened_on=said.opened_on,
        position=position,
    )
    db.session.add(channel)
    db.session.flush()
    return channel


def keep_texts(version: ConceptVersion, said: FileChannel, channel: Channel) -> None:
    """What the version says of a channel."""
    texts = {name: getattr(said, name) for name in TEXTS}
    db.session.add(ConceptText(version_id=version.id, channel_id=channel.id, **texts))


def link(said: FileChannel, channel: Channel) -> None:
    """The contact that the concept names, once; whom a manager has chosen since stays."""
    if said.responsible is None or channel.contact_id is not None:
        return
    contact = db.session.scalars(select(Contact).where(Contact.name == said.responsible)).first()
    if contact is None:
        contact = Contact(name=said.responsible)
        db.session.add(contact)
        db.session.flush()
    channel.contact_id = contact.id


class _Promised(NamedTuple):
    """What a file says of a channel that decides what is owed: how it is run, how often and on what reviewed."""

    run: tuple[ChannelState, date | None, date | None]
    n: int
    criteria: frozenset[Criterion]


def _promised(concept: ConceptFile, said: FileChannel) -> _Promised:
    run = (said.acting_state, said.opened_on, said.closed_on)
    return _Promised(run, concept.cadence_of(said), frozenset(concept.criteria))


def _told_before(before: ConceptVersion | None) -> dict[tuple[str, str, str], _Promised]:
    if before is None:
        return {}
    concept = ConceptFile.of_json(before.content)
    return {said.identity: _promised(concept, said) for said in concept.channels}


def _owe_first(concept: ConceptFile, said: FileChannel, channel: Channel, since: date | None, today: date, version: ConceptVersion) -> None:  # fmt: skip # noqa: E501
    """A channel of which nothing was known, or that was only planned. Its obligation may begin in the past."""
    n, cause = concept.cadence_of(said), _cause(version)
    from_on = max(since or slot_on(today, n).begins_on, said.opened_on or date.min)
    until_on = said.closed_on - timedelta(days=1) if said.closed_on else None
    obligations.open_as(channel, _states(said, said.opened_on or from_on), cause)
    if until_on is None or until_on >= from_on:
        criteria = criteria_owed(said.acting_state, concept.criteria)
        obligations.begin(channel, from_on, n, criteria, cause, until_on)


def _states(said: FileChannel, first: date) -> tuple[StateFrom, ...]:
    """How the file says a channel is run, from its first day on; one that is closed was active before that."""
    if said.closed_on is None:
        return (StateFrom(first, said.acting_state),)
    running = ChannelState.ACTIVE if said.acting_state is ChannelState.CLOSED else said.acting_state
    begun = (StateFrom(first, running),) if first < said.closed_on else ()
    return (*begun, StateFrom(said.closed_on, ChannelState.CLOSED))


def _owe_differently(concept: ConceptFile, said: FileChannel, channel: Channel, since: date | None, today: date, version: ConceptVersion, rerun: bool) -> None:  # fmt: skip # noqa: E501
    """`rerun`: the file says something new of how the channel is run. Else what was decided since then stays."""
    channel.opened_on = said.opened_on
    before = obligations.course_of(channel)
    if not before.promises:  # it was only planned until now
        _owe_first(concept, said, channel, since, today, version)
        return
    n, cause = concept.cadence_of(said), _cause(version)
    from_on = since or next_common_start(today, before.promises[-1].n, n)
    from_on = max(from_on, said.opened_on or date.min)
    if state_on(before.states, from_on) is ChannelState.CLOSED and not rerun:
        return
    if said.closed_on is None or from_on < said.closed_on:
        wanted = Turn(from_on, said.acting_state if rerun else None, n, frozenset(concept.criteria))
        obligations.turn(channel, wanted, cause, today)
    if said.closed_on is not None and rerun:
        obligations.turn(channel, Turn(said.closed_on, ChannelState.CLOSED), cause, today)


def _cause(version: ConceptVersion) -> str:
    """Kept in the organisation's language: it is part of the record, like what people write."""
    with force_locale(language.house_language()):
        return _("Concept, version %(number)s", number=version.number)


def publish(organisation: Organisation, *, public: bool) -> bool:
    """Open the published concept to everybody, or close it. False if it is so already."""
    if organisation.concept_public == public:
        return False
    organisation.concept_public = public
    journal.note(db.session, Deed.CONCEPT_PUBLISH, ids={"public": int(public)})
    return True
