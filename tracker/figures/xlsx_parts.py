"""Looking through the XML of an XLSX before a library reads it: which sheet is first, how far it reaches, its errors.

No XML that declares entities is read. Reading streams: what is found is counted, not kept.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from flask_babel import gettext as _

from tracker.figures.sheet import MOST_COLUMNS, MOST_ROWS, FileRefused, too_many, too_wide

MOST_LETTERS = 5_000_000  # of all cells together; a text that many cells share counts for each of them
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Attributes = Mapping[str, str]


@dataclass
class Seen:
    """The errors of a sheet by line (from 1) and column (from 0); an empty text is a formula without a result."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)


def first_sheet(parts: Mapping[str, bytes]) -> tuple[str, str]:
    """Name and path of the first sheet. Raises FileRefused where there is none."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def workbook(name: str, of: Attributes) -> None:
        if name == "sheet":
            sheets.append((of.get("name", ""), next((of[key] for key in of if key.endswith(":id")), "")))

    def relations(name: str, of: Attributes) -> None:
        if name == "Relationship" and "worksheet" in of.get("Type", ""):
            targets[of.get("Id", "")] = of.get("Target", "")

    _parse(parts.get("xl/workbook.xml", b""), workbook)
    _parse(parts.get("xl/_rels/workbook.xml.rels", b""), relations)
    for name, relation in sheets:
        target = targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if target and path in parts:
            return name, path
    raise FileRefused(_("The file has no sheet with cells."))


def look_through(parts: Mapping[str, bytes], path: str) -> Seen:
    """Raises FileRefused where cells stand too far down or right, or hold more than a table of figures can."""
    found = _Looking(_lengths(parts.get("xl/sharedStrings.xml", b"")))
    _parse(parts[path], found.begin, found.end, found.text)
    return found.seen


class _Looking:
    """Goes along the cells of a sheet."""

    def __init__(self, lengths: list[int]) -> None:
        self.seen = Seen()
        self.lengths, self.letters = lengths, 0
        self.line = self.column = 0
        self.kind, self.value = "", ""
        self.formula = self.inside = False

    def begin(self, name: str, of: Attributes) -> None:
        if name == "row":
            self.line = int(of["r"]) if of.get("r", "").isdigit() else self.line + 1
            self.column = -1
        elif name == "c":
            found = REFERENCE.fullmatch(of.get("r", ""))
            self.column = _number(found[1]) if found else self.column + 1
            self.line = int(found[2]) if found else self.line
            self.kind, self.value, self.formula = of.get("t", ""), "", False
        elif name == "f":
            self.formula = True
        self.inside = name in {"v", "t"}

    def text(self, said: str) -> None:
        if self.inside:
            self.value = self.value[:100] + said if self.kind != "inlineStr" else "…"
            self.letters += len(said)

    def end(self, name: str) -> None:
        self.inside = False
        if name != "c" or not (self.value or self.formula):
            return
        if self.kind == "s" and self.value.isdigit() and int(self.value) < len(self.lengths):
            self.letters += self.lengths[int(self.value)]
        if self.line > MOST_ROWS + 1:
            raise too_many(self.line)
        if self.column >= MOST_COLUMNS:
            raise too_wide()
        if self.letters > MOST_LETTERS:
            raise FileRefused(_("The cells hold more text than a table of figures can."))
        if self.kind == "e" or (not self.value and self.kind != "str"):
            self.seen.errors.setdefault(self.line, {})[self.column] = self.value


def _lengths(data: bytes) -> list[int]:
    """How long each of the shared texts is."""
    found: list[int] = []

    def begin(name: str, _of: Attributes) -> None:
        if name == "si":
            found.append(0)

    def text(said: str) -> None:
        if found:
            found[-1] += len(said)

    if data:
        _parse(data, begin, text=text)
    return found


def _number(letters: str) -> int:
    """A column's number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _parse(
    data: bytes,
    begin: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call these for every element, by its name without a prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_about: object) -> None:
        raise FileRefused(
            _("The file is damaged or is not an XLSX file. Open it and save it again as .xlsx.")
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, of: begin(name.rpartition(":")[2], of)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding nobody knows
        if isinstance(error, FileRefused):
            raise
        refuse()
