"""What waits in the outbox leaves it once: over a real SMTP server on this machine, or as files."""

import email
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.smtp import mail_server
from tracker import claims, clock, letter, outbox
from tracker.extensions import db
from tracker.models import Entry, Mail, Run

TEXT = "Guten Tag, Jörg Müller,\n\n3 Evaluierungen sind überfällig.\n"


@pytest.fixture
def postbox(app):
    """A real SMTP server; the app sends to it."""
    with mail_server() as running:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=running.port, MAIL_TIMEOUT=5)
        yield running


def put(
    name="Jörg Müller",
    address="joerg@example.org",
    subject="3 Evaluierungen überfällig",
    kind="digest",
    **more,
):
    mail = outbox.put(
        kind=kind, to_name=name, to_address=address, language="de", subject=subject, text=TEXT, **more
    )
    db.session.commit()
    return mail


def deliver(limit=None):
    came = outbox.deliver(limit)
    db.session.expire_all()
    return came


def states():
    return list(db.session.scalars(select(Mail.state).order_by(Mail.id)))


def parsed(raw):
    return email.message_from_bytes(raw, policy=default)


def test_a_mail_arrives_with_its_parts_and_headers(postbox):
    mail = put(
        html="<p>3 Evaluierungen sind überfällig.</p>", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    )
    assert deliver() == outbox.Delivered(sent=1)
    [got] = postbox.received
    message = parsed(got.content)
    assert message["Subject"] == "3 Evaluierungen überfällig"
    assert message["To"] == "Jörg Müller <joerg@example.org>"
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message["Date"].datetime == mail.written_at
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == TEXT
    assert "überfällig" in message.get_body(("html",)).get_content()
    assert (mail.state, mail.tries, mail.claimed_by) == ("sent", 1, None)
    assert list(db.session.scalars(select(Entry.deed))) == ["mail.sent"]


def test_many_mails_share_one_connection(postbox):
    for _ in range(5):
        put()
    assert deliver().sent == 5
    assert postbox.connections == 1


def test_delivering_twice_sends_once(postbox):
    put()
    deliver()
    assert deliver() == outbox.Delivered()
    assert len(postbox.received) == 1


def test_no_transaction_is_open_while_the_server_thinks(postbox, monkeypatch):
    put()
    open_while_sending = []
    real = outbox.transport

    def watched(*arguments):
        way = real(*arguments)
        send = way.send
        way.send = lambda *a: (open_while_sending.append(db.session().in_transaction()), send(*a))[1]
        return way

    monkeypatch.setattr(outbox, "transport", watched)
    deliver()
    assert open_while_sending == [False]


def test_a_refusal_for_good_is_given_up_at_once_with_the_servers_words(postbox):
    put(address="nobody@example.org")
    put()
    postbox.refuse_recipient("nobody@example.org", "550 5.1.1 no such mailbox")
    assert deliver() == outbox.Delivered(sent=1, given_up=1)
    refused = db.session.scalars(select(Mail).order_by(Mail.id)).first()
    assert (refused.state, refused.last_words) == ("given_up", "550 5.1.1 no such mailbox")
    assert "mail.given_up" in list(db.session.scalars(select(Entry.deed)))


def test_a_refusal_for_now_is_tried_again_after_a_pause(postbox, clock_at):
    clock_at("2026-04-01")
    put()
    postbox.refuse_content("451 4.7.1 greylisted, try again later")
    assert deliver() == outbox.Delivered(waiting=1)
    assert deliver() == outbox.Delivered()
    postbox.accept()
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert deliver() == outbox.Delivered(sent=1)


def test_the_pauses_grow_and_then_it_is_given_up(postbox, clock_at):
    clock_at("2026-04-01")
    mail = put()
    postbox.refuse_content("452 4.2.2 mailbox full")
    moment, waited = clock.now(), []
    for _ in outbox.PAUSES:
        with clock.set_to(moment):
            assert deliver().waiting == 1
        waited.append(mail.next_try_at - moment)
        moment = mail.next_try_at
    assert waited == [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)]
    with clock.set_to(moment):
        assert deliver().given_up == 1
    assert mail.last_words == "452 4.2.2 mailbox full"


def test_without_a_connection_the_round_stops_and_nothing_is_lost(app, postbox):
    for _ in range(3):
        put()
    postbox.stop()
    came = deliver()
    assert (came.sent, came.waiting) == (0, 1)
    assert "does not take mail" in came.failed
    assert states() == ["waiting"] * 3


def test_a_host_that_does_not_exist_is_a_failed_connection(app):
    app.config.update(MAIL_HOST="mail.invalid", MAIL_TIMEOUT=2)
    put()
    assert "mail.invalid" in deliver().failed
    assert states() == ["waiting"]


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(app, postbox):
    app.config["MAIL_STARTTLS"] = True
    put()
    assert "does not take mail" in deliver().failed
    assert postbox.received == []


def test_a_claim_of_a_dead_process_is_taken_over_after_ten_minutes(postbox, clock_at):
    clock_at("2026-04-01")
    put()
    db.session.execute(update(Mail).values(claimed_at=clock.now(), claimed_by="somebody else"))
    db.session.commit()
    assert deliver() == outbox.Delivered()
    with clock.set_to(clock.now() + timedelta(minutes=11)):
        assert deliver() == outbox.Delivered(sent=1)


def test_a_mail_written_under_a_clock_ahead_is_not_held_back(postbox, clock_at):
    clock_at("2030-01-01")
    put()
    with clock.set_to(clock.now() - timedelta(days=1000)):
        assert deliver() == outbox.Delivered(sent=1)


def test_a_limit_is_kept(postbox):
    put()
    put()
    assert deliver(limit=1).sent == 1
    assert states() == ["sent", "waiting"]


def test_account_mails_lose_their_text_once_sent(postbox):
    mail = put(kind="account", html="<a>secret</a>")
    deliver()
    assert b"Guten Tag" in postbox.received[0].content
    assert (mail.text, mail.html) == (None, None)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "a@b@",
        "a b@example.org",
        "x@example.org\r\nBcc: all@example.org",
        "@example.org",
        "ä@example.org",
    ],
)
def test_what_is_no_address_is_refused(app, address):
    with pytest.raises(letter.AddressRefused):
        put(address=address)


def test_names_and_subjects_cannot_add_headers(postbox):
    put(name='Eve "😀", Müller\r\nBcc: all@example.org', subject="Hallo\nX-Evil: 1\0")
    deliver()
    message = parsed(postbox.received[0].content)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["To"].addresses[0].display_name == 'Eve "😀", Müller Bcc: all@example.org'
    assert message["Subject"] == "Hallo X-Evil: 1"
    assert postbox.received[0].to == ["joerg@example.org"]


def test_an_umlaut_domain_is_sent_as_punycode(app):
    assert letter.clean_address("info@müller.example") == "info@xn--mller-kva.example"


def test_without_a_server_mails_become_files(app, clock_at):
    clock_at("2026-04-01")
    mail = put()
    assert deliver() == outbox.Delivered(sent=1)
    assert mail.sent_to_file == f"2026-04-01-{mail.id}.eml"
    written = Path(app.instance_path, "outbox", mail.sent_to_file).read_bytes()
    assert parsed(written)["Subject"] == "3 Evaluierungen überfällig"


def test_a_mail_that_cannot_be_built_does_not_hold_up_the_others(app, monkeypatch, caplog):
    bad = put()
    put()
    real = claims.bytes_of

    def build(mail):
        if mail.id == bad.id:
            raise ValueError("broken")
        return real(mail)

    monkeypatch.setattr(claims, "bytes_of", build)
    assert deliver() == outbox.Delivered(sent=1, given_up=1)


def test_links_begin_with_the_configured_address_even_in_a_request(app):
    app.config["BASE_URL"] = "https://tracker.example.org/social"
    with app.test_request_context(base_url="http://evil.example"):
        assert outbox.link("reminders.outbox") == "https://tracker.example.org/social/outbox"


def test_four_processes_at_once_send_each_mail_once(app, postbox):
    for _ in range(20):
        put()
    db.session.remove()
    gate = threading.Barrier(4)

    def one():
        with app.app_context():
            gate.wait(timeout=20)
            outbox.deliver()
            db.session.remove()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(one) for _ in range(4)]:
            done.result(timeout=60)
    ids = [parsed(got.content)["Message-ID"] for got in postbox.received]
    assert len(ids) == len(set(ids)) == 20
    assert set(states()) == {"sent"}


def test_the_command_says_what_it_did_and_notes_the_run(app, postbox, run):
    put()
    result = run("deliver")
    assert (result.exit_code, result.stdout) == (0, "1 sent, 0 put off, 0 given up.\n")
    assert db.session.scalar(select(func.count(Run.id)).where(Run.job == "deliver")) == 1
    postbox.stop()
    put()
    result = run("deliver")
    assert result.exit_code == 1
    assert "does not take mail" in result.stderr
