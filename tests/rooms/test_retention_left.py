"""What a data protection officer would still find after the years: in rows, accounts, files and copies of a text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.jobs.test_dossier import logged
from tracker import clock
from tracker.evidence import queries as evidence
from tracker.extensions import db
from tracker.meetings import changes as meetings
from tracker.models import (
    Action,
    CheckWording,
    Draft,
    Mail,
    MeetingHead,
    Organisation,
    Review,
    StateChange,
    User,
    Words,
)
from tracker.retention import changes, texts
from tracker.retention.queries import Past, table_of

ClockAt = Callable[..., None]
ON = date(2028, 2, 1)
pytestmark = pytest.mark.own_database


@pytest.fixture(autouse=True)
def organisation(app: Flask, clock_at: ClockAt) -> Organisation:
    clock_at("2026-03-17")
    made = db.session.get(Organisation, 1) or factories.organisation()
    made.retention_years = 1
    db.session.commit()
    return made


def past(years: int = 1, on: date = ON) -> Past:
    return Past.of(on, years, factories.ZONE)


def replaced(on: date = ON) -> None:
    changes.run(db.session.get_one(Organisation, 1), past(on=on))
    db.session.commit()
    db.session.expire_all()


def findings() -> list[Any]:
    db.session.rollback()
    found = evidence.verified(None)
    db.session.rollback()
    return [one for one in found.closed.findings if one.key.kind != "obligation"]


@pytest.mark.both
def test_a_meeting_of_december_that_was_closed_in_january_is_no_finding(clock_at: ClockAt) -> None:
    katrin = factories.person("manager", name="Katrin Seidel")
    made = factories.channel(since=date(2026, 1, 1))
    clock_at("2027-01-12")
    logged(date(2026, 12, 30), [made], katrin)
    clock_at(ON)
    replaced()
    assert findings() == []
    assert db.session.scalars(select(MeetingHead.chair)).one() == "Katrin Seidel", "its entry is not past yet"


@pytest.mark.both
def test_a_wording_that_is_no_longer_asked_does_not_stop_the_run(clock_at: ClockAt) -> None:
    item = factories.check_item(until_on=date(2026, 5, 1), by_name="Katrin Seidel")
    ended = item.wordings[-1]
    clock_at(ON)
    replaced()
    assert db.session.get_one(CheckWording, ended.id).by_name.startswith("ehemalige Person ")


@pytest.mark.both
def test_why_a_special_review_was_called_can_be_erased_although_its_meeting_is_closed(
    clock_at: ClockAt,
) -> None:
    meeting = factories.planned_meeting(date(2026, 3, 17), cause="Beschwerde von Frau Weiß")
    meeting.closed_at = clock.now()
    db.session.commit()
    clock_at(ON)
    assert texts.erase(past(), "meeting", "cause", meeting.id)
    db.session.commit()
    assert meeting.cause == "[gelöscht]"


@pytest.mark.both
def left(table: str, column: str) -> list[str]:
    of = table_of(table)
    return list(db.session.scalars(select(of.c[column])))


def test_mails_that_were_written_as_files_lose_their_files(app: Flask, clock_at: ClockAt) -> None:
    folder = Path(app.instance_path) / "outbox"
    folder.mkdir(exist_ok=True)
    (folder / "1.eml").write_text("To: Katrin Seidel")
    (folder / "other.eml").write_text("younger")
    now = clock.now()
    db.session.add(Mail(kind="digest", state="sent", message_id="<1@x>", to_name="Katrin Seidel", to_address="k@x",
                        language="de", subject="s", sent_to_file="1.eml", written_at=now, next_try_at=now))  # fmt: skip
    db.session.commit()
    clock_at(ON)
    replaced()
    assert [one.name for one in folder.iterdir()] == ["other.eml"]
    assert db.session.scalars(select(Mail.sent_to_file)).one() is None


def test_an_action_agreed_in_a_meeting_is_gone_from_the_minutes_entry_too(clock_at: ClockAt) -> None:
    katrin = factories.person("manager", name="Katrin Seidel")
    channel = factories.channel(since=date(2026, 1, 1))
    logged(date(2026, 3, 17), [channel], katrin)
    number = evidence.verified(None).chain.entries
    db.session.rollback()
    review = db.session.scalars(select(Review)).one()
    owner = factories.contact(katrin)
    action = factories.action(channel, owner, date(2026, 4, 1), what="Frau Weiß anrufen")
    action.review_id, action.done_on = review.id, date(2026, 4, 1)
    db.session.add(Words(number=number, field=f"channel-{channel.id}.action-1", salt="0" * 32,
                         text="Frau Weiß anrufen; Katrin Seidel; 2026-04-01"))  # fmt: skip
    db.session.commit()
    clock_at(ON)
    assert texts.erase(past(), "action", "what", action.id)
    assert not said("Frau Weiß")


def said(text: str) -> list[str]:
    return list(db.session.scalars(select(Words.field).where(Words.text.contains(text))))


def test_a_short_text_takes_no_longer_one_along(clock_at: ClockAt) -> None:
    logged(date(2026, 3, 17), [factories.channel(since=date(2026, 1, 1))], factories.person("manager"))
    short = select(Words.id).where(texts.told_of("Aufwand"))
    whole = select(Words.field).where(texts.told_of("Aufwand stabil"))
    assert db.session.scalars(short).all() == []
    assert [one.split(".")[1] for one in db.session.scalars(whole)] == ["cost_benefit"]


def test_what_the_same_meeting_said_of_another_channel_in_the_same_words_stays(clock_at: ClockAt) -> None:
    two = [factories.channel(since=date(2026, 1, 1)) for _n in range(2)]
    logged(date(2026, 3, 17), two, factories.person("manager"))
    review = db.session.scalars(select(Review).where(Review.channel_id == two[0].id)).one()
    key = next(one.id for one in review.ratings if one.reason == "Impressum prüfen")
    clock_at(ON)
    assert texts.erase(past(), "rating", "reason", key)
    assert said("Impressum prüfen") == [f"channel-{two[1].id}.legality"]


@pytest.mark.both
def test_what_only_the_journal_says_is_listed_and_can_be_erased(clock_at: ClockAt) -> None:
    meeting = factories.planned_meeting(date(2026, 4, 1))
    meetings.cancel(meeting, "Frau Seidel ist krank")
    db.session.add(Draft(meeting_id=meeting.id, field="chair", value="Katrin Seidel", user_id=factories.person().id,
                         saved_at=clock.now(), version="1"))  # fmt: skip
    db.session.commit()
    clock_at(ON)
    found = [one for one in texts.texts(past(), 1)[0] if one.table == "journal_words"]
    assert [one.text for one in found] == ["Frau Seidel ist krank"]
    assert texts.erase(past(), "journal_words", "text", found[0].id)
    replaced()
    assert not said("Frau Seidel")
    assert left("draft", "value") == [], "drafts of a meeting that was called off say who was to be there"
    db.session.rollback()
    assert evidence.verified(None).chain.broken is None


def test_a_reason_that_became_the_cause_of_a_state_is_listed_there_as_well(clock_at: ClockAt) -> None:
    channel = factories.channel(since=date(2026, 1, 1))
    change = db.session.scalars(select(StateChange).where(StateChange.channel_id == channel.id)).one()
    change.cause = "17.03.2026: ruhend, weil Frau Weiß geht"
    db.session.commit()
    clock_at(ON)
    assert ("state_change", "cause") in {(one.table, one.column) for one in texts.texts(past(), 1)[0]}
    assert texts.erase(past(), "state_change", "cause", change.id)
    db.session.commit()
    assert change.cause == "[gelöscht]"


def test_the_command_asks_before_it_replaces(run: Callable[..., Any], clock_at: ClockAt) -> None:
    factories.person(name="Katrin Seidel", active=False)
    clock_at(ON)
    db.session.rollback()
    asked = run("retention", "--run")
    assert "Replace and erase" in asked.output
    db.session.rollback()
    assert db.session.scalars(select(User.full_name).where(User.full_name == "Katrin Seidel")).all()


def test_actions_that_are_open_keep_what_they_say(clock_at: ClockAt) -> None:
    owner = factories.contact(factories.person())
    factories.action(factories.channel(), owner, date(2026, 4, 1), what="Frau Weiß anrufen")
    clock_at(ON)
    assert "action" not in {one.table for one in texts.texts(past(), 1)[0]}
    assert db.session.scalars(select(Action.what)).one() == "Frau Weiß anrufen"
