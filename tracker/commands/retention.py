"""flask retention: what is past its years, and replacing it."""

import click
from flask import Flask

from tracker import language
from tracker.commands.said import need_database, stop
from tracker.extensions import db
from tracker.models import Organisation
from tracker.retention import changes, queries
from tracker.retention.queries import Past


def register(app: Flask) -> None:
    """Add `retention`."""
    app.cli.add_command(retention)


@click.command()
@click.option("--run", is_flag=True, help="Replace and erase it; without this it is only shown.")
def retention(run: bool) -> None:
    """Show what is past the years of retention; with --run, replace names and erase the journal's words of them."""
    need_database()
    row = db.session.get(Organisation, 1, with_for_update=True if run else None)
    if row is None or row.retention_years is None:
        stop("No years of retention are set; an administrator sets them on the page.")
    past = Past.of(language.today(), row.retention_years, language.zone())
    found = changes.run(row, past) if run else queries.preview(past)
    db.session.commit()
    for one in found.counts:
        click.echo(f"{one.table}.{one.column}: {one.count}")
    done = "replaced or erased" if run else "would be replaced or erased"
    click.echo(
        f"{found.words} words of the journal, {found.accounts} accounts; before {past.day} all of it {done}."
    )
