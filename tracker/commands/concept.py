"""flask load-concept, flask export-concept: take a published concept in, and write it out again."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask

from tracker.commands.said import DAY, need_database, stop
from tracker.commands.watched import watched
from tracker.concept import renamed
from tracker.concept.changes import Loaded, load
from tracker.concept.file import read_concept
from tracker.concept.problems import ConceptRefused
from tracker.concept.queries import published
from tracker.concept.writing import to_toml
from tracker.extensions import db
from tracker.rules.obligating import RuleBroken

LARGEST = 10**9 - 1  # far more than there will ever be, and what a column of PostgreSQL holds


def register(app: Flask) -> None:
    """Add `load-concept` and `export-concept`."""
    app.cli.add_command(load_concept)
    app.cli.add_command(export_concept)


@click.command("load-concept")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--since", type=DAY, help="Day the obligations begin or change; default: current slot, or next slot."
)
@click.option("--as-new", is_flag=True, help="Take a channel that looks like a renamed one as a new channel.")
def load_concept(file: Path, since: date | None, as_new: bool) -> None:
    """Read a concept (TOML) into organisation, units, channels, commitments and obligations."""
    need_database()
    try:
        concept = read_concept(file)
    except ConceptRefused as refused:
        stop(f"The concept was refused, nothing was changed.\n{refused.text()}")
    for warning in concept.warnings:
        click.echo(f"Warning: {warning.text()}", err=True)
    suspected = [] if as_new else renamed.suspected(concept)
    if suspected:
        pairs = "; ".join(f"{one.was} is left out, {one.title} is new" for one in suspected)
        stop(f"Nothing was changed. This looks like a renamed channel: {pairs}. Rename it on its page of the concept "
             "first, so that it keeps its reviews; or load with --as-new.")  # fmt: skip
    try:
        with watched("Loading") as step:
            loaded = load(concept, file.name, since, step=step)
    except RuleBroken as broken:
        db.session.rollback()
        stop(f"The concept was refused, nothing was changed: {broken}. Give another day with --since.")
    db.session.commit()
    click.echo(_summary(loaded))


@click.command("export-concept")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--version", "number", type=click.IntRange(1, LARGEST), help="Without it: the newest.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it is there.")
def export_concept(file: Path | None, number: int | None, force: bool) -> None:
    """Write the concept as TOML, to FILE or standard output; load-concept reads it back unchanged."""
    need_database()
    found = published(number)
    if found is None:
        stop(f"There is no version {number} of the concept." if number else "No concept was loaded yet.")
    text = to_toml(found.concept)
    if file is None:
        click.echo(text, nl=False)
        return
    mode = "wb" if force else "xb"  # "x" refuses what is there, also if it came just now
    try:
        with file.open(mode) as opened:
            opened.write(text.encode())
    except FileExistsError:
        stop(f"{file} is there already, nothing was written. Overwrite it with --force.")
    except OSError as failed:
        stop(f"Cannot write {file}: {failed.strerror or failed}.")


def _summary(loaded: Loaded) -> str:
    if loaded.version is None:
        return "The installation has this concept already; nothing was changed."
    said: list[Any] = [
        f"Loaded version {loaded.version.number} of the concept: {len(loaded.new_channels)} new channels"
    ]
    if loaded.changed_channels:
        said.append(f"{len(loaded.changed_channels)} with changed obligations")
    if loaded.left_out:
        names = ", ".join(f"{channel.platform} {channel.name}" for channel in loaded.left_out)
        said.append(f"no longer in the file, not closed: {names}")
    return "; ".join(said) + "."
