"""Who may open which address: the table of roles and routes, written out by hand and tried route by route."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tracker.extensions import db
from tracker.guard import deed_of

EVERYBODY = {"editor", "manager", "auditor", "admin"}
LOGGING = {"editor", "manager"}
PUBLIC = {
    "static": {"GET"},
    "security.static": {"GET"},
    "security.login": {"GET", "POST"},
    "security.logout": {"POST"},
    "reminders.healthz": {"GET"},
    "language": {"POST"},
}
MAY = {
    "board.index": EVERYBODY,
    "channels.index": EVERYBODY,
    "channels.show": EVERYBODY,
    "channels.explain": {"manager"},
    "channels.assign": {"manager"},
    "concept.index": EVERYBODY,
    "concept.version": EVERYBODY,
    "concept.load": {"manager", "admin"},
    "meetings.index": EVERYBODY,
    "meetings.show": EVERYBODY,
    "meetings.plan": LOGGING,
    "meetings.agenda": LOGGING,
    "meetings.cancel": LOGGING,
    "reviews.log": LOGGING,
    "reviews.save": LOGGING,
    "reviews.close": LOGGING,
    "actions.index": EVERYBODY,
    "actions.show": EVERYBODY,
    "actions.add": LOGGING,
    "actions.finish": LOGGING,
    "actions.reopen": LOGGING,
    "evidence.index": {"editor", "manager", "auditor"},
    "evidence.export": {"manager", "auditor"},
    "evidence.journal": {"manager", "auditor", "admin"},
    "reminders.outbox": {"manager", "auditor", "admin"},
    "reminders.mail": {"manager", "auditor", "admin"},
    "reminders.mail_html": {"manager", "auditor", "admin"},
    "reminders.preview": {"manager", "auditor", "admin"},
    "reminders.deliver_now": {"admin"},
    "reminders.confirm": {"manager", "admin"},
    "people.index": {"manager", "admin"},
    "people.add": {"admin"},
    "people.set_active": {"admin"},
    "account.index": EVERYBODY,
    "security.change_password": EVERYBODY,
    "security.verify": EVERYBODY,
}

pytestmark = pytest.mark.sqlite_only


def test_every_route_stands_in_the_table_and_says_what_it_asks_for(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(MAY) | set(PUBLIC)
    assert [endpoint for endpoint in endpoints if deed_of(app, endpoint) is None] == []


def test_public_routes_answer_only_the_methods_of_the_table(app: Flask) -> None:
    open_to_all = {}
    for rule in app.url_map.iter_rules():
        if deed_of(app, rule.endpoint) is True:
            open_to_all[rule.endpoint] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    assert open_to_all == PUBLIC


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_gets_no_further_than_the_table_says(
    app: Flask, sign_in: Callable[..., Browser], role: str
) -> None:
    factories.channel()
    browser = sign_in(role)
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        url = _address(app, rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            status = browser.raw.open(url, method=method).status_code
            refused = status == 403
            if refused == (role in MAY[rule.endpoint]) or status >= 500:
                wrong.append((method, url, status))
    assert wrong == []


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(_address(app, rule), method=method)
            assert answer.status_code == 302, (method, rule.rule)
            assert answer.location.startswith("/login"), (method, rule.rule)


def test_deactivating_somebody_takes_effect_on_an_open_session(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("manager")
    assert browser.raw.get("/account").status_code == 200
    browser.person.active = False
    db.session.commit()
    assert browser.raw.get("/account").status_code == 302


def _address(app: Flask, rule: object) -> str:
    """The route's address with a number that names nothing and a slot that exists."""
    with app.test_request_context():
        values = {
            name: "2026-4-1" if name == "key" else "de" if name == "code" else 999_999
            for name in rule.arguments
        }
        return app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)
