"""A mail is never given up through the fault of the server or of a setting, and a given-up one can be tried again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.smtp import MailServer, mail_server
from tracker import clock, outbox
from tracker.extensions import db
from tracker.models import Entry, Mail
from tracker.rules.deeds import Deed

NOBODY_LISTENS = 1  # a port of this machine


@pytest.fixture
def postbox(app) -> Iterator[MailServer]:
    """A real SMTP server; the app sends to it."""
    with mail_server() as running:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=running.port, MAIL_TIMEOUT=5)
        yield running


def put(address="joerg@example.org") -> Mail:
    mail = outbox.put(kind="digest", to_name="Jörg Müller", to_address=address, language="de",
                      subject="3 Evaluierungen überfällig", text="Guten Tag")  # fmt: skip
    db.session.commit()
    return mail


def deliver() -> outbox.Delivered:
    came = outbox.deliver()
    db.session.expire_all()
    return came


def try_until(mail: Mail, days: int) -> list[timedelta]:
    """Deliver whenever the mail is due, for so many days from now. The pauses between."""
    moment, pauses = clock.now(), []
    end = moment + timedelta(days=days)
    while moment < end and mail.state == "waiting":
        with clock.set_to(moment):
            deliver()
        pauses.append(mail.next_try_at - moment)
        moment = mail.next_try_at
    return pauses


def test_a_mail_outlives_a_server_that_is_away_for_weeks(app, clock_at):
    clock_at("2026-04-03")
    app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=NOBODY_LISTENS, MAIL_TIMEOUT=2)
    mail = put()
    pauses = try_until(mail, 14)
    assert mail.state == "waiting"
    assert pauses[:4] == [timedelta(minutes=m) for m in (1, 5, 30, 120)]
    assert set(pauses[4:]) == {timedelta(hours=2)}


def test_after_a_weekend_without_a_server_a_refusal_for_now_does_not_give_the_mail_up(
    app, clock_at, postbox, monkeypatch
):
    clock_at("2026-04-03")
    mail = put()
    with monkeypatch.context() as away:
        away.setitem(app.config, "MAIL_PORT", NOBODY_LISTENS)
        try_until(mail, 3)
    postbox.refuse_content("451 4.7.1 greylisted, try again later")
    with clock.set_to(mail.next_try_at):
        assert deliver() == outbox.Delivered(waiting=1)
    postbox.accept()
    with clock.set_to(mail.next_try_at):
        assert deliver() == outbox.Delivered(sent=1)


def test_a_server_that_does_not_take_our_sender_costs_no_mail(postbox, clock_at):
    clock_at("2026-04-03")
    for _ in range(3):
        put()
    postbox.refuse_sender("550 5.7.1 sender not allowed")
    came = deliver()
    assert (came.waiting, came.given_up) == (1, 0)
    assert "takes no mail from evaluierung@example.org: 550 5.7.1 sender not allowed" in came.failed
    postbox.accept()
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert deliver() == outbox.Delivered(sent=3)


def test_a_mail_that_is_too_large_is_given_up_and_holds_up_no_other(postbox):
    big = put()
    postbox.refuse_sender("552 5.3.4 message size exceeds fixed limit")
    assert deliver() == outbox.Delivered(given_up=1)
    assert big.last_words == "552 5.3.4 message size exceeds fixed limit"


@pytest.mark.parametrize(
    ("setting", "value"),
    [("MAIL_TIMEOUT", 0), ("MAIL_HOST", "a..b"), ("MAIL_HOST", "x" * 70), ("MAIL_PORT", 99_999)],
)
def test_a_setting_that_makes_no_sense_leaves_the_mail_waiting_and_unclaimed(app, postbox, setting, value):
    mail = put()
    app.config[setting] = value
    assert "does not take mail" in deliver().failed
    assert (mail.state, mail.claimed_by) == ("waiting", None)


@pytest.fixture
def given_up(postbox) -> Mail:
    factories.organisation()
    mail = put("nobody@example.org")
    postbox.refuse_recipient("nobody@example.org", "550 5.1.1 no such mailbox")
    deliver()
    assert mail.state == "given_up"
    return mail


def test_an_admin_lets_a_given_up_mail_wait_again_and_it_is_sent(given_up, postbox, sign_in):
    browser = sign_in("admin")
    form = browser.get("/outbox").form(f"/outbox/{given_up.id}/retry")
    assert "Die Nachricht wartet wieder." in browser.post(form.action, form.values).text
    db.session.expire_all()
    assert (given_up.state, given_up.tries) == ("waiting", 0)
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (entry.deed, f'"mail":{given_up.id}' in entry.body) == (Deed.OUTBOX_RETRY, True)
    postbox.accept()
    assert deliver() == outbox.Delivered(sent=1)


def test_a_second_click_changes_nothing(given_up, sign_in):
    browser = sign_in("admin")
    form = browser.get(f"/outbox/{given_up.id}").form(f"/outbox/{given_up.id}/retry")
    browser.post(form.action, form.values)
    assert "Diese Nachricht ist nicht aufgegeben" in browser.post(form.action, form.values).text
    assert len(db.session.scalars(select(Entry).where(Entry.deed == Deed.OUTBOX_RETRY)).all()) == 1


def test_a_manager_neither_sees_the_button_nor_may_use_it(given_up, sign_in):
    browser = sign_in("manager")
    assert "Erneut versuchen" not in browser.get("/outbox").text
    assert browser.raw.post(f"/outbox/{given_up.id}/retry").status_code in {400, 403}
    assert browser.raw.get(f"/outbox/{given_up.id}/retry").status_code in {404, 405}
    db.session.expire_all()
    assert given_up.state == "given_up"


def test_a_mail_that_does_not_exist_is_not_found(given_up, sign_in):
    assert sign_in("admin").raw.post("/outbox/999999/retry").status_code == 404
