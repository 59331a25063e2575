"""flask export, flask verify: take the evidence home, and check that the journal was not changed."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask_babel import force_locale

from tracker import language, paper
from tracker.commands.said import DAY, stop
from tracker.commands.watched import watched
from tracker.dossier.contents import Scope
from tracker.dossier.packing import pack
from tracker.evidence import against_words, chain, queries
from tracker.evidence import export as evidence_export
from tracker.evidence.against_queries import CLOSED
from tracker.evidence.filters import Filters
from tracker.evidence.queries import CHAIN
from tracker.evidence.report import TooLong
from tracker.exports import DOSSIER
from tracker.extensions import db
from tracker.rules.deeds import Deed
from tracker.taking_home import Form, note
from tracker.xlsx_file import TooManyRows

MOST_SAID = 20  # findings told one by one
PARTS = {CHAIN: "entries of the chain", CLOSED: "entries that closed something"}


def register(app: Flask) -> None:
    """Add `export` and `verify`."""
    app.cli.add_command(export)
    app.cli.add_command(verify)


@click.command()
@click.option("--format", "form", type=click.Choice([*(one.value for one in Form), DOSSIER]), required=True)
@click.option("--from", "from_on", type=DAY, help="First day of the period; a slot counts when it overlaps.")
@click.option("--until", "until_on", type=DAY, help="Last day of the period.")
@click.option(
    "--language", "spoken", type=click.Choice(language.LANGUAGES), help="Without it: the organisation's."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write; without it: standard output."
)
def export(
    form: str, from_on: date | None, until_on: date | None, spoken: str | None, output: Path | None
) -> None:
    """Write the evidence as a file. The export stands in the journal before the first byte."""
    if from_on and until_on and until_on < from_on:
        stop(f"The last day, {until_on}, lies before the first, {from_on}.", 2)
    spoken = spoken or language.house_language()
    filters = Filters(from_on=from_on, until_on=until_on)
    try:
        with force_locale(spoken), _opened(output) as file:
            if form == DOSSIER:
                _pack(file, filters, spoken)
                return
            with watched(form.upper()) as step:
                for piece in evidence_export.export(Form(form), filters, language.today(), spoken, step):
                    file.write(piece)
    except (TooManyRows, TooLong) as refused:
        stop(str(refused))
    except paper.NotPrinted as failed:
        stop(f"The PDF could not be typeset: {str(failed).splitlines()[0]}")
    except OSError as failed:
        stop(f"Cannot write {output or 'to standard output'}: {failed.strerror or failed}.")


def _pack(file: BinaryIO, filters: Filters, spoken: str) -> None:
    """A dossier of everything in the period."""
    scope = Scope(filters, language.today(), ZoneInfo(language.zone()), spoken)
    note(DOSSIER, Deed.EVIDENCE_EXPORT, filters.named(), scope.on, spoken)
    db.session.commit()
    with watched("Dossier", counted=False) as step:
        pack(file, scope, None, None, step)


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears under its name only once it is whole.

    What is no regular file (a pipe, a device) is written to directly; a link stays, and what it leads to is replaced.
    """
    if path is None:
        yield sys.stdout.buffer
        return
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


@click.command()
@click.option("--head", "sought", help="Hash of an earlier head of the chain, from an export or a mail.")
def verify(sought: str | None) -> None:
    """Recompute the journal's chain, compare what is closed with it, and look whether every lock is there.

    Exit status 1 if something is wrong. Only the comparison with an earlier head finds a chain written anew.
    """
    sought = sought.strip().lower() if sought is not None else None
    with watched("Checking") as step:
        found = queries.verified(sought, lambda count, total, what: step(count, total, PARTS[what]))
    click.echo(_in_a_sentence(found.chain))
    if found.chain.erased:
        click.echo(f"{found.chain.erased} texts erased.")
    if found.chain.broken is None:
        click.echo(
            f"{found.closed.rows} rows compared with their entries: heads, reviews, explanations, obligations."
        )
    if found.closed.erased:
        click.echo(f"{found.closed.erased} fields could not be compared, their words were erased.")
    if sought is None:
        click.echo("Not compared with an earlier head.")
    elif found.chain.sought_at is not None:
        click.echo(f"The earlier head is in the chain, as entry {found.chain.sought_at}.")
    else:
        click.echo("The earlier head is not in the chain: it was written anew or cut.", err=True)
    with force_locale("en"):
        for finding in found.closed.findings[:MOST_SAID]:
            click.echo(against_words.sentence(finding), err=True)
    if found.closed.count > MOST_SAID:
        click.echo(f"And {found.closed.count - MOST_SAID} more.", err=True)
    if found.faulty_locks:
        click.echo(f"Locks of the database missing or changed: {', '.join(found.faulty_locks)}.", err=True)
    if not found.good:
        raise SystemExit(1)


def _in_a_sentence(verdict: chain.Verdict) -> str:
    if verdict.broken is not None:
        return f"Broken at entry {verdict.broken}: {verdict.fault}."
    return f"{verdict.entries} entries, consistent. Head: {verdict.head}"
