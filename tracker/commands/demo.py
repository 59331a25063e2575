"""flask seed-demo: a made-up year to look around in."""

from datetime import date

import click
from flask import Flask, current_app
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.commands.said import DAY, stop
from tracker.commands.watched import watched_each
from tracker.extensions import db


def register(app: Flask) -> None:
    """Add `seed-demo`."""
    app.cli.add_command(seed_demo)


@click.command("seed-demo")
@click.option(
    "--until", type=DAY, help="Last day of the story; default: today, or where an earlier run stopped."
)
def seed_demo(until: date | None) -> None:
    """Make two believable years on the example concept, and print address and people.

    Run again, it changes nothing; with a later day it goes on until then.
    """
    from tracker.demo import seeding  # noqa: PLC0415 - only this command needs the story and all the rooms in it

    if not _has_tables():
        stop("There is no database yet; run `flask init` first.")
    day = until or seeding.seeded_until() or clock.today(seeding.ZONE)
    try:
        seeded = seeding.seed(day, lambda days: watched_each("Making the demo years", days, "days"))
    except seeding.SeedRefused as refused:
        db.session.rollback()
        stop(str(refused))
    click.echo(
        f"The demo tells the time until {seeded.until}"
        + ("." if seeded.changed else "; nothing was changed.")
    )
    base = current_app.config["BASE_URL"].rstrip("/")
    click.echo(f"\nSign in at {base}/ as one of these people (all made up):\n")
    for one in seeding.FIGURES:
        role = one.role.value + (f" ({', '.join(one.units)})" if one.units else "")
        password = seeded.passwords.get(one.email, f"(unknown: {seeding.PASSWORDS} is gone)")
        click.echo(f"  {one.email:<27} {password:<18} {one.full_name}, {role}")
    click.echo("")


def _has_tables() -> bool:
    try:
        return inspect(db.engine).has_table("journal")
    except OperationalError:  # SQLite without its folder
        return False
