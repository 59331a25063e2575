"""Closing a meeting does what was decided: foreseen before, refused where the rules forbid it, kept with its cause."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page, check_house_rules
from tests.rooms.form import LogForm, confirmation
from tracker import obligations
from tracker.extensions import db
from tracker.models import Action, Channel, Entry, Meeting, Obligation, StateChange, Words
from tracker.reviews import changes
from tracker.reviews.logged import (
    Attendee,
    LoggedDecision,
    LoggedHead,
    LoggedMeeting,
    LoggedRating,
    LoggedRow,
)
from tracker.rules.deciding import Turn
from tracker.rules.words import ChannelState, Criterion, Decision, Level

ALL, LEGALITY = frozenset(Criterion), frozenset({Criterion.LEGALITY})
BEGIN, DAY, NEXT = date(2026, 1, 1), date(2026, 11, 17), date(2027, 1, 1)


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[str], None]) -> Channel:
    clock_at(DAY.isoformat())
    return factories.channel(factories.unit("Zweigstelle"), platform="Xing", name="Karriere", since=BEGIN)


@pytest.fixture
def form(channel: Channel, sign_in: Callable[..., Browser]) -> LogForm:
    """A log that could be closed: one channel rated, nothing decided."""
    meeting = factories.planned_meeting(DAY, [channel])
    return LogForm(sign_in(language="en"), meeting).head().rate(channel)


def decide(form: LogForm, channel: Channel, decision: str, from_on: object, **more: Any) -> LogForm:
    values = {"decision": decision, "decision__from_on": from_on, "decision__reason": "Kaum Nutzen", **more}
    return form.fill(channel, **values)


def page_of(form: LogForm, expect: int = 200) -> Page:
    answer = form.press_close()
    assert answer.status_code == expect, answer.text
    page = Page(answer.text)
    check_house_rules(page, "en")
    return page


def states(channel: Channel) -> list[tuple[date, ChannelState]]:
    db.session.expire_all()
    return [(one.from_on, one.state) for one in obligations.course_of(channel).states]


def duties(channel: Channel) -> list[tuple[date, date | None, int, frozenset[Criterion]]]:
    db.session.expire_all()
    return [(one.from_on, one.until_on, one.n, one.criteria) for one in obligations.course_of(channel).duties]


def refused(form: LogForm, channel: Channel, field: str, said: str) -> None:
    page = page_of(form, 422)
    (fault,) = page.words("p", id=f"fault:channel-{channel.id}.decision.{field}")
    assert said in fault
    assert len(states(channel)) == 1


@pytest.mark.parametrize("decision", ["crisis_only", "dormant"])
def test_a_rest_keeps_legality_and_is_foreseen(form: LogForm, channel: Channel, decision: str) -> None:
    page = page_of(decide(form, channel, decision, NEXT))
    assert "What the decisions change" in page.text
    assert "Is no longer owed: cost-benefit, strategy, from Q1 2027 on (due on 31 Mar 2027)" in page.text
    assert len(states(channel)) == 1
    form.confirm()
    assert states(channel) == [(BEGIN, ChannelState.ACTIVE), (NEXT, ChannelState(decision))]
    assert duties(channel) == [(BEGIN, date(2026, 12, 31), 4, ALL), (NEXT, None, 4, LEGALITY)]


def test_closing_a_channel_ends_what_is_owed_and_only_hints_at_actions(
    form: LogForm, channel: Channel
) -> None:
    page = page_of(decide(form, channel, "close", "2026-12-15"))
    assert "No action is agreed yet." in page.text
    assert page.link("Agree on actions").endswith(f"/log#channel-{channel.id}.action-1.what")
    form.confirm()
    assert duties(channel) == [(BEGIN, date(2026, 12, 14), 4, ALL)]
    assert states(channel)[-1] == (date(2026, 12, 15), ChannelState.CLOSED)
    assert db.session.scalars(select(Action)).all() == []


def test_an_agreed_action_needs_no_hint(form: LogForm, channel: Channel) -> None:
    owner = factories.contact()
    form.fill(channel, action_1__what="Archivieren", action_1__owner=owner.id, action_1__due_on="2026-12-01")
    assert "No action is agreed yet." not in page_of(decide(form, channel, "close", NEXT)).text


def test_a_replaced_channel_is_closed_and_names_its_successor(form: LogForm, channel: Channel) -> None:
    successor = factories.channel(channel.unit, name="Nachfolger")
    decide(form, channel, "replace", NEXT, decision__successor=successor.id).confirm()
    assert states(channel)[-1] == (NEXT, ChannelState.CLOSED)
    assert states(successor) == [(date(2025, 1, 1), ChannelState.ACTIVE)]
    assert len(duties(successor)) == 1


@pytest.mark.parametrize("decision", ["continue", "adjust"])
def test_to_continue_or_adjust_changes_nothing_and_says_so(
    form: LogForm, channel: Channel, decision: str
) -> None:
    before = duties(channel)
    page = page_of(decide(form, channel, decision, "2026-11-17"))
    assert "Nothing changes: the channel goes on as it is" in page.text
    form.confirm()
    assert (len(states(channel)), duties(channel)) == (1, before)


def test_the_cause_names_the_meeting_and_the_journal_has_all_of_it(form: LogForm, channel: Channel) -> None:
    decide(form, channel, "dormant", NEXT).confirm()
    cause = "Sitzung vom 17.11.2026, Entscheidung „ruhen lassen“: Kaum Nutzen"
    assert db.session.scalars(select(StateChange.cause).order_by(StateChange.id)).all()[-1] == cause
    assert db.session.scalars(select(Obligation.cause).order_by(Obligation.id)).all()[-1] == cause
    entries = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    assert [one.deed for one in entries] == [
        "meetings.close",
        "obligations.end",
        "obligations.begin",
        "channels.change",
    ]
    assert {one.by_id for one in entries} == {form.browser.person.id if form.browser.person else 0}
    words = db.session.scalars(
        select(Words.text).where(Words.number == entries[-1].number, Words.field == "cause")
    )
    assert words.one() == cause


def test_a_channel_at_rest_is_taken_up_again_only_with_a_day_and_a_reason(
    form: LogForm, channel: Channel
) -> None:
    obligations.turn(channel, Turn(date(2026, 11, 1), ChannelState.DORMANT), "Pause", DAY)
    db.session.commit()
    page = page_of(form.fill(channel, decision="continue"), 422)
    (fault,) = page.words("p", id=f"fault:channel-{channel.id}.decision.from_on")
    assert "To continue means to take it up again: say from which day." in fault
    assert page.words("p", id=f"fault:channel-{channel.id}.decision.reason") == ["A reason is missing."]
    page = page_of(decide(form, channel, "continue", NEXT, decision__reason="Neue Kampagne"))
    assert "Becomes owed: cost-benefit, strategy, from Q1 2027 on" in page.text
    form.confirm()
    assert duties(channel)[-1] == (NEXT, None, 4, ALL)
    assert states(channel)[-1] == (NEXT, ChannelState.ACTIVE)


def test_a_day_before_the_opening_is_refused_beside_its_field(form: LogForm, channel: Channel) -> None:
    for decision in ("dormant", "close", "adjust"):
        decide(form, channel, decision, "2025-12-31")
        refused(form, channel, "from_on", "This day is before the first day of the channel.")


def test_a_day_in_a_slot_that_has_ended_is_refused_beside_its_field(form: LogForm, channel: Channel) -> None:
    refused(
        decide(form, channel, "dormant", "2026-09-30"), channel, "from_on", "This day lies in a slot that has"
    )


def test_a_successor_that_is_closed_itself_is_refused(form: LogForm, channel: Channel) -> None:
    successor = factories.channel(channel.unit, name="Alt")
    obligations.turn(successor, Turn(date(2026, 12, 1), ChannelState.CLOSED), "Ende", DAY)
    db.session.commit()
    decide(form, channel, "replace", NEXT, decision__successor=successor.id)
    refused(form, channel, "successor", "This channel is closed itself from then on.")
    decide(form, channel, "replace", NEXT, decision__successor=channel.id)
    refused(form, channel, "successor", "A channel cannot replace itself.")


def test_a_successor_that_the_same_meeting_closes_is_refused(
    channel: Channel, sign_in: Callable[..., Browser]
) -> None:
    successor = factories.channel(channel.unit, name="Alt")
    meeting = factories.planned_meeting(DAY, [channel, successor])
    form = LogForm(sign_in(language="en"), meeting).head().rate(channel)
    decide(form, channel, "replace", NEXT, decision__successor=successor.id)
    decide(form, successor, "close", NEXT)
    refused(form, channel, "successor", "This channel is closed itself from then on.")
    decide(form, successor, "close", "2027-04-01").confirm()
    assert states(channel)[-1] == (NEXT, ChannelState.CLOSED)
    assert states(successor)[-1] == (date(2027, 4, 1), ChannelState.CLOSED)


def test_a_channel_closed_before_is_not_put_to_rest(form: LogForm, channel: Channel) -> None:
    obligations.turn(channel, Turn(date(2026, 11, 16), ChannelState.CLOSED), "Ende", DAY)
    db.session.commit()
    page = page_of(decide(form, channel, "dormant", "2026-11-17"), 422)
    assert "The channel is closed before this day already." in page.text


def test_a_channel_changed_after_the_question_is_asked_about_again(form: LogForm, channel: Channel) -> None:
    asked = decide(form, channel, "close", "2027-04-01").press_close()
    obligations.turn(channel, Turn(NEXT, ChannelState.DORMANT), "Pause", DAY)
    db.session.commit()
    answer = form.browser.raw.post(f"/meetings/{form.meeting.id}/close", data=confirmation(asked))
    assert answer.status_code == 200
    assert [state for _, state in states(channel)] == [ChannelState.ACTIVE, ChannelState.DORMANT]
    assert db.session.get_one(Meeting, form.meeting.id).closed_at is None


def test_what_closing_cannot_do_leaves_the_meeting_open_by_code_as_well(channel: Channel) -> None:
    meeting = factories.planned_meeting(DAY, [channel])
    head = LoggedHead(DAY, "Katrin Seidel", "Jonas Brandt", (Attendee("Katrin Seidel"),))
    decision = LoggedDecision(Decision.CLOSE, date(2026, 9, 30), "Zu spät")
    rows = (LoggedRow(channel.id, {Criterion.LEGALITY: LoggedRating(Level.CLEAR)}, decision),)
    with pytest.raises(changes.NotReady, match="slot_ended"):
        changes.close(meeting, LoggedMeeting(head, rows), factories.person())
    assert meeting.closed_at is None
    assert len(states(channel)) == 1


def test_the_page_that_asks_speaks_german(channel: Channel, sign_in: Callable[..., Browser]) -> None:
    meeting = factories.planned_meeting(DAY, [channel])
    form = decide(LogForm(sign_in(), meeting).head().rate(channel), channel, "close", NEXT)
    page = Page(form.press_close().text)
    check_house_rules(page, "de")
    assert "Wird nicht mehr geschuldet: alle drei Kriterien, ab 1. Quartal 2027" in page.text


def test_what_a_decision_takes_away_is_neither_counted_nor_left_open(form: LogForm, channel: Channel) -> None:
    """Put to rest from the meeting's day on: of the quarter only legality is owed, so only that counts."""
    said = page_of(decide(form, channel, "dormant", DAY)).text
    does = said.split("What closing does")[1].split("What stays open")[0]
    assert "legality: counts for Q4 2026" in does
    assert "cost-benefit, strategy: extra" in does


def test_what_a_decision_closes_does_not_stay_open(form: LogForm, channel: Channel) -> None:
    form.fill(channel, strategy__level="")
    said = page_of(decide(form, channel, "close", DAY)).text
    assert "Nothing." in said.split("What stays open")[1].split("What the decisions change")[0]
