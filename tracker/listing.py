"""A list that can be taken along: columns, rows in plain values, what was asked for. Each kind of file writes it.

The columns are said once; so page and files cannot disagree. Rows are read one by one, so that memory does not grow.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _


class Kind(Enum):
    """How a value is written."""

    TEXT = auto()  # what somebody typed
    NUMBER = auto()
    DAY = auto()
    MOMENT = auto()
    WORD = auto()  # a word of the rules, told in the reader's language
    WORDS = auto()  # several of them


@dataclass(frozen=True)
class Column:
    """One column: its key, which is an attribute of the row and never changes, and its title for people."""

    key: str
    title: Any
    kind: Kind


@dataclass(frozen=True)
class Matrix:
    """The same rows once more, as lines and columns: for a sheet beside the list.

    Rows of one `group` come one after the other and fill some lines. `line_of` are the titles of the line a row
    belongs to, `place_of` which column it fills (None: none), `said` what stands there.
    """

    name: str
    header: tuple[str, ...]  # of the titles and of the columns
    group_of: Callable[[Any], Any]
    line_of: Callable[[Any], tuple[str, ...]]
    place_of: Callable[[Any], int | None]
    said: Callable[[Any], str]


@dataclass(frozen=True)
class Listing:
    """Everything of a file, in the language of now; moments are written in `zone`, which their titles name.

    `key` names it to programs, `name` to people. `parameters` say what was asked for; they stand below the rows or on
    a sheet of their own.
    """

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Any]
    parameters: tuple[tuple[str, str], ...]
    zone: ZoneInfo
    word: Callable[[StrEnum], str]
    matrix: Matrix | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)  # the parameters once more, for programs

    @property
    def header(self) -> list[str]:
        """The titles of the columns."""
        return [
            f"{one.title} ({self.zone.key})" if one.kind is Kind.MOMENT else str(one.title)
            for one in self.columns
        ]

    def last_line(self, written: int) -> str:
        """Without this line a file is not whole."""
        return _("%(n)s of %(total)s rows", n=written, total=written)
