"""A file that somebody uploaded, as lines of cells: CSV or XLSX, told apart by what is in it and not by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100


class FileRefused(ValueError):
    """The file cannot be read at all; the text is one sentence for the person who sent it."""


@dataclass(frozen=True)
class Fault:
    """A cell that says nothing usable; the words say why."""

    words: str


Cell = str | float | bool | date | Fault


@dataclass(frozen=True)
class Line:
    """One line of the file that is not empty; numbers count from 1, as a spreadsheet shows them."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Sheet:
    """The lines of a file, the first of them its headings; `said` is what the reader should know about the file."""

    lines: Sequence[Line]
    said: Sequence[str] = ()


KINDS: tuple[tuple[bytes, Callable[[], str]], ...] = (
    (b"\xd0\xcf\x11\xe0", lambda: _("This is an old Excel file (.xls) or has a password. Save it as .xlsx.")),
    (b"%PDF", lambda: _("This is a PDF. Please send a CSV or XLSX file.")),
    (b"\x89PNG", lambda: _("This is a picture. Please send a CSV or XLSX file.")),
    (b"\xff\xd8\xff", lambda: _("This is a picture. Please send a CSV or XLSX file.")),
    (b"{\\rtf", lambda: _("This is a text document. Please send a CSV or XLSX file.")),
)  # fmt: skip


def is_zip(data: bytes) -> bool:
    """Whether it is packed, as an .xlsx is."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def refuse_by_kind(data: bytes) -> None:
    """Raises FileRefused for what is too large, empty, or known to be something else."""
    if len(data) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 2 MB. The figures of all channels take far less."))
    if not data.strip():
        raise FileRefused(_("The file is empty."))
    for begins, words in KINDS:
        if data.startswith(begins):
            raise FileRefused(words())


def too_many(number: int | None = None) -> FileRefused:
    """More rows than anybody has channels and periods."""
    if number is None:
        return FileRefused(_("The file has more than 5,000 rows. Send it in parts."))
    return FileRefused(
        _("Something stands in line %(number)s. A file has at most 5,000 rows.", number=number)
    )


def too_wide() -> FileRefused:
    """More columns than there are figures."""
    return FileRefused(_("The file has more than 100 columns."))
