"""Reading XLSX: what it unpacks to is measured while unpacking, its cells are looked through, a library reads them.

The library never sees the file itself, only a new one of the cells that were found (xlsx_parts.py): what neither
unpacks to a thousand times its size nor reaches to the end of the sheet.
"""

import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from tracker.figures.sheet import Cell, Fault, FileRefused, Line, Sheet
from tracker.figures.xlsx_parts import First, Held, Seen, damaged, first_sheet, look_through

MOST_UNPACKED = 30_000_000  # bytes
MOST_PARTS = 1_000
PIECE = 65_536  # bytes
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = "xl/styles.xml"


def read(data: bytes) -> Sheet:
    """The lines of the first sheet that are not empty. Raises FileRefused."""
    parts = _unpacked(data)
    _refuse_other_kinds(parts)
    first = first_sheet(parts)
    seen = look_through(parts, first.path)
    lines = _lines(_rows(first, seen, parts.get(STYLES, b"")), seen)
    if not lines:
        raise FileRefused(_("The first sheet, “%(name)s”, is empty.", name=first.name))
    others = ", ".join(first.others[:5])
    said = _("The first sheet, “%(name)s”, was read; not read: %(others)s.", name=first.name, others=others)
    return Sheet(lines, [said] if others else [])


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Every part by its name; counts what really comes out, whatever the file says about its sizes."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if len(packed.infolist()) > MOST_PARTS:
                raise damaged()
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
        raise damaged() from None
    return parts


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


def _rows(first: First, seen: Seen, styles: bytes) -> list[list[Any]]:
    """The values of the cells that were found, as the library reads them: above all it knows which numbers are days."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_packed(first, seen, styles)))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        raise damaged() from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of the library's Rust, and no Exception
            raise damaged() from None
        raise


def _packed(first: First, seen: Seen, styles: bytes) -> bytes:
    """A workbook of nothing but these cells."""
    rows = "".join(
        f'<row r="{line}">{"".join(_xml(line, column, held) for column, held in sorted(of.items()))}</row>'
        for line, of in sorted(seen.cells.items())
    )
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(first.from_1904)}"/>'
        '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    made = {
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/1.xml"), ("styles", "styles.xml")),
        "xl/workbook.xml": book,
        "xl/worksheets/1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        STYLES: styles or f'<styleSheet xmlns="{MAIN}"/>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name, part in made.items():
            packed.writestr(name, part)
    return file.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{k}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for k, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{found}</Relationships>'


def _xml(line: int, column: int, held: Held) -> str:
    letters = (
        chr(ord("A") + column)
        if column < 26
        else chr(ord("A") + column // 26 - 1) + chr(ord("A") + column % 26)
    )
    about = f'r="{letters}{line}" t={quoteattr(held.kind or "n")} s={quoteattr(held.style or "0")}'
    if held.kind == "inlineStr":
        return f'<c {about}><is><t xml:space="preserve">{escape(held.value)}</t></is></c>'
    return f"<c {about}><v>{escape(held.value)}</v></c>"


def _lines(rows: list[list[Any]], seen: Seen) -> list[Line]:
    found = []
    for number in range(1, max(len(rows), *seen.errors, 0) + 1):
        cells = [_cell(value) for value in rows[number - 1]] if number <= len(rows) else []
        for column, error in seen.errors.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = Fault(_error_words(error))
        if any(cell != "" for cell in cells):
            found.append(Line(number, cells))
    return found


def _error_words(error: str) -> str:
    if not error:
        return _("This formula has no stored result. Open the file, let it calculate, and save it.")
    return _("This cell shows the error %(error)s.", error=error[:20])


def _cell(value: Any) -> Cell:
    """One value of the library; a time of day or a duration is no figure."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, (str, bool, date)):
        return value.strip() if isinstance(value, str) else value
    if isinstance(value, (int, float)):
        return float(value)
    return Fault(_("This is a time of day. Write the hours as a number, such as 12,5."))
