"""Unchanged since last time: ticked explicitly, it carries level and reason, and is marked as such for good."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm
from tracker.extensions import db
from tracker.models import Channel, Draft, Meeting, Rating, Review
from tracker.rules.words import Criterion, Level

pytestmark = pytest.mark.usefixtures("app")
NEVER = "Es gibt kein früheres Urteil"


@pytest.fixture
def meeting(clock_at: Callable[[str], None]) -> Meeting:
    """A meeting in October; in July the first channel had a remark and an objection, the second was clear."""
    clock_at("2026-07-14")
    unit = factories.unit("Bildungshaus")
    first, second = (
        factories.channel(unit, "Facebook", "Hauptkanal"),
        factories.channel(unit, "Twitter", "News"),
    )
    third = factories.channel(unit, "XING", "Seite")
    factories.closed_meeting(date(2026, 7, 14), {first: BEFORE, second: factories.ALL})
    clock_at("2026-10-20")
    return factories.planned_meeting(date(2026, 10, 20), [first, second, third])


BEFORE = {
    Criterion.COST_BENEFIT: (Level.REMARK, "Aufwand hoch."),
    Criterion.LEGALITY: (Level.OBJECTION, "Impressum fehlt."),
    Criterion.STRATEGY: Level.CLEAR,
}


def channels(meeting: Meeting) -> list[Channel]:
    return sorted((line.channel for line in meeting.agenda), key=lambda one: one.id)


def rated(meeting: Meeting, channel: Channel) -> dict[Criterion, Rating]:
    db.session.expire_all()
    query = (
        select(Rating).join(Review).where(Review.meeting_id == meeting.id, Review.channel_id == channel.id)
    )
    return {one.criterion: one for one in db.session.scalars(query)}


def test_a_ticked_criterion_carries_level_and_reason_and_is_marked(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    first = channels(meeting)[0]
    form = LogForm(sign_in(), meeting).head().fill(first, cost_benefit__unchanged=["", "1"])
    assert form.confirm().status_code == 303
    (rating,) = rated(meeting, first).values()
    assert (rating.level, rating.reason, rating.unchanged) == (Level.REMARK, "Aufwand hoch.", True)
    page = sign_in().get(f"/meetings/{meeting.id}")
    assert "unverändert" in page.text


def test_a_tick_wins_over_what_else_stands_in_the_cell_and_can_be_taken_back(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    first = channels(meeting)[0]
    editor = sign_in()
    LogForm(editor, meeting).fill(first, strategy__unchanged=["", "1"], strategy__reason="Beiseite").save()
    form = LogForm(editor, meeting)
    assert form[f"channel-{first.id}.strategy.level"] == "clear"  # the level of last time is shown as chosen
    form.fill(first, strategy__unchanged=[""], strategy__level="remark").head()
    assert form.confirm().status_code == 303
    (rating,) = rated(meeting, first).values()
    assert (rating.level, rating.reason, rating.unchanged) == (Level.REMARK, "Beiseite", False)


def test_an_unchanged_objection_needs_an_action_that_is_still_open(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    first = channels(meeting)[0]
    editor = sign_in()
    form = LogForm(editor, meeting).head().fill(first, legality__unchanged=["", "1"])
    refused = form.press_close()
    assert refused.status_code == 422
    assert "Eine Beanstandung braucht eine Maßnahme" in refused.text
    factories.action(first, factories.contact(name="Redaktion"), date(2026, 11, 30))
    assert LogForm(editor, meeting).confirm().status_code == 303
    assert rated(meeting, first)[Criterion.LEGALITY].reason == "Impressum fehlt."


def test_what_was_never_rated_cannot_be_unchanged(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    third = channels(meeting)[2]
    form = LogForm(sign_in(), meeting).head()
    assert f"channel-{third.id}.legality.unchanged" not in form.values
    refused = form.fill(third, legality__unchanged="1").press_close()
    assert refused.status_code == 422
    assert NEVER in refused.text


def test_the_rest_of_a_channel_is_taken_over_by_one_button(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    _first, second, _third = channels(meeting)
    editor = sign_in()
    form = LogForm(editor, meeting).fill(second, legality__level="remark", legality__reason="Neu.")
    assert form.save(unchanged=f"channel-{second.id}").status_code == 303
    again = LogForm(editor, meeting)
    ticked = [one for one in Criterion if again.values[f"channel-{second.id}.{one}.unchanged"] == ["", "1"]]
    assert ticked == [Criterion.COST_BENEFIT, Criterion.STRATEGY]
    assert again[f"channel-{second.id}.legality.reason"] == "Neu."


def test_all_that_is_untouched_is_named_before_it_is_taken_over(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    first, second, third = channels(meeting)
    editor = sign_in()
    form = LogForm(editor, meeting).fill(first, strategy__level="remark", strategy__reason="Neu.")
    answer = form.save(unchanged="all")
    assert answer.location.endswith(f"/meetings/{meeting.id}/log/unchanged")
    asked = editor.get(str(answer.location))
    assert (
        len(asked.all("input", name="cell")) == 5
    )  # two of the first channel, three of the second, none of the third
    assert "Aufwand hoch." in asked.text
    assert "XING" not in asked.text
    left = [
        f"channel-{first.id}.cost_benefit",
        f"channel-{second.id}.legality",
        f"channel-{third.id}.legality",
    ]
    done = editor.post(f"/meetings/{meeting.id}/log/unchanged", {"cell": left})
    assert "2 Urteile sind unverändert übernommen." in done.text
    ticks = db.session.scalars(select(Draft.channel_id).where(Draft.field.endswith(".unchanged"))).all()
    assert sorted(ticks) == [first.id, second.id]


def test_what_somebody_typed_meanwhile_is_not_taken_over(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    _first, second, _third = channels(meeting)
    editor, manager = sign_in(), sign_in("manager")
    editor.get(f"/meetings/{meeting.id}/log/unchanged")
    LogForm(manager, meeting).fill(second, legality__level="objection", legality__reason="Neu.").save()
    editor.post(f"/meetings/{meeting.id}/log/unchanged", {"cell": [f"channel-{second.id}.legality"]})
    assert LogForm(editor, meeting)[f"channel-{second.id}.legality.level"] == "objection"
    ticks = db.session.scalars(select(Draft).where(Draft.field.endswith(".unchanged"))).all()
    assert ticks == []
