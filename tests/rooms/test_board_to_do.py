"""What the board tells the person at the screen to do: what is open and on no agenda, and their own actions."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Channel

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    """Two channels in a quarter that has just begun; the quarter before was kept."""
    unit = factories.unit("Bildungshaus")
    found = [factories.channel(unit, "Facebook", "Seite"), factories.channel(unit, "Mastodon", "Konto")]
    for quarter in ("2025-01-20", "2025-04-20", "2025-07-20", "2025-10-20", "2026-01-20"):
        clock_at(quarter)
        factories.closed_meeting(date.fromisoformat(quarter), found)
    clock_at("2026-04-10")
    return found


def test_an_open_channel_on_no_agenda_is_named(
    channels: list[Channel], sign_in: Callable[..., Browser]
) -> None:
    factories.planned_meeting(date(2026, 5, 12), channels[:1])
    page = sign_in().get("/")
    assert "Ein offener Kanal steht auf keiner Tagesordnung" in page.text
    assert "Mastodon, Konto, Bildungshaus" in page.text


def test_nothing_is_left_out_where_every_channel_has_its_meeting(
    channels: list[Channel], sign_in: Callable[..., Browser]
) -> None:
    factories.planned_meeting(date(2026, 5, 12), channels)
    assert "auf keiner Tagesordnung" not in sign_in().get("/").text


def test_ones_own_actions_of_the_next_two_weeks_are_to_do(
    channels: list[Channel], sign_in: Callable[..., Browser]
) -> None:
    editor = sign_in()
    mine, other = factories.contact(editor.person), factories.contact(factories.person("editor"))
    factories.action(channels[0], mine, date(2026, 4, 9), "Impressum ergänzen")
    factories.action(channels[0], mine, date(2026, 4, 24), "Netiquette verlinken")
    factories.action(channels[0], mine, date(2026, 4, 25), "Titelbild erneuern")
    factories.action(channels[0], other, date(2026, 4, 11), "Hinweise anpassen")
    said = " ".join(editor.get("/").words("div", class_="todo"))
    assert "Impressum ergänzen Ihre Maßnahme war am 09.04.2026 fällig." in said
    assert "Netiquette verlinken Ihre Maßnahme ist am 24.04.2026 fällig." in said
    assert "Titelbild" not in said
    assert "Hinweise" not in said


def test_an_appointed_chair_is_told_to_log_a_meeting_of_other_units(
    channels: list[Channel], sign_in: Callable[..., Browser]
) -> None:
    elsewhere = factories.channel(factories.unit("Göppingen"), "XING", "Seite")
    editor = sign_in(units=[elsewhere.unit])
    factories.planned_meeting(date(2026, 4, 10), channels, chair_id=editor.person.id)
    assert "Sitzung vom 10.04.2026" in editor.get("/").text


def test_what_is_overdue_names_the_meeting_that_makes_it_up_and_says_when_that_comes_too_late(
    channels: list[Channel], clock_at: Callable[[str], None], sign_in: Callable[..., Browser]
) -> None:
    clock_at("2026-07-06")
    meeting = factories.planned_meeting(date(2026, 7, 20), channels[:1])
    manager = sign_in("manager")
    said = " ".join(manager.get("/").words("div", class_="todo"))
    assert "Ein überfälliger Kanal steht auf keiner Tagesordnung Mastodon" in said
    assert "Ein überfälliger Kanal steht auf der Tagesordnung vom 20.07.2026 Facebook" in said

    meeting.planned_on = date(2026, 8, 3)  # the grace of the second quarter ends on 30 July
    db.session.commit()
    said = " ".join(manager.get("/").words("div", class_="todo"))
    assert (
        "Die Sitzung am 03.08.2026 kommt zu spät für Überfälliges Nachholbar bis 30.07.2026: Facebook" in said
    )
