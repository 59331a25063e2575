"""The evidence of reminding: who was told what when, what became of the mail, and who was not told and why."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import factories
from tests.browsing import Browser
from tracker import outbox
from tracker.extensions import db
from tracker.models import Channel
from tracker.reminders.changes import remind

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
SignIn = Callable[..., Browser]


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    """Overdue since the first of April; whoever was responsible has left; an action is past its day."""
    clock_at("2026-04-01")
    found = factories.channel(
        factories.unit("Bildungshaus"), "Facebook", "Hauptkanal", since=date(2026, 1, 1)
    )
    factories.person("manager", name="Katrin Seidel")
    found.contact_id = factories.contact(factories.person("editor", name="Ausgeschieden", active=False)).id
    owner = factories.contact(factories.person("editor", name="Jonas Brandt"))
    factories.action(found, owner, date(2026, 3, 30), "Impressum ergänzen")
    db.session.commit()
    remind(date(2026, 4, 1))
    db.session.commit()
    outbox.deliver()
    return found


def rows(page: str) -> str:
    return page.split("Was daraus wurde", 1)[1]


def test_reminders_actions_and_who_was_left_out_stand_in_one_list(sign_in: SignIn, channel: Channel) -> None:
    said = rows(sign_in("auditor").get("/reminders").text)
    assert (
        "01.04.2026 überfällig Facebook Hauptkanal fällig am 31.03.2026 Katrin Seidel als Datei geschrieben"
        in said
    )
    assert "Maßnahme Facebook Hauptkanal : Impressum ergänzen fällig am 30.03.2026 Jonas Brandt" in said
    assert "Ausgeschieden nicht erinnert: Das Konto ist deaktiviert oder gilt an diesem Tag nicht." in said


@pytest.mark.parametrize(
    ("filters", "there", "not_there"),
    [
        ("told=no", "Ausgeschieden", "Katrin Seidel"),
        ("told=yes", "Katrin Seidel", "Ausgeschieden"),
        ("stage=overdue&told=yes", "Katrin Seidel", "Impressum"),
        ("channel=1&from=2026-04-01&until=2026-04-01", "Katrin Seidel", "Nichts passt"),
        ("channel=abc&stage=<b>&from=2026-02-30&page=99", "Katrin Seidel", "Nichts passt"),
    ],
)
def test_it_is_filtered_by_what_makes_sense(
    sign_in: SignIn, channel: Channel, filters: str, there: str, not_there: str
) -> None:
    said = rows(
        sign_in("manager").get(f"/reminders?{filters.replace('channel=1', f'channel={channel.id}')}").text
    )
    assert there in said
    assert not_there not in said


def test_an_empty_list_says_so(sign_in: SignIn, channel: Channel) -> None:
    assert "Nichts passt" in sign_in().get("/reminders?until=2026-03-01").text


def test_another_units_reminders_appear_nowhere(sign_in: SignIn, channel: Channel) -> None:
    page = sign_in("editor", units=[factories.unit("Göppingen")]).get("/reminders")
    assert "Katrin Seidel" not in page.text
    assert "Hauptkanal" not in page.text
