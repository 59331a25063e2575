"""The outbox in the browser: who sees what, what is shown, and what would go out today."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tracker import outbox
from tracker.extensions import db
from tracker.models import Entry, Mail, Organisation, Run
from tracker.reminders.changes import remind


@pytest.fixture
def channel(app, clock_at):
    clock_at("2026-04-01")
    make.person("manager", name="Katrin Seidel")
    return make.channel(make.unit(), platform="Facebook", since=date(2026, 1, 1))


@pytest.fixture
def told(channel):
    remind(date(2026, 4, 1))
    db.session.commit()
    return db.session.scalars(select(Mail)).one()


def account_mail():
    mail = outbox.put(kind="account", to_name="Jonas", to_address="jonas@example.org", language="de",
                      subject="Ihr Zugang", text="https://geheim.example/abc", html="<p>geheim</p>")  # fmt: skip
    db.session.commit()
    return mail


def test_it_lists_mails_with_what_became_of_them(told, sign_in):
    page = sign_in("auditor").get("/outbox")
    assert "1 Evaluierung überfällig" in page.text
    assert "Katrin Seidel" in page.text
    assert "wartet" in page.text
    assert "Es ist kein Mailserver eingerichtet." in page.text
    assert "1 Erinnerung wurde geschrieben." in page.text


def test_an_empty_outbox_says_so(app, sign_in):
    make.organisation()
    assert "Es wurde noch keine Nachricht geschrieben." in sign_in("admin").get("/outbox").text


def test_a_long_outbox_has_pages(app, sign_in):
    make.organisation()
    for k in range(51):
        outbox.put(
            kind="test", to_name="X", to_address="x@example.org", language="de", subject=f"Nr. {k}", text=""
        )
    db.session.commit()
    browser = sign_in("admin")
    assert "Nr. 50" in browser.get("/outbox").text
    assert "Nr. 0" in browser.get("/outbox?page=2").text
    assert "Nr. 0" in browser.get("/outbox?page=99").text


def test_a_mail_shows_its_text_and_what_it_reminded_of(told, sign_in):
    page = sign_in("manager").get(f"/outbox/{told.id}")
    assert "Guten Tag, Katrin Seidel" in page.text
    assert "Facebook" in page.text
    assert told.message_id in page.text


def test_the_html_version_can_run_and_load_nothing(told, sign_in):
    answer = sign_in("manager").raw.get(f"/outbox/{told.id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy
    assert "<h1" in answer.text


def test_an_account_mail_never_shows_its_text(app, sign_in):
    make.organisation()
    mail = account_mail()
    browser = sign_in("admin")
    page = browser.get(f"/outbox/{mail.id}")
    assert "geheim" not in page.html
    assert browser.raw.get(f"/outbox/{mail.id}/html").status_code == 404


def test_someone_limited_to_a_unit_sees_only_its_mails(told, channel, sign_in):
    theirs = sign_in("manager", units=[channel.unit])
    assert "1 Evaluierung überfällig" in theirs.get("/outbox").text
    other = sign_in("manager", units=[make.unit()])
    assert "überfällig" not in other.get("/outbox").text
    assert other.raw.get(f"/outbox/{told.id}").status_code == 404
    assert other.raw.get(f"/outbox/{told.id}/html").status_code == 404
    mail = account_mail()
    assert other.raw.get(f"/outbox/{mail.id}").status_code == 404


def test_an_editor_does_not_see_the_outbox(told, sign_in):
    assert sign_in("editor").raw.get("/outbox").status_code == 403


def test_the_preview_shows_what_would_go_out_and_writes_nothing(channel, sign_in):
    page = sign_in("manager").get("/reminders/preview")
    assert "Katrin Seidel" in page.text
    assert "1 Evaluierung überfällig" in page.text
    assert db.session.scalar(select(func.count(Mail.id))) == 0
    assert db.session.scalar(select(func.count(Run.id))) == 0


def test_the_preview_says_why_somebody_is_not_told(channel, sign_in):
    make.planned_meeting(date(2026, 4, 10), [channel])
    page = sign_in("manager").get("/reminders/preview")
    assert "Heute ist niemand zu erinnern." in page.text
    assert "Eine Sitzung ist für den 10.04.2026 geplant." in page.text


def test_confirming_lets_the_first_reminders_out(channel, sign_in):
    db.session.get(Organisation, 1).reminders_confirmed_at = None
    db.session.commit()
    browser = sign_in("manager")
    assert "Erinnerungen werden noch nicht gesendet." in browser.get("/outbox").text
    form = browser.get("/reminders/preview").form("/reminders/confirm")
    page = browser.post(form.action, form.values)
    assert "Bestätigt." in page.text
    assert db.session.scalar(select(func.count(Mail.id))) >= 1


def test_an_admin_sends_what_waits(told, sign_in):
    browser = sign_in("admin")
    form = browser.get("/outbox").form("/outbox/deliver")
    assert "1 gesendet" in browser.post(form.action, form.values).text
    db.session.expire_all()
    assert told.state == "sent"


def test_a_manager_cannot_send(told, sign_in):
    assert sign_in("manager").raw.post("/outbox/deliver").status_code in {400, 403}
    assert told.state == "waiting"


def test_opening_any_address_by_a_link_changes_nothing(told, sign_in):
    client = sign_in("admin").raw
    for address in ("/outbox/deliver", "/reminders/confirm"):
        assert client.get(address).status_code == 405


def test_an_admin_gets_a_test_mail_at_once(app, sign_in):
    browser = sign_in("admin")
    make.organisation()
    said = browser.post("/outbox/test", {}).text
    assert "Die Testnachricht wurde als" in said
    [mail] = db.session.scalars(select(Mail))
    assert (mail.kind, mail.state, mail.to_address) == ("test", "sent", browser.person.email)
    assert db.session.scalars(select(Entry.deed).where(Entry.deed == "outbox.test")).all()
