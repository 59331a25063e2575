"""flask retention: what is past its years, and replacing it."""

import click
from flask import Flask

from tracker import language
from tracker.commands.said import need_database, stop
from tracker.extensions import db
from tracker.models import Organisation
from tracker.retention import changes
from tracker.retention.preview import preview
from tracker.retention.queries import Past


def register(app: Flask) -> None:
    """Add `retention`."""
    app.cli.add_command(retention)


@click.command()
@click.option("--run", is_flag=True, help="Replace and erase it; without this it is only shown.")
@click.option("--yes", is_flag=True, help="Do not ask before.")
def retention(run: bool, yes: bool) -> None:
    """Show what is past the years of retention; with --run, replace names and erase the journal's words of them."""
    need_database()
    row = db.session.get(Organisation, 1, with_for_update=True if run else None)
    if row is None or row.retention_years is None:
        stop("No years of retention are set; an administrator sets them on the page.")
    past = Past.of(language.today(), row.retention_years, language.zone())
    found = preview(past)
    for one in found.counts:
        click.echo(f"{one.table}.{one.column}: {one.count}" if one.column else f"{one.table}: {one.count}")
    click.echo(
        f"{found.words} words of the journal, {found.accounts} accounts; "
        f"before {past.day} all of it would be replaced or erased."
    )
    if run and found.anything:
        if not yes:
            db.session.rollback()  # nobody else waits while somebody thinks
            click.confirm("Replace and erase this? It cannot be undone.", abort=True)
            row = db.session.get_one(Organisation, 1, with_for_update=True, populate_existing=True)
            if row.retention_years is None or preview(past).sign != found.sign:
                stop("Meanwhile something else would be replaced. Please look at it again.")
        changes.run(row, past)
        db.session.commit()
        click.echo("Done.")
