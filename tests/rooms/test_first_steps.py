"""The first steps of a new installation: read from what is there, for who may set it up, gone when it runs."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker import clock
from tracker.extensions import db
from tracker.models import Organisation

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def _autumn(app: Flask, clock_at: Callable[[str], None]) -> None:
    app.config["MAIL_HOST"] = ""
    clock_at("2026-10-13")


def done(page: Page) -> list[str]:
    """The steps with a tick."""
    return page.words("li", class_="done")


def release() -> None:
    organisation = db.session.get(Organisation, 1)
    assert organisation is not None
    organisation.reminders_confirmed_at = clock.now()
    db.session.commit()


def test_before_the_concept_the_board_of_an_admin_is_the_first_steps(sign_in: SignIn) -> None:
    page = sign_in("admin").get("/")
    assert "Erste Schritte" in page.words("h1")
    assert "0 von 6 erledigt" in page.text
    assert page.link("Konzept laden") == "/concept/load"


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_before_the_concept_others_are_told_that_there_is_none(sign_in: SignIn, role: str) -> None:
    page = sign_in(role).get("/")
    assert "Noch ist kein Konzept geladen" in page.text
    assert "Erste Schritte" not in page.text


def test_each_step_is_done_by_doing_it(sign_in: SignIn) -> None:
    factories.organisation(reminders_confirmed_at=None)
    channel = factories.channel(since=date(2026, 1, 1))
    admin = sign_in("admin")
    assert len(done(admin.get("/first-steps"))) == 1  # the concept

    for role in ("editor", "manager", "auditor"):
        factories.person(role)
    assert len(done(admin.get("/first-steps"))) == 2

    factories.planned_meeting(date(2026, 10, 20), [channel])
    assert len(done(admin.get("/first-steps"))) == 3
    assert (
        "3 von 6 erledigt. Als Nächstes: Festlegen, wer ohne Zuständige erinnert wird." in admin.get("/").text
    )


def test_they_are_gone_once_a_meeting_is_closed_and_reminders_are_released(sign_in: SignIn) -> None:
    factories.organisation(reminders_confirmed_at=None)
    channel = factories.channel(since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 3), [channel])
    admin = sign_in("admin")
    assert "Erste Schritte" in admin.get("/").text
    release()
    assert "Erste Schritte" not in admin.get("/").text
    assert "Erste Schritte" not in admin.get("/first-steps").text  # the board


def test_whoever_is_limited_to_a_unit_learns_nothing_of_the_whole(sign_in: SignIn) -> None:
    factories.organisation(reminders_confirmed_at=None)
    own = factories.channel(factories.unit("Haupthaus"), since=date(2026, 1, 1))
    factories.channel(factories.unit("Zweigstelle"), since=date(2026, 1, 1))
    limited = sign_in("manager", units=[own.unit])
    assert "Erste Schritte" not in limited.get("/first-steps").text
    assert "Zweigstelle" not in limited.get("/first-steps").text
