"""Who is told what, when, in which words, and never twice."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tracker import clock, engine
from tracker.extensions import db
from tracker.models import Absence, Entry, Explanation, Mail, Organisation, Reminder, Run, Untold
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
    [told] = tell(date(2026, 4, 8))
    assert told.as_json()["owed_on"] == "2026-04-01"
    assert told.as_json()["told_on"] == "2026-04-08"
    assert told.as_json()["delayed"] is True
    assert "verzögert" in mails()[0].text
    assert tell(date(2026, 4, 9)) == []


@pytest.mark.parametrize("day", ["2026-04-04", "2026-04-05", "2026-04-06"])
def test_nobody_is_told_on_a_day_on_which_nobody_works(channel, day):
    """A Saturday, Easter Sunday, Easter Monday: lesson 35, the ladder is not climbed while nobody looks."""
    assert tell(date.fromisoformat(day)) == []
    assert engine.last_run().words == engine.NO_WORKDAY
    [told] = tell(date(2026, 4, 7))
    assert told.delayed is True  # owed on Wednesday, Thursday was the next working day


def test_a_day_later_over_a_long_weekend_is_not_called_delayed(channel):
    channel.contact_id = make.contact(make.person("editor", name="Jonas Brandt")).id
    db.session.get(Organisation, 1).overdue_workdays = 2
    db.session.commit()
    assert [one.delayed for one in tell(date(2026, 4, 7))] == [False, False]  # owed on Maundy Thursday


def test_all_channels_of_a_person_come_in_one_mail_worst_first(channel, katrin):
    yearly = make.channel(channel.unit, platform="YouTube", since=date(2025, 1, 1), n=1)
    make.channel(channel.unit, platform="Twitter", since=date(2026, 1, 1))
    told = tell(FIRST_DAY_LATE)
    assert len({one.due.channel.id for one in told}) == 3
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
    assert tell(date(2026, 4, 11)) == []  # a Saturday
    [told] = tell(date(2026, 4, 13))
    assert (told.due.owed.owed_on, told.delayed) == (date(2026, 4, 13), False)


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


def test_overdue_actions_come_in_the_same_mail(channel, katrin):
    """Lesson 51: actions use the same engine."""
    owner = make.contact(katrin)
    make.action(channel, owner, date(2026, 3, 31), what="Impressum ergänzen")
    make.action(channel, owner, date(2026, 5, 30), what="Später")
    tell(FIRST_DAY_LATE)
    [mail] = mails()
    assert "Impressum ergänzen" in mail.text
    assert "Später" not in mail.text
    assert mail.subject == "1 Evaluierung überfällig, 1 Maßnahme überfällig"


def test_an_overdue_action_alone_makes_a_mail_once_a_week(channel, katrin):
    make.action(channel, make.contact(katrin), date(2026, 1, 12), what="Impressum ergänzen")
    assert tell(date(2026, 1, 12)) == []
    [told] = tell(date(2026, 1, 13))
    assert told.as_json()["action"] == "Impressum ergänzen"
    assert mails()[0].subject == "1 Maßnahme überfällig"
    assert [len(tell(date(2026, 1, day))) for day in (14, 16, 19, 20)] == [0, 0, 1, 0]


def test_an_action_whose_owner_cannot_be_told_goes_to_the_managers(channel, katrin):
    make.action(channel, make.contact(name="Nur ein Name"), date(2026, 1, 12))
    [told] = tell(date(2026, 1, 13))
    assert told.recipient.address == katrin.email


def test_escalation_goes_to_the_units_contact_else_to_the_organisations(channel, katrin):
    """Lesson 39: an escalation target per unit."""
    boss = make.contact(name="Geschäftsführung", email="gf@example.org")
    db.session.get(Organisation, 1).escalation_contact_id = boss.id
    db.session.commit()
    tell(FIRST_DAY_LATE)
    [told] = tell(date(2026, 4, 15))  # half the grace: fifteen days
    assert (told.due.owed.stage, told.recipient.address) == ("escalation", "gf@example.org")
    head = make.contact(name="Leitung der Bezirkskammer", email="bezirk@example.org")
    other = make.channel(make.unit(), platform="XING", since=date(2026, 1, 1))
    other.unit.escalation_contact_id = head.id
    db.session.commit()
    assert "bezirk@example.org" in addresses(tell(date(2026, 4, 16)))


def test_without_an_escalation_contact_the_managers_hear_of_it_again(channel, katrin):
    tell(FIRST_DAY_LATE)
    [told] = tell(date(2026, 4, 15))
    assert (told.due.owed.stage, told.recipient.address) == ("escalation", katrin.email)


def test_after_the_escalation_one_mail_a_week_until_the_grace_is_over(channel, katrin):
    """Lessons 37 and 38: each stage once, then a weekly digest at most."""
    days = [date(2026, 4, 1) + timedelta(days=k) for k in range(60)]
    found = [(day.isoformat(), one.due.owed.stage.value) for day in days for one in tell(day)]
    assert found == [
        ("2026-04-01", "overdue"), ("2026-04-15", "escalation"), ("2026-04-20", "weekly"), ("2026-04-27", "weekly"),
        ("2026-05-04", "missed"),
    ]  # fmt: skip


def test_a_missed_slot_asks_a_manager_to_explain(channel, katrin):
    channel.contact_id = make.contact(make.person("editor")).id
    db.session.commit()
    [told] = tell(date(2026, 5, 4))
    assert told.recipient.address == katrin.email
    [mail] = mails()
    assert mail.subject == "1 Prüfzeitraum versäumt"
    assert f"http://tracker.example.org/channels/{channel.id}/slots/2026-4-1" in mail.text
    assert mail.calendar is None


def test_a_slot_missed_before_reminders_went_out_is_history_and_no_news(channel, katrin):
    """Lesson 34: no flood of false mails after an import."""
    db.session.get(Organisation, 1).reminders_confirmed_at = clock.moment_on(date(2026, 5, 4), make.ZONE)
    db.session.commit()
    assert tell(date(2026, 5, 4)) == []


def test_an_explained_slot_is_not_asked_for_again(channel, katrin):
    db.session.add(Explanation(channel_id=channel.id, begins_on=date(2026, 1, 1), due_on=date(2026, 3, 31),
                               text="Umbau", by_name="Katrin", at=clock.now()))  # fmt: skip
    db.session.commit()
    assert tell(date(2026, 5, 4)) == []


def test_after_weeks_of_silence_a_slot_stands_once_in_one_mail(channel, katrin):
    told = tell(date(2026, 4, 27))
    assert [one.due.owed.stage for one in told] == ["overdue", "escalation", "weekly"]
    [mail] = mails()
    assert mail.subject == "1 Evaluierung überfällig"
    assert mail.text.count("Facebook") == 1
    assert tell(date(2026, 4, 28)) == []


def test_whoever_is_away_is_stood_in_for_and_told_on_return(channel, katrin):
    """Lesson 54: the deputy's mail names both."""
    deputy = make.contact(make.person("manager", name="Dana Vertretung"))
    db.session.add(Absence(user_id=katrin.id, from_on=date(2026, 3, 30), until_on=date(2026, 4, 2),
                           deputy_id=deputy.id, entered_at=clock.now()))  # fmt: skip
    db.session.commit()
    [told] = tell(FIRST_DAY_LATE)
    assert (told.recipient.name, told.stands_in_for) == ("Dana Vertretung", "Katrin Seidel")
    [back] = tell(date(2026, 4, 7))
    assert (back.recipient.address, back.delayed) == (katrin.email, False)


def test_a_deputy_who_would_not_have_been_told_stands_in(channel, katrin):
    box = make.contact(name="Redaktion", email="redaktion@example.org")
    db.session.add(Absence(user_id=katrin.id, from_on=date(2026, 3, 30), until_on=date(2026, 4, 2),
                           deputy_id=box.id, entered_at=clock.now()))  # fmt: skip
    db.session.commit()
    [told] = tell(FIRST_DAY_LATE)
    assert (told.recipient.address, told.stands_in_for) == ("redaktion@example.org", "Katrin Seidel")
    assert "Sie vertreten: Katrin Seidel." in mails()[0].text
    assert db.session.scalars(select(Reminder.stands_in_for)).one() == "Katrin Seidel"


def test_a_deputy_who_is_away_as_well_leaves_the_mail_with_the_person(channel, katrin):
    other = make.person("manager", name="Zweite Leitung", units=[make.unit()])
    for person, deputy in ((katrin, make.contact(other)), (other, make.contact(katrin))):
        db.session.add(Absence(user_id=person.id, from_on=date(2026, 3, 30), until_on=date(2026, 4, 2),
                               deputy_id=deputy.id, entered_at=clock.now()))  # fmt: skip
    db.session.commit()
    assert addresses(tell(FIRST_DAY_LATE)) == [katrin.email]


def test_why_somebody_was_not_told_is_kept_once(channel, katrin):
    gone = make.person("editor", name="Ausgeschieden", active=False)
    channel.contact_id = make.contact(gone).id
    db.session.commit()
    for day in (1, 2):
        tell(date(2026, 4, day))
    assert [(one.who, one.why) for one in db.session.scalars(select(Untold))] == [
        ("Ausgeschieden", "inactive")
    ]


def test_a_planned_meeting_that_keeps_quiet_is_on_record(channel):
    meeting = make.planned_meeting(MID_APRIL, [channel])
    tell(FIRST_DAY_LATE)
    [one] = db.session.scalars(select(Untold))
    assert (one.why, one.meeting_id, one.stage) == ("planned", meeting.id, "overdue")


def test_a_new_responsible_person_hears_of_what_is_open(channel, katrin):
    """Lesson 52: re-assignment moves open reminders."""
    tell(FIRST_DAY_LATE)
    channel.contact_id = make.contact(make.person("editor", name="Neu im Amt")).id
    db.session.commit()
    [told] = tell(date(2026, 4, 7))
    assert (told.recipient.name, told.due.owed.stage, told.delayed) == ("Neu im Amt", "overdue", False)


def test_a_stage_that_is_switched_off_is_not_sent(channel, katrin):
    db.session.get(Organisation, 1).stages = frozenset({"escalation", "missed"})
    db.session.commit()
    assert tell(FIRST_DAY_LATE) == []
    assert [one.due.owed.stage for one in tell(date(2026, 4, 15))] == ["escalation"]


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
            "stands_in_for": None,
            "told_on": "2026-04-02",
            "owed_on": "2026-04-01",
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


def test_after_a_restored_backup_reminders_are_held_until_somebody_has_looked(channel, katrin, run):
    assert run("remind", "--hold").output == "Reminders are held back until confirmed.\n"
    assert run("remind", "--hold").output == "They are held back already.\n"
    assert tell(FIRST_DAY_LATE) == []
    assert mails() == []
    assert "1 reminders would be told." in run("remind", "--dry-run", "--on", "2026-04-01").output
    assert "1 reminders told." in run("remind", "--confirm", "--on", "2026-04-01").output
    deeds = list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))
    assert deeds[:2] == ["reminders.hold", "reminders.confirm"]


def test_the_command_takes_one_of_its_ways_only(channel, run):
    assert run("remind", "--hold", "--confirm").exit_code == 2
