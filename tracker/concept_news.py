"""What changed in the concept since a channel's legality was rated last: why the next meeting is to look at it anew.

The log, the planned meeting and the channel's page ask here. The text that was judged is that of the version a review
names; platform and name are those the review kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from tracker import language
from tracker.extensions import db
from tracker.models import Channel, ConceptText, ConceptVersion, MeetingHead, Rating, Review
from tracker.rules.concept_changed import Part, changed_parts, checks_concerned
from tracker.rules.words import Criterion

WORDS: dict[Part, Any] = {
    Part.PLATFORM: _l("Platform"),
    Part.NAME: _l("Name of the channel"),
    Part.PURPOSE: _l("Purpose"),
    Part.CONTENT: _l("Content"),
    Part.AUDIENCE: _l("Audience"),
    Part.RESPONSIBLE: _l("Responsible"),
    Part.DEPUTY: _l("Deputy"),
    Part.PROVIDER: _l("Provider"),
    Part.ADDRESS: _l("Address"),
    Part.LEGAL_REFERENCES: _l("Legal references"),
    Part.DATA_PROTECTION_OFFICER: _l("Data protection officer"),
    Part.ALTERNATIVE_ROUTES: _l("Alternative routes"),
    Part.COMMITMENTS: _l("Commitments"),
}
TEXTS = (
    Part.PURPOSE,
    Part.CONTENT,
    Part.AUDIENCE,
    Part.RESPONSIBLE,
    Part.DEPUTY,
    Part.PROVIDER,
    Part.ADDRESS,
)


@dataclass(frozen=True)
class News:
    """One part that says something else than when legality was rated last. Versions are numbers, if known."""

    part: Part
    judged_on: date
    judged: int | None
    now: int | None
    checks: tuple[str, ...]  # keys of the items of the checklist to look at anew

    @property
    def words(self) -> str:
        """What the part is called, in the reader's language."""
        return str(WORDS[self.part])


class _Judged(NamedTuple):
    held_on: date
    number: int | None
    platform: str
    name: str


def number_in_force(on: date) -> int | None:
    """The version of the concept that holds on a day: the newest that has begun, else the first; None without any."""
    return _versions(on)[0]


def _versions(on: date) -> tuple[int | None, int]:
    """The version that holds on a day, and how many there are."""
    begun = func.max(ConceptVersion.number).filter(ConceptVersion.since_on <= on)
    query = select(func.coalesce(begun, func.min(ConceptVersion.number)), func.count(ConceptVersion.id))
    number, count = db.session.execute(query).one()
    return number, count


def since_last_legality(channels: Iterable[Channel]) -> dict[int, list[News]]:
    """By channel id what changed since its last rating of legality; channels without news are left out.

    Channels never rated have none: everything is looked at then. Four statements at most, however many channels.
    """
    known = {one.id: one for one in channels}
    newest, versions = _versions(language.today())
    perhaps = known.keys() & _perhaps_changed() if versions < 2 else known.keys()
    judged = _judged(perhaps) if perhaps else {}
    if not judged:
        return {}
    numbers = {one.number for one in judged.values() if one.number is not None} | {newest}
    several = len(numbers) > 1  # of one version all parts say the same as then
    general, texts = (_general(numbers), _texts(numbers, judged)) if several else ({}, {})
    found = {}
    for channel_id, last in judged.items():
        channel = known[channel_id]
        then: dict[Part, str | None] = {Part.PLATFORM: last.platform, Part.NAME: last.name}
        now: dict[Part, str | None] = {Part.PLATFORM: channel.platform, Part.NAME: channel.name}
        then |= general.get(last.number, {}) | texts.get((last.number, channel_id), {})
        now |= general.get(newest, {}) | texts.get((newest, channel_id), {})
        parts = changed_parts(then, now)
        if parts:
            found[channel_id] = [
                News(part, last.held_on, last.number, newest, checks_concerned([part])) for part in parts
            ]
    return found


def why(news: Iterable[News]) -> str:
    """The reason in one sentence, in the reader's language; empty without news."""
    listed = list(news)
    if not listed:
        return ""
    return _(
        "The concept has changed since legality was rated on %(day)s (%(parts)s): please check legality anew.",
        day=language.day(listed[0].judged_on),
        parts=", ".join(one.words for one in listed),
    )


def _perhaps_changed() -> set[int]:
    """The channels that were called something else in some review: without a new version nothing else can change."""
    renamed = or_(Review.platform != Channel.platform, Review.channel_name != Channel.name)
    return set(db.session.scalars(select(Channel.id).join(Review).where(renamed).distinct()))


def _judged(channel_ids: Collection[int]) -> dict[int, _Judged]:
    """The newest rating of legality in force of each channel: its day, the version it judged, the names then."""
    replaced = select(Review.replaces_id).where(
        Review.replaces_id.is_not(None), Review.closed_at.is_not(None)
    )
    place = func.row_number().over(
        partition_by=Review.channel_id, order_by=(MeetingHead.held_on.desc(), Review.id.desc())
    )
    query = (
        select(Review.channel_id, MeetingHead.held_on, Review.concept_number, Review.platform,
               Review.channel_name, place.label("place"))
        .join(Rating, Rating.review_id == Review.id)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(Review.channel_id.in_(channel_ids), Review.closed_at.is_not(None), Review.id.not_in(replaced))
        .where(Rating.criterion == Criterion.LEGALITY, MeetingHead.in_force())
        .subquery()
    )  # fmt: skip
    rows = db.session.execute(select(query).where(query.c.place == 1))
    return {channel_id: _Judged(*values) for channel_id, *values, _place in rows}


def _general(numbers: Collection[int | None]) -> dict[int | None, dict[Part, str | None]]:
    """What these versions say for all channels, by number."""
    query = select(ConceptVersion.number, ConceptVersion.content)
    found: dict[int | None, dict[Part, str | None]] = {}
    for number, content in db.session.execute(query.where(ConceptVersion.number.in_(numbers))):
        contacts = content.get("contacts", {})
        found[number] = {
            Part.LEGAL_REFERENCES: "\n".join(content["organisation"].get("legal_references", ())),
            Part.DATA_PROTECTION_OFFICER: contacts.get("data_protection_officer"),
            Part.ALTERNATIVE_ROUTES: "\n".join(contacts.get("alternative_routes", ())),
            Part.COMMITMENTS: "\n".join(one["text"] for one in content.get("commitments", ())),
        }
    return found


def _texts(
    numbers: Collection[int | None], channel_ids: Collection[int]
) -> dict[tuple[int | None, int], dict[Part, str | None]]:
    """What these versions say of each channel, by number and channel."""
    query = (
        select(ConceptVersion.number, ConceptText)
        .join(ConceptText, ConceptText.version_id == ConceptVersion.id)
        .where(ConceptVersion.number.in_(numbers), ConceptText.channel_id.in_(channel_ids))
    )
    return {
        (number, row.channel_id): {part: getattr(row, part.value) for part in TEXTS}
        for number, row in db.session.execute(query)
    }
