"""Sending the minutes: who is named, what each of them gets over a real mail server, and that it happens once."""

import email
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import date
from email.message import EmailMessage
from email.policy import default
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.globals import _cv_app
from sqlalchemy import func, select
from werkzeug.test import Client as WerkzeugClient

from tests import factories
from tests.browsing import Browser
from tests.smtp import MailServer, mail_server
from tracker import outbox
from tracker.extensions import db
from tracker.models import (
    Attendance,
    Channel,
    Entry,
    Invitation,
    Mail,
    Meeting,
    MeetingHead,
    Review,
    User,
    Words,
)
from tracker.rules.words import Criterion, Level

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]
HELD = date(2026, 3, 12)


@pytest.fixture
def postbox(app: Flask) -> Iterator[MailServer]:
    with mail_server() as running:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=running.port, MAIL_TIMEOUT=5)
        yield running


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    clock_at("2026-03-20")
    one = factories.channel(factories.unit("Hauptkammer"), "Facebook", "Hauptkanal", since=date(2026, 1, 1))
    return [one, factories.channel(factories.unit("Bezirkskammer"), "Instagram", "Zweitkanal")]


def meeting_with(channels: list[Channel], *attendance: tuple[str, User | str]) -> Meeting:
    """A closed meeting, with who took part, was excused or a guest."""
    made = factories.planned_meeting(HELD, channels)
    at = factories.clock.moment_on(HELD, factories.ZONE)
    head = MeetingHead(meeting_id=made.id, version=1, held_on=HELD, chair="Katrin Seidel",
                       minute_taker="Jonas Brandt", by_name="Jonas Brandt", written_at=at)  # fmt: skip
    for kind, who in attendance:
        name, user_id = (who, None) if isinstance(who, str) else (who.full_name, who.id)
        head.attendance.append(Attendance(kind=kind, name=name, user_id=user_id))
    rated = {Criterion.LEGALITY: (Level.REMARK, "Impressum <fehlt>")}
    reviews = [factories._review(made, one, rated, at) for one in channels]
    db.session.add_all([head, *reviews])
    db.session.flush()
    for row in (*reviews, head):
        row.closed_at = at
    db.session.flush()
    made.closed_at = at
    db.session.commit()
    return made


def invite(meeting: Meeting, contact: factories.Contact) -> None:
    db.session.add(Invitation(meeting_id=meeting.id, contact_id=contact.id))
    db.session.commit()


def send(browser: Browser, meeting: Meeting) -> str:
    """Ask, then press the button."""
    form = browser.get(f"/meetings/{meeting.id}/minutes/send").form("/minutes/send")
    return browser.post(form.action, form.values).text


def received(postbox: MailServer) -> dict[str, EmailMessage]:
    """The mails by address, once delivered."""
    outbox.deliver()
    return {one.to[0]: email.message_from_bytes(one.content, policy=default) for one in postbox.received}


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_everybody_gets_their_language_and_their_channels(
    sign_in: SignIn, postbox: MailServer, channels: list[Channel]
) -> None:
    all_of_it = factories.person("manager", "Katrin Seidel")
    some = factories.person("editor", "Martin Kolb", units=[channels[1].unit], language="en")
    nothing = factories.person("editor", "Petra Lang", units=[factories.unit("Dritte Kammer")])
    meeting = meeting_with(
        channels, ("present", all_of_it), ("excused", some), ("present", nothing), ("guest", "Frau Gast")
    )
    browser = sign_in(factories.person("manager", "Jonas Brandt"))
    asked = browser.get(f"/meetings/{meeting.id}/minutes/send")
    for words in (
        "Katrin Seidel",
        "alle Kanäle",
        "1 Kanal der eigenen Einheiten",
        "keine Nachricht",
        "An 2 Personen senden",
    ):
        assert words in asked.text, words
    assert "Frau Gast" not in asked.text
    assert "Das Protokoll geht an 2 Personen." in send(browser, meeting)
    mails = received(postbox)
    assert set(mails) == {all_of_it.email, some.email}
    german, english = mails[all_of_it.email], mails[some.email]
    assert german["Subject"] == "Ergebnisprotokoll vom 12.03.2026"
    assert english["Subject"] == "Minutes of 12 Mar 2026"
    address = f"http://tracker.example.org/meetings/{meeting.id}"
    for words in (
        "Hauptkanal",
        "Zweitkanal",
        "Rechtmäßigkeit: Hinweis. Impressum <fehlt>",
        "Frau Gast",
        address,
    ):
        assert words in body(german, "plain"), words
    for words in (
        "Zweitkanal",
        "legality: remark. Impressum <fehlt>",
        "Shown are the channels of your units",
        address,
    ):
        assert words in body(english, "plain"), words
    for kind in ("plain", "html"):
        assert "Hauptkanal" not in body(english, kind)
        assert "%(" not in body(english, kind)
    assert "Impressum &lt;fehlt&gt;" in body(german, "html")
    assert '<html lang="de">' in body(german, "html")
    assert f'href="{address}"' in body(german, "html")


def test_those_invited_get_them_once_and_a_mailbox_as_far_as_it_is_responsible(
    sign_in: SignIn, postbox: MailServer, channels: list[Channel]
) -> None:
    both = factories.person("editor", "Mia Wolf")
    meeting = meeting_with(channels, ("present", both))
    mailbox = factories.contact(name="Bezirk", email="bezirk@example.org")
    channels[1].contact_id = mailbox.id
    for one in (factories.contact(both), mailbox, factories.contact(name="Nur ein Name"),
                factories.contact(factories.person("editor", "Weg", active=False))):  # fmt: skip
        invite(meeting, one)
    send(sign_in("manager"), meeting)
    mails = received(postbox)
    assert set(mails) == {both.email, "bezirk@example.org"}
    assert len(postbox.received) == 2
    assert "Hauptkanal" not in body(mails["bezirk@example.org"], "plain")


def test_sending_is_in_the_journal_and_the_page_says_when(
    sign_in: SignIn, channels: list[Channel], clock_at: Callable[[str], None]
) -> None:
    meeting = meeting_with(channels, ("present", factories.person("manager", "Mia Wolf")))
    browser = sign_in("manager")
    send(browser, meeting)
    entry = db.session.scalars(select(Entry).where(Entry.deed == "meetings.send_minutes")).one()
    assert f'"mails":1,"meeting":{meeting.id}' in entry.body
    said = db.session.scalars(
        select(Words).where(Words.number == entry.number, Words.field == "recipients")
    ).one()
    assert said.text is not None
    assert said.text.startswith("Mia Wolf <person")
    assert "Protokoll gesendet" in browser.get("/journal").text
    clock_at("2026-03-24")
    other = meeting_with(channels, ("present", factories.person("manager")))
    assert (
        "Zuletzt gesendet am 20.03.2026, 12:00." in browser.get(f"/meetings/{meeting.id}/minutes/send").text
    )
    assert "Zuletzt gesendet" not in browser.get(f"/meetings/{other.id}/minutes/send").text


def test_the_same_form_twice_asks_again_and_a_second_sending_is_possible(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    meeting = meeting_with(channels, ("present", factories.person("manager")))
    browser = sign_in("manager")
    form = browser.get(f"/meetings/{meeting.id}/minutes/send").form("/minutes/send")
    browser.post(form.action, form.values)
    again = browser.post(form.action, form.values, expect=422)
    assert "Jetzt wurde nichts gesendet" in again.text
    for wrong in ({}, {"after": "x" * 100_000}, {"after": "\x00🎉"}):
        browser.post(form.action, wrong, expect=422)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    second = again.form("/minutes/send")
    browser.post(second.action, second.values)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2


def test_two_who_press_at_once_send_once(app: Flask, sign_in: SignIn, channels: list[Channel]) -> None:
    meeting = meeting_with(channels, ("present", factories.person("manager")))
    browsers, start = [sign_in("manager"), sign_in("manager")], Barrier(2)
    statuses: list[int] = []

    def press(browser: Browser) -> None:
        _cv_app.set(None)
        start.wait(10)
        address = f"/meetings/{meeting_id}/minutes/send"
        statuses.append(
            WerkzeugClient.open(browser.raw, address, method="POST", data={"after": "0"}).status_code
        )

    meeting_id = meeting.id
    db.session.commit()
    threads = [Thread(target=copy_context().run, args=(press, one)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [303, 422]
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1


def test_only_who_may_close_the_whole_meeting_sends_it_or_its_chair(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    someone = factories.person("manager")
    meeting = meeting_with(channels, ("present", someone))
    limited = sign_in("editor", units=[channels[0].unit])
    limited.get(f"/meetings/{meeting.id}/minutes/send", expect=403)
    limited.post(f"/meetings/{meeting.id}/minutes/send", {"after": "0"}, expect=403)
    chair = factories.person("editor", units=[channels[0].unit])
    chaired = factories.planned_meeting(date(2026, 3, 19), channels, chair_id=chair.id)
    at = factories.clock.moment_on(date(2026, 3, 19), factories.ZONE)
    head = MeetingHead(meeting_id=chaired.id, version=1, held_on=date(2026, 3, 19), chair="A", minute_taker="B",
                       by_name="B", written_at=at)  # fmt: skip
    head.attendance.append(Attendance(kind="present", name=someone.full_name, user_id=someone.id))
    reviews: list[Review] = [
        factories._review(chaired, one, {Criterion.LEGALITY: Level.CLEAR}, at) for one in channels
    ]
    db.session.add_all([head, *reviews])
    db.session.flush()
    for row in (*reviews, head):
        row.closed_at = at
    db.session.flush()
    chaired.closed_at = at
    db.session.commit()
    assert "Das Protokoll geht an 1 Person." in send(sign_in(chair), chaired)


def test_what_is_not_closed_or_not_there_or_reaches_nobody(sign_in: SignIn, channels: list[Channel]) -> None:
    browser = sign_in("manager")
    planned = factories.planned_meeting(date(2026, 4, 1), channels)
    for number in (planned.id, 999_999, 2**40):
        browser.get(f"/meetings/{number}/minutes/send", expect=404)
        browser.post(f"/meetings/{number}/minutes/send", {"after": "0"}, expect=404)
    alone = meeting_with(channels, ("guest", "Frau Gast"))
    assert "Niemand von denen" in browser.get(f"/meetings/{alone.id}/minutes/send").text
    browser.post(f"/meetings/{alone.id}/minutes/send", {"after": "0"}, expect=422)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_without_a_token_nothing_is_sent(app: Flask, sign_in: SignIn, channels: list[Channel]) -> None:
    meeting = meeting_with(channels, ("present", factories.person("manager")))
    app.config["WTF_CSRF_ENABLED"] = True
    sign_in("manager").post(f"/meetings/{meeting.id}/minutes/send", expect=400)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
