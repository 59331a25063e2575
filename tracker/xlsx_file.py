"""A list as a workbook: days are days, numbers numbers, text is text whatever it begins with.

The first sheet has the rows, with a fixed header and filters; the next may show them as a matrix; the last says what
was asked for. Rows go to a temporary file one by one, so that memory does not grow.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any

import xlsxwriter
from flask_babel import gettext as _

from tracker import clock
from tracker.listing import Kind, Listing, Matrix

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # what a sheet has beside its header
LONGEST = 32_767  # characters of a cell
WIDTHS = {Kind.TEXT: 28, Kind.NUMBER: 10, Kind.DAY: 12, Kind.MOMENT: 20, Kind.WORD: 18, Kind.WORDS: 26}


class TooManyRows(ValueError):
    """A sheet cannot hold so many rows; the text is one sentence."""


def write(file: IO[bytes], listing: Listing) -> int:
    """Write the whole file and say how many rows there were. Raises TooManyRows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_format_properties": {
            "valign": "top"
        },  # said once: a format of its own makes each cell dearer
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": listing.name, "created": clock.now()})
        book.set_size(2400, 1400)
        sheet = book.add_worksheet(listing.name[:31])
        written = _rows(book, sheet, listing, _MatrixSheet(book, listing.matrix) if listing.matrix else None)
        _parameters(book, listing, written)
    return written


def _rows(book: Any, sheet: Any, listing: Listing, beside: "_MatrixSheet | None") -> int:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, (title, column) in enumerate(zip(listing.header, listing.columns, strict=True)):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, title, bold)
    sheet.freeze_panes(1, 0)
    cells = [(k, one.key, _writer(book, sheet, one.kind, listing)) for k, one in enumerate(listing.columns)]
    written = 0
    for row in listing.rows:
        written += 1
        if written > MOST_ROWS:
            raise TooManyRows(
                _("A sheet holds at most %(most)s rows. Narrow the period, or take CSV.", most=MOST_ROWS)
            )
        for place, key, put in cells:
            value = getattr(row, key)
            if value or value == 0:
                put(written, place, value)
        if beside is not None:
            beside.take(row)
    if beside is not None:
        beside.close()
    sheet.autofilter(0, 0, max(written, 1), len(cells) - 1)
    return written


def _writer(book: Any, sheet: Any, kind: Kind, listing: Listing) -> Callable[[int, int, Any], None]:
    word, words = lru_cache(listing.word), lru_cache(lambda value: ", ".join(map(listing.word, value)))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})

    @lru_cache(maxsize=1024)  # a meeting closes many reviews at one moment
    def local(value: Any) -> Any:
        return value.astimezone(listing.zone).replace(tzinfo=None, microsecond=0)

    def text(y: int, x: int, value: str) -> None:
        sheet.write_string(
            y, x, _text(value), wrap if len(value) > WIDTHS[Kind.TEXT] or "\n" in value else None
        )

    ways: dict[Kind, Callable[[int, int, Any], None]] = {
        Kind.WORD: lambda y, x, value: sheet.write_string(y, x, word(value)),
        Kind.WORDS: lambda y, x, value: sheet.write_string(y, x, words(value)),
        Kind.MOMENT: lambda y, x, value: sheet.write_datetime(y, x, local(value), moment),
        Kind.DAY: lambda y, x, value: sheet.write_datetime(y, x, value, day),
        Kind.NUMBER: lambda y, x, value: sheet.write_number(y, x, value),
        Kind.TEXT: text,
    }
    return ways[kind]


class _MatrixSheet:
    """The sheet of a matrix, filled group by group while the rows go by."""

    def __init__(self, book: Any, matrix: Matrix) -> None:
        self._matrix, self._sheet, self._line = matrix, book.add_worksheet(matrix.name[:31]), 0
        self._group: Any = None
        self._lines: dict[tuple[str, ...], dict[int, str]] = {}
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._sheet.set_column(0, len(matrix.header) - 1, 14)
        for place, title in enumerate(matrix.header):
            self._sheet.write_string(0, place, title, bold)
        self._sheet.freeze_panes(1, 4)

    def take(self, row: Any) -> None:
        matrix = self._matrix
        if (group := matrix.group_of(row)) != self._group:
            self.close()
            self._group = group
        if (place := matrix.place_of(row)) is not None:
            self._lines.setdefault(matrix.line_of(row), {})[place] = matrix.said(row)

    def close(self) -> None:
        """Write the lines of the last group."""
        for titles, cells in self._lines.items():
            self._line += 1
            for place, said in sorted({**dict(enumerate(titles)), **cells}.items()):
                self._sheet.write_string(self._line, place, _text(said))
        self._lines = {}


def _text(value: str) -> str:
    """What a cell can hold: no half characters, and no more than its limit, which is said where it is cut."""
    whole = value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 4] + " […]"


def _parameters(book: Any, listing: Listing, written: int) -> None:
    sheet = book.add_worksheet(_("Parameter"))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (name, value) in enumerate((*listing.parameters, (_("Rows"), listing.last_line(written)))):
        sheet.write_string(place, 0, name, wrap)
        sheet.write_string(place, 1, _text(value), wrap)
