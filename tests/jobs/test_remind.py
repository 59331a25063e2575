"""Who is told what, when, in which words, and never twice."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email.utils import parseaddr

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tracker import clock, engine
from tracker.extensions import db
from tracker.models import Entry, Mail, Organisation, Reminder, Run
from tracker.reminders.changes import confirm, remind
from tracker.rules.words import Criterion, Level

NOTHING_YET = date(2026, 3, 9)  # sixteen working days before the due date
FIRST_DAY_LATE = date(2026, 4, 1)
MID_APRIL = date(2026, 4, 10)


@pytest.fixture
def katrin(app, clock_at):
    clock_at("2026-04-01")
    return make.person("manager", name="Katrin Seidel")


@pytest.fixture
def channel(katrin):
    """Owes its first quarter of 2026 since the year began; nobody is responsible."""
    return make.channel(make.unit(), platform="Facebook", since=date(2026, 1, 1))


def tell(on):
    told = remind(on)
    db.session.commit()
    return told


def mails():
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def addresses(told):
    return sorted(one.recipient.address for one in told)


def test_a_manager_is_told_on_the_first_day_after_the_due_date(channel, katrin):
    assert tell(NOTHING_YET) == []
    told = tell(FIRST_DAY_LATE)
    assert [(one.due.channel, one.due.owed.stage, one.recipient.name) for one in told] == [
        (channel, "overdue", "Katrin Seidel")
    ]
    [mail] = mails()
    assert mail.subject == "1 Evaluierung überfällig"
    assert "Facebook" in mail.text
    assert "http://tracker.example.org/meetings/plan" in mail.text
    assert "verzögert" not in mail.text


def test_running_twice_says_nothing_twice(channel):
    assert len(tell(FIRST_DAY_LATE)) == 1
    assert tell(FIRST_DAY_LATE) == []
    assert tell(date(2026, 4, 2)) == []
    assert len(mails()) == 1


def test_five_skipped_days_are_caught_up_once_and_marked_delayed(channel):
    [told] = tell(date(2026, 4, 6))
    assert told.as_json()["owed_on"] == "2026-04-01"
    assert told.as_json()["told_on"] == "2026-04-06"
    assert told.as_json()["delayed"] is True
    assert "verzögert" in mails()[0].text
    assert tell(date(2026, 4, 7)) == []


def test_all_channels_of_a_person_come_in_one_mail_worst_first(channel, katrin):
    yearly = make.channel(channel.unit, platform="YouTube", since=date(2025, 1, 1), n=1)
    make.channel(channel.unit, platform="Twitter", since=date(2026, 1, 1))
    told = tell(FIRST_DAY_LATE)
    assert len(told) == 3
    assert told[0].due.channel == yearly
    [mail] = mails()
    assert mail.subject == "3 Evaluierungen überfällig"
    assert mail.text.index("YouTube") < mail.text.index("Facebook") < mail.text.index("Twitter")


def test_what_comes_up_later_on_a_day_waits_for_the_next_days_digest(channel):
    tell(FIRST_DAY_LATE)
    make.channel(channel.unit, platform="Twitter", since=date(2026, 1, 1))
    assert tell(FIRST_DAY_LATE) == []
    assert [one.due.channel.platform for one in tell(date(2026, 4, 2))] == ["Twitter"]


def test_a_reviewed_channel_reminds_nobody(channel):
    make.closed_meeting(date(2026, 3, 20), [channel])
    assert tell(FIRST_DAY_LATE) == []
    assert mails() == []


def test_a_partly_reviewed_channel_says_what_is_open(channel):
    make.closed_meeting(
        date(2026, 3, 20), {channel: {Criterion.STRATEGY: Level.CLEAR, Criterion.LEGALITY: Level.CLEAR}}
    )
    tell(FIRST_DAY_LATE)
    assert "Offen: Kosten-Nutzen." in mails()[0].text


def test_a_planned_meeting_quiets_until_its_day_and_ends_by_itself(channel):
    make.planned_meeting(MID_APRIL, [channel])
    assert tell(FIRST_DAY_LATE) == []
    assert tell(MID_APRIL) == []
    [told] = tell(date(2026, 4, 11))
    assert told.due.owed.owed_on == FIRST_DAY_LATE


def test_a_meeting_about_other_channels_quiets_nothing(channel):
    make.planned_meeting(MID_APRIL, [make.channel(channel.unit, since=None)])
    assert len(tell(FIRST_DAY_LATE)) == 1


def test_a_cancelled_meeting_quiets_nothing(channel):
    make.planned_meeting(MID_APRIL, [channel], cancelled_at=clock.now())
    assert len(tell(FIRST_DAY_LATE)) == 1


def test_a_meeting_that_was_held_and_not_closed_asks_to_be_closed(channel):
    meeting = make.planned_meeting(date(2026, 3, 24), [channel])
    tell(FIRST_DAY_LATE)
    [mail] = mails()
    assert "Sitzung vom 24.03.2026 abschließen" in mail.text
    assert f"http://tracker.example.org/meetings/{meeting.id}/log" in mail.text
    assert "Sitzung planen" not in mail.text


def test_the_responsible_person_gets_notice_before_the_due_date(channel, katrin):
    jonas = make.person("editor", name="Jonas Brandt")
    channel.contact_id = make.contact(jonas).id
    db.session.commit()
    assert tell(date(2026, 3, 9)) == []
    [told] = tell(date(2026, 3, 10))
    assert (told.due.owed.stage, told.recipient.name) == ("notice", "Jonas Brandt")
    assert mails()[0].subject == "1 Evaluierung bald fällig"
    assert addresses(tell(FIRST_DAY_LATE)) == sorted([jonas.email, katrin.email])


def test_notice_for_a_channel_nobody_is_responsible_for_goes_to_the_manager(channel, katrin):
    assert addresses(tell(date(2026, 3, 10))) == [katrin.email]


def test_a_meeting_planned_in_the_slot_makes_notice_unnecessary(channel):
    channel.contact_id = make.contact(make.person("editor")).id
    make.planned_meeting(date(2026, 3, 30), [channel])
    assert tell(date(2026, 3, 10)) == []


def test_a_channel_without_contact_goes_to_the_fallback(channel, katrin):
    db.session.get(Organisation, 1).fallback_contact_id = make.contact(
        name="Pressestelle", email="presse@example.org"
    ).id
    db.session.commit()
    assert addresses(tell(FIRST_DAY_LATE)) == sorted(["presse@example.org", katrin.email])
    assert (
        "Ersatz" in db.session.scalars(select(Mail).where(Mail.to_address == "presse@example.org")).one().text
    )


def test_a_responsible_mailbox_is_told_without_an_account(channel):
    channel.contact_id = make.contact(name="Redaktion", email="redaktion@example.org").id
    db.session.commit()
    assert "redaktion@example.org" in addresses(tell(FIRST_DAY_LATE))


def test_a_deactivated_person_gets_nothing_and_the_fallback_takes_over(channel, katrin):
    gone = make.person("editor", active=False)
    channel.contact_id = make.contact(gone).id
    db.session.get(Organisation, 1).fallback_contact_id = make.contact(
        name="Presse", email="presse@example.org"
    ).id
    katrin.active = False
    db.session.commit()
    assert addresses(tell(FIRST_DAY_LATE)) == ["presse@example.org"]


def test_a_manager_of_another_unit_is_not_told(channel, katrin):
    other = make.person("manager", units=[make.unit()])
    own = make.person("manager", units=[channel.unit])
    assert addresses(tell(FIRST_DAY_LATE)) == sorted([katrin.email, own.email])
    assert other.email not in {mail.to_address for mail in mails()}


def test_an_auditor_and_an_admin_are_never_told(channel, katrin):
    channel.contact_id = make.contact(make.person("auditor")).id
    make.person("admin")
    db.session.commit()
    assert addresses(tell(FIRST_DAY_LATE)) == [katrin.email]


def test_with_nobody_to_tell_the_run_says_so(channel, katrin):
    katrin.active = False
    db.session.commit()
    assert tell(FIRST_DAY_LATE) == []
    assert engine.last_run().words == engine.NOBODY


def test_everybody_is_told_in_their_language(channel):
    make.person("manager", name="Jo O'Neill", language="en")
    make.person("manager", name="Ohne Wahl", language=None)
    tell(FIRST_DAY_LATE)
    assert {mail.to_name: mail.subject for mail in mails()} == {
        "Katrin Seidel": "1 Evaluierung überfällig",
        "Jo O'Neill": "1 review overdue",
        "Ohne Wahl": "1 Evaluierung überfällig",
    }


def test_overdue_actions_ride_along_but_make_no_mail_alone(channel, katrin):
    owner = make.contact(katrin)
    make.action(channel, owner, date(2026, 3, 30), what="Impressum ergänzen")
    make.action(channel, owner, date(2026, 5, 30), what="Später")
    assert tell(NOTHING_YET) == []
    tell(FIRST_DAY_LATE)
    [mail] = mails()
    assert "Impressum ergänzen" in mail.text
    assert "Später" not in mail.text
    assert mail.subject == "1 Evaluierung überfällig, 1 Maßnahme überfällig"


def test_names_cannot_break_out_of_the_html_or_the_header(app, clock_at):
    clock_at("2026-04-01")
    make.person("manager", name="Eve <script>\r\nBcc: all@example.org")
    make.channel(make.unit(), platform="<b>Face", since=date(2026, 1, 1))
    tell(FIRST_DAY_LATE)
    [mail] = mails()
    assert "<script>" not in mail.html
    assert "&lt;b&gt;Face" in mail.html
    assert mail.to_name == "Eve <script> Bcc: all@example.org"
    assert parseaddr(mail.to_address)[1] == mail.to_address


def test_the_last_day_of_grace_is_attached_as_a_whole_day(channel):
    tell(FIRST_DAY_LATE)
    calendar = mails()[0].calendar
    assert "DTSTART;VALUE=DATE:20260430" in calendar
    assert "DTEND;VALUE=DATE:20260501" in calendar
    assert "UID:grace-2026-4-1@tracker.example.org" in calendar


def test_nothing_is_sent_until_the_first_run_is_confirmed(channel):
    db.session.get(Organisation, 1).reminders_confirmed_at = None
    db.session.commit()
    assert tell(FIRST_DAY_LATE) == []
    run = engine.last_run()
    assert (run.words, run.count) == (engine.HELD, 1)
    assert confirm() is True
    assert confirm() is False
    assert len(tell(FIRST_DAY_LATE)) == 1


def test_a_dry_run_changes_nothing(channel):
    assert len(remind(FIRST_DAY_LATE, dry_run=True)) == 1
    db.session.commit()
    assert mails() == []
    assert db.session.scalar(select(func.count(Run.id))) == 0


def test_every_run_is_noted_and_every_digest_journalled(channel):
    tell(NOTHING_YET)
    assert engine.last_run().words == engine.NOTHING_OWED
    tell(FIRST_DAY_LATE)
    assert db.session.scalar(select(func.count(Run.id))) == 2
    assert list(db.session.scalars(select(Entry.deed))) == ["reminders.tell"]


def test_the_command_prints_one_object_a_reminder(channel, katrin, run):
    result = run("remind", "--on", "2026-04-02", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {
            "unit": channel.unit.name,
            "platform": "Facebook",
            "name": channel.name,
            "slot": {"from": "2026-01-01", "until": "2026-03-31"},
            "stage": "overdue",
            "contact": "Katrin Seidel",
            "address": katrin.email,
            "owed_on": "2026-04-01",
            "told_on": "2026-04-02",
            "delayed": False,
        }
    ]
    assert json.loads(run("remind", "--on", "2026-04-02", "--json").stdout) == []


def test_the_command_holds_back_until_confirmed(channel, run):
    db.session.get(Organisation, 1).reminders_confirmed_at = None
    db.session.commit()
    held = run("remind", "--on", "2026-04-02", "--json")
    assert json.loads(held.stdout) == []
    assert "--confirm" in held.stderr
    assert len(json.loads(run("remind", "--on", "2026-04-02", "--json", "--dry-run").stdout)) == 1
    assert len(json.loads(run("remind", "--on", "2026-04-02", "--json", "--confirm").stdout)) == 1
    assert mails()[0].written_at == clock.moment_on(date(2026, 4, 2), "Europe/Berlin").replace(hour=4)


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "2026-4-1", ""])
def test_the_command_refuses_what_is_no_day(app, run, day):
    result = run("remind", "--on", day)
    assert result.exit_code == 2
    assert "is not a day" in result.stderr


def test_the_command_needs_an_organisation(app, run):
    result = run("remind")
    assert result.exit_code == 1
    assert result.stderr == "There is no organisation yet; load a concept first.\n"


def test_four_at_once_tell_everybody_once(app, channel):
    for _ in range(5):
        make.person("manager")
        make.channel(channel.unit, since=date(2026, 1, 1))
    db.session.commit()
    gate = threading.Barrier(4)

    def one():
        with app.app_context():
            gate.wait(timeout=20)
            remind(FIRST_DAY_LATE)
            db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(one) for _ in range(4)]:
            done.result(timeout=60)
    assert len(mails()) == 6
    assert db.session.scalar(select(func.count(Reminder.id))) == 36
