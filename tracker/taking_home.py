"""Taking a list home: an entry in the journal, then the file from one snapshot, in pieces.

CSV and JSON leave while they are made, so that the first byte comes at once and memory does not grow; a workbook can
only leave when it is whole. Pages and commands both come here; so their rows are the same bytes.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import date
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask import Response, has_request_context, stream_with_context
from flask_babel import gettext as _

from tracker import clock, csv_file, journal, json_file, language, xlsx_file
from tracker.extensions import db
from tracker.listing import Listing
from tracker.rules.deeds import Deed

IN_MEMORY = 4 * 1024 * 1024  # bytes of a file that are kept in memory; more goes to a temporary file
PIECE = 64 * 1024  # bytes sent at once


class Form(StrEnum):
    """A kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"


STREAMED: Mapping[Form, Callable[[Listing], Iterator[bytes]]] = {
    Form.CSV: csv_file.pieces,
    Form.JSON: json_file.pieces,
}
TYPES = {
    Form.CSV: csv_file.TYPE,
    Form.XLSX: xlsx_file.TYPE,
    Form.JSON: json_file.TYPE,
    Form.PDF: "application/pdf",
}


def take(
    form: Form,
    listing: Callable[[ZoneInfo], Listing],
    deed: Deed,
    ids: Mapping[str, int | str],
    on: date,
    spoken: str,
    unit_id: int | None = None,
    words: Mapping[str, str | None] | None = None,
) -> Iterator[bytes]:
    """Note it, commit, and give the file in pieces; `spoken` is the language of now.

    This commits by itself: the entry must stand before the first byte leaves. `listing` is asked for within the
    snapshot that its rows are read from; the head of the journal in the file is that of the snapshot. A workbook is
    noted when it is whole: raises TooManyRows, and OSError where the disk is full; then nothing is noted, and nothing
    left.
    """
    zone = ZoneInfo(language.zone())
    made = None if form in STREAMED else _workbook(listing, zone)
    note(form, deed, ids, on, spoken, unit_id, words)
    db.session.commit()
    return _Begun(made or _streamed(form, listing, zone))


class _Begun:
    """Pieces of which the first is made: what goes wrong at once is still an error page, not a torn file.

    It can be closed before anybody has read it, so that the snapshot ends while the request is still known.
    """

    def __init__(self, pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._first: bytes | None = next(pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return next(self._pieces) if first is None else first

    def close(self) -> None:
        """Read no further."""
        self._pieces.close()


def note(
    form: str,
    deed: Deed,
    ids: Mapping[str, int | str],
    on: date,
    spoken: str,
    unit_id: int | None = None,
    words: Mapping[str, str | None] | None = None,
) -> None:
    """The entry of a file that somebody takes home, or has asked for."""
    noted = {**ids, "format": str(form), "language": spoken, "on": on.isoformat()}
    journal.note(db.session, deed, ids=noted, words=words, unit_id=unit_id)


def _streamed(form: Form, listing: Callable[[ZoneInfo], Listing], zone: ZoneInfo) -> Generator[bytes]:
    try:
        begin_snapshot()
        yield from STREAMED[form](listing(zone))
    finally:
        db.session.rollback()  # also where the reader goes away half-way


def _workbook(listing: Callable[[ZoneInfo], Listing], zone: ZoneInfo) -> Generator[bytes]:
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when its last piece was taken
    try:
        begin_snapshot()
        xlsx_file.write(file, listing(zone))
    except BaseException:
        file.close()
        raise
    finally:
        db.session.rollback()  # the snapshot is over, and a new transaction may write
    return _pieces(file)


def answer(form: Form, pieces: Iterator[bytes], name: str, on: date) -> Response:
    """The file as a download, named after what it is and its day."""
    kept = stream_with_context(pieces) if has_request_context() else pieces  # the session lives until the end
    found = Response(kept, mimetype=TYPES[form])
    found.headers["Content-Disposition"] = f'attachment; filename="{name}-{on.isoformat()}.{form.value}"'
    return found


def circumstances(on: date, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """What stands in every file beside its filters: as of when, made when, and the head of the journal."""
    number, digest = journal.head(db.session)
    return (
        (_("As of"), on.isoformat()),
        (_("Made at"), clock.now().astimezone(zone).isoformat(timespec="seconds")),
        (_("Time zone"), zone.key),
        (_("Head of the journal: entry"), str(number)),
        (_("Head of the journal: hash"), digest),
    )


def facts(on: date, asked: Mapping[str, int | str]) -> dict[str, Any]:
    """The same for programs, in words that never change with the language; `asked` are filters by their names."""
    number, digest = journal.head(db.session)
    return {"as_of": on.isoformat(), "head": {"number": number, "hash": digest}, "asked": dict(asked)}


def begin_snapshot() -> None:
    """Let the session read from one unchanging state of the database until it is closed; it can write nothing."""
    db.session.rollback()
    postgresql = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = postgresql if db.engine.dialect.name == "postgresql" else {"read_only": True}
    db.session.connection(execution_options=options)


def _pieces(file: IO[bytes]) -> Generator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
