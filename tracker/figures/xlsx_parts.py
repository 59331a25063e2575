"""Looking through the XML of an XLSX: which sheet is first, and each of its cells that holds something.

No XML that declares entities is read. What is found is all that a library gets to see of the sheet (xlsx_sheet.py): one
cell at the far end of a sheet, however it is written, would make it ask for more memory than any machine has.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from flask_babel import gettext as _

from tracker.figures.sheet import MOST_COLUMNS, MOST_ROWS, FileRefused, too_many, too_wide

MOST_LETTERS = 5_000_000  # of all cells together; a text that many cells share counts for each of them
MOST_DEPTH = 50  # elements in each other
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
TEXTS = {"s", "inlineStr", "str"}
Attributes = Mapping[str, str]


@dataclass(frozen=True)
class Held:
    """What a cell holds: its text, or the number, truth or day of another `kind`, in a style (by number)."""

    kind: str
    style: str
    value: str


@dataclass
class Seen:
    """The cells of a sheet by line (from 1) and column (from 0); of errors the text, empty for a lacking result."""

    cells: dict[int, dict[int, Held]] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class First:
    """The first sheet: its name, its part, the names of the others, and whether days count from 1904."""

    name: str
    path: str
    others: tuple[str, ...]
    from_1904: bool


def first_sheet(parts: Mapping[str, bytes]) -> First:
    """Raises FileRefused where there is none."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    dated: list[bool] = []

    def workbook(name: str, of: Attributes) -> None:
        if name == "sheet":
            sheets.append((of.get("name", ""), next((of[key] for key in of if key.endswith(":id")), "")))
        elif name == "workbookPr":
            dated.append(of.get("date1904", "") in {"1", "true"})

    def relations(name: str, of: Attributes) -> None:
        if name == "Relationship" and "worksheet" in of.get("Type", ""):
            targets[of.get("Id", "")] = of.get("Target", "")

    parse(parts.get("xl/workbook.xml", b""), workbook)
    parse(parts.get("xl/_rels/workbook.xml.rels", b""), relations)
    for place, (name, relation) in enumerate(sheets):
        target = targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if target and path in parts:
            others = tuple(other for k, (other, _relation) in enumerate(sheets) if k != place)
            return First(name, path, others, any(dated))
    raise FileRefused(_("The file has no sheet with cells."))


def look_through(parts: Mapping[str, bytes], path: str) -> Seen:
    """Raises FileRefused where cells stand too far down or right, or hold more than a table of figures can."""
    found = _Looking(_shared(parts.get("xl/sharedStrings.xml", b"")))
    parse(parts[path], found.begin, found.end, found.text)
    return found.seen


class _Looking:
    """Goes along the cells of a sheet."""

    def __init__(self, shared: list[str]) -> None:
        self.seen = Seen()
        self.shared, self.letters = shared, 0
        self.line = self.column = 0
        self.kind = self.style = self.value = ""
        self.formula = self.inside = self.sound = False

    def begin(self, name: str, of: Attributes) -> None:
        if name == "row":
            self.line = int(of["r"]) if of.get("r", "").isdecimal() else self.line + 1
            self.column = -1
        elif name == "c":
            found = REFERENCE.fullmatch(of.get("r", ""))
            self.column = _number(found[1]) if found else self.column + 1
            self.line = int(found[2]) if found else self.line
            self.kind, self.style = of.get("t", ""), of.get("s", "")
            self.value, self.formula = "", False
        self.formula = self.formula or name == "f"
        self.sound = self.sound or name == "rPh"  # how a Japanese word is spoken
        self.inside = name in {"v", "t"} and not self.sound

    def text(self, said: str) -> None:
        if self.inside:
            self._count(len(said))
            self.value += said

    def end(self, name: str) -> None:
        self.inside = False
        self.sound = self.sound and name != "rPh"
        if name != "c":
            return
        value = self.value if self.kind in TEXTS else self.value.strip()
        if self.kind == "s":
            place = int(value) if value.strip().isdecimal() else len(self.shared)
            value = self.shared[place] if place < len(self.shared) else ""
            self._count(len(value))
        without_result = self.formula and not value and self.kind != "str"
        if not (value.strip() or without_result):
            return
        if self.line > MOST_ROWS + 1:
            raise too_many(self.line)
        if self.column >= MOST_COLUMNS:
            raise too_wide()
        if self.kind == "e" or without_result:
            self.seen.errors.setdefault(self.line, {})[self.column] = value
        else:
            kind = "inlineStr" if self.kind in TEXTS else self.kind
            self.seen.cells.setdefault(self.line, {})[self.column] = Held(kind, self.style, value)

    def _count(self, letters: int) -> None:
        self.letters += letters
        if self.letters > MOST_LETTERS:
            raise FileRefused(_("The cells hold more text than a table of figures can."))


def _shared(data: bytes) -> list[str]:
    """The texts that cells share, by their number."""
    found: list[list[str]] = []
    inside = {"t": False, "rPh": False}

    def begin(name: str, _of: Attributes) -> None:
        if name == "si":
            found.append([])
        elif name in inside:
            inside[name] = True

    def end(name: str) -> None:
        if name in inside:
            inside[name] = False

    def text(said: str) -> None:
        if found and inside["t"] and not inside["rPh"]:
            found[-1].append(said)

    if data:
        parse(data, begin, end, text)
    return ["".join(one) for one in found]


def _number(letters: str) -> int:
    """A column's number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def damaged() -> FileRefused:
    """What cannot be read, for whatever reason."""
    return FileRefused(_("The file is damaged or is not an XLSX file. Open it and save it again as .xlsx."))


def parse(
    data: bytes,
    begin: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call these for every element, by its name without a prefix. Raises FileRefused for what is no XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_about: object) -> None:
        raise damaged()

    depth = 0

    def begun(name: str, of: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise damaged()
        begin(name.rpartition(":")[2], of)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begun, ended
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except FileRefused:
        raise
    except (expat.ExpatError, ValueError, LookupError):  # LookupError: an encoding nobody knows
        raise damaged() from None
