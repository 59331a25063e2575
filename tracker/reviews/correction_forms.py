"""What a correction asks: the fields of the channel's row in the log once more, and why it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from tracker import checks
from tracker.models import Check, Review
from tracker.reviews.corrections import Verdicts, verdicts_of
from tracker.reviews.forms import CONFIRMED, Known, key_of, read, too_long
from tracker.reviews.logged import LoggedCheck, LoggedDecision, LoggedRating
from tracker.reviews.reading import Carried, row_of
from tracker.rules.checking import CheckLine
from tracker.rules.closing import obstacles
from tracker.rules.deciding import Course
from tracker.rules.judgement import clean
from tracker.rules.log import ActionLine, DecisionLine, Head, Obstacle, ObstacleKind, Row
from tracker.rules.words import Answer, Criterion, Decision

REASON, WITHDRAW = "reason", "withdraw"


@dataclass(frozen=True)
class Correction:
    """What was typed: every field's value, those refused with the reason, and what the review would say then."""

    values: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)
    after: Verdicts = field(default_factory=lambda: Verdicts({}))

    @property
    def reason(self) -> str:
        """Why the correction is made."""
        return self.values.get(REASON, "")


def fields_of(review: Review) -> list[str]:
    """The names of the fields that say what a review says."""
    names = [f"{criterion}.{part}" for criterion in Criterion for part in ("level", "reason")]
    names += ["decision", "decision.from_on", "decision.reason", "decision.successor"]
    for one in checks.of_review(review.id):
        names += [*([_field(one)] if one.answer else []), f"{_field(one)}.note"]
    return [key_of(review.channel_id, name) for name in names]


def values_of(review: Review) -> dict[str, str]:
    """The fields as the review says them, before anything is typed."""
    said = verdicts_of(review)
    values = dict.fromkeys(fields_of(review), "")
    for criterion, rating in said.ratings.items():
        values[key_of(review.channel_id, f"{criterion}.level")] = rating.level.value
        values[key_of(review.channel_id, f"{criterion}.reason")] = rating.reason
    for one in checks.of_review(review.id):
        if one.answer:
            answer = "" if one.answer is Answer.NOT_CHECKED else one.answer.value
            values[key_of(review.channel_id, _field(one))] = answer
        values[key_of(review.channel_id, f"{_field(one)}.note")] = one.note
    if (line := said.decision) is not None:
        values[key_of(review.channel_id, "decision")] = line.decision.value
        values[key_of(review.channel_id, "decision.from_on")] = (
            line.from_on.isoformat() if line.from_on else ""
        )
        values[key_of(review.channel_id, "decision.reason")] = line.reason
        values[key_of(review.channel_id, "decision.successor")] = str(line.successor_id or "")
    return values


def _field(check: Check) -> str:
    return f"check-{check.wording_id}"


def typed(form: MultiDict[str, str], review: Review, known: Known) -> Correction:
    """What was posted about a review. A rating or decision that is left as it was keeps its "unchanged" mark."""
    found = read(form, [review.channel_id], lambda: known)
    values = {key: found.values.get(key, "") for key in fields_of(review)}
    values[REASON] = clean(form.get(REASON, ""))
    values[WITHDRAW] = "1" if form.get(WITHDRAW) else ""
    refused = {key: said for key, said in found.refused.items() if key in values}
    if said := too_long("text", values[REASON]):
        refused[REASON] = said
    if refused:
        return Correction(values, refused)
    return Correction(values, after=Verdicts({}) if values[WITHDRAW] else _after(review, values))


def problems_of(
    review: Review,
    correction: Correction,
    agreed: bool,
    today: date,
    courses: Mapping[str, Course] = MappingProxyType({}),
) -> tuple[Obstacle, ...]:
    """What still stands in the way, by the rules of closing; what stays as it was is not asked again.

    `agreed` says that an action answers an objection: one of this review, or one of the channel that is still open.
    `courses` tell how the channels are run that another decision would touch.
    """
    missing = () if correction.reason else (Obstacle(REASON, ObstacleKind.REASON_MISSING),)
    if correction.values.get(WITHDRAW):
        return missing
    before, after = verdicts_of(review), correction.after
    row, held_on = _row(review, correction.values), review.meeting.heads[-1].held_on
    asked = replace(
        row,
        ratings={one: verdict for one, verdict in row.ratings.items() if not _kept(one, before, after)},
        checks=() if after.checks == before.checks else row.checks,
        actions=(ActionLine("agreed", "agreed", held_on),) if agreed else (),
        decision=DecisionLine() if after.decision and after.decision == before.decision else row.decision,
    )
    head = Head(held_on, "given", "given", ("given",), nobody_excused=True)
    found = obstacles(head, [asked], today, courses)
    return (*(one for one in found if one.what is not ObstacleKind.NOTHING_RATED), *missing)


def _kept(criterion: Criterion, before: Verdicts, after: Verdicts) -> bool:
    """Whether a rating is the very same, and so is everything answered to it."""
    same = [[one for one in said.checks if one.criterion is criterion] for said in (before, after)]
    rated = criterion in after.ratings and after.ratings[criterion] == before.ratings.get(criterion)
    return rated and same[0] == same[1]


def _row(review: Review, values: Mapping[str, str]) -> Row:
    """The row as it is meant: whoever takes a level away and leaves its reason alone withdraws both."""
    said, was = dict(values), values_of(review)
    for name in (*Criterion, "decision"):
        first, *rest = [key for key in was if key.startswith(key_of(review.channel_id, name))]
        if not said[first] and all(said[key] == was[key] for key in rest):
            said |= dict.fromkeys(rest, "")
    row = row_of(said, review.channel_id, Carried())
    answered = [(one, _line(one, said, review)) for one in checks.of_review(review.id)]
    untouched = {line.criterion for _one, line in answered} - {
        line.criterion for one, line in answered if not _left_alone(one, said, review)
    }
    gone = {one for one in untouched if row.ratings[one].level is None}
    lines = [line for _one, line in answered if line.criterion not in gone]
    legality = row.ratings[Criterion.LEGALITY]
    failed = legality._replace(check_not_met=any(one.answer is Answer.NOT_MET for one in lines))
    return replace(row, checks=tuple(lines), ratings={**row.ratings, Criterion.LEGALITY: failed})


def _left_alone(one: Check, values: Mapping[str, str], review: Review) -> bool:
    key = key_of(review.channel_id, _field(one))
    was = "" if one.answer in {None, Answer.NOT_CHECKED} else str(one.answer)
    return (values.get(key, ""), values.get(f"{key}.note", "")) == (was, one.note)


def _line(one: Check, values: Mapping[str, str], review: Review) -> CheckLine:
    """An answer as typed; one that is left alone keeps its mark and the day it was looked at."""
    key = key_of(review.channel_id, _field(one))
    answer, note = values.get(key, ""), values.get(f"{key}.note", "")
    item = one.wording.item
    line = CheckLine(_field(one), None, note, item.criterion, one.wording_id)
    if _left_alone(one, values, review):
        said = None if one.answer is Answer.NOT_CHECKED else one.answer
        return replace(line, answer=said, confirmed=one.confirmed, checked_on=one.checked_on)
    if not answer or answer == CONFIRMED:
        return line
    return replace(line, answer=Answer(answer), checked_on=review.meeting.heads[-1].held_on)


def _after(review: Review, values: Mapping[str, str]) -> Verdicts:
    """What the review would say: a rating or a decision that was left alone is the very same."""
    before, row = verdicts_of(review), _row(review, values)
    ratings = {}
    for criterion, verdict in row.ratings.items():
        if verdict.level is not None:
            was, now = before.ratings.get(criterion), LoggedRating(verdict.level, verdict.reason)
            same = was is not None and (was.level, was.reason) == (now.level, now.reason)
            ratings[criterion] = was if was is not None and same else now
    line, decision = row.decision, None
    if line.decision is not None:
        successor = int(line.successor) if line.successor and line.decision is Decision.REPLACE else None
        decision = LoggedDecision(line.decision, line.from_on, line.reason, successor)
    answers = tuple(
        LoggedCheck(
            line.wording_id,
            line.criterion,
            (line.answer or Answer.NOT_CHECKED) if line.criterion is Criterion.LEGALITY else None,
            line.note,
            line.confirmed,
            line.checked_on,
        )
        for line in row.checks
        if line.criterion in ratings and (line.criterion is Criterion.LEGALITY or line.said)
    )
    return Verdicts(ratings, decision, answers)
