"""flask secrets rotate, flask secrets forget: new keys without ending anybody's work, and an end to the old ones."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import select

from tracker import journal, secret_files
from tracker.commands.said import need_database, stop
from tracker.extensions import db, security
from tracker.models import User
from tracker.rules.deeds import Deed


def register(app: Flask) -> None:
    """Add the group `secrets`."""
    app.cli.add_command(secrets)


@click.group()
def secrets() -> None:
    """The keys with which sessions are signed and second factors encrypted."""


@secrets.command()
def rotate() -> None:
    """Make new keys. Sessions go on; restart the app, and some days later run `flask secrets forget`."""
    need_database()
    journal.note(db.session, Deed.SECRETS_ROTATE, words={"command": "flask secrets rotate"})
    _write(secret_files.add)
    click.echo(
        "New keys are made. Restart the app: then they are in use, and what the old ones signed still holds."
    )


@secrets.command()
def forget() -> None:
    """Put everything under the newest keys and forget the older ones. Sessions that they signed end."""
    need_database()
    count = 0
    for someone in db.session.scalars(select(User).order_by(User.id)):
        count += _renewed(someone)
    journal.note(db.session, Deed.SECRETS_FORGET, words={"command": "flask secrets forget"})
    db.session.flush()
    _write(secret_files.keep_newest)
    click.echo(
        f"The older keys are forgotten; second factors of {count} people are under the newest. Restart the app."
    )


def _renewed(someone: User) -> bool:
    """Encrypt the second factor of a person with the newest keys."""
    if someone.tf_totp_secret:
        known = security.totp_factory._totp.from_source(someone.tf_totp_secret)
        someone.tf_totp_secret = known.to_json(encrypt=True)
    codes = someone.mf_recovery_codes
    cryptor = security.mf_recovery_codes_util.cryptor
    if codes and cryptor:
        someone.mf_recovery_codes = [cryptor.rotate(code.encode()).decode() for code in codes]
    return bool(someone.tf_totp_secret or codes)


def _write(change: Callable[[Path], None]) -> None:
    """The files last, but for the commit: what is not written leaves no entry."""
    try:
        change(Path(current_app.instance_path))
    except OSError as error:
        db.session.rollback()
        stop(f"The secrets cannot be written: {error.strerror}. Nothing was changed.")
    db.session.commit()
