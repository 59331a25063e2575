"""Closing a meeting: what stands in the way, what it writes, and that it happens once."""

import json
import re
from collections.abc import Callable
from contextvars import copy_context
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.globals import _cv_app
from sqlalchemy import select
from werkzeug.test import Client as WerkzeugClient

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm, confirmation
from tracker.extensions import db
from tracker.models import Action, Channel, Contact, Draft, Entry, Meeting, Rating, Review, Words
from tracker.reviews import changes, corrections
from tracker.reviews.logged import Attendee, LoggedHead, LoggedMeeting, LoggedRating, LoggedRow
from tracker.rules.words import Criterion, Level

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
DAY = date(2026, 10, 20)


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-10-20")
    return factories.channel(platform="Facebook", name="Hauptkanal")


@pytest.fixture
def meeting(channel: Channel) -> Meeting:
    return factories.planned_meeting(DAY, [channel, factories.channel(channel.unit, "Twitter")])


@pytest.fixture
def form(sign_in: Callable[..., Browser], meeting: Meeting, channel: Channel) -> LogForm:
    """A log with all that closing needs: one channel rated, one not discussed."""
    return LogForm(sign_in(language="en"), meeting).head().rate(channel)


def ratings(meeting: Meeting) -> list[tuple[str, str, str]]:
    db.session.expire_all()
    query = select(Rating).join(Review).where(Review.meeting_id == meeting.id).order_by(Rating.id)
    return [(one.criterion.value, one.level.value, one.reason) for one in db.session.scalars(query)]


def refused(form: LogForm, *where: str) -> None:
    """The page comes back with a link to each of these fields, and with every text; nothing is closed."""
    answer = form.press_close()
    assert answer.status_code == 422
    for key in where:
        assert f'href="#{key}"' in answer.text
        assert f'id="{key}"' in answer.text
    db.session.expire_all()
    assert db.session.get(Meeting, form.meeting.id).closed_at is None  # type: ignore[union-attr]


def test_closing_asks_first_and_then_writes_everything(
    form: LogForm, meeting: Meeting, channel: Channel
) -> None:
    contact = factories.contact(name="Petra Lang")
    form.fill(channel, legality__level="objection", legality__reason="Impressum fehlt")
    form.fill(
        channel,
        action_1__what="Impressum ergänzen",
        action_1__owner=contact.id,
        action_1__due_on="2026-11-30",
    )
    form.fill(channel, decision="adjust", decision__from_on="2026-11-01", decision__reason="Neue Zielgruppe")
    form.fill(guests="Frau Gast", begins_at="14:00", ends_at="15:30", place="Raum 4.12")
    asked = form.press_close()
    assert asked.status_code == 200
    assert "counts for Q3 2026, 20 days late" in asked.text
    db.session.expire_all()
    assert meeting.closed_at is None
    answer = form.browser.raw.post(f"/meetings/{meeting.id}/close", data=confirmation(asked))
    assert answer.status_code == 303
    db.session.expire_all()
    review = db.session.scalars(select(Review)).one()
    assert meeting.closed_at == review.closed_at == meeting.head.closed_at  # type: ignore[union-attr]
    assert [one.entered_at for one in review.ratings] == [review.closed_at] * 3
    assert (review.platform, review.channel_name, review.by_roles) == ("Facebook", "Hauptkanal", "editor")
    assert ratings(meeting)[1] == ("legality", "objection", "Impressum fehlt")
    assert review.decision is not None
    assert review.decision.from_on == date(2026, 11, 1)
    action = db.session.scalars(select(Action)).one()
    assert (action.owner_id, action.review_id, action.agreed_on) == (contact.id, review.id, DAY)
    head = meeting.heads[0]
    assert sorted(one.kind for one in head.attendance) == ["guest", "present"]
    assert f"{head.begins_at:%H:%M}–{head.ends_at:%H:%M}" == "14:00–15:30"
    assert db.session.scalars(select(Draft)).all() == []


def test_the_journal_says_what_was_closed(form: LogForm, meeting: Meeting, channel: Channel) -> None:
    form.fill(channel, strategy__level="remark", strategy__reason="Zielgruppe prüfen").confirm()
    entry = db.session.scalars(select(Entry)).one()
    words = {
        one.field: one.text for one in db.session.scalars(select(Words).where(Words.number == entry.number))
    }
    assert entry.deed == "meetings.close"
    assert json.loads(entry.body)["ids"]["meeting"] == meeting.id
    assert words[f"channel-{channel.id}.strategy"] == "remark: Zielgruppe prüfen"
    assert words[f"channel-{channel.id}.legality"] == "clear"
    assert words["chair"] == "Katrin Seidel"


def test_what_was_not_discussed_leaves_no_review(form: LogForm, meeting: Meeting, channel: Channel) -> None:
    form.confirm()
    assert [one.channel_id for one in db.session.scalars(select(Review))] == [channel.id]


def test_an_empty_head_is_told_field_by_field(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    refused(LogForm(sign_in(), meeting), "chair", "minute_taker", "present", "excused", "log")


def test_a_remark_without_reason_is_refused(form: LogForm, channel: Channel) -> None:
    refused(form.fill(channel, legality__level="remark"), f"channel-{channel.id}.legality.reason")


def test_an_objection_without_action_is_refused(form: LogForm, channel: Channel) -> None:
    form.fill(channel, legality__level="objection", legality__reason="Impressum fehlt")
    refused(form, f"channel-{channel.id}.action-1.what")


def test_an_action_without_owner_or_day_is_refused(form: LogForm, channel: Channel) -> None:
    form.fill(channel, action_1__what="Impressum ergänzen")
    refused(form, f"channel-{channel.id}.action-1.owner", f"channel-{channel.id}.action-1.due_on")


def test_a_reason_without_level_is_refused(form: LogForm, channel: Channel) -> None:
    form.fill(channel, legality__level="", legality__reason="Da war etwas")
    refused(form, f"channel-{channel.id}.legality.level")


def test_a_meeting_in_the_future_is_not_closed(form: LogForm) -> None:
    refused(form.fill(held_on=DAY + timedelta(days=1)), "held_on")


def test_a_day_that_does_not_exist_is_not_closed(form: LogForm) -> None:
    refused(form.fill(held_on="2026-02-30"), "held_on")


def test_whoever_is_refused_has_lost_nothing(form: LogForm, meeting: Meeting, channel: Channel) -> None:
    form.fill(channel, legality__reason="Mühsam getippt").fill(chair="").press_close()
    again = LogForm(form.browser, meeting)
    assert again[f"channel-{channel.id}.legality.reason"] == "Mühsam getippt"
    assert again["minute_taker"] == "Jonas Brandt"


def test_a_confirmation_sent_twice_closes_once(form: LogForm, meeting: Meeting) -> None:
    data = confirmation(form.press_close())
    answers = [form.browser.raw.post(f"/meetings/{meeting.id}/close", data=data) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert {one.location for one in answers} == {f"/meetings/{meeting.id}"}
    assert len(db.session.scalars(select(Entry)).all()) == 1


def test_two_confirmations_at_the_same_moment_close_once(app: Flask, form: LogForm, meeting: Meeting) -> None:
    data = confirmation(form.press_close())
    cookie = form.browser.raw.get_cookie("session")
    assert cookie is not None
    address, start, codes = f"/meetings/{meeting.id}/close", Barrier(2), []
    db.session.commit()

    def press() -> None:
        _cv_app.set(None)  # type: ignore[arg-type]
        client = WerkzeugClient(app)
        client.set_cookie("session", cookie.value)
        start.wait()
        codes.append(client.post(address, data=data).status_code)

    threads = [Thread(target=copy_context().run, args=(press,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    assert len(db.session.scalars(select(Entry)).all()) == 1


def test_the_whole_form_sent_again_after_closing_leads_to_the_meeting(form: LogForm) -> None:
    form.confirm()
    assert form.press_close().status_code == 303
    assert form.save().status_code == 303


def test_text_typed_while_another_closed_the_meeting_is_shown(
    sign_in: Callable[..., Browser], form: LogForm, meeting: Meeting, channel: Channel
) -> None:
    late = LogForm(sign_in(language="en"), meeting).fill(channel, legality__reason="Zu spät getippt")
    form.confirm()
    for answer in (late.save(), late.press_close()):
        assert answer.status_code == 409
        assert "Zu spät getippt" in answer.text
        assert "The meeting was closed meanwhile" in answer.text
    fields = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text.split("/correct")[1]
    )
    assert ("back", "1") in fields
    page = late.browser.raw.post(
        f"/meetings/{meeting.id}/reviews/{db.session.scalars(select(Review.id)).one()}/correct",
        data=dict(fields),
    )
    assert page.status_code == 200
    assert "Zu spät getippt" in page.text
    assert "Zu spät getippt" not in late.browser.raw.get(f"/meetings/{meeting.id}").text


def test_a_log_changed_after_the_question_is_asked_about_again(
    sign_in: Callable[..., Browser], form: LogForm, meeting: Meeting, channel: Channel
) -> None:
    asked = form.press_close()
    LogForm(sign_in(), meeting).fill(channel, legality__reason="Noch ein Satz").save()
    answer = form.browser.raw.post(f"/meetings/{meeting.id}/close", data=confirmation(asked))
    assert answer.status_code == 200
    assert "Somebody changed the log" in answer.text
    assert ratings(meeting) == []


def test_closing_needs_the_right_to_every_row(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    mine = factories.unit()
    own = factories.channel(mine)
    both = factories.planned_meeting(DAY, [own, meeting.agenda[0].channel])
    form = LogForm(sign_in(units=[mine], language="en"), both).head().rate(own, "remark", "Meine Notiz")
    answer = form.press_close()
    assert answer.status_code == 403
    assert "You may not close this meeting" in answer.text
    assert "Meine Notiz" in answer.text
    assert ratings(both) == []


def test_a_cancelled_meeting_is_not_logged(form: LogForm, meeting: Meeting) -> None:
    meeting.cancelled_at = meeting.planned_at
    db.session.commit()
    assert form.browser.raw.get(f"/meetings/{meeting.id}/log").location == f"/meetings/{meeting.id}"
    assert form.save().status_code == 409
    assert ratings(meeting) == []


def logged(channel: Channel, level: Level, reason: str = "") -> LoggedMeeting:
    head = LoggedHead(DAY, "Katrin Seidel", "Jonas Brandt", (Attendee("Katrin Seidel"),))
    return LoggedMeeting(head, (LoggedRow(channel.id, {Criterion.LEGALITY: LoggedRating(level, reason)}),))


def test_what_is_not_ready_is_not_closed_by_code_either(meeting: Meeting, channel: Channel) -> None:
    with pytest.raises(changes.NotReady):
        changes.close(meeting, logged(channel, Level.REMARK), factories.person())
    assert meeting.closed_at is None


def test_a_correction_replaces_and_keeps_when_each_criterion_was_entered(
    clock_at: Callable[[str], None], meeting: Meeting, channel: Channel
) -> None:
    by = factories.person()
    changes.close(meeting, logged(channel, Level.CLEAR), by)
    db.session.commit()
    old = db.session.scalars(select(Review)).one()
    entered_at = old.closed_at
    clock_at("2026-11-30")
    new = {
        Criterion.LEGALITY: LoggedRating(Level.REMARK, "Doch"),
        Criterion.STRATEGY: LoggedRating(Level.CLEAR),
    }
    newer = corrections.correct(old, "Falsch notiert", new, by)
    db.session.commit()
    entered = {one.criterion: one.entered_at for one in newer.ratings}
    assert entered == {Criterion.LEGALITY: entered_at, Criterion.STRATEGY: newer.closed_at}
    assert old.replaced_by is newer
    assert [one.level for one in old.ratings] == [Level.CLEAR]
    with pytest.raises(corrections.CorrectionRefused):
        corrections.correct(old, "Noch einmal", new, by)


def test_owners_are_contacts(form: LogForm, channel: Channel) -> None:
    mailbox: Contact = factories.contact(name="Kommunikation", email="kommunikation@example.org")
    form.fill(
        channel, action_1__what="Prüfen", action_1__owner=mailbox.id, action_1__due_on="2026-11-30"
    ).confirm()
    assert db.session.scalars(select(Action)).one().owner is mailbox


def test_what_another_meeting_of_the_same_day_has_met_does_not_stay_open(
    form: LogForm, meeting: Meeting, channel: Channel
) -> None:
    factories.closed_meeting(meeting.planned_on, {channel: factories.ALL})
    again = LogForm(form.browser, meeting).head().fill(channel, legality__level="clear")
    asked = again.press_close().text
    open_still = asked.split("What stays open")[1].split("What the minutes will say")[0]
    assert "Twitter" in open_still
    assert "Hauptkanal" not in open_still
