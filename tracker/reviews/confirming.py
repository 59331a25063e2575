"""Confirming answers of last time: what can be confirmed in a meeting's log, by platform, and doing it.

An assessment of joint controllership is the same for all channels of a platform: looked at once, confirmed for all.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.checks import Asked
from tracker.models import Channel, CheckItem
from tracker.reviews.forms import key_of
from tracker.reviews.queries import Line
from tracker.rules.checking import stale
from tracker.rules.words import Answer, Criterion


@dataclass(frozen=True)
class Cell:
    """One answer of last time that was not given yet this time."""

    channel: Channel
    asked: Asked
    concerned: bool = False  # the concept has changed in what it asks about

    @property
    def key(self) -> str:
        """The key of its field."""
        return key_of(self.channel.id, self.asked.key)

    def doubtful(self, on: date) -> bool:
        """Whether it should rather be looked at: not or partly met, a year old, or about what the concept changed."""
        last = self.asked.proposed
        if last is None or self.concerned:
            return True
        return last.answer in {Answer.PARTLY, Answer.NOT_MET} or stale(last.checked_on, on)


@dataclass(frozen=True)
class Question:
    """One item with the channels of a platform that it can be confirmed for."""

    item: CheckItem
    cells: tuple[Cell, ...]

    def doubtful(self, on: date) -> bool:
        """Whether it should rather be looked at, for one of its channels."""
        return any(cell.doubtful(on) for cell in self.cells)


@dataclass(frozen=True)
class OfPlatform:
    """What can be confirmed for the channels of one platform."""

    platform: str
    questions: tuple[Question, ...]

    @property
    def cells(self) -> list[Cell]:
        """All of its answers."""
        return [cell for question in self.questions for cell in question.cells]


def confirmable(values: Mapping[str, str], lines: Iterable[Line]) -> list[OfPlatform]:
    """The legality items of which nothing is typed and whose last answer was to the same wording, by platform."""
    cells = [
        cell
        for line in lines
        for asked in line.asked
        if asked.item.criterion is Criterion.LEGALITY and asked.proposed is not None
        if not values.get((cell := Cell(line.channel, asked, line.concerned(asked))).key)
        and not values.get(f"{cell.key}.note")
    ]
    cells.sort(key=lambda cell: cell.channel.platform.casefold())
    found = []
    for _folded, of in groupby(cells, key=lambda cell: cell.channel.platform.casefold()):
        listed = list(of)
        by_item: dict[int, list[Cell]] = {}
        for cell in listed:
            by_item.setdefault(cell.asked.item.id, []).append(cell)
        questions = [Question(some[0].asked.item, tuple(some)) for some in by_item.values()]
        questions.sort(key=lambda one: one.item.position)
        found.append(OfPlatform(listed[0].channel.platform, tuple(questions)))
    return found


def keys_of(groups: Iterable[OfPlatform], named: Collection[str]) -> list[str]:
    """The keys among those named that can be confirmed."""
    return [cell.key for group in groups for cell in group.cells if cell.key in named]
