"""What can be wrong with a concept file: a kind, the place, and words in the reader's language.

A problem is made without any language; it is worded when it is shown, in English where no app is at work.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

from flask_babel import lazy_gettext as _l

SHOWN = 60  # characters of a foreign value that a message repeats


class ProblemKind(StrEnum):
    """Why a file is refused; only an unknown key is no more than a warning."""

    NOT_READABLE = auto()
    TOO_BIG = auto()
    NOT_UTF8 = auto()
    BAD_TOML = auto()
    MISSING = auto()
    NO_UNITS = auto()
    NO_CHANNELS = auto()
    NO_CRITERIA = auto()
    EXPECTED_TEXT = auto()
    EXPECTED_NUMBER = auto()
    EXPECTED_LIST = auto()
    EXPECTED_DATE = auto()
    EXPECTED_TABLE = auto()
    EXPECTED_TABLES = auto()
    EXPECTED_ADDRESS = auto()
    TOO_LONG = auto()
    CONTROL_CHARACTER = auto()
    SEVERAL_LINES = auto()
    TWICE = auto()
    UNKNOWN_UNIT = auto()
    UNKNOWN_WORD = auto()
    UNKNOWN_TIMEZONE = auto()
    UNKNOWN_REGION = auto()
    BAD_CADENCE = auto()
    BAD_YEAR = auto()
    CLOSED_TOO_EARLY = auto()
    UNKNOWN_KEY = auto()


WORDS = {
    ProblemKind.NOT_READABLE: _l("The file cannot be read (%(reason)s)."),
    ProblemKind.TOO_BIG: _l("The file is too big: at most %(limit)s bytes are read."),
    ProblemKind.NOT_UTF8: _l("Byte %(position)s (%(value)s) is not UTF-8. Please save the file as UTF-8."),
    ProblemKind.BAD_TOML: _l("This is not valid TOML (%(reason)s)."),
    ProblemKind.MISSING: _l("This key is missing or empty."),
    ProblemKind.NO_UNITS: _l("The concept names no unit."),
    ProblemKind.NO_CHANNELS: _l("The concept names no channel."),
    ProblemKind.NO_CRITERIA: _l("The concept names no criterion."),
    ProblemKind.EXPECTED_TEXT: _l("A text in quotation marks is expected here, not %(value)s."),
    ProblemKind.EXPECTED_NUMBER: _l("A whole number is expected here, not %(value)s."),
    ProblemKind.EXPECTED_LIST: _l("A list of texts is expected here, not %(value)s."),
    ProblemKind.EXPECTED_DATE: _l("A date such as 2026-03-31 is expected here, not %(value)s."),
    ProblemKind.EXPECTED_TABLE: _l("A section headed [%(name)s] is expected here, not %(value)s."),
    ProblemKind.EXPECTED_TABLES: _l("Sections headed [[%(name)s]] are expected here, not %(value)s."),
    ProblemKind.EXPECTED_ADDRESS: _l("An address with http:// or https:// is expected here, not %(value)s."),
    ProblemKind.TOO_LONG: _l("The text has %(length)s characters; at most %(limit)s are possible."),
    ProblemKind.CONTROL_CHARACTER: _l("The text contains the control character %(value)s."),
    ProblemKind.SEVERAL_LINES: _l("This must stand on one line."),
    ProblemKind.TWICE: _l("%(value)s is already there, in %(first)s."),
    ProblemKind.UNKNOWN_UNIT: _l("There is no unit with the key %(value)s."),
    ProblemKind.UNKNOWN_WORD: _l("%(value)s is not known here; possible are: %(known)s."),
    ProblemKind.UNKNOWN_TIMEZONE: _l("There is no time zone %(value)s. A known one is Europe/Berlin."),
    ProblemKind.UNKNOWN_REGION: _l("There is no holiday region %(value)s. A known one is DE-BW."),
    ProblemKind.BAD_CADENCE: _l("%(value)s reviews a year are not possible; possible are: %(known)s."),
    ProblemKind.BAD_YEAR: _l("The year of %(value)s must lie between %(first)s and %(last)s."),
    ProblemKind.CLOSED_TOO_EARLY: _l("Closed on %(closed_on)s, but opened only on %(opened_on)s."),
    ProblemKind.UNKNOWN_KEY: _l("This key is not known and is not read."),
}
LINE = _l("line %(line)s")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. Lines and the numbers in a key count from 1: channels[3].unit is the third's unit.

    The key is empty where the whole file is meant; the line is None where it is not known.
    """

    filename: str
    key: str
    line: int | None
    kind: ProblemKind
    values: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """File, line and key, as far as known."""
        line = str(LINE) % {"line": self.line} if self.line is not None else ""
        return ", ".join(part for part in (self.filename, line, self.key) if part)

    @property
    def words(self) -> str:
        """What is wrong, without the place."""
        return str(WORDS[self.kind]) % dict(self.values)

    def text(self) -> str:
        """Place and words in one line, in the language of the moment."""
        return f"{self.where}: {self.words}"

    def __str__(self) -> str:
        return self.text()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by line, those without a line last."""
    return tuple(sorted(problems, key=lambda problem: problem.line or sys.maxsize))


class ConceptRefused(Exception):
    """The file is refused whole; its problems, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(self.problems)

    def text(self) -> str:
        """All problems, one a line."""
        return "\n".join(problem.text() for problem in self.problems)

    def __str__(self) -> str:
        return self.text()


def printable(words: str, limit: int = SHOWN) -> str:
    """Foreign words for one line of a terminal or page: short, and every character that acts is spelled out."""
    short = words if len(words) <= limit else words[:limit] + "…"
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in short)


def shown(value: object) -> str:
    """A value of the file as a message repeats it, close to how TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{printable(value)}"'
        case list():
            return "[…]" if value else "[]"
        case dict():
            return "{…}"
        case _:
            return printable(str(value))
