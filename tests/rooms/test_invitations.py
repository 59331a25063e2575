"""Whom a meeting invites, the mail they get with its calendar entry, and who may be appointed to chair it."""

import email
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.smtp import mail_server
from tracker import outbox
from tracker.extensions import db
from tracker.letter import bytes_of
from tracker.meetings import changes, letters
from tracker.models import Contact, Entry, Invitation, Mail, Meeting, User

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]


@pytest.fixture(autouse=True)
def in_may(clock_at: SetClock) -> None:
    clock_at("2026-05-04")


def person(name: str, role: str = "editor", language: str | None = "de", active: bool = True) -> Contact:
    someone = factories.person(role, name=name, language=language, active=active)
    return factories.contact(of=someone)


def mailbox(name: str = "Presse", address: str = "presse@example.org") -> Contact:
    return factories.contact(name=name, email=address)


def inviting(*contacts: Contact, on: date = date(2026, 5, 12), starts_at: time | None = time(10)) -> Meeting:
    factories.organisation()
    by = factories.person("manager")
    made = changes.plan(on, starts_at, "Raum 4", [factories.channel()], by, invited=contacts)
    db.session.commit()
    return made


def mails() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def entry_of(mail: Mail) -> tuple[str, Event]:
    """The method and the one meeting of a mail's calendar entry."""
    assert mail.calendar
    calendar = Calendar.from_ical(mail.calendar)
    assert isinstance(calendar, Calendar)
    [found] = calendar.walk("VEVENT")
    assert isinstance(found, Event)
    return str(calendar["METHOD"]), found


def invited_to(meeting: Meeting) -> set[int]:
    query = select(Invitation.contact_id).where(Invitation.meeting_id == meeting.id)
    return set(db.session.scalars(query))


def send_invited(browser: Browser, meeting: Meeting, expect: int = 200, **values: Any) -> Any:
    form = browser.get(f"/meetings/{meeting.id}").form("/invited")
    return browser.post(f"/meetings/{meeting.id}/invited", form.filled(**values), expect=expect)


def test_those_who_log_or_manage_are_offered_first_and_who_has_left_not_at_all(sign_in: SignIn) -> None:
    factories.channel()
    for name, role in (("Zoe Redaktion", "editor"), ("Anna Revision", "auditor"), ("Max Leitung", "manager")):
        person(name, role)
    person("Weg Gegangen", active=False)
    mailbox("Agentur")
    factories.contact(name="Nur ein Name")
    boxes = sign_in().get("/meetings/plan").words("label")
    offered = [one for one in boxes if one.split()[0] in {"Zoe", "Anna", "Max", "Weg", "Agentur", "Nur"}]
    assert offered == [
        "Max Leitung", "Zoe Redaktion", "Agentur", "Anna Revision", "Nur ein Name ohne Adresse"
    ]  # fmt: skip


def test_planning_invites_whoever_is_ticked_in_their_language(sign_in: SignIn) -> None:
    factories.channel()
    german, english, box = person("Jörg Müller"), person("Amy Pond", language="en"), mailbox()
    left_out = person("Nicht Dabei")
    browser = sign_in()
    form = browser.get("/meetings/plan").form("/meetings/plan")
    chosen = [str(one.id) for one in (german, english, box)]
    page = browser.post(
        "/meetings/plan", form.filled(on="2026-05-12", starts_at="10:00", place="Raum 4", invited=chosen)
    )
    assert "3 eingeladen" in page.text
    by_name = {one.to_name: one for one in mails()}
    assert set(by_name) == {"Jörg Müller", "Amy Pond", "Presse"}
    assert by_name["Jörg Müller"].subject == "Einladung: Redaktionssitzung am 12.05.2026"
    assert "Dienstag, 12. Mai 2026, 10:00 Uhr" in (by_name["Jörg Müller"].text or "")
    assert by_name["Amy Pond"].subject == "Invitation: editorial meeting on 12 May 2026"
    assert "Tuesday, 12 May 2026, 10:00" in (by_name["Amy Pond"].html or "")
    assert by_name["Presse"].language == "de"
    for mail in by_name.values():
        assert mail.kind == "invitation"
        assert "http://tracker.example.org/meetings/" in (mail.text or "")
        assert "Raum 4" in (mail.html or "")
    assert left_out.id not in db.session.scalars(select(Invitation.contact_id)).all()
    entry = db.session.scalars(select(Entry).where(Entry.deed == "meetings.plan")).one()
    assert f'"invited":"{",".join(sorted(chosen, key=int))}"' in entry.body


def test_who_has_no_address_is_invited_but_not_written_to_and_the_page_says_so(sign_in: SignIn) -> None:
    mere_name = factories.contact(name="Frau Ohneadresse")
    broken = mailbox("Kaputt", "kein-at-zeichen")
    meeting = inviting(person("Jörg Müller"), mere_name, broken)
    assert [one.to_name for one in mails()] == ["Jörg Müller"]
    assert "3 eingeladen, 2 ohne Adresse" in sign_in().get(f"/meetings/{meeting.id}").text
    assert "3 eingeladen" in sign_in().get("/meetings").text


def test_a_meeting_in_the_past_sends_nothing(app: Flask) -> None:
    box = mailbox()
    yesterday = inviting(box, on=date(2026, 5, 3), starts_at=None)
    this_morning = inviting(box, on=date(2026, 5, 4), starts_at=time(11, 59))
    changes.set_invited(yesterday, [])
    changes.cancel(this_morning)
    changes.move(yesterday, date(2026, 5, 2), None, "")
    db.session.commit()
    assert mails() == []
    inviting(box, on=date(2026, 5, 4), starts_at=time(12, 1))
    inviting(box, on=date(2026, 5, 4), starts_at=None)
    assert len(mails()) == 2


def test_a_past_day_moved_to_come_is_told(app: Flask) -> None:
    meeting = inviting(mailbox(), on=date(2026, 5, 3))
    changes.move(meeting, date(2026, 5, 19), time(10), "Raum 4")
    db.session.commit()
    assert [one.subject for one in mails()] == ["Verschoben auf 19.05.2026: Sitzung am 03.05.2026"]


def test_the_entry_says_when_in_the_zone_of_the_house_and_asks_nobody_to_answer(app: Flask) -> None:
    inviting(person("Müller, Jörg"), mailbox())
    mail = mails()[0]
    method, found = entry_of(mail)
    assert method == "REQUEST"
    assert "DTSTART;TZID=Europe/Berlin:20260512T100000" in (mail.calendar or "")
    assert "BEGIN:VTIMEZONE" in (mail.calendar or "")
    assert found.decoded("dtstart").astimezone(UTC) == datetime(2026, 5, 12, 8, tzinfo=UTC)
    assert found.decoded("dtend").astimezone(UTC) == datetime(2026, 5, 12, 9, tzinfo=UTC)
    assert str(found["ORGANIZER"]) == "mailto:evaluierung@example.org"
    assert [str(one) for one in found["ATTENDEE"]] == [
        f"mailto:{mail.to_address}", "mailto:presse@example.org"
    ]  # fmt: skip
    first, second = found["ATTENDEE"]
    assert (first.params["CN"], first.params["RSVP"]) == ("Müller, Jörg", "FALSE")
    assert (first.params["CUTYPE"], second.params["CUTYPE"]) == ("INDIVIDUAL", "GROUP")
    assert (found["SEQUENCE"], found["LOCATION"], found["STATUS"]) == (0, "Raum 4", "CONFIRMED")


def test_in_winter_the_same_time_of_day_is_an_hour_later_in_utc(app: Flask) -> None:
    inviting(mailbox(), on=date(2026, 12, 8))
    assert entry_of(mails()[0])[1].decoded("dtstart").astimezone(UTC).hour == 9


def test_without_a_time_the_entry_takes_the_whole_day(app: Flask) -> None:
    inviting(mailbox(), starts_at=None)
    found = entry_of(mails()[0])[1]
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (date(2026, 5, 12), date(2026, 5, 13))
    assert "VTIMEZONE" not in (mails()[0].calendar or "")


def test_moved_and_cancelled_keep_the_uid_and_count_on(app: Flask) -> None:
    meeting = inviting(mailbox())
    changes.move(meeting, date(2026, 5, 19), None, "Video", "Urlaub")
    changes.cancel(meeting)
    db.session.commit()
    sent = mails()
    assert [one.subject for one in sent] == [
        "Einladung: Redaktionssitzung am 12.05.2026",
        "Verschoben auf 19.05.2026: Sitzung am 12.05.2026",
        "Abgesagt: Sitzung am 19.05.2026",
    ]
    for words in (
        "Bisher geplant für: Dienstag, 12. Mai 2026, 10:00 Uhr",
        "Bisheriger Ort: Raum 4",
        "Urlaub",
    ):
        assert words in (sent[1].text or ""), words
    entries = [entry_of(one) for one in sent]
    assert [method for method, _found in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [found["SEQUENCE"] for _method, found in entries] == [0, 1, 2]
    assert len({str(found["UID"]) for _method, found in entries}) == 1
    assert entries[2][1]["STATUS"] == "CANCELLED"


def test_two_meetings_never_share_a_uid(app: Flask) -> None:
    inviting(mailbox())
    inviting(mailbox("Zweites", "zwei@example.org"))
    assert len({str(entry_of(one)[1]["UID"]) for one in mails()}) == 2


def test_only_the_new_are_invited_and_only_the_old_told_they_are_not(sign_in: SignIn) -> None:
    stays, goes, comes = (
        mailbox(name, f"{name.lower()}@example.org") for name in ("Bleibt", "Geht", "Kommt")
    )
    meeting = inviting(stays, goes)
    page = send_invited(sign_in(), meeting, invited=[str(stays.id), str(comes.id)])
    assert "Die Einladungen sind gespeichert" in page.text
    new = mails()[2:]
    assert [(one.to_name, entry_of(one)[0]) for one in new] == [("Kommt", "REQUEST"), ("Geht", "CANCEL")]
    gone = entry_of(new[1])[1]
    assert str(gone["ATTENDEE"]) == "mailto:geht@example.org"
    assert gone["SEQUENCE"] == 1
    assert "nicht mehr eingeladen" in (new[1].text or "")
    assert invited_to(meeting) == {stays.id, comes.id}


def test_the_same_form_sent_twice_writes_to_nobody_again(sign_in: SignIn) -> None:
    box, browser = mailbox(), sign_in()
    meeting = inviting()
    form = browser.get(f"/meetings/{meeting.id}").form("/invited").filled(invited=str(box.id))
    for said in ("sind gespeichert", "Es wurde nichts geändert"):
        assert said in browser.post(f"/meetings/{meeting.id}/invited", form).text
    assert len(mails()) == 1


def test_whom_somebody_else_invited_meanwhile_stays_invited(sign_in: SignIn) -> None:
    one, two = mailbox(), mailbox("Zweites", "zwei@example.org")
    meeting, slow = inviting(), sign_in()
    form = slow.get(f"/meetings/{meeting.id}").form("/invited").filled(invited=str(one.id))
    send_invited(sign_in("manager"), meeting, invited=str(two.id))
    slow.post(f"/meetings/{meeting.id}/invited", form)
    assert invited_to(meeting) == {one.id, two.id}


def test_an_unknown_contact_is_refused_beside_the_list(sign_in: SignIn) -> None:
    gone, meeting = person("Weg Gegangen", active=False), inviting()
    for wrong in (str(gone.id), "99999", "x\x00", "9" * 5000):
        page = send_invited(sign_in(), meeting, expect=422, invited=wrong)
        assert page.words("p", id="invited-error") != []
    assert invited_to(meeting) == set()


def test_nobody_is_invited_to_what_is_over(sign_in: SignIn) -> None:
    box, one, browser = mailbox(), factories.channel(), sign_in()
    closed = factories.closed_meeting(date(2026, 4, 14), [one])
    said = browser.post(f"/meetings/{closed.id}/invited", {"invited": str(box.id)}).text
    assert "bereits abgeschlossen" in said
    assert invited_to(closed) == set()


def test_those_invited_last_time_are_ticked_at_the_next_meeting(sign_in: SignIn) -> None:
    box, other = mailbox(), mailbox("Zweites", "zwei@example.org")
    inviting(box)
    page = sign_in().get("/meetings/plan")
    boxes = {one.get("value"): "checked" in one.attrib for one in page.all("input", name="invited")}
    assert (boxes[str(box.id)], boxes[str(other.id)]) == (True, False)


def test_over_a_real_server_the_mail_carries_the_entry_where_clients_look_for_it(app: Flask) -> None:
    inviting(mailbox())
    with mail_server() as server:
        app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=server.port, MAIL_TIMEOUT=5)
        assert outbox.deliver().sent == 1
        [got] = server.received
    message = email.message_from_bytes(got.content, policy=default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    beside = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert beside["Content-Type"].params["method"] == "REQUEST"
    assert beside["Content-Type"].params["charset"] == "utf-8"
    attached = next(message.iter_attachments())
    assert attached.get_filename() == "invite.ics"
    for text in (beside.get_content(), attached.get_content()):
        [found] = Calendar.from_ical(text).walk("VEVENT")
        assert found["SUMMARY"] == "Redaktionssitzung"


def test_a_cancellation_says_so_in_the_part_itself(app: Flask) -> None:
    meeting = inviting(mailbox())
    changes.cancel(meeting)
    db.session.commit()
    parts = list(email.message_from_bytes(bytes_of(mails()[1]), policy=default).walk())
    assert parts[4]["Content-Type"].params["method"] == "CANCEL"


def test_the_agenda_may_change_without_a_word(sign_in: SignIn) -> None:
    meeting, more = inviting(mailbox()), factories.channel()
    sign_in().post(f"/meetings/{meeting.id}/agenda", {"channels": [str(more.id)]})
    assert len(mails()) == 1


def test_before_a_concept_is_loaded_a_meeting_can_be_planned_all_the_same(app: Flask) -> None:
    made = changes.plan(date(2026, 5, 12), None, "", [], None, invited=[mailbox()])
    db.session.commit()
    assert (len(mails()), letters.is_past(made)) == (1, False)


def test_who_may_close_everything_appoints_a_chair(sign_in: SignIn) -> None:
    meeting = inviting()
    chair = factories.person("editor", name="Katrin Seidel", units=[factories.unit()])
    page = send_invited(sign_in("manager"), meeting, chair=str(chair.id))
    assert "Leitung der Sitzung Katrin Seidel" in page.text
    db.session.expire_all()
    assert meeting.chair_id == chair.id
    send_invited(sign_in("manager"), meeting, chair="")
    db.session.expire_all()
    assert meeting.chair_id is None


def test_a_chair_is_somebody_who_may_close_meetings(sign_in: SignIn) -> None:
    meeting, browser = inviting(), sign_in("manager")
    auditor, gone = factories.person("auditor"), factories.person("editor", active=False)
    for wrong in (str(auditor.id), str(gone.id), "99999", "x" * 5000):
        page = send_invited(browser, meeting, expect=422, chair=wrong)
        assert page.words("p", id="chair-error") != []


def test_who_is_limited_to_units_appoints_nobody(sign_in: SignIn) -> None:
    one = factories.channel()
    meeting = factories.planned_meeting(date(2026, 5, 12), [one])
    browser = sign_in("editor", units=[one.unit])
    assert browser.get(f"/meetings/{meeting.id}").all("select", name="chair") == []
    assert browser.get("/meetings/plan").all("select", name="chair") == []
    browser.post(f"/meetings/{meeting.id}/invited", {"chair": str(browser.person.id)})  # type: ignore[union-attr]
    db.session.expire_all()
    assert meeting.chair_id is None


def test_the_chair_sees_the_meeting_they_chair_with_all_its_channels(sign_in: SignIn) -> None:
    other = factories.channel(name="Fremder Kanal")
    browser = sign_in("editor", units=[factories.unit()])
    me = browser.person
    assert isinstance(me, User)
    meeting = factories.planned_meeting(date(2026, 5, 12), [other], chair_id=me.id)
    page = browser.get(f"/meetings/{meeting.id}")
    assert "Auf der Tagesordnung stehen weitere" not in page.text
    assert "Fremder Kanal" in page.text
    assert "12. Mai 2026" in browser.get("/meetings").text


def test_an_auditor_sees_who_is_invited_and_changes_nothing(sign_in: SignIn) -> None:
    meeting = inviting(mailbox())
    browser = sign_in("auditor", language="en")
    page = browser.get(f"/meetings/{meeting.id}")
    assert "1 invited" in page.text
    assert page.all("input", name="invited") == []
    browser.post(f"/meetings/{meeting.id}/invited", {}, expect=403)


def test_an_invitation_names_the_agenda_as_far_as_one_may_see_it(app: Flask) -> None:
    """Somebody limited to a unit reads of its channels only; a mailbox that looks after none reads all."""
    ours, theirs = factories.unit("Böblingen"), factories.unit("Stuttgart")
    channels = [factories.channel(ours, "Facebook", "Kreis"), factories.channel(theirs, "XING", "Karriere")]
    martin = factories.contact(factories.person("editor", name="Martin", units=[ours]))
    box = factories.contact(name="Presse", email="presse@example.org")
    on = date(2026, 5, 19)
    meeting = changes.plan(on, None, "", channels, factories.person("manager"), invited=[martin, box])
    db.session.commit()
    said = {mail.to_name: mail.text for mail in db.session.scalars(select(Mail))}
    assert "Facebook Kreis" in said["Martin"]
    assert "XING" not in said["Martin"]
    assert "XING Karriere" in said["Presse"]
    changes.cancel(meeting, "Die Leitung ist verhindert.")
    db.session.commit()
    last = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    assert "Die Leitung ist verhindert." in last.text
    assert "Tagesordnung" not in last.text
