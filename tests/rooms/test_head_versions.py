"""A closed meeting's head is corrected by a new version: the slots follow its day, the older one stays readable."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.browsing import Browser
from tests.page import Form, Page
from tracker import clock
from tracker.extensions import db
from tracker.meetings import heads
from tracker.models import Channel, Entry, Meeting, MeetingHead, Review, Words
from tracker.standings import standings

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]
HELD = date(2026, 4, 14)  # in the second quarter, in the grace of the first


@pytest.fixture
def channel(clock_at: Callable[..., None]) -> Channel:
    clock_at("2026-04-20")
    return factories.channel(platform="Facebook", name="Hauptkanal", since=date(2026, 1, 1))


@pytest.fixture
def meeting(channel: Channel) -> Meeting:
    return factories.closed_meeting(HELD, [channel])


@pytest.fixture
def editor(sign_in: SignIn) -> Browser:
    return sign_in("editor", language="en")


def form(browser: Browser, meeting: Meeting, **changes: str | list[str]) -> Form:
    """The form as the page shows it, with some fields changed."""
    found = browser.get(f"/meetings/{meeting.id}/head").form("/head")
    return Form(found.action, found.filled(**changes))


def check(browser: Browser, filled: Form, expect: int = 200) -> Page:
    """Press "Check the correction"."""
    return browser.post(filled.action, filled.values, expect=expect)


def confirm(browser: Browser, filled: Form) -> Page:
    """Press "Check the correction", then "Make the correction"."""
    asked = check(browser, filled).form("/head")
    return browser.post(asked.action, asked.values)


def versions(meeting: Meeting) -> list[MeetingHead]:
    db.session.expire_all()
    query = select(MeetingHead).where(MeetingHead.meeting_id == meeting.id).order_by(MeetingHead.version)
    return list(db.session.scalars(query))


def outcomes(of: Channel) -> dict[int, str]:
    """The first two quarters of 2026 by number."""
    (one,) = standings(clock.today(factories.ZONE), factories.ZONE, channel_id=of.id)
    return {line.slot.number: line.outcome.value for line in one.ledger.lines if line.slot.year == 2026 and line.slot.number < 3}  # fmt: skip # noqa: E501


def test_the_slots_follow_the_new_day_and_the_preview_says_so(
    editor: Browser, meeting: Meeting, channel: Channel
) -> None:
    assert outcomes(channel) == {1: "late", 2: "open"}
    filled = form(editor, meeting, held_on="2026-03-31", reason="Falsches Blatt")
    asked = check(editor, filled)
    assert (
        "Facebook Hauptkanal , Q1 2026, cost-benefit, legality, strategy: so far 14 days late , afterwards kept"
        in asked.text
    )
    assert len(versions(meeting)) == 1
    page = confirm(editor, filled)
    assert "Falsches Blatt" in page.text
    assert outcomes(channel) == {1: "kept", 2: "open"}
    older, newer = versions(meeting)
    assert (older.held_on, older.version) == (HELD, 1)
    assert (newer.held_on, newer.version) == (date(2026, 3, 31), 2)
    assert newer.closed_at is not None


def test_an_earlier_day_can_open_another_slot_again(
    editor: Browser, meeting: Meeting, channel: Channel
) -> None:
    confirm(editor, form(editor, meeting, held_on="2025-12-16", reason="Vorjahr"))
    assert outcomes(channel) == {1: "open", 2: "open"}


def test_other_data_change_no_slot_and_stay_readable(
    editor: Browser, meeting: Meeting, channel: Channel
) -> None:
    late = factories.person(name="Petra Lang")
    filled = form(
        editor, meeting, chair="Mia Wolf", place="Raum 4.12", begins_at="14:00", ends_at="15:30",
        excused=[f"account-{late.id}"], guests="Frau Gast\nHerr Gast", reason="Vergessen",
    )  # fmt: skip
    asked = check(editor, filled)
    assert "Katrin Seidel" in asked.words("del")
    assert "Mia Wolf" in asked.words("ins")
    assert "What it does to the due dates" not in asked.text
    page = confirm(editor, filled)
    for words in (
        "Mia Wolf",
        "Katrin Seidel",
        "Raum 4.12",
        "14:00–15:30",
        "Petra Lang",
        "Frau Gast, Herr Gast",
        "Vergessen",
    ):
        assert words in page.text, words
    newer = versions(meeting)[-1]
    assert [(one.kind, one.name, one.user_id) for one in newer.attendance] == [
        ("present", "Katrin Seidel", None),
        ("excused", "Petra Lang", late.id),
        ("guest", "Frau Gast", None),
        ("guest", "Herr Gast", None),
    ]
    assert outcomes(channel) == {1: "late", 2: "open"}


def test_each_of_several_versions_says_why(editor: Browser, meeting: Meeting) -> None:
    confirm(editor, form(editor, meeting, chair="Mia Wolf", reason="Erster Irrtum"))
    page = confirm(editor, form(editor, meeting, chair="Ben Roth", reason="Zweiter Irrtum"))
    assert [one.version for one in versions(meeting)] == [1, 2, 3]
    for words in ("Katrin Seidel", "Mia Wolf", "Ben Roth", "Erster Irrtum", "Zweiter Irrtum"):
        assert words in page.text, words


def test_actions_agreed_in_the_meeting_follow_its_day(
    editor: Browser, meeting: Meeting, channel: Channel
) -> None:
    action = factories.action(channel, factories.contact(), date(2026, 6, 1))
    action.agreed_on, action.review_id = HELD, db.session.scalars(select(Review.id)).one()
    db.session.commit()
    confirm(editor, form(editor, meeting, held_on="2026-04-13", reason="Montag"))
    db.session.refresh(action)
    assert action.agreed_on == date(2026, 4, 13)


def test_nothing_that_differs_is_refused(editor: Browser, meeting: Meeting) -> None:
    page = check(editor, form(editor, meeting, reason="Nur so"), expect=422)
    assert "Nothing differs from the data as they are." in page.text
    assert page.form("/head").values["reason"] == "Nur so"
    head = versions(meeting)[0]
    with pytest.raises(heads.HeadRefused):
        heads.correct(meeting, heads.said_by(head), "Nur so", factories.person())


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"held_on": "2026-02-30"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "0001-01-01"}, "held_on"),
        ({"held_on": "9999-12-31"}, "held_on"),
        ({"held_on": "2026-04-15"}, "held_on"),
        ({"begins_at": "25:00"}, "begins_at"),
        ({"chair": " \x00 "}, "chair"),
        ({"chair": "x" * 100_000}, "chair"),
        ({"minute_taker": ""}, "minute_taker"),
        ({"place": "x" * 201}, "place"),
        ({"present": []}, "present"),
        ({"present": ["account-999999"]}, "present"),
        ({"excused": ["name-Katrin Seidel"]}, "excused"),
        ({"guests": "x" * 201}, "guests"),
        ({"guests": "x\n" * 50_000}, "guests"),
        ({"chair": "Mia Wolf", "reason": ""}, "reason"),
        ({"reason": "x" * 100_000}, "reason"),
    ],
)
def test_bad_input_comes_back_with_a_message_at_its_field(
    editor: Browser, meeting: Meeting, typed: dict[str, str | list[str]], where: str
) -> None:
    page = check(editor, form(editor, meeting, **{"reason": "Irrtum", **typed}), expect=422)
    assert [link.get("href") for link in page.all("div", id="errors")[0].iter("a")] == [f"#{where}"]
    assert page.all("p", id=f"{where}-error")
    value = next(iter(typed.values()))
    if isinstance(value, str) and value.strip(" \x00"):
        assert page.form("/head").values[next(iter(typed))] == value.strip()
    assert len(versions(meeting)) == 1


def test_html_and_signs_stay_text(editor: Browser, meeting: Meeting) -> None:
    page = confirm(editor, form(editor, meeting, place="<b>Raum</b>\x00 🙂", reason="<i>&amp;</i>"))
    assert "<b>Raum</b> 🙂" in page.text
    assert "<i>&amp;</i>" in page.text


def test_two_at_once_the_second_is_told_and_keeps_the_text(
    editor: Browser, sign_in: SignIn, meeting: Meeting
) -> None:
    other = sign_in("editor", language="en")
    second = check(other, form(other, meeting, chair="Ben Roth", reason="Ben weiß es")).form("/head")
    confirm(editor, form(editor, meeting, chair="Mia Wolf", reason="Anna weiß es"))
    page = other.post(second.action, second.values, expect=409)
    assert "Somebody corrected these data meanwhile." in page.text
    assert "Anna weiß es" in page.text
    again = page.form("/head")
    assert (again.values["chair"], again.values["reason"]) == ("Ben Roth", "Ben weiß es")
    assert versions(meeting)[-1].chair == "Mia Wolf"
    confirm(other, again)
    assert [one.chair for one in versions(meeting)] == ["Katrin Seidel", "Mia Wolf", "Ben Roth"]


def test_a_form_sent_twice_corrects_once(editor: Browser, meeting: Meeting) -> None:
    asked = check(editor, form(editor, meeting, chair="Mia Wolf", reason="Irrtum")).form("/head")
    editor.post(asked.action, asked.values)
    page = editor.post(asked.action, asked.values)
    assert "This correction is made already." in page.text
    assert len(versions(meeting)) == 2


def test_back_from_the_question_everything_typed_is_there(editor: Browser, meeting: Meeting) -> None:
    asked = check(editor, form(editor, meeting, guests="Frau Gast\nHerr Gast", reason="Irrtum")).form("/head")
    back = editor.post(asked.action, {**asked.values, "back": "1"}).form("/head").values
    assert (back["guests"], back["reason"]) == ("Frau Gast\nHerr Gast", "Irrtum")


def test_an_expired_form_comes_back_with_what_was_typed(
    app: Flask, editor: Browser, meeting: Meeting
) -> None:
    filled = form(editor, meeting, chair="Mia Wolf", reason="Irrtum")
    app.config["WTF_CSRF_ENABLED"] = True
    page = check(editor, filled, expect=400)
    assert page.form("/head").values["chair"] == "Mia Wolf"
    assert len(versions(meeting)) == 1


def test_it_needs_the_right_to_every_channel_of_the_meeting(
    sign_in: SignIn, meeting: Meeting, channel: Channel
) -> None:
    shared = factories.closed_meeting(HELD, [channel, factories.channel()])
    mine = sign_in("editor", units=[channel.unit])
    assert mine.raw.get(f"/meetings/{meeting.id}/head").status_code == 200
    assert f"/meetings/{meeting.id}/head" in mine.raw.get(f"/meetings/{meeting.id}").text
    assert mine.raw.get(f"/meetings/{shared.id}/head").status_code == 403
    assert mine.raw.post(f"/meetings/{shared.id}/head").status_code == 403
    assert f"/meetings/{shared.id}/head" not in mine.raw.get(f"/meetings/{shared.id}").text
    foreign = sign_in("editor", units=[factories.unit()])
    assert foreign.raw.get(f"/meetings/{meeting.id}/head").status_code == 404
    auditor = sign_in("auditor")
    assert auditor.raw.get(f"/meetings/{meeting.id}/head").status_code == 403
    assert f"/meetings/{meeting.id}/head" not in auditor.raw.get(f"/meetings/{meeting.id}").text


def test_a_meeting_that_is_not_closed_has_no_data_to_correct(editor: Browser, channel: Channel) -> None:
    planned = factories.planned_meeting(HELD, [channel])
    assert editor.raw.get(f"/meetings/{planned.id}/head").location == f"/meetings/{planned.id}"
    assert editor.raw.post(f"/meetings/{planned.id}/head").location == f"/meetings/{planned.id}"


def test_the_database_still_refuses_to_change_either_version(editor: Browser, meeting: Meeting) -> None:
    confirm(editor, form(editor, meeting, chair="Mia Wolf", reason="Irrtum"))
    older, newer = (one.id for one in versions(meeting))
    for statement in (
        f"UPDATE meeting_head SET chair = 'x' WHERE id = {newer}",
        f"UPDATE meeting_head SET held_on = '2026-01-01' WHERE id = {older}",
        f"UPDATE meeting_head SET version = 3 WHERE id = {older}",
        f"UPDATE attendance SET name = 'x' WHERE head_id = {newer}",
        f"INSERT INTO attendance (head_id, kind, name) VALUES ({newer}, 'guest', 'x')",
        f"DELETE FROM meeting_head WHERE id = {newer}",
    ):
        with pytest.raises(DBAPIError, match="the meeting's head is closed"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_journal_names_what_was_and_what_is(editor: Browser, meeting: Meeting, channel: Channel) -> None:
    confirm(editor, form(editor, meeting, held_on="2026-04-13", chair="Mia Wolf", reason="Irrtum"))
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert entry is not None
    assert (entry.deed, entry.unit_id) == ("meetings.correct", channel.unit_id)
    ids = json.loads(entry.body)["ids"]
    assert (ids["meeting"], ids["version"], ids["from"], ids["held_on"]) == (
        meeting.id,
        2,
        "2026-04-14",
        "2026-04-13",
    )
    words = dict(
        db.session.execute(select(Words.field, Words.text).where(Words.number == entry.number)).all()
    )
    assert (words["before.chair"], words["after.chair"], words["reason"]) == (
        "Katrin Seidel",
        "Mia Wolf",
        "Irrtum",
    )
    assert (words["before.present"], words["after.present"]) == ("Katrin Seidel", "Katrin Seidel")


def test_german_works_too(sign_in: SignIn, meeting: Meeting) -> None:
    browser = sign_in("manager")
    filled = form(browser, meeting, held_on="2026-03-31", reason="Falsches Blatt")
    assert "bisher 14 Tage verspätet , danach eingehalten" in check(browser, filled).text
    assert "Falsches Blatt" in confirm(browser, filled).text
