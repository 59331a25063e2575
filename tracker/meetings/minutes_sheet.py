"""The minutes as a sheet of plain words, in one language: what the PDF and the mail are both made from."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker import answers, language
from tracker.meetings import minutes_words as words
from tracker.meetings.minutes import Minutes, agreed_until, until_on
from tracker.meetings.results import Result
from tracker.models import Action, Review


@dataclass(frozen=True)
class Verdict:
    """One criterion. `level` is the plain word of the rules ("none": not discussed), for a sign beside the word.

    `answers` are lines on what was asked besides.
    """

    criterion: str
    level: str
    word: str
    reason: str
    remarks: str
    answers: list[str]


@dataclass(frozen=True)
class Agreed:
    """One action, by whom, until when, and what became of it by the day of printing."""

    what: str
    channel: str
    owner: str
    until: str
    state: str


@dataclass(frozen=True)
class Older:
    """A version of a review that was replaced, readable still."""

    title: str
    verdicts: list[Verdict]
    decision: str


@dataclass(frozen=True)
class Reviewed:
    """One channel."""

    name: str
    counts: str
    correction: str
    verdicts: list[Verdict]
    decision: str
    actions: list[Agreed]
    older: list[Older]


@dataclass(frozen=True)
class Unit:
    """The channels of one unit."""

    name: str
    channels: list[Reviewed]


@dataclass(frozen=True)
class Sheet:
    """Everything, in the order of the page."""

    language: str
    organisation: str
    title: str
    occasion: str
    notes: list[str]
    facts: list[tuple[str, str]]
    older_heads: list[tuple[str, list[tuple[str, str]]]]
    tally: str
    older_actions: list[Agreed]
    units: list[Unit]
    not_discussed: list[str]
    next_on: str
    signatures: list[tuple[str, str]]
    closed: str
    as_of: str


def sheet(minutes: Minutes) -> Sheet:
    """The minutes in the language that is set."""
    head, house, meeting = minutes.head, language.organisation(), minutes.meeting
    return Sheet(
        language="de" if language.german() else "en",
        organisation=house.name if house else "",
        title=words.title(minutes),
        occasion=language.occasion(minutes.meeting.cause),
        notes=words.notes(minutes),
        facts=words.facts(head),
        older_heads=[
            (_("Replaced version of %(moment)s", moment=language.moment(one.written_at)), words.facts(one))
            for one in reversed(minutes.older_heads)
        ],
        tally=", ".join(words.tally(minutes.tally)),
        older_actions=[_older_action(one, minutes) for one in minutes.older_actions],
        units=[
            Unit(name, [_channel(one, name, minutes.on) for one in found]) for name, found in minutes.groups
        ],
        not_discussed=[words.channel_with_unit(one) for one in minutes.not_discussed],
        next_on=language.day_long(minutes.next_on) if minutes.next_on else _("not planned yet"),
        signatures=[(_("Chair"), head.chair), (_("Minutes taken by"), head.minute_taker)],
        closed=_("Closed on %(moment)s by %(name)s", moment=language.moment(meeting.closed_at),
                 name=meeting.heads[0].by_name),
        as_of=_("as of %(day)s", day=language.day(minutes.on)),
    )  # fmt: skip


def _older_action(one: Action, minutes: Minutes) -> Agreed:
    until = until_on(one, minutes.head.held_on, language.zone())
    return _agreed(one, until, minutes.on, words.channel_with_unit(one.channel) if one.channel else "")


def _agreed(one: Action, until: date, on: date, channel: str = "") -> Agreed:
    return Agreed(one.what, channel, one.owner.name, language.day(until), words.state(one, until, on))


def _channel(result: Result, unit_name: str, on: date) -> Reviewed:
    review, older = result.review, list(zip(result.versions, result.versions[1:], strict=False))
    return Reviewed(
        name=words.channel(result, unit_name),
        counts="; ".join(words.counts(result)),
        correction=words.corrected(review) if older else "",
        verdicts=_verdicts(result, review),
        decision=words.decision(review.decision) if review.decision else "",
        actions=[_agreed(one, agreed_until(one), on) for one in result.actions],
        older=[_older(result, one, newer) for one, newer in reversed(older)],
    )


def _older(result: Result, one: Review, newer: Review) -> Older:
    title = _("Earlier version of %(moment)s", moment=language.moment(one.closed_at))
    replaced = _("Replaced by the version of %(moment)s.", moment=language.moment(newer.closed_at))
    decided = words.decision(one.decision) if one.decision else ""
    return Older(f"{title}. {replaced}", _verdicts(result, one), decided)


def _verdicts(result: Result, review: Review) -> list[Verdict]:
    return [
        Verdict(
            criterion=language.word(criterion),
            level=rating.level.value if rating else "none",
            word=language.word(rating.level) if rating else words.unrated(result, review, criterion),
            reason=rating.reason if rating else "",
            remarks=", ".join(words.remarks(result, rating)),
            answers=answers.lines(answers.of_criterion(review, criterion), criterion),
        )
        for criterion, rating in result.verdicts(review)
    ]
