"""What is said of the questions that a review answered: how much of the checklist, its exceptions, the prompts.

The minutes say it of what was closed, the page before closing of what will be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import language
from tracker.models import Check, Review
from tracker.rules.checking import counted
from tracker.rules.words import Answer, Criterion

EXCEPTIONS = (Answer.NOT_MET, Answer.PARTLY)


@dataclass(frozen=True)
class Answered:
    """One question with its answer; a prompt has only a note."""

    question: str
    answer: Answer | None
    note: str
    confirmed: bool
    checked_on: date | None = None  # when it was really looked at


def of_criterion(review: Review, criterion: Criterion) -> list[Answered]:
    """The answers of a review on one criterion, in the order of the items."""
    mine = [one for one in review.checks if one.wording.item.criterion is criterion]
    return [
        _plain(one) for one in sorted(mine, key=lambda one: (one.wording.item.position, one.wording.item.id))
    ]


def _plain(check: Check) -> Answered:
    question = check.wording.text(language.chosen())
    return Answered(question, check.answer, check.note, check.confirmed, check.checked_on)


def lines(found: Sequence[Answered], criterion: Criterion) -> list[str]:
    """One line each: "11 of 14 checked", what is not or only partly met; of a prompt the question and its answer."""
    if criterion is not Criterion.LEGALITY:
        return [f"{_question(one)} {one.note}" for one in found]
    if not found:
        return []
    exceptions = [one for answer in EXCEPTIONS for one in found if one.answer is answer]
    return [
        tally(found),
        *(f"{language.word(one.answer)}: {_question(one)}: {one.note}" for one in exceptions),
    ]


def tally(found: Sequence[Answered]) -> str:
    """How many items were checked, and how many of them only confirmed as last time."""
    checked, total = counted(one.answer for one in found)
    said = _("Checklist: %(n)s of %(total)s checked", n=checked, total=total)
    confirmed = sum(one.confirmed for one in found)
    if not confirmed:
        return said
    also = ngettext("one of them confirmed as last time", "%(num)s of them confirmed as last time", confirmed)
    return f"{said}, {also}"


def _question(one: Answered) -> str:
    return one.question.rstrip(" .")
