"""Whom an action or a channel can be given to: people who may change things, mailboxes, and whoever it has already."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm
from tracker.extensions import db
from tracker.models import Channel, Contact

SignIn = Callable[..., Browser]


@pytest.fixture
def channel(app: object, clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-04-10")
    return factories.channel()


@pytest.fixture(autouse=True)
def contacts(channel: Channel) -> dict[str, Contact]:
    roles = ("editor", "manager", "auditor", "admin")
    found = {role: factories.contact(factories.person(role, name=f"Die {role}")) for role in roles}
    return found | {"mailbox": factories.contact(name="Presse", email="presse@example.org")}


def offered(browser: Browser, url: str, field: str, among: dict[str, Contact]) -> set[str]:
    """Which of the contacts a list offers."""
    (found,) = browser.get(url).all("select", name=field)
    values = {one.get("value") for one in found.iter("option")}
    return {name for name, one in among.items() if str(one.id) in values}


def test_who_may_change_nothing_is_offered_nowhere(
    sign_in: SignIn, channel: Channel, contacts: dict[str, Contact]
) -> None:
    browser = sign_in("manager")
    meeting = factories.planned_meeting(date(2026, 4, 10), [channel])
    for url, field in (
        ("/actions/add", "owner"),
        (f"/channels/{channel.id}/contact", "contact"),
        (f"/meetings/{meeting.id}/log", f"channel-{channel.id}.action-1.owner"),
    ):
        assert offered(browser, url, field, contacts) == {"editor", "manager", "mailbox"}, url


def test_who_was_chosen_already_stays(
    sign_in: SignIn, channel: Channel, contacts: dict[str, Contact]
) -> None:
    channel.contact_id = contacts["auditor"].id
    db.session.commit()
    browser, meeting = sign_in("manager"), factories.planned_meeting(date(2026, 4, 10), [channel])
    url = f"/channels/{channel.id}/contact"
    assert "auditor" in offered(browser, url, "contact", contacts)
    user = contacts["editor"].user
    assert user is not None
    form = LogForm(browser, meeting).fill(channel, action_1__owner=contacts["editor"].id)
    form.save()
    user.active = False
    db.session.commit()
    field = f"channel-{channel.id}.action-1.owner"
    assert "editor" in offered(browser, f"/meetings/{meeting.id}/log", field, contacts)
    assert "editor" not in offered(browser, "/actions/add", "owner", contacts)
