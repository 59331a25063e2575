"""Reading CSV as it comes from spreadsheets of all kinds: its encoding and separator are found out, not asked for."""

import codecs
import csv
import io

from flask_babel import gettext as _

from tracker.figures.columns import headings, plain
from tracker.figures.sheet import MOST_COLUMNS, MOST_ROWS, FileRefused, Line, Sheet, too_many, too_wide

SEPARATORS = (";", "\t", ",")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PEEK = 400  # bytes in which text without a BOM shows whether every other byte is zero
LINES_MAX = 20 * MOST_ROWS  # with empty ones
CELL_MAX = 20_000  # characters; more is no cell but a quotation mark that was never closed


def read(data: bytes) -> Sheet:
    """The lines of the file that are not empty. Raises FileRefused."""
    text, said = _decoded(data)
    first, _end, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) <= 5:
        lines = _lines(rest, first.strip()[4:] or "\t", 2)
    else:
        lines = _lines(text, _separator(text), 1)
    if not lines:
        raise FileRefused(_("The file is empty."))
    return Sheet(lines, [said] if said else [])


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and what the reader should know about how it was understood."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding), ""
    start = data[:PEEK]
    if start[1::2].count(0) > len(start) // 4:
        return _strictly(data, "utf-16-le"), ""
    if start[::2].count(0) > len(start) // 4:
        return _strictly(data, "utf-16-be"), ""
    if b"\0" in data:
        raise _unreadable()
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _strictly(data, "cp1252"), _(
            "The file was read as Windows-1252. Check that names are spelt right."
        )


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _unreadable() from None


def _unreadable() -> FileRefused:
    return FileRefused(
        _("This is not a CSV or XLSX file, or its encoding is unknown. Save it as CSV UTF-8 or XLSX.")
    )


def _separator(text: str) -> str:
    """The one with which the first line names most columns."""
    known = headings()

    def found(separator: str) -> tuple[int, int]:
        head = next(iter(_lines(text[:4_000], separator, 1, lenient=True)), None)
        cells = [plain(str(one)) for one in head.cells] if head else []
        return sum(one in known for one in cells), len(cells)

    return max(SEPARATORS, key=found)


def _lines(text: str, separator: str, begin: int, *, lenient: bool = False) -> list[Line]:
    """`begin` is the number of the first line. A cell with line breaks makes its line begin where it begins.

    Strict: else a quotation mark that was never closed would quietly take all lines after it into its cell.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=not lenient)
    found: list[Line] = []
    number = begin
    try:
        for cells in reader:
            if (
                len(cells) > MOST_COLUMNS
                and any(cell.strip() for cell in cells[MOST_COLUMNS:])
                and not lenient
            ):
                raise too_wide()
            if any(cell.strip() for cell in cells):
                found.append(Line(number, cells[:MOST_COLUMNS]))
            if any(len(cell) > CELL_MAX for cell in cells):
                raise csv.Error
            if len(found) > MOST_ROWS + 1 or number > LINES_MAX:
                raise too_many()
            number = begin + reader.line_num
    except csv.Error:
        if not lenient:
            raise FileRefused(
                _(
                    "From line %(number)s on the file cannot be read. Is a quotation mark not closed?",
                    number=number,
                )
            ) from None
    return found
