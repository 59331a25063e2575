"""Who may open which address: the table of roles and routes, written out by hand and tried route by route."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, exports, tokens
from tracker.concept.changes import load
from tracker.concept.file import parse_concept
from tracker.extensions import db
from tracker.guard import deed_of
from tracker.models import Channel, Mail, Review, User

ZONE = "Europe/Berlin"
EVERYBODY = {"editor", "manager", "auditor", "admin"}
LOGGING = {"editor", "manager"}
PUBLIC = {
    "static": {"GET"},
    "security.static": {"GET"},
    "security.login": {"GET", "POST"},
    "security.logout": {"POST"},
    "security.tf_select": {"GET", "POST"},
    "security.two_factor_token_validation": {"GET", "POST"},
    "security.mf_recovery": {"GET", "POST"},
    "security.wan_signin": {"GET", "POST"},
    "security.wan_signin_response": {"POST"},
    "reminders.healthz": {"GET"},
    "evidence.schema": {"GET"},
    "concept.published": {"GET"},  # a page not found as long as no admin has opened it
    "concept.published_pdf": {"GET"},
    "language": {"POST"},
    "security.forgot_password": {"GET", "POST"},
    "security.reset_password": {"GET", "POST"},
    "account.invitation": {"GET"},
    "help.index": {"GET"},
    "help.editors": {"GET"},
    "help.managers": {"GET"},
    "help.auditors": {"GET"},
    "help.picture": {"GET"},
    "help.words": {"GET"},
    "help.accessibility": {"GET"},
    "people.first": {"GET", "POST"},  # a page not found as soon as there is an account
}
BY_TOKEN = {"evidence.pull": {"GET"}, "calendar.days": {"GET"}}  # a session opens nothing there
MAY = {
    "board.index": EVERYBODY,
    "board.begin": {"manager", "admin"},
    "channels.index": EVERYBODY,
    "channels.show": EVERYBODY,
    "channels.life": EVERYBODY,
    "channels.explain": {"manager"},
    "channels.assign": {"manager"},
    "channels.change": {"manager"},
    "concept.index": EVERYBODY,
    "concept.version": EVERYBODY,
    "concept.load": {"manager", "admin"},
    "concept.compare": EVERYBODY,
    "concept.toml": EVERYBODY,
    "concept.change_channel": {"manager"},
    "concept.change_general": {"manager"},
    "concept.publish": {"admin"},
    "checklist.index": EVERYBODY,
    "checklist.show": EVERYBODY,
    "checklist.add": {"manager"},
    "checklist.change": {"manager"},
    "checklist.stop": {"manager"},
    "checklist.move": {"manager"},
    "checklist.required": {"manager"},
    "figures.index": EVERYBODY,
    "figures.show": EVERYBODY,
    "figures.enter": LOGGING,
    "figures.template": LOGGING,
    "figures.upload": LOGGING,
    "figures.uploads": EVERYBODY,
    "figures.uploaded": EVERYBODY,
    "figures.accept": LOGGING,
    "figures.discard": LOGGING,
    "figures.undo": LOGGING,
    "figures.rates": EVERYBODY,
    "figures.set_rate": {"manager"},
    "meetings.index": EVERYBODY,
    "meetings.show": EVERYBODY,
    "meetings.plan": LOGGING,
    "meetings.agenda": LOGGING,
    "meetings.cancel": LOGGING,
    "meetings.move": LOGGING,
    "meetings.invite": LOGGING,
    "meetings.series": LOGGING,
    "meetings.head": LOGGING,
    "meetings.minutes_as_pdf": EVERYBODY,
    "meetings.send_minutes": LOGGING,
    "reviews.log": LOGGING,
    "reviews.checks": LOGGING,
    "reviews.asked": LOGGING,
    "reviews.save": LOGGING,
    "reviews.close": LOGGING,
    "reviews.draft": LOGGING,
    "reviews.unchanged": LOGGING,
    "reviews.correct": LOGGING,
    "reviews.replace": LOGGING,
    "actions.index": EVERYBODY,
    "actions.show": EVERYBODY,
    "actions.add": LOGGING,
    "actions.finish": LOGGING,
    "actions.reopen": LOGGING,
    "actions.move": LOGGING,
    "evidence.index": {"editor", "manager", "auditor"},
    "evidence.export": {"manager", "auditor"},
    "evidence.year": {"editor", "manager", "auditor"},
    "evidence.statement_page": {"editor", "manager", "auditor"},
    "evidence.statement_pdf": {"manager", "auditor"},
    "evidence.files": {"manager", "auditor"},
    "evidence.download": {"manager", "auditor"},
    "evidence.cancel": {"manager", "auditor"},
    "evidence.verify": {"manager", "auditor", "admin"},
    "evidence.begin_check": {"manager", "auditor", "admin"},
    "evidence.checked": {"manager", "auditor", "admin"},
    "evidence.cancel_check": {"manager", "auditor", "admin"},
    "reminders.export_told": {"manager", "auditor"},
    "evidence.journal": {"manager", "auditor", "admin"},
    "evidence.entry": {"manager", "auditor", "admin"},
    "evidence.access": {"auditor", "admin"},
    "reminders.outbox": {"manager", "auditor", "admin"},
    "reminders.mail": {"manager", "auditor", "admin"},
    "reminders.mail_html": {"manager", "auditor", "admin"},
    "reminders.preview": {"manager", "auditor", "admin"},
    "reminders.deliver_now": {"admin"},
    "reminders.retry": {"admin"},
    "reminders.test": {"admin"},
    "reminders.confirm": {"manager", "admin"},
    "reminders.settings": EVERYBODY,
    "reminders.told": EVERYBODY,
    "people.away": EVERYBODY,
    "people.back": EVERYBODY,
    "reminders.change_settings": {"manager", "admin"},
    "people.index": {"manager", "admin"},
    "people.add": {"admin"},
    "people.show": {"manager", "admin"},
    "people.change": {"admin"},
    "people.reset": {"admin"},
    "people.invite": {"admin"},
    "people.deactivate": {"admin"},
    "people.activate": {"admin"},
    "retention.index": {"manager", "auditor", "admin"},
    "retention.years": {"admin"},
    "retention.run": {"admin"},
    "retention.texts": {"admin"},
    "retention.erase": {"admin"},
    "organisation.index": {"manager", "admin"},
    "organisation.change": {"admin"},
    "organisation.add_mailbox": {"manager", "admin"},
    "organisation.mailbox": {"admin"},
    "people.turn_off_second_factor": {"admin"},
    "organisation.second_factor_of_roles": {"admin"},
    "account.index": EVERYBODY,
    "account.second_factor": EVERYBODY,
    "security.two_factor_setup": EVERYBODY,
    "security.two_factor_setup_validate": EVERYBODY,
    "security.two_factor_rescue": EVERYBODY,  # which sends whoever is signed in away
    "security.mf_recovery_codes": EVERYBODY,
    "security.wan_register": EVERYBODY,
    "security.wan_register_response": EVERYBODY,
    "security.wan_delete": EVERYBODY,
    "security.wan_verify": EVERYBODY,
    "security.wan_verify_response": EVERYBODY,
    "account.end_sessions": EVERYBODY,
    "calendar.own": EVERYBODY,
    "calendar.make": EVERYBODY,
    "calendar.revoke": EVERYBODY,
    "account.own_tokens": {"manager", "auditor"},
    "account.revoke_token": {"manager", "auditor"},
    "security.change_password": EVERYBODY,
    "security.verify": EVERYBODY,
}

CLOSED = "closed meeting"
DESCRIBED = "channel of the concept"
TO_CANCEL = "file to throw away"
OF_CLOSED = {
    "meetings.head",
    "meetings.minutes_as_pdf",
    "meetings.send_minutes",
    "reviews.correct",
    "reviews.replace",
}
OF_CONCEPT = {"concept.change_channel"}
OF_ONESELF = {"people.away", "people.back"}  # of others: not found
ANSWERED = {200, 302, 303, 400, 409, 422}  # a form sent empty is refused by itself, not by the guard
CONCEPT = b"""[organisation]
name = "Stadt"
[evaluation]
reviews_per_year = 4
[[units]]
key = "s"
name = "Stadt"
[[channels]]
unit = "s"
platform = "Mastodon"
name = "Stadt"
"""

pytestmark = pytest.mark.sqlite_only


def test_every_route_stands_in_the_table_and_says_what_it_asks_for(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(MAY) | set(PUBLIC) | set(BY_TOKEN)
    assert [endpoint for endpoint in endpoints if deed_of(app, endpoint) is None] == []


def test_public_routes_answer_only_the_methods_of_the_table(app: Flask) -> None:
    open_to_all = {}
    for rule in app.url_map.iter_rules():
        if deed_of(app, rule.endpoint) is True:
            open_to_all[rule.endpoint] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    assert open_to_all == PUBLIC


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_opens_what_the_table_says_and_no_more(
    app: Flask, sign_in: Callable[..., Browser], clock_at: Callable[[str], None], role: str
) -> None:
    """Every address names something that exists: whoever may, gets an answer to it; a page not found proves nothing."""
    clock_at("2026-10-13")
    browser = sign_in(role)
    there = _things()
    there["own"] = browser.person.id
    there["token_id"] = tokens.make(browser.person, "Skript", clock.today(ZONE), clock.today(ZONE))[0].id
    there["check_id"] = exports.ask(exports.CHECK, "de", date(2026, 10, 13), {}, browser.person).id
    there["export_id"], there[TO_CANCEL] = _own_file(browser.person), _own_file(browser.person)
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | BY_TOKEN:
            continue
        url = _address(app, rule, there)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            status = browser.raw.open(url, method=method).status_code
            right = status in ANSWERED if role in MAY[rule.endpoint] else status == 403
            if not right:
                wrong.append((method, url, status))
    assert wrong == []


def test_who_is_not_signed_in_is_asked_to_sign_in_and_opens_nothing(
    app: Flask, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-10-13")
    client, there = app.test_client(), _things()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | BY_TOKEN:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(_address(app, rule, there), method=method)
            assert answer.status_code == (401 if method == "POST" else 302), (method, rule.rule)
            assert "/login" in (answer.text if method == "POST" else answer.location), (method, rule.rule)


def test_deactivating_somebody_takes_effect_on_an_open_session(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("manager")
    assert browser.raw.get("/account").status_code == 200
    browser.person.active = False
    db.session.commit()
    assert browser.raw.get("/account").status_code == 302


def _things() -> dict[str, Any]:
    """By the name that it has in addresses, the id of something that exists; closed meetings apart from open ones."""
    of = factories.channel(since=date(2026, 1, 1))
    closed = factories.closed_meeting(date(2026, 5, 12), [of])
    review = db.session.scalars(select(Review).where(Review.meeting_id == closed.id)).one()
    concept = parse_concept(CONCEPT, "konzept.toml")
    load(concept, "konzept.toml", None, by=factories.person("manager"))
    mailbox = factories.contact(name="Pressestelle", email="presse@example.org")
    mail = Mail(kind="digest", state="sent", message_id="<1@example.org>", to_name="Pressestelle", language="de",
                to_address="presse@example.org", subject="Erinnerung", text="Text", html="<p>Text</p>",
                written_at=clock.now(), next_try_at=clock.now())  # fmt: skip
    db.session.add(mail)
    db.session.commit()
    return {
        "channel_id": of.id,
        "meeting_id": factories.planned_meeting(date(2026, 10, 20), [of]).id,
        CLOSED: closed.id,
        "review_id": review.id,
        "action_id": factories.action(of, mailbox, date(2026, 11, 3)).id,
        "contact_id": mailbox.id,
        "item_id": factories.check_item().id,
        "mail_id": mail.id,
        "person_id": factories.person("editor").id,
        "number": 1,
        "kind": "csv",
        "form": "csv",
        "upload_id": factories.upload_of_figures(of).id,
        "other": 1,
        "export_id": 1,
        "check_id": 1,
        "token_id": 1,
        "absence_id": 1,
        DESCRIBED: db.session.scalars(select(Channel.id).where(Channel.name == "Stadt")).one(),
        "token": "a-signed-state-of-flask-security",
        "key": "2026-4-1",  # a slot that was missed
    }


def _own_file(by: User) -> int:
    """A file that was made for somebody."""
    row = exports.ask("pdf", "de", date(2026, 10, 13), {}, by)
    row.state, row.size, row.expires_at, row.name = "done", 4, clock.now(), f"file-{row.id}"
    (exports.folder() / row.name).write_bytes(b"%PDF")
    db.session.commit()
    return row.id


def _address(app: Flask, rule: Any, there: dict[str, Any]) -> str:
    """The route's address with things that exist."""
    values = {name: there[name] for name in rule.arguments}
    if rule.endpoint in OF_CLOSED:
        values["meeting_id"] = there[CLOSED]
    if rule.endpoint in OF_CONCEPT:
        values["channel_id"] = there[DESCRIBED]
    if rule.endpoint == "evidence.cancel":
        values["export_id"] = there.get(TO_CANCEL, 1)
    if rule.endpoint in OF_ONESELF:
        values["person_id"] = there.get("own", values["person_id"])
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)
