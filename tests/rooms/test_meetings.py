"""Meetings: planning one with what is due, changing its agenda, calling it off, and the minutes of a closed one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker import clock
from tracker.extensions import db
from tracker.meetings import changes
from tracker.models import AgendaLine, Channel, Entry, Meeting, Review
from tracker.reviews.corrections import correct
from tracker.reviews.logged import LoggedRating
from tracker.rules.words import Criterion, Level

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]


def agenda_of(meeting: Meeting) -> set[int]:
    query = select(AgendaLine.channel_id).where(AgendaLine.meeting_id == meeting.id)
    return set(db.session.scalars(query))


def only_meeting() -> Meeting:
    db.session.expire_all()
    return db.session.scalars(select(Meeting)).one()


def ticked(page: Any) -> set[str]:
    return {one.get("value") for one in page.all("input", name="channels") if "checked" in one.attrib}


def test_without_meetings_the_page_says_what_a_meeting_is(sign_in: SignIn) -> None:
    factories.organisation()
    assert "Noch keine Sitzung" in sign_in("auditor").get("/meetings").text


def test_what_is_due_by_the_day_is_ticked_and_the_rest_is_not(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    due, done = factories.channel(since=date(2026, 4, 1)), factories.channel(since=date(2026, 4, 1))
    factories.closed_meeting(date(2026, 4, 20), [done])
    page = sign_in().get("/meetings/plan")
    assert ticked(page) == {str(due.id)}


def test_a_channel_asked_for_in_the_address_is_ticked_as_well(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    due, done = factories.channel(since=date(2026, 4, 1)), factories.channel(since=date(2026, 4, 1))
    factories.closed_meeting(date(2026, 4, 20), [done])
    assert ticked(sign_in().get(f"/meetings/plan?channels={done.id},99")) == {str(due.id), str(done.id)}


def test_another_day_can_be_asked_for_before_planning(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    one = factories.channel(since=date(2026, 4, 1))
    factories.closed_meeting(date(2026, 4, 20), [one])
    browser = sign_in()
    form = browser.get("/meetings/plan").form("/meetings/plan")
    page = browser.post("/meetings/plan", form.filled(on="2026-07-02", place="Video", suggest="1"))
    assert ticked(page) == {str(one.id)}
    assert page.form("/meetings/plan").values["place"] == "Video"
    assert db.session.scalar(select(func.count(Meeting.id)).where(Meeting.closed_at.is_(None))) == 0


def test_planning_makes_a_meeting_with_its_agenda_and_one_entry(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    one, two = factories.channel(), factories.channel()
    browser = sign_in()
    form = browser.get("/meetings/plan").form("/meetings/plan")
    filled = form.filled(on="2026-05-12", starts_at="10:00", place="Raum 4", channels=[str(two.id)])
    page = browser.post("/meetings/plan", filled)
    meeting = only_meeting()
    assert "Sitzung am 12.05.2026" in page.words("h1")[0]
    assert (meeting.planned_on, meeting.place, agenda_of(meeting)) == (date(2026, 5, 12), "Raum 4", {two.id})
    assert list(db.session.scalars(select(Entry.deed))) == ["meetings.plan"]
    assert one.id not in agenda_of(meeting)


def test_the_same_form_sent_twice_plans_once(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    factories.channel()
    browser = sign_in()
    form = browser.get("/meetings/plan").form("/meetings/plan").filled(on="2026-05-12")
    browser.post("/meetings/plan", form)
    clock_at("2026-05-05")
    assert "bereits geplant" in browser.post("/meetings/plan", form).text
    only_meeting()


def test_a_double_click_plans_once_even_if_the_first_answer_never_came(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    factories.channel()
    browser = sign_in()
    for form_id in ("a", "b"):
        browser.post("/meetings/plan", {"on": "2026-05-12", "form_id": form_id})
    only_meeting()


def test_a_day_that_does_not_exist_is_refused_and_what_was_typed_stays(sign_in: SignIn) -> None:
    one = factories.channel()
    browser = sign_in()
    for day in ("2026-02-30", "", "gestern", "9999-12-31", "0001-01-01"):
        page = browser.post(
            "/meetings/plan", {"on": day, "place": "Raum 4", "channels": str(one.id)}, expect=422
        )
        assert page.all("input", id="on")[0].get("aria-invalid") == "true"
        assert page.all("input", id="place")[0].get("value") == "Raum 4"
        assert ticked(page) == {str(one.id)}
    assert db.session.scalar(select(func.count(Meeting.id))) == 0


def test_an_editor_of_one_unit_plans_only_its_channels(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    browser = sign_in("editor", units=[mine.unit])
    page = browser.get("/meetings/plan")
    assert other.unit.name not in page.text
    browser.post("/meetings/plan", {"on": "2026-05-12", "channels": [str(other.id)]}, expect=422)
    assert db.session.scalar(select(func.count(Meeting.id))) == 0


def test_an_auditor_cannot_plan(sign_in: SignIn) -> None:
    factories.channel()
    sign_in("auditor").get("/meetings/plan", expect=403)


def test_an_agenda_changes_as_long_as_the_meeting_is_open(sign_in: SignIn) -> None:
    one, two = factories.channel(), factories.channel()
    meeting = factories.planned_meeting(date(2026, 5, 12), [one])
    page = sign_in().post(f"/meetings/{meeting.id}/agenda", {"channels": [str(two.id)]})
    assert "Tagesordnung ist gespeichert" in page.text
    assert agenda_of(meeting) == {two.id}


def test_a_due_channel_on_no_agenda_is_named_and_put_there_by_one_click(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    one, two, three = (factories.channel(name=name) for name in ("Eins", "Zwei", "Drei"))
    meeting = factories.planned_meeting(date(2026, 5, 12), [one])
    factories.planned_meeting(date(2026, 6, 9), [three])
    browser = sign_in()
    page = browser.get(f"/meetings/{meeting.id}")
    assert "Noch ist niemand eingeladen." in page.text
    (said,) = [words for words in page.words("div", class_="notice") if "auf keiner Tagesordnung" in words]
    assert ("Zwei" in said, "Eins" in said, "Drei" in said) == (True, False, False)

    form = page.form(f"/meetings/{meeting.id}/agenda")  # the first of them is the notice's
    browser.post(form.action, form.values)
    assert agenda_of(meeting) == {one.id, two.id}
    assert "auf keiner Tagesordnung" not in browser.get(f"/meetings/{meeting.id}").text


def test_what_belongs_to_other_units_stays_on_the_agenda(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    meeting = factories.planned_meeting(date(2026, 5, 12), [mine, other])
    page = sign_in("editor", units=[mine.unit]).post(f"/meetings/{meeting.id}/agenda", {})
    assert other.name not in page.text
    assert agenda_of(meeting) == {other.id}


def test_the_agenda_of_a_closed_meeting_stays(sign_in: SignIn) -> None:
    one = factories.channel()
    meeting = factories.closed_meeting(date(2026, 5, 12), [one])
    page = sign_in().post(f"/meetings/{meeting.id}/agenda", {})
    assert "bereits abgeschlossen" in page.text
    assert agenda_of(meeting) == {one.id}


def test_cancelling_asks_first_and_can_be_undone_by_planning_again(sign_in: SignIn) -> None:
    one = factories.channel()
    meeting = factories.planned_meeting(date(2026, 5, 12), [one])
    browser = sign_in()
    page = browser.get(f"/meetings/{meeting.id}/cancel")
    assert only_meeting().cancelled_at is None
    page = browser.post(page.form("cancel").action)
    assert "Diese Sitzung wurde abgesagt." in page.text
    assert only_meeting().cancelled_at is not None
    again = browser.get(page.link("Erneut planen")).form("/meetings/plan").values
    assert (again["on"], again["channels"]) == ("2026-05-12", str(one.id))


def test_who_may_not_act_for_every_channel_cannot_cancel(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    meeting = factories.planned_meeting(date(2026, 5, 12), [mine, other])
    browser = sign_in("editor", units=[mine.unit])
    assert "absagen" not in browser.get(f"/meetings/{meeting.id}").text
    browser.post(f"/meetings/{meeting.id}/cancel", expect=403)
    assert only_meeting().cancelled_at is None


def test_a_closed_meeting_cannot_be_cancelled(sign_in: SignIn) -> None:
    meeting = factories.closed_meeting(date(2026, 5, 12), [factories.channel()])
    assert "bereits abgeschlossen" in sign_in().post(f"/meetings/{meeting.id}/cancel").text
    assert only_meeting().cancelled_at is None


def test_a_meeting_of_other_units_does_not_exist(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel()
    foreign = factories.planned_meeting(date(2026, 5, 12), [other])
    held = factories.closed_meeting(date(2026, 4, 12), [other])
    bare = factories.planned_meeting(date(2026, 5, 20))
    browser = sign_in("editor", units=[mine.unit])
    page = browser.get("/meetings")
    assert "12. Mai 2026" not in page.text
    assert "12. April 2026" not in page.text
    assert "20. Mai 2026" in page.text
    for meeting in (foreign, held):
        browser.get(f"/meetings/{meeting.id}", expect=404)
        browser.post(f"/meetings/{meeting.id}/agenda", {}, expect=404)
        browser.post(f"/meetings/{meeting.id}/cancel", {}, expect=404)
    browser.get(f"/meetings/{bare.id}")
    browser.get("/meetings/99999999999999999999", expect=404)


def test_the_list_shows_planned_ones_first_and_says_what_waits_to_be_closed(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    one = factories.channel()
    factories.closed_meeting(date(2026, 4, 12), [one])
    factories.planned_meeting(date(2026, 5, 3), [one])
    factories.planned_meeting(date(2026, 5, 12), [one])
    page = sign_in().get("/meetings")
    assert [words.split(", ")[-1] for words in page.words("th", scope="row")] == [
        "3. Mai 2026",
        "12. Mai 2026",
        "12. April 2026",
    ]
    assert page.text.count("noch abzuschließen") == 1


def test_the_list_goes_on_over_pages(sign_in: SignIn) -> None:
    one = factories.channel()
    for day in range(1, 23):
        factories.closed_meeting(date(2026, 1, day), [one])
    browser = sign_in("auditor")
    page = browser.get("/meetings")
    assert len(page.words("th", scope="row")) == 20
    assert "22. Januar 2026" in page.text
    assert "1. Januar 2026" in browser.get(page.link("Weiter")).words("th", scope="row")[-1]
    browser.get("/meetings?page=-3")
    browser.get("/meetings?page=99999999999999999999")


def test_minutes_say_head_verdicts_reasons_and_actions(sign_in: SignIn) -> None:
    one = factories.channel(name="Kammer vor Ort")
    left = factories.channel(name="Nicht drangekommen")
    meeting = factories.closed_meeting(
        date(2026, 4, 14),
        {one: {Criterion.LEGALITY: (Level.REMARK, "Impressum fehlt."), Criterion.STRATEGY: Level.CLEAR}},
    )
    db.session.add(AgendaLine(meeting_id=meeting.id, channel_id=left.id))
    owner = factories.contact(name="Presse")
    action = factories.action(one, owner, date(2026, 4, 30), "Impressum nachtragen")
    action.review_id = db.session.scalars(select(Review.id)).one()
    db.session.commit()
    text = sign_in("auditor").get(f"/meetings/{meeting.id}").text
    for words in (
        "Katrin Seidel", "Jonas Brandt", "14. April 2026", "Kammer vor Ort", "Impressum fehlt.", "ohne Beanstandung",
        "nicht besprochen", "Impressum nachtragen", "Presse", "30.04.2026", "Nicht drangekommen",
    ):  # fmt: skip
        assert words in text, words
    assert "Spät erfasst" not in text


def test_closed_more_than_two_weeks_later_is_marked(sign_in: SignIn) -> None:
    one = factories.channel()
    browser = sign_in("auditor")
    in_time = factories.closed_meeting(
        date(2026, 4, 1), [one], clock.moment_on(date(2026, 4, 15), "Europe/Berlin")
    )
    late = factories.closed_meeting(
        date(2026, 4, 2), [one], clock.moment_on(date(2026, 4, 17), "Europe/Berlin")
    )
    assert "Spät erfasst" not in browser.get(f"/meetings/{in_time.id}").text
    assert "Spät erfasst" in browser.get(f"/meetings/{late.id}").text


def test_a_corrected_review_shows_both_versions(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-04-20")
    one = factories.channel()
    meeting = factories.closed_meeting(
        date(2026, 4, 14), {one: {Criterion.LEGALITY: (Level.REMARK, "Alter Grund")}}
    )
    review = db.session.scalars(select(Review)).one()
    newer = {Criterion.LEGALITY: LoggedRating(Level.OBJECTION, "Neuer Grund", unchanged=False)}
    correct(review, "Falsch abgeschrieben", newer, factories.person("editor", "Mia Wolf"))
    db.session.commit()
    text = sign_in("auditor").get(f"/meetings/{meeting.id}").text
    for words in ("Neuer Grund", "Alter Grund", "Falsch abgeschrieben", "Mia Wolf", "Ersetzt durch"):
        assert words in text, words
    assert text.index("Neuer Grund") < text.index("Alter Grund")


def test_minutes_show_an_editor_only_their_units(sign_in: SignIn) -> None:
    mine, other = factories.channel(name="Mein Kanal"), factories.channel(name="Fremder Kanal")
    meeting = factories.closed_meeting(date(2026, 4, 14), [mine, other])
    text = sign_in("editor", units=[mine.unit]).get(f"/meetings/{meeting.id}").text
    assert "Mein Kanal" in text
    assert "Fremder Kanal" not in text


def test_html_and_signs_in_a_place_stay_text(sign_in: SignIn) -> None:
    browser = sign_in()
    factories.organisation()
    page = browser.post("/meetings/plan", {"on": "2026-05-12", "place": "<b>Raum</b>\x00 🙂"})
    assert "<b>Raum</b> 🙂" in page.text
    browser.post("/meetings/plan", {"on": "2026-05-13", "place": "x" * 100_000}, expect=422)


def test_the_demo_plans_through_the_same_change(app: Flask, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    one = factories.channel()
    someone = factories.person("manager")
    made = changes.plan(date(2026, 5, 12), None, "", [one], someone)
    db.session.commit()
    assert (made.planned_by_id, agenda_of(made)) == (someone.id, {one.id})
    assert db.session.scalars(select(Entry)).one().unit_id == one.unit_id


def test_english_works_too(sign_in: SignIn) -> None:
    one: Channel = factories.channel()
    planned = factories.planned_meeting(date(2026, 5, 12), [one])
    closed = factories.closed_meeting(date(2026, 4, 14), [one])
    browser = sign_in("manager", language="en")
    for url in ("", "/plan", f"/{planned.id}", f"/{planned.id}/cancel", f"/{closed.id}"):
        browser.get(f"/meetings{url}")
