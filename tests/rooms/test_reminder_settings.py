"""When reminders come: said in words, shown as a timeline, changed by managers and admins."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.models import Channel, Entry, Organisation

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]
URL = "/reminders/settings/change"


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-02-10")
    return factories.channel(factories.unit("Bildungshaus"), "Facebook", "Hauptkanal", since=date(2026, 1, 1))


def organisation() -> Organisation:
    db.session.expire_all()
    return db.session.get_one(Organisation, 1)


def test_the_page_says_in_words_what_the_defaults_mean(sign_in: SignIn, channel: Channel) -> None:
    said = sign_in("editor").get("/reminders/settings").text
    assert "Wer verantwortlich ist, hört 15 Arbeitstage vor Fälligkeit davon." in said
    assert "am ersten Arbeitstag nach Fälligkeit" in said
    assert "10 Arbeitstage nach Fälligkeit, spätestens nach der halben Nachfrist" in said


def test_the_timeline_names_who_hears_what_on_which_day(sign_in: SignIn, channel: Channel) -> None:
    channel.contact_id = factories.contact(factories.person("editor", name="Jonas Brandt")).id
    db.session.commit()
    said = (
        sign_in(factories.person("manager", name="Katrin Seidel"))
        .get(f"/reminders/settings?channel={channel.id}&slot=2026-4-1")
        .text
    )
    timeline = said.split("Wer davon hört")[1]
    assert "Dienstag, 10. März 2026 Vorankündigung Jonas Brandt" in timeline
    assert "Mittwoch, 1. April 2026 überfällig Jonas Brandt, Katrin Seidel" in timeline
    assert "Freitag, 1. Mai 2026" not in timeline  # a holiday: the mail leaves on the next working day
    assert "Montag, 4. Mai 2026 versäumt Katrin Seidel" in timeline


def test_a_manager_sets_days_stages_and_contacts(sign_in: SignIn, channel: Channel) -> None:
    box = factories.contact(name="Geschäftsführung", email="gf@example.org")
    browser = sign_in("manager")
    form = browser.get(URL).form(URL)
    of_unit = {f"unit-{channel.unit_id}": str(box.id)}
    stages = ["notice", "overdue", "escalation", "missed"]
    said = browser.post(URL, form.filled(notice="20", contact=str(box.id), stages=stages, **of_unit)).text
    now = organisation()
    assert (now.notice_workdays, now.escalation_contact_id) == (20, box.id)
    assert now.stages == {"notice", "overdue", "escalation", "missed"}
    assert channel.unit.escalation_contact_id == box.id
    assert "hört 20 Arbeitstage vor Fälligkeit davon" in said
    assert db.session.scalars(select(Entry.deed)).all() == ["reminders.set"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notice", "-1"),
        ("notice", "1e9"),
        ("notice", "bald"),
        ("notice", "99999999999999999999"),
        ("overdue", "0"),
        ("escalation", ""),
        ("contact", "999"),
        ("stages", "<b>"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    sign_in: SignIn, channel: Channel, field: str, value: str
) -> None:
    browser = sign_in("manager")
    form = browser.get(URL).form(URL)
    form.values[field] = value
    page = browser.post(URL, form.values, expect=422)
    assert page.words("p", id=f"{field}-error")
    assert organisation().notice_workdays == 15


def test_an_escalation_before_overdue_is_refused(sign_in: SignIn, channel: Channel) -> None:
    browser = sign_in("manager")
    form = browser.get(URL).form(URL)
    page = browser.post(URL, {**form.values, "overdue": "9", "escalation": "3"}, expect=422)
    assert "Eine Eskalation kommt nicht, bevor" in page.text


def test_two_at_once_lose_nothing(sign_in: SignIn, channel: Channel) -> None:
    first, second = sign_in("manager"), sign_in("admin")
    forms = [browser.get(URL).form(URL) for browser in (first, second)]
    first.post(URL, {**forms[0].values, "notice": "20"})
    page = second.post(URL, {**forms[1].values, "notice": "25"}, expect=409)
    assert "Jemand anderes hat die Erinnerungen eingestellt" in page.text
    assert page.form(URL).values["notice"] == "25"
    assert organisation().notice_workdays == 20
