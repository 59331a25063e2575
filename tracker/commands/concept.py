"""flask load-concept: take a published concept in."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask

from tracker.commands.said import DAY, need_database, stop
from tracker.concept.changes import Loaded, load
from tracker.concept.file import read_concept
from tracker.concept.problems import ConceptRefused
from tracker.extensions import db
from tracker.rules.obligating import RuleBroken


def register(app: Flask) -> None:
    """Add `load-concept`."""
    app.cli.add_command(load_concept)


@click.command("load-concept")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--since", type=DAY, help="Day the obligations begin or change; default: current slot, or next slot."
)
def load_concept(file: Path, since: date | None) -> None:
    """Read a concept (TOML) into organisation, units, channels, commitments and obligations."""
    need_database()
    try:
        concept = read_concept(file)
    except ConceptRefused as refused:
        stop(f"The concept was refused, nothing was changed.\n{refused.text()}")
    for warning in concept.warnings:
        click.echo(f"Warning: {warning.text()}", err=True)
    try:
        loaded = load(concept, file.name, since)
    except RuleBroken as broken:
        db.session.rollback()
        stop(f"The concept was refused, nothing was changed: {broken}. Give another day with --since.")
    db.session.commit()
    click.echo(_summary(loaded))


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
