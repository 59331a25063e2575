"""Correcting a decision changes how its channel is run: foreseen before, refused where the rules forbid it."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.rooms.correction import Form, newest
from tracker import obligations
from tracker.extensions import db
from tracker.models import Channel, Entry, Review, Words
from tracker.reviews import corrections
from tracker.reviews.logged import LoggedDecision, LoggedRating
from tracker.rules.deciding import Turn
from tracker.rules.words import ChannelState, Criterion, Decision, Level

BEGIN, HELD, NEXT = date(2026, 1, 1), date(2026, 3, 17), date(2026, 7, 1)
ALL, LEGALITY = frozenset(Criterion), frozenset({Criterion.LEGALITY})
CLEAR = {Criterion.LEGALITY: LoggedRating(Level.CLEAR)}
STAYS = "How the channel is run stays as it is: the old decision took effect in a slot that has ended"


@pytest.fixture
def channel(app: object, clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-04-10")
    return factories.channel(platform="Facebook", name="Hauptkanal", since=BEGIN)


@pytest.fixture
def review(channel: Channel) -> Review:
    factories.closed_meeting(HELD, {channel: {Criterion.LEGALITY: Level.CLEAR}})
    return newest(channel)


@pytest.fixture
def dormant(review: Review, channel: Channel) -> Review:
    """The channel rests from 1 July 2026 on, by a decision that was added to its review."""
    line = LoggedDecision(Decision.DORMANT, NEXT, "Kaum Zeit")
    corrections.correct(review, "Vergessen", CLEAR, factories.person("manager"), line)
    db.session.commit()
    return newest(channel)


def life(channel: Channel) -> tuple[list[tuple[date, str]], list[tuple[date, date | None, int]]]:
    """How it is run, and how many criteria it owes, from which day on."""
    db.session.expire_all()
    course = obligations.course_of(channel)
    states = [(one.from_on, one.state.value) for one in course.states]
    return states, [(one.from_on, one.until_on, len(one.criteria)) for one in course.duties]


def test_a_wrong_decision_is_undone_and_the_right_one_done(
    sign_in: Callable[..., Browser], dormant: Review, channel: Channel
) -> None:
    assert life(channel)[0][1:] == [(NEXT, "dormant")]
    form = Form(sign_in(language="en"), dormant)
    form.fill(decision="close", decision__from_on="2026-10-01", reason="Erst schließen, nicht ruhen lassen")
    said = form.check().text
    assert "No longer holds: dormant from 1 Jul 2026 on" in said
    assert "From 1 Oct 2026 on: closed (today: active)" in said
    form.confirm()
    states, duties = life(channel)
    assert states == [(BEGIN, "active"), (date(2026, 10, 1), "closed")]
    assert duties == [(BEGIN, date(2026, 6, 30), 3), (NEXT, date(2026, 9, 30), 3)]


def test_a_withdrawn_decision_is_undone_and_told_in_the_journal(
    sign_in: Callable[..., Browser], dormant: Review, channel: Channel
) -> None:
    Form(sign_in(language="en"), dormant).fill(withdraw="1", reason="Falscher Kanal").confirm()
    states, duties = life(channel)
    assert (states, duties[-1]) == ([(BEGIN, "active")], (NEXT, None, 3))
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    ids = json.loads(entry.body)["ids"]
    assert (entry.deed, ids["from"], ids["state"]) == ("channels.change", "2026-07-01", "active")
    told = select(Words.text).where(Words.number == entry.number, Words.field == "cause")
    cause = "Zurückgezogen: Sitzung vom 17.03.2026, Entscheidung „ruhen lassen“: Kaum Zeit"
    assert db.session.scalars(told).one() == cause


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-12-31", "This day is before the first day of the channel."),
        ("2026-03-31", "This day lies in a slot that has ended"),
        ("2026-12-01", "The channel is closed before this day already."),
    ],
)
def test_what_the_new_decision_may_not_do_is_said_beside_its_day(
    sign_in: Callable[..., Browser], review: Review, channel: Channel, day: str, said: str
) -> None:
    obligations.turn(channel, Turn(date(2026, 11, 1), ChannelState.CLOSED), "Ende", date(2026, 4, 10))
    db.session.commit()
    before = life(channel)
    form = Form(sign_in(language="en"), review).fill(decision="dormant", decision__from_on=day)
    page = form.fill(decision__reason="Kaum Zeit", reason="Vergessen").check(expect=422)
    (fault,) = page.words("p", id=f"fault:channel-{channel.id}.decision.from_on")
    assert said in fault
    assert life(channel) == before


def test_what_took_effect_in_a_slot_that_ended_is_corrected_on_record_only(
    sign_in: Callable[..., Browser],
    clock_at: Callable[[str], None],
    dormant: Review,
    channel: Channel,
) -> None:
    clock_at("2026-11-17")
    before = life(channel)
    form = Form(sign_in("manager", language="en"), dormant).fill(decision="crisis_only", reason="Verhört")
    page = form.check()
    assert STAYS in page.text
    assert page.link("Change how the channel is run") == f"/channels/{channel.id}/change"
    form.confirm()
    decision = newest(channel).decision
    assert decision is not None
    assert decision.decision is Decision.CRISIS_ONLY
    assert life(channel) == before


def test_another_reason_of_a_decision_leaves_the_channel_alone(
    sign_in: Callable[..., Browser],
    clock_at: Callable[[str], None],
    dormant: Review,
    channel: Channel,
) -> None:
    """Also long after it took effect, and after the channel was taken up again."""
    clock_at("2026-11-17")
    obligations.turn(channel, Turn(date(2026, 11, 1), ChannelState.ACTIVE), "Weiter", date(2026, 11, 17))
    db.session.commit()
    before = life(channel)
    form = Form(sign_in(language="en"), dormant).fill(decision__reason="Kein Geld", reason="Genauer")
    assert "What it does to the channel" not in form.check().text
    form.confirm()
    assert life(channel) == before
