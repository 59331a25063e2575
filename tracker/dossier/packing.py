"""Putting a dossier together: files, then the entry that names their list, then the journal up to it, then the list."""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select

from tracker import clock, journal, taking_home
from tracker.dossier.contents import Scope, contents
from tracker.extensions import db
from tracker.models import Entry, User, Words
from tracker.rules.deeds import Deed
from tracker.steps import Step

AT_ONCE = 1000  # entries read at once


def pack(file: IO[bytes], scope: Scope, by: User | None, unit_id: int | None, step: Step) -> str:
    """Write the ZIP; the hash of its last entry, which stands for all of it. `by` is None on the command line.

    It commits, since the journal's part ends with the entry of this dossier. Everything but the journal is read from
    one snapshot. `step` is told how far it is. Raises paper.NotPrinted.
    """
    made_at, listed = clock.now().astimezone(scope.zone), {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        taking_home.begin_snapshot()
        try:
            for name, pieces in contents(scope, step):
                listed[name] = _put(archive, name, pieces, made_at)
        finally:
            db.session.rollback()
        manifest = sha256(_lines(listed)).hexdigest()
        ids = {**scope.filters.named(), "manifest": manifest}
        journal.note(db.session, Deed.DOSSIER_SEAL, ids=ids, unit_id=unit_id, by=by)
        db.session.commit()
        sealed = select(Entry.number, Entry.hash).where(
            Entry.deed == Deed.DOSSIER_SEAL, Entry.body.contains(manifest)
        )
        number, head = db.session.execute(sealed.order_by(Entry.number.desc()).limit(1)).one()
        listed["journal.jsonl"] = _put(archive, "journal.jsonl", _journal(scope, by, number), made_at)
        _put(archive, "MANIFEST.sha256", iter((_lines(listed),)), made_at)
    return str(head)


def _put(archive: ZipFile, name: str, pieces: Iterator[bytes], made_at: datetime) -> str:
    """Write one file of the archive; its SHA-256."""
    about = ZipInfo(name, made_at.timetuple()[:6])
    about.compress_type, about.external_attr = ZIP_DEFLATED, 0o644 << 16
    digest = sha256()
    with archive.open(about, "w", force_zip64=True) as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _lines(listed: dict[str, str]) -> bytes:
    """As sha256sum reads it."""
    return "".join(f"{listed[name]}  {name}\n" for name in sorted(listed)).encode()


def _journal(scope: Scope, by: User | None, until: int) -> Iterator[bytes]:
    """The entries up to this number, a line each: whole where the reader may see them, else number and hash."""
    units = scope.filters.unit_ids
    for first in range(1, until + 1, AT_ONCE):
        some = (first, min(first + AT_ONCE - 1, until))
        said: dict[int, list[tuple[str, str | None, str | None]]] = {}
        words = select(Words.number, Words.field, Words.salt, Words.text).where(Words.number.between(*some))
        for number, field, salt, text in db.session.execute(words.order_by(Words.number, Words.id)):
            said.setdefault(number, []).append((field, salt, text))
        entries = select(Entry.number, Entry.hash, Entry.body, Entry.unit_id, Entry.by_id)
        for number, digest, body, unit_id, by_id in db.session.execute(
            entries.where(Entry.number.between(*some)).order_by(Entry.number)
        ):
            line: dict[str, object] = {"number": number, "hash": digest}
            if units is None or unit_id in units or (by is not None and by_id == by.id):
                line |= {"body": body, "words": said.get(number, [])}
            yield (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
    db.session.rollback()
