"""A new version of the concept out of the newest one and other texts: obligations, states and units stay as they are.

Nothing here commits. What one may not change here is changed by loading a file (changes.py) or on the channel's page.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker import asking, journal
from tracker.concept.changes import keep_texts, link, new_version
from tracker.concept.schema import ConceptFile, FileChannel
from tracker.extensions import db
from tracker.models import Channel, ConceptVersion, User
from tracker.rules.deeds import Deed

Obliging = tuple[object, ...]


def amend(
    before: ConceptVersion,
    concept: ConceptFile,
    since: date,
    reason: str,
    by: User,
    parts: Sequence[str],
    channel: Channel | None = None,
) -> ConceptVersion:
    """The version that says what `concept` says, in force from a day on. `parts` are the keys that changed.

    With a channel its texts and names may differ from those of `before`, without one the general part. ValueError if
    something else differs. A channel with other names stays the same row: what it owes and what was rated stays.
    """
    was = ConceptFile.of_json(before.content)
    rows = channels_of(before)
    place = None if channel is None else rows.index(channel)
    if _rest(was, place) != _rest(concept, place):
        raise ValueError("only the texts of this page may differ")
    version = new_version(concept, "", since, before, by, reason)
    words: dict[str, str | None] = {"reason": reason}
    if channel is not None and place is not None:
        words |= _rename(channel, concept.channels[place])
        if concept.channels[place].responsible != was.channels[place].responsible:
            link(concept.channels[place], channel)
    for row, described in zip(rows, concept.channels, strict=True):
        keep_texts(version, described, row)
    db.session.flush()
    asking.take_in(version)
    ids: dict[str, int | str] = {
        "version": version.number,
        "fingerprint": version.fingerprint,
        "parts": ",".join(parts),
    }
    things = (version,) if channel is None else (version, channel)
    unit_id = channel.unit_id if channel is not None else None
    journal.note(db.session, Deed.CONCEPT_CHANGE, *things, ids=ids, words=words, unit_id=unit_id, by=by)
    return version


def channels_of(version: ConceptVersion) -> list[Channel]:
    """The channels that a version describes, in the order of its content."""
    return [text.channel for text in sorted(version.texts, key=lambda text: text.id)]


def _rename(channel: Channel, said: FileChannel) -> dict[str, str | None]:
    """Take over platform and name; for the journal what the channel is called, before and after."""
    before, after = f"{channel.platform} {channel.name}", f"{said.platform} {said.name}"
    if before == after:
        return {"channel": after}
    channel.platform, channel.name = said.platform, said.name
    return {"channel.before": before, "channel.after": after}


def _rest(concept: ConceptFile, place: int | None) -> Obliging:
    """All that must stay: with a place everything but the texts of that channel, else all but the general part."""
    channels = list(concept.channels)
    if place is not None:
        said = channels[place]
        channels[place] = FileChannel(
            platform="",
            name="",
            unit=said.unit,
            reviews_per_year=said.reviews_per_year,
            opened_on=said.opened_on,
            closed_on=said.closed_on,
            state=said.state,
        )
        return (replace(concept, channels=tuple(channels)),)
    organisation = replace(concept.organisation, platforms=(), legal_references=())
    return organisation, concept.reviews_per_year, concept.criteria, concept.units, concept.channels
