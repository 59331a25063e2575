"""Reading a concept file: the bytes of a TOML text become a ConceptFile, or are refused whole with every problem.

Nothing is stored here and nothing is guessed: a key that is absent stays absent, a key that is not known is named
in a warning.
"""

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any

from tracker.concept.lines import Lines, endless_key
from tracker.concept.problems import ConceptRefused, Problem, ProblemKind, printable
from tracker.concept.schema import ConceptFile
from tracker.concept.sections import take_concept
from tracker.concept.tables import Notes, Table

BYTES = 1_000_000  # of one file at most
FILENAME = 200  # characters of its name that messages repeat
AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
AT_END = " (at end of document)"


def read_concept(path: Path) -> ConceptFile:
    """The concept in this file; ConceptRefused if it cannot be read or is broken."""
    try:
        with path.open("rb") as file:
            data = file.read(BYTES + 1)
    except OSError as error:
        raise _refused(
            printable(path.name), ProblemKind.NOT_READABLE, reason=error.strerror or "?"
        ) from error
    return parse_concept(data, path.name)


def parse_concept(data: bytes, filename: str) -> ConceptFile:
    """The concept in these bytes; ConceptRefused with all problems at once if it is broken.

    The file name is only repeated in messages.
    """
    filename = printable(filename, FILENAME)
    if len(data) > BYTES:
        raise _refused(filename, ProblemKind.TOO_BIG, limit=BYTES)
    text = _decoded(data, filename)
    values = _parsed(text, filename)
    notes = Notes(filename, Lines(text))
    concept = take_concept(Table(notes, (), values))
    if notes.problems:
        raise ConceptRefused(notes.problems)
    return concept


def _decoded(data: bytes, filename: str) -> str:
    """The text; a byte order mark, as editors on Windows write it, is no part of it."""
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode()
    except UnicodeDecodeError as error:
        place = mark + error.start
        line = data.count(b"\n", 0, place) + 1
        byte = f"0x{data[place]:02X}"
        raise _refused(filename, ProblemKind.NOT_UTF8, line, position=place + 1, value=byte) from error


def _parsed(text: str, filename: str) -> dict[str, Any]:
    endless = endless_key(text)
    if endless is not None:
        raise _refused(filename, ProblemKind.BAD_TOML, endless, reason="Too deeply nested")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _refused(filename, ProblemKind.BAD_TOML, reason="Too deeply nested") from error
    except ValueError as error:  # a TOMLDecodeError, or a number of thousands of digits
        reason = str(error)
        found = AT_LINE.search(reason)
        line = int(found[1]) if found else text.count("\n") + 1 if reason.endswith(AT_END) else None
        reason = printable(AT_LINE.sub("", reason), 200)
        raise _refused(filename, ProblemKind.BAD_TOML, line, reason=reason) from error


def _refused(filename: str, kind: ProblemKind, line: int | None = None, **values: object) -> ConceptRefused:
    worded = tuple((name, str(value)) for name, value in values.items())
    return ConceptRefused([Problem(filename, "", line, kind, worded)])
