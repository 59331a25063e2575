"""flask init, flask serve: bring an installation into being and run it on one machine."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from tracker import asking, secret_files
from tracker.commands.said import stop
from tracker.extensions import db
from tracker.models import Role
from tracker.rules import words


def register(app: Flask) -> None:
    """Add `init` and `serve`."""
    app.cli.add_command(init)
    app.cli.add_command(serve)


@click.command()
def init() -> None:
    """Make the database and the secrets of this installation; run again, it changes nothing."""
    folder = Path(current_app.instance_path)
    secret_files.keep_private()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        made = secret_files.make(folder)
    except OSError as error:
        stop(f"The folder {folder} cannot be used: {error.strerror}.")
    bring_up_to_date()
    click.echo(f"{'Made' if made else 'Found'} the installation in {folder}.")


def bring_up_to_date() -> None:
    """The tables, and what belongs into them, as this version needs them; commits."""
    upgrade()
    _close_to_others()
    known = set(db.session.scalars(db.select(Role.name)))
    db.session.add_all(Role(name=role.value) for role in words.Role if role.value not in known)
    asking.catch_up()
    db.session.commit()


def _close_to_others() -> None:
    """An older installation may have a database that everybody on the machine can read."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        for path in (Path(url.database + more) for more in ("", "-wal", "-shm")):
            if path.is_file():
                path.chmod(0o600)


@click.command()
@click.option("--host", help="Address to listen on; default 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on; default 5000.")
def serve(host: str | None, port: int | None) -> None:
    """Run web and scheduler in one process, for one machine."""
    from tracker import server  # noqa: PLC0415 - only this command needs the web server

    secret_files.keep_private()
    server.run(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]
