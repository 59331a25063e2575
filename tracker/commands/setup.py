"""flask init, flask serve: bring an installation into being and run it on one machine."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from tracker.extensions import db
from tracker.models import Role
from tracker.rules import words
from tracker.settings import make_secrets


def register(app: Flask) -> None:
    """Add `init` and `serve`."""
    app.cli.add_command(init)
    app.cli.add_command(serve)


@click.command()
def init() -> None:
    """Make the database and the secrets of this installation; run again, it changes nothing."""
    folder = Path(current_app.instance_path)
    folder.mkdir(parents=True, exist_ok=True)
    made = make_secrets(folder)
    upgrade()
    known = set(db.session.scalars(db.select(Role.name)))
    db.session.add_all(Role(name=role.value) for role in words.Role if role.value not in known)
    db.session.commit()
    click.echo(f"{'Made' if made else 'Found'} the installation in {folder}.")


@click.command()
@click.option("--host", help="Address to listen on; default 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on; default 5000.")
def serve(host: str | None, port: int | None) -> None:
    """Run web and scheduler in one process, for one machine."""
    from tracker import server  # noqa: PLC0415 - only this command needs the web server

    server.run(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]
