"""flask users create and flask roles add."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Entry, User, Words, unit_limits
from tracker.rules.words import Role

Run = Callable[..., Result]
SignIn = Callable[..., Browser]


def test_a_person_is_made_and_their_password_told_once(run: Run) -> None:
    result = run("users", "create", "ada@Example.org", "--name", "Ada Beck")
    assert result.exit_code == 0, result.output
    password = result.output.rpartition("Password: ")[2].strip()
    ada = db.session.scalars(select(User)).one()
    assert ada.email == "ada@example.org"
    assert len(password) >= 12
    assert ada.verify_and_update_password(password)


def test_a_password_that_was_given_is_not_repeated(run: Run) -> None:
    result = run("users", "create", "ada@example.org", "--name", "Ada", "--password", "ein langes Passwort")
    assert "Passwort" not in result.output


def test_what_is_not_right_is_one_sentence_and_no_person(run: Run) -> None:
    for email, name, password in (
        ("ada", "Ada", "ein langes Passwort"),
        ("ada@example.org", " ", "ein langes Passwort"),
        ("ada@example.org", "Ada", "kurz"),
    ):
        result = run("users", "create", email, "--name", name, "--password", password)
        assert (result.exit_code, result.output.count("\n")) == (1, 1), (result.output, result.exception)
    assert db.session.scalar(select(func.count(User.id))) == 0


def test_an_address_belongs_to_one_person(run: Run) -> None:
    run("users", "create", "ada@example.org", "--name", "Ada")
    assert run("users", "create", "ADA@example.org", "--name", "Ada").exit_code == 1


def test_a_role_is_given_for_units_and_given_again_for_all(run: Run) -> None:
    unit = factories.unit()
    run("users", "create", "ada@example.org", "--name", "Ada")
    assert run("roles", "add", "ADA@example.org", "editor", "--unit", unit.key).exit_code == 0
    assert db.session.execute(select(unit_limits.c.unit_id)).scalars().all() == [unit.id]
    assert run("roles", "add", "ada@example.org", "editor").exit_code == 0
    db.session.expire_all()
    assert db.session.execute(select(unit_limits.c.unit_id)).scalars().all() == []
    assert db.session.scalars(select(User)).one().has_role(Role.EDITOR.value)
    assert list(db.session.scalars(select(Entry.deed).order_by(Entry.number))) == [
        "users.create",
        "roles.add",
        "roles.add",
    ]


def test_the_journal_says_that_it_was_done_on_the_servers_command_line(run: Run, sign_in: SignIn) -> None:
    run("users", "create", "ada@example.org", "--name", "Ada")
    run("roles", "add", "ada@example.org", "editor")
    told = select(Words.text).where(Words.field == "command").order_by(Words.number)
    assert list(db.session.scalars(told)) == ["flask users create", "flask roles add"]
    page = sign_in("auditor").get("/journal")
    assert "Auf der Kommandozeile des Servers flask users create" in page.text.replace(" :", "").replace(
        ":", ""
    )


def test_a_role_given_as_it_is_already_leaves_no_entry(run: Run) -> None:
    run("users", "create", "ada@example.org", "--name", "Ada")
    for _again in range(2):
        assert run("roles", "add", "ada@example.org", "editor").exit_code == 0
    assert list(db.session.scalars(select(Entry.deed).order_by(Entry.number))) == [
        "users.create",
        "roles.add",
    ]


def test_the_last_admin_is_not_limited_by_a_command_either(run: Run) -> None:
    unit = factories.unit()
    run("users", "create", "ada@example.org", "--name", "Ada")
    run("roles", "add", "ada@example.org", "admin")
    result = run("roles", "add", "ada@example.org", "admin", "--unit", unit.key)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)


def test_nobody_no_such_unit_and_no_such_role_are_refused(run: Run) -> None:
    run("users", "create", "a_a@example.org", "--name", "Ada")
    assert run("roles", "add", "aba@example.org", "editor").exit_code == 1
    assert run("roles", "add", "a_a@example.org", "editor", "--unit", "nowhere").exit_code == 1
    assert run("roles", "add", "a_a@example.org", "king").exit_code == 2


@pytest.mark.own_database
def test_before_init_a_command_says_what_to_do(run: Run) -> None:
    db.session.remove()
    db.drop_all()
    for command in (("users", "create", "a@example.org", "--name", "A"), ("load-concept", "x.toml")):
        result = run(*command)
        assert result.exit_code == 1
        assert "flask init" in result.output
