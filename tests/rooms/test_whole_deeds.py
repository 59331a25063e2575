"""What touches every unit is not done by a role that is limited to some: no page, no button, written out by hand."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.guard import deed_of
from tracker.models import Organisation, Unit
from tracker.rules.deeds import WHOLE, Deed

SignIn = Callable[..., Browser]

# deed: its addresses, and the page with words of its button; one who may do it everywhere sees them
ROUTES = {
    Deed.CONCEPT_LOAD: ["/concept/load"],
    Deed.CONCEPT_CHANGE: ["/concept/channels/1/change", "/concept/general/change"],
    Deed.CONCEPT_PUBLISH: ["/concept/publish"],
    Deed.RATES_CHANGE: ["/figures/rates/set"],
    Deed.CHECKLIST_CHANGE: [
        "/checklist/add", "/checklist/required", "/checklist/1/change", "/checklist/1/move", "/checklist/1/stop",
    ],
    Deed.REMINDERS_RUN: [],  # only by the command `flask remind`
    Deed.REMINDERS_CONFIRM: ["/reminders/confirm"],
    Deed.REMINDERS_SET: ["/reminders/settings/change"],
    Deed.OUTBOX_TEST: ["/outbox/test"],
    Deed.OUTBOX_DELIVER: ["/outbox/deliver", "/outbox/1/retry"],
    Deed.PEOPLE_CHANGE: [
        "/people/add", "/people/1/change", "/people/1/password", "/people/1/deactivate", "/people/1/activate",
        "/people/1/second-factor", "/people/1/invite",
    ],
    Deed.ACCESS_SEE: ["/access"],
    Deed.RETENTION_SEE: ["/retention"],
    Deed.RETENTION_SET: ["/retention/years"],
    Deed.RETENTION_RUN: ["/retention/run"],
    Deed.RETENTION_ERASE: ["/retention/texts", "/retention/texts/erase"],
    Deed.ORGANISATION_CHANGE: ["/organisation/change", "/organisation/second-factor"],
    Deed.MAILBOXES_ADD: ["/organisation/mailboxes/add"],
    Deed.MAILBOXES_CHANGE: ["/organisation/mailboxes/1"],
}  # fmt: skip
BUTTONS = [
    ("/concept", "/concept/load"),
    ("/figures/rates", "/figures/rates/set"),
    ("/checklist", "/checklist/add"),
    ("/checklist", "/checklist/required"),
    ("/checklist", "/checklist/1/move"),
    ("/checklist/1", "/checklist/1/change"),
    ("/checklist/1", "/checklist/1/stop"),
    ("/", '/outbox">'),
    ("/reminders/preview", "/reminders/confirm"),
    ("/outbox", "/outbox/deliver"),
    ("/outbox", "/outbox/test"),
    ("/reminders/settings", "/reminders/settings/change"),
    ("/people", "/people/add"),
    ("/people/1", "/people/1/change"),
    ("/people/1", "/people/1/password"),
    ("/people/1", "/people/1/deactivate"),
    ("/organisation", "/organisation/change"),
    ("/organisation", "/organisation/mailboxes/add"),
    ("/organisation", "/organisation/mailboxes/"),
]
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit with a channel; somebody with the number 1, a mere name, and reminders that nobody released yet."""
    found = factories.unit()
    factories.person("editor")
    factories.channel(found, contact=factories.contact())
    factories.check_item()
    factories.check_item()
    db.session.get_one(Organisation, 1).reminders_confirmed_at = None
    db.session.commit()
    return found


def test_the_table_names_every_deed_that_touches_all_units_and_every_address_of_it(app: Flask) -> None:
    assert set(ROUTES) == WHOLE
    addresses = {
        (
            deed_of(app, rule.endpoint),
            rule.rule.replace("<int:person_id>", "1")
            .replace("<int:contact_id>", "1")
            .replace("<int:mail_id>", "1")
            .replace("<int:item_id>", "1")
            .replace("<int:channel_id>", "1"),
        )
        for rule in app.url_map.iter_rules()
    }
    found = {(deed, url) for deed, url in addresses if isinstance(deed, Deed) and deed in WHOLE}
    assert found == {(deed, url) for deed, urls in ROUTES.items() for url in urls}


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_who_is_limited_to_a_unit_is_refused(sign_in: SignIn, unit: Unit, role: str) -> None:
    browser = sign_in(role, units=[unit])
    for url in (one for urls in ROUTES.values() for one in urls):
        answers = {browser.raw.open(url, method=method).status_code for method in ("GET", "POST")}
        assert answers in ({403}, {403, 405}), (url, answers)


@pytest.mark.parametrize(("url", "button"), BUTTONS)
def test_the_button_is_there_for_who_may_and_for_nobody_who_is_limited(
    sign_in: SignIn, unit: Unit, url: str, button: str
) -> None:
    seen = {}
    for role in ("manager", "admin"):
        for units in ([], [unit]):
            html = sign_in(role, units=units).get(url).html
            seen[role, bool(units)] = button in (html if url != "/" else _to_do(html))
    assert seen["admin", False] or seen["manager", False]
    assert not seen["admin", True]
    assert not seen["manager", True]


def test_a_role_without_a_limit_makes_up_for_one_that_has_it(sign_in: SignIn, unit: Unit) -> None:
    browser = sign_in("manager", units=[unit])
    someone = browser.person
    assert someone is not None
    browser.get("/concept/load", expect=403)
    admin = factories.person("admin").roles[0]
    someone.roles.append(admin)
    db.session.commit()
    browser.get("/concept/load")


def _to_do(html: str) -> str:
    """The part of the board in which one is told what to do: there stands "release the reminders"."""
    return '/outbox">' if "Erinnerungen freigeben" in html else ""
