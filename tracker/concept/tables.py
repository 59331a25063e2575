"""Taking typed values out of a parsed TOML table, noting everything that is wrong instead of stopping.

A value that is wrong is noted and then taken as absent; whoever reads on need not know.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.concept.lines import KeyPath, Lines
from tracker.concept.problems import Problem, ProblemKind, in_order, printable, shown
from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible

REGION, KEY, NAME, ADDRESS, TEXT = 10, 80, 200, 500, 20_000  # characters at most
MOST = (
    500  # problems or warnings of one file: a megabyte of nonsense shall not become a page of 200,000 lines
)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# They turn the reading direction of what follows: a name could pass for another in lists, mails and exports.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Notes:
    """What was found wrong (problems) or odd (warnings) in one file."""

    filename: str
    lines: Lines
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def warnings_in_order(self) -> tuple[Problem, ...]:
        """The warnings in the order of the file."""
        return in_order(self.warnings)


class Table:
    """One section of the file. It remembers which keys were asked for, and can name the others."""

    def __init__(self, notes: Notes, path: KeyPath, values: dict[str, Any]) -> None:
        self.notes, self.path, self.values = notes, path, values
        self._asked: set[str] = set()

    def refuse(self, key: str, kind: ProblemKind, **values: object) -> None:
        """Note a problem with a key of this table, or with the table itself if the key is empty."""
        if len(self.notes.problems) < MOST:
            self.notes.problems.append(self._problem(key, kind, values))

    def warn_of_unknown(self) -> None:
        """Name every key that nobody asked for."""
        for key in self.values:
            if key not in self._asked and len(self.notes.warnings) < MOST:
                self.notes.warnings.append(self._problem(key, ProblemKind.UNKNOWN_KEY, {}))

    def has(self, key: str) -> bool:
        """Whether the file has the key, with whatever value."""
        return key in self.values

    def text(self, key: str, limit: int = TEXT) -> str | None:
        """A text of several lines, in NFC, without blanks around; None if absent or empty."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(key, ProblemKind.EXPECTED_TEXT, value=shown(value))
            return None
        return self._clean(key, value, limit)

    def name(self, key: str, limit: int = NAME) -> str | None:
        """A text of one line; None if absent or empty."""
        return self._one_line(key, self.text(key, limit))

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts of one line each; empty if absent."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse(key, ProblemKind.EXPECTED_LIST, value=shown(value))
            return ()
        found = []
        for entry in value:
            if isinstance(entry, str):
                found.append(self._one_line(key, self._clean(key, entry, NAME)))
            else:
                self.refuse(key, ProblemKind.EXPECTED_LIST, value=shown(entry))
        return tuple(name for name in found if name)

    def needed(self, key: str, limit: int = NAME) -> str:
        """A text of one line that must be there; empty if it was refused."""
        return self._must(key, self.name, limit)

    def needed_text(self, key: str) -> str:
        """A text of several lines that must be there; empty if it was refused."""
        return self._must(key, self.text, TEXT)

    def number(self, key: str) -> int | None:
        """A whole number; true and false are none."""
        value = self._take(key)
        if value is None or type(value) is int:
            return value
        self.refuse(key, ProblemKind.EXPECTED_NUMBER, value=shown(value))
        return None

    def day(self, key: str) -> date | None:
        """A plain date, written as a date of TOML or as text in ISO form; a moment is none."""
        value = self._take(key)
        day = value if isinstance(value, date) and not isinstance(value, datetime) else _iso_day(value)
        if value is None:
            return None
        if day is None:
            self.refuse(key, ProblemKind.EXPECTED_DATE, value=shown(value))
            return None
        if not sensible(day):
            self.refuse(key, ProblemKind.BAD_YEAR, value=day, first=FIRST_YEAR, last=LAST_YEAR)
            return None
        return day

    def address(self, key: str) -> str | None:
        """The address of a page in the web."""
        value = self.name(key, ADDRESS)
        if value is None or _is_web_address(value):
            return value
        self.refuse(key, ProblemKind.EXPECTED_ADDRESS, value=shown(value))
        return None

    def table(self, key: str) -> "Table":
        """A section; an empty one if absent."""
        value = self._take(key)
        if value is not None and not isinstance(value, dict):
            self.refuse(key, ProblemKind.EXPECTED_TABLE, name=key, value=shown(value))
        return Table(self.notes, (*self.path, key), value if isinstance(value, dict) else {})

    def tables(self, key: str) -> "list[Table]":
        """The sections of a list; what is no section is noted and left out."""
        value = self._take(key)
        if value is None:
            return []
        entries = value if isinstance(value, list) else [value]
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in entries):
            self.refuse(key, ProblemKind.EXPECTED_TABLES, name=key, value=shown(value))
            return []
        return [Table(self.notes, (*self.path, key, place), entry) for place, entry in enumerate(entries)]

    def label(self, key: str = "") -> str:
        """How a message names this table or a key of it; numbers count from 1."""
        label = ""
        for part in (*self.path, key):
            if isinstance(part, int):
                label += f"[{part + 1}]"
            elif part:
                label += f".{printable(part)}" if label else printable(part)
        return label

    def _problem(self, key: str, kind: ProblemKind, values: dict[str, Any]) -> Problem:
        line = self.notes.lines.of((*self.path, key) if key else self.path)
        worded = tuple((name, str(value)) for name, value in values.items())
        return Problem(self.notes.filename, self.label(key), line, kind, worded)

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self.values.get(key)

    def _must(self, key: str, take: Callable[[str, int], str | None], limit: int) -> str:
        value = take(key, limit)
        written = self.values.get(key)
        if written is None or (isinstance(written, str) and not written.strip()):
            self.refuse(key, ProblemKind.MISSING)
        return value or ""

    def _clean(self, key: str, value: str, limit: int) -> str | None:
        if len(value) > limit:
            self.refuse(key, ProblemKind.TOO_LONG, length=len(value), limit=limit)
            return None
        for sign in value:
            if sign in TURNING or (unicodedata.category(sign) == "Cc" and sign not in "\n\t"):
                self.refuse(key, ProblemKind.CONTROL_CHARACTER, value=f"U+{ord(sign):04X}")
                return None
        return unicodedata.normalize("NFC", value).strip() or None

    def _one_line(self, key: str, value: str | None) -> str | None:
        if value is not None and len(value.splitlines()) > 1:
            self.refuse(key, ProblemKind.SEVERAL_LINES)
            return None
        return value


def _iso_day(value: object) -> date | None:
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        return False
