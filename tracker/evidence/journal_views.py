"""Pages: the journal with its filters, and one entry of it."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request

from tracker import guard, journal, language
from tracker.evidence import journal_queries, journal_telling, journal_things, journal_words, words
from tracker.evidence.journal_forms import JournalForm
from tracker.evidence.journal_names import names
from tracker.evidence.journal_queries import Line, Reader
from tracker.evidence.views import room
from tracker.extensions import db
from tracker.rules.deeds import Deed


@room.get("/journal", endpoint="journal")
@guard.allow(Deed.JOURNAL_SEE)
def journal_entries() -> Any:
    """The journal, newest entry first."""
    reader = _reader()
    form = JournalForm(request.args)
    form.offer(journal_queries.people(reader), journal_queries.channels(reader), reader.unit_ids is None)
    valid = form.validate()
    before = request.args.get("before", type=int)
    if before is not None and abs(before) > guard.LARGEST_ID:
        before = None
    lines: list[Line] = []
    older = None
    if valid:
        lines, older = journal_queries.page(reader, form.asked, before, language.zone())
    entries, digest = journal.head(db.session)
    shown = render_template(
        "evidence/journal.html",
        form=form,
        lines=lines,
        told=_told(lines, reader),
        older=older,
        before=before,
        chosen=form.chosen if valid else {},
        entries=entries,
        digest=digest,
        deed_word=words.deed,
    )
    return shown, 200 if valid else 422


@room.get("/journal/<int:number>")
@guard.allow(Deed.JOURNAL_SEE)
def entry(number: int) -> Any:
    """One entry: what it says, the exact text that was hashed, its neighbours, and whether all of it agrees."""
    reader = _reader()
    found = journal_queries.one(reader, number)
    if found is None:
        abort(404)
    return render_template(
        "evidence/entry.html",
        entry=found,
        line=found.line,
        told=_told([found.line], reader),
        fault=journal_words.fault(found.fault),
        deed_word=words.deed,
    )


def _reader() -> Reader:
    return Reader(guard.units_for(Deed.JOURNAL_SEE), guard.signed_in().id)


def _told(lines: Sequence[Line], reader: Reader) -> dict[int, Any]:
    """By number, the things and the words of each entry that is shown."""
    shown = [line for line in lines if line.shown]
    named = names(shown, reader.unit_ids)
    may_link = {"user": guard.may(Deed.PEOPLE_SEE), "mail": guard.may(Deed.OUTBOX_SEE)}
    told = {}
    for line in shown:
        things = journal_things.things(line.ids, named, may_link)
        told[line.number] = (things, journal_telling.said(line.words, named, {one.words for one in things}))
    return told
