"""The files of a dossier but for the journal and the list of all files: names, and their bytes in pieces."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, csv_file, json_file, language, xlsx_file
from tracker.concept import queries as concept
from tracker.concept.writing import to_toml
from tracker.dossier import verify
from tracker.evidence import actions_file, export, report, stored
from tracker.evidence.columns import COLUMNS, WORDS
from tracker.evidence.filters import Filters
from tracker.evidence.queries import first_year
from tracker.extensions import db
from tracker.listing import Listing
from tracker.meetings import minutes_pdf
from tracker.meetings.minutes import minutes
from tracker.models import Channel, Meeting, MeetingHead, Review, Unit
from tracker.reminders import told_file
from tracker.reminders.told_queries import Asked
from tracker.steps import Step
from tracker.taking_home import PIECE

WIDTH = 110  # signs of a line of the checker: it is read by people
Pieces = Iterator[bytes]


@dataclass(frozen=True)
class Scope:
    """What a dossier is about: the filters of the evidence, as of when, in which language."""

    filters: Filters
    on: date
    zone: ZoneInfo
    spoken: str


def contents(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    """Every file with its name; each is read before the next is asked for."""
    yield "README.txt", _text(_readme(scope))
    yield "verify.py", _text(checker())
    yield "dossier.json", _text(json.dumps(_about(scope), ensure_ascii=False, indent=2) + "\n")
    schema = json_file.schema("evidence", COLUMNS, WORDS)
    yield "evidence.schema.json", _text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    works = (("csv", _evidence_csv), ("json", _evidence_json), ("xlsx", _evidence_xlsx))
    for fifth, (kind, work) in enumerate(works):
        yield from work(scope, _within(step, fifth, f"evidence.{kind}"))
    said = export.parameters(scope.filters, scope.on, scope.zone)
    yield from _reports(scope, _within(step, 3, "evidence.pdf"))
    yield "actions.csv", csv_file.pieces(actions_file.listing(scope.filters, scope.on, scope.zone, said))
    yield from _reminders(scope)
    yield from _concept_versions()
    yield from _minutes(scope, _within(step, 4, "minutes"))


def _within(step: Step, fifth: int, name: str) -> Step:
    """How far one fifth of the work is, as percents of the whole."""
    return lambda count, total, _what: step(20 * fifth + 20 * count // max(total, 1), 100, name)


def _listing(scope: Scope, step: Step) -> Listing:
    return export.listing(scope.filters, scope.on, scope.zone, step)


def _evidence_csv(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    yield "evidence.csv", csv_file.pieces(_listing(scope, step))


def _evidence_json(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    yield "evidence.json", json_file.pieces(_listing(scope, step))


def _evidence_xlsx(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    """One workbook; left out where a sheet cannot hold the rows, which stand in the other files all the same."""
    with TemporaryFile() as file:
        try:
            xlsx_file.write(file, _listing(scope, step))
        except xlsx_file.TooManyRows as refused:
            yield "evidence.xlsx.txt", _text(f"{refused}\n")
            return
        file.seek(0)
        yield "evidence.xlsx", iter(lambda: file.read(PIECE), b"")


def _reports(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    """One report; where it would be too long, one a unit and year."""
    step(0, 1, "")
    try:
        yield "evidence.pdf", iter((_report(scope, scope.filters),))
    except report.TooLong:
        parts = list(_parts(scope))
        for nth, (name, filters) in enumerate(parts):
            step(nth, len(parts), "")
            yield f"reports/{name}.pdf", iter((_report(scope, filters),))


def _report(scope: Scope, filters: Filters) -> bytes:
    said = export.parameters(filters, scope.on, scope.zone)
    return report.pdf(filters, scope.on, said, clock.now())


def _parts(scope: Scope) -> Iterator[tuple[str, Filters]]:
    """Scopes of one unit and one year each, by the unit's key and the year."""
    asked = scope.filters
    units = select(Unit.id, Unit.key).join(Channel, Channel.unit_id == Unit.id).distinct().order_by(Unit.id)
    for unit_id, key in db.session.execute(units.where(Channel.id.in_(stored.in_scope(asked)))).all():
        first = first_year(frozenset({unit_id}), scope.on.year)
        for year in range(first, scope.on.year + 1):
            from_on, until_on = date(year, 1, 1), date(year, 12, 31)
            if asked.from_on:
                from_on = max(from_on, asked.from_on)
            if asked.until_on:
                until_on = min(until_on, asked.until_on)
            if from_on <= until_on:
                yield f"{key}-{year}", replace(asked, unit_id=unit_id, from_on=from_on, until_on=until_on)


def _reminders(scope: Scope) -> Iterator[tuple[str, Pieces]]:
    units = scope.filters.unit_ids if scope.filters.unit_id is None else frozenset({scope.filters.unit_id})
    asked = Asked(units, scope.filters.channel_id, None, None, scope.filters.from_on, scope.filters.until_on)
    yield "reminders.csv", csv_file.pieces(told_file.listing(asked, scope.on, scope.zone))
    yield "reminders.json", json_file.pieces(told_file.listing(asked, scope.on, scope.zone))


def _concept_versions() -> Iterator[tuple[str, Pieces]]:
    for version in concept.versions():
        found = concept.published(version.number)
        if found is not None:
            yield f"concept/version-{version.number}.toml", _text(to_toml(found.concept))


def _minutes(scope: Scope, step: Step) -> Iterator[tuple[str, Pieces]]:
    """Of every closed meeting in the period in which a channel in scope was reviewed, as far as the reader sees it."""
    asked, seen = scope.filters, stored.in_scope(scope.filters)
    query = (
        select(MeetingHead.meeting_id, MeetingHead.held_on)
        .where(MeetingHead.in_force(), MeetingHead.held_on <= scope.on)
        .where(MeetingHead.meeting_id.in_(select(Review.meeting_id).where(Review.channel_id.in_(seen))))
        .order_by(MeetingHead.held_on, MeetingHead.meeting_id)
    )
    if asked.from_on:
        query = query.where(MeetingHead.held_on >= asked.from_on)
    if asked.until_on:
        query = query.where(MeetingHead.held_on <= asked.until_on)
    every = db.session.execute(query).all()
    for nth, (meeting_id, held_on) in enumerate(every):
        step(nth, len(every), "")
        said = minutes(db.session.get_one(Meeting, meeting_id), asked.unit_ids, scope.zone.key)
        if said is not None:
            yield f"minutes/{held_on.isoformat()}-{meeting_id}.pdf", iter((minutes_pdf.pdf(said),))


def _about(scope: Scope) -> dict[str, Any]:
    """For programs: what was asked for. Only where nothing was left out can a check miss rows."""
    asked = scope.filters.named()
    return {
        "format": "social-media-review/dossier",
        "version": 1,
        "language": scope.spoken,
        "as_of": scope.on.isoformat(),
        "asked": asked,
        "everything": not asked,
    }


def checker() -> str:
    """verify.py in the language of now: its texts are replaced, the rest leaves as it is."""
    source = Path(verify.__file__).read_text("utf-8")
    before, rest = source.split("N_ = str\n# fmt: off\nTEXTS = {\n", 1)
    after = rest.split("\n}\n# fmt: on\n", 1)[1]
    texts = (
        f"{json.dumps(key)}: {json.dumps(_(said), ensure_ascii=False)}" for key, said in verify.TEXTS.items()
    )
    lines = [""]
    for text in texts:
        if lines[-1] and len(lines[-1]) + len(text) > WIDTH:
            lines.append("")
        lines[-1] += f"{text}, "
    listed = "".join(f"    {line.rstrip()}\n" for line in lines)
    return f"{before}TEXTS = {{\n{listed}}}\n{after}"


def _readme(scope: Scope) -> str:
    units = scope.filters.unit_ids
    template = current_app.jinja_env.get_template("dossier/readme.txt")  # nobody asks for a page here
    return template.render(organisation=language.organisation(), units=units, about=_about(scope))


def _text(said: str) -> Pieces:
    return iter((said.encode("utf-8", "backslashreplace"),))
