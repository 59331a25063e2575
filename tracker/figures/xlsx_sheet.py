"""Reading XLSX: what is packed in it is measured while unpacking and looked through before a library reads its cells.

A packed file may unpack to a thousand times its size, and one cell far down makes a table of millions: both are
refused.
"""

import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from tracker.figures.sheet import Cell, Fault, FileRefused, Line, Sheet
from tracker.figures.xlsx_parts import Seen, first_sheet, look_through

MOST_UNPACKED = 30_000_000  # bytes
MOST_PARTS = 1_000
PIECE = 65_536  # bytes
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def read(data: bytes) -> Sheet:
    """The lines of the first sheet that are not empty. Raises FileRefused."""
    parts = _unpacked(data)
    _refuse_other_kinds(parts)
    name, path = first_sheet(parts)
    seen = look_through(parts, path)
    try:
        # what was measured is what is read: packed anew, the library cannot find anything else in it
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts)))
        titles = workbook.sheet_names
        rows: Any = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        raise _damaged() from None
    lines = _lines(rows, seen)
    if not lines:
        raise FileRefused(_("The first sheet, “%(name)s”, is empty.", name=name))
    others = [one for one in titles if one != name]
    said = _(
        "The first sheet, “%(name)s”, was read; not read: %(others)s.",
        name=name,
        others=", ".join(others[:5]),
    )
    return Sheet(lines, [said] if others else [])


def _damaged() -> FileRefused:
    return FileRefused(_("The file is damaged or is not an XLSX file. Open it and save it again as .xlsx."))


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Every part by its name; counts what really comes out, whatever the file says about its sizes."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if len(packed.infolist()) > MOST_PARTS:
                raise _damaged()
            for info in packed.infolist():
                if info.flag_bits & 1:
                    raise FileRefused(_("The file has a password. Save it without one."))
                pieces = []
                with packed.open(info) as part:
                    while piece := part.read(PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise FileRefused(_("Unpacked, the file is larger than 30 MB. It was not read."))
                        pieces.append(piece)
                parts[info.filename] = b"".join(pieces)
    except FileRefused:
        raise
    except BROKEN:
        raise _damaged() from None
    return parts


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()


def _refuse_other_kinds(parts: dict[str, bytes]) -> None:
    if parts.get("mimetype", b"").startswith(b"application/vnd.oasis"):
        raise FileRefused(_("This is an OpenDocument file (.ods). Save it as .xlsx or CSV."))
    if any(name.casefold().endswith("vbaproject.bin") for name in parts) or (
        b"macroEnabled" in parts.get("[Content_Types].xml", b"")
    ):
        raise FileRefused(_("The file has macros. Save it as .xlsx without macros."))
    if "xl/workbook.bin" in parts:
        raise FileRefused(_("This is a binary Excel file (.xlsb). Save it as .xlsx."))
    if "word/document.xml" in parts:
        raise FileRefused(_("This is a text document. Please send a CSV or XLSX file."))


def _lines(rows: list[list[Any]], seen: Seen) -> list[Line]:
    found = []
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        for column, error in seen.errors.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = Fault(_error_words(error))
        if any(cell != "" for cell in cells):
            found.append(Line(number, cells))
    return found


def _error_words(error: str) -> str:
    if not error:
        return _("This formula has no stored result. Open the file, let it calculate, and save it.")
    return _("This cell shows the error %(error)s.", error=error)


def _cell(value: Any) -> Cell:
    """One value of the library; a time of day or a duration is no figure."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (str, bool, date)):
        return value.strip() if isinstance(value, str) else value
    if isinstance(value, (int, float)):
        return float(value)
    return Fault(_("This is a time of day. Write the hours as a number, such as 12,5."))
