"""A word of the product as the glossary tells it, and which values of the rules a word has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracker.rules.words import Level, Outcome, Standing


@dataclass(frozen=True)
class Entry:
    """One word: `anchor` is its place on the page, `says` one to three sentences, both words lazy texts.

    A value of the rules has no `name`: it is called what the app calls it. `lists` are values named below it.
    """

    anchor: str
    says: Any
    name: Any = None
    value: StrEnum | None = None
    lists: type[StrEnum] | None = None

    @property
    def is_outcome(self) -> bool:
        """Whether its sign is that of an outcome."""
        return isinstance(self.value, Outcome)

    @property
    def is_level(self) -> bool:
        """Whether its sign is that of a level."""
        return isinstance(self.value, Level)


@dataclass(frozen=True)
class Chapter:
    """Words that belong together, in the order in which they explain each other."""

    anchor: str
    name: Any
    entries: tuple[Entry, ...] = field(default=())


def of_values(says: Mapping[Any, Any]) -> tuple[Entry, ...]:
    """An entry for each value of an enumeration, in its order; KeyError where one has no sentence."""
    kind = type(next(iter(says)))
    return tuple(Entry(anchor_of(value), says[value], value=value) for value in kind)


def anchor_of(value: StrEnum) -> str:
    """The place of a value of the rules on the page."""
    return "at_rest" if value is Standing.NOT_OWED else value.value  # an outcome has that name already
