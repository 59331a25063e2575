"""flask users create, flask roles add: people from the terminal."""

import secrets
from datetime import date

import click
from flask import Flask
from sqlalchemy import select

from tracker import first_person
from tracker.commands.said import DAY, need_database, stop
from tracker.extensions import db
from tracker.models import Unit
from tracker.people import changes, queries
from tracker.people import roles as roles_of_people
from tracker.people.days import Days
from tracker.people.roles import PersonRefused
from tracker.rules.words import Role


def register(app: Flask) -> None:
    """Add the groups `users` and `roles`."""
    app.cli.add_command(users)
    app.cli.add_command(roles)


@click.group()
def users() -> None:
    """People with an account."""


@click.group()
def roles() -> None:
    """What people may do."""


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="Full name, as it stands in minutes.")
@click.option("--password", help="At least 12 characters; without it one is made and printed once.")
@click.option("--language", type=click.Choice(["de", "en"]), help="Without it: as the browser says.")
@click.option("--from", "from_on", type=DAY, help="First day of the access; without it: at once.")
@click.option("--until", "until_on", type=DAY, help="Last day of the access; without it: no end.")
def create(
    email: str,
    name: str,
    password: str | None,
    language: str | None,
    from_on: date | None,
    until_on: date | None,
) -> None:
    """Add a person; give a role with `flask roles add` afterwards."""
    need_database()
    chosen = password or secrets.token_urlsafe(12)
    try:
        days = Days(from_on, until_on)
        changes.create(email, name, chosen, language, command="flask users create", days=days)
    except PersonRefused as refused:
        stop(str(refused))
    db.session.commit()
    first_person.over()
    click.echo(f"Added {name}." + ("" if password else f" Password: {chosen}"))


@roles.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option(
    "--unit", "keys", multiple=True, help="Only for this unit (its key in the concept); may be repeated."
)
def add(email: str, role: str, keys: tuple[str, ...]) -> None:
    """Give a person a role, for all units or for some."""
    need_database()
    person = queries.by_email(email)
    if person is None:
        stop(f"There is nobody with the address {email}.")
    units = list(db.session.scalars(select(Unit).where(Unit.key.in_(keys))))
    if missing := set(keys) - {unit.key for unit in units}:
        stop(f"There is no unit with the key {', '.join(sorted(missing))}.")
    try:
        roles_of_people.add_role(person, Role(role), units, command="flask roles add")
    except PersonRefused as refused:
        stop(str(refused))
    db.session.commit()
    click.echo(f"{person.full_name} is {role}" + (f" for {', '.join(keys)}." if keys else "."))
