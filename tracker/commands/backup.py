"""flask backup, restore, upgrade, doctor: everything in a safe place, back from there, up to date, and well or not."""

from pathlib import Path

import click
from flask import Flask, current_app

from tracker import backup as backups
from tracker import clock, health, secret_files
from tracker.commands.said import need_database, stop
from tracker.commands.setup import bring_up_to_date
from tracker.commands.watched import watched
from tracker.database_copy import BackupRefused
from tracker.evidence import queries
from tracker.extensions import db
from tracker.models import Organisation
from tracker.reminders import changes

FILE = click.Path(dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    """Add `backup`, `restore`, `upgrade` and `doctor`."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    app.cli.add_command(upgrade)
    app.cli.add_command(doctor)


@click.command()
@click.argument("file", type=FILE, required=False)
def backup(file: Path | None) -> None:
    """Copy the database to FILE, and the secrets to a second file beside it. The app goes on running.

    Without FILE they go to backups/ in the instance folder, named by the moment.
    """
    secret_files.keep_private()
    need_database()
    _file, secrets = _backed_up(file or backups.folder() / backups.named(clock.now()))
    click.echo(f"Wrote {secrets}: whoever has both files has everything. Keep them in two places.")


def _backed_up(path: Path) -> tuple[Path, Path]:
    """Both files, written and told of; ends the command where they cannot be."""
    secrets = path.with_name(f"{path.stem}.secrets.zip")
    if there := [one for one in (path, secrets) if one.exists()]:
        stop(f"There is {there[0]} already; give another name.")
    try:
        with watched("Copying") as step:
            about = backups.write(path, step)
        backups.write_secrets(secrets)
    except BackupRefused as refused:
        stop(str(refused))
    click.echo(f"Wrote {path} ({path.stat().st_size / 1e6:.1f} MB), up to journal entry {about.entries}.")
    return path, secrets


@click.command()
def upgrade() -> None:
    """After a new version was installed: back up, bring the database up to date, and check everything.

    Stop the app before, and start it afterwards.
    """
    secret_files.keep_private()
    need_database()
    path, secrets = _backed_up(backups.folder() / backups.named(clock.now()))
    back = f"To go back: the old version, an empty place, `flask restore {path} --secrets {secrets}`."
    try:
        bring_up_to_date()
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the way back must be said
        db.session.rollback()
        stop(f"The database could not be brought up to date: {str(error).splitlines()[0]} {back}")
    with watched("Checking") as step:
        found = queries.verified(None, step)
    if not found.good:
        stop(f"Something does not agree with the journal: `flask verify` says what. {back}")
    click.echo("The database is up to date, and everything agrees with its journal.")


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--secrets", type=FILE, help="The second file of the backup; without it, secrets must be here already."
)
def restore(file: Path, secrets: Path | None) -> None:
    """Make this installation from a backup, where there is none yet, and check everything.

    Reminders are held until somebody has looked at what would go out: the backup does not know what was sent since.
    """
    secret_files.keep_private()
    folder = Path(current_app.instance_path)
    try:
        about = backups.read(file)
        if secrets is None and not (folder / "secrets" / "SECURITY_PASSWORD_SALT").exists():
            stop(
                "There are no secrets here, and no password would be accepted. Give them with --secrets FILE."
            )
        written = backups.restore_secrets(secrets) if secrets is not None else []
        try:
            backups.restore(file, about)
        except BackupRefused:
            for path in written:  # nothing half-done
                path.unlink()
            raise
    except BackupRefused as refused:
        stop(str(refused))
    confirmed = db.session.get(Organisation, 1)
    was_confirmed = confirmed is not None and confirmed.reminders_confirmed_at is not None
    with watched("Checking") as step:
        found = queries.verified(about.head, lambda count, total, what: step(count, total, what))
    db.session.rollback()
    if was_confirmed and changes.hold():
        db.session.commit()
    click.echo(f"Restored the state of {about.made_at}, up to journal entry {found.chain.entries}.")
    if was_confirmed:
        click.echo("Reminders are held: `flask remind --dry-run` shows them, --confirm releases them.")
    if not found.good:
        stop("Something in it does not agree with its journal: `flask verify` says what.")
    click.echo("Everything in it agrees with its journal.")


@click.command()
def doctor() -> None:
    """Look at everything this installation needs, and say what to do where something is ill; then exit status 1."""
    found = health.findings()
    for one in found:
        click.echo(f"{'ok ' if one.well else 'ILL'}  {one.part}: {one.said}")
        if not one.well:
            click.echo(f"     {one.to_do[:1].upper()}{one.to_do[1:]}.")
    if ill := sum(not one.well for one in found):
        stop(f"{ill} of {len(found)} parts are ill.")
    click.echo("All is well.")
