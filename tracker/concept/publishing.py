"""The concept as everybody may read it: the version in force today, and when its channels were last evaluated.

Page and PDF draw the same sheet, in the organisation's language; the words around the concept's texts in another one if
asked for. The days come from closed meetings, so that what is
published and what is done cannot drift apart. Nothing internal stands on it: no person with an account, no verdict, no
reason, no plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker import language
from tracker.concept.comparing import TITLES
from tracker.concept.queries import Published, published
from tracker.concept.references import successor
from tracker.concept.schema import FileChannel
from tracker.concept_news import number_in_force
from tracker.extensions import db
from tracker.models import MeetingHead, Rating, Review
from tracker.rules.deciding import StateFrom, state_on
from tracker.rules.words import ChannelState, Criterion
from tracker.standings import states_by_channel

SHOWN = ("purpose", "content", "audience", "responsible", "deputy", "provider", "address")


class Fact(NamedTuple):
    """A title and a text; `said` if the text is the concept's own, not our word for a gap."""

    title: str
    text: str
    said: bool


@dataclass(frozen=True)
class ChannelSheet:
    """One channel in words: titles with texts, criteria with the day of their last evaluation."""

    name: str
    state: str
    texts: tuple[Fact, ...]
    evaluated: tuple[tuple[str, str], ...]
    cadence: str  # where it is not that of the concept


@dataclass(frozen=True)
class Sheet:
    """The whole page in words; `as_of` is when it last became different, in UTC.

    `language` is that of the words around the concept's texts, `texts_in` that of the texts.
    """

    language: str
    texts_in: str
    title: str
    organisation: str
    website: str
    version: str
    promise: str
    evaluated: str
    facts: tuple[Fact, ...]
    legal: tuple[tuple[str, str], ...]  # what is cited, and what stands there today if that is outdated
    commitments: tuple[str, ...]
    criteria: tuple[str, ...]
    units: tuple[tuple[str, tuple[ChannelSheet, ...]], ...]
    as_of: datetime


def sheet(today: date, frame_in: str = "") -> Sheet | None:
    """What is published on a day of the organisation's; None before a concept was loaded.

    `frame_in` is de or en for the words around the texts; anything else means the organisation's language.
    """
    found = published(number_in_force(today))
    if found is None:
        return None
    spoken = frame_in if frame_in in language.LANGUAGES else language.house_language()
    with force_locale(spoken):
        return _sheet(found, today, spoken)


def _sheet(found: Published, today: date, spoken: str) -> Sheet:
    concept, days, states = found.concept, _last_days(), states_by_channel()
    since = {row.id: _state(states[row.id], today) for row in found.channels.values()}
    ids = {said.identity: found.channels[place].id for place, said in enumerate(concept.channels)}
    units = tuple(
        (
            name,
            tuple(
                _channel(found, one, since[ids[one.identity]], days.get(ids[one.identity], {}))
                for one in listed
            ),
        )
        for name, listed in found.by_unit()
        if listed
    )
    said = concept.organisation
    return Sheet(
        language=spoken,
        texts_in=language.house_language(),
        title=_("Social media concept"),
        organisation=said.name,
        website=said.website or "",
        version=_("Version %(number)s, in force since %(day)s", number=found.version.number,
                  day=language.day(found.version.since_on)),
        promise=_promise(concept.reviews_per_year, concept.criteria),
        evaluated=_("Each channel says below when an editorial meeting last did so. The days are taken from the minutes that were closed."),  # noqa: E501
        facts=tuple(
            _fact(key, text)
            for key, text in (
                ("data_protection_officer", concept.contacts.data_protection_officer),
                ("alternative_routes", ", ".join(concept.contacts.alternative_routes)),
            )
        ),
        legal=tuple((one, _today(one)) for one in said.legal_references),
        commitments=tuple(one.text for one in concept.commitments),
        criteria=tuple(language.word(one) for one in concept.criteria),
        units=units,
        as_of=max([found.version.loaded_at, *_closed_last()]),
    )  # fmt: skip


def _fact(key: str, text: str | None) -> Fact:
    """A gap of the concept is named, not hidden."""
    return Fact(str(TITLES[key]), text or _("not named"), bool(text))


def _today(reference: str) -> str:
    now = successor(reference)
    return _("today: %(reference)s", reference=now) if now else ""


def _promise(n: int, criteria: tuple[Criterion, ...]) -> str:
    words = [language.word(one) for one in criteria]
    listed = (
        _("%(several)s and %(last)s", several=", ".join(words[:-1]), last=words[-1])
        if words[1:]
        else words[0]
    )
    return ngettext(
        "Editorial meetings evaluate each channel at least once a year: %(criteria)s.",
        "Editorial meetings evaluate each channel at least %(num)s times a year: %(criteria)s.",
        n,
        criteria=listed,
    )


def _channel(found: Published, said: FileChannel, state: str, days: Mapping[Criterion, date]) -> ChannelSheet:
    concept, n = found.concept, found.concept.cadence_of(said)
    cadence = ""
    if n != concept.reviews_per_year:
        cadence = ngettext(
            "This channel at least once a year.", "This channel at least %(num)s times a year.", n
        )
    return ChannelSheet(
        name=f"{said.platform}: {said.name}",
        state=state,
        texts=tuple(_fact(name, getattr(said, name)) for name in SHOWN),
        evaluated=tuple(
            (language.word(one), language.day(days[one]) if one in days else _("not yet"))
            for one in concept.criteria
        ),
        cadence=cadence,
    )


def _state(states: list[StateFrom], today: date) -> str:
    """How the channel is run, where that is not as usual."""
    state = state_on(tuple(states), today)
    if state is ChannelState.ACTIVE:
        return ""
    since = max((one.from_on for one in states if one.from_on <= today), default=None)
    if since is None:
        return language.word(state)
    return _("%(state)s since %(day)s", state=language.word(state), day=language.day(since))


def _last_days() -> dict[int, dict[Criterion, date]]:
    """By channel and criterion the day of the last meeting that rated it, of ratings that no correction replaced."""
    replaced = select(Review.replaces_id).where(
        Review.replaces_id.is_not(None), Review.closed_at.is_not(None)
    )
    query = (
        select(Review.channel_id, Rating.criterion, func.max(MeetingHead.held_on))
        .join(Review, Rating.review_id == Review.id)
        .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
        .where(Review.closed_at.is_not(None), MeetingHead.in_force(), Review.id.not_in(replaced))
        .group_by(Review.channel_id, Rating.criterion)
    )
    found: dict[int, dict[Criterion, date]] = {}
    for channel_id, criterion, day in db.session.execute(query):
        found.setdefault(channel_id, {})[criterion] = day
    return found


def _closed_last() -> list[datetime]:
    """When a review was closed last, in UTC; empty if none was."""
    moment = db.session.scalar(
        select(Review.closed_at)
        .where(Review.closed_at.is_not(None))
        .order_by(Review.closed_at.desc())
        .limit(1)
    )
    return [moment] if moment is not None else []
