"""Logging a meeting: what is typed is kept, comes back, and is refused beside its field."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm
from tracker.extensions import db
from tracker.models import Channel, Draft, Entry, Meeting
from tracker.rules.judgement import REASON_MAX
from tracker.rules.words import Criterion, Level

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def meeting(clock_at: Callable[[str], None]) -> Meeting:
    """A meeting of today with two channels on its agenda."""
    clock_at("2026-10-20")
    unit = factories.unit("Bildungshaus")
    channels = [factories.channel(unit, "Facebook", "Hauptkanal"), factories.channel(unit, "Twitter", "News")]
    return factories.planned_meeting(date(2026, 10, 20), channels)


def channels(meeting: Meeting) -> list[Channel]:
    return [line.channel for line in meeting.agenda]


def kept(meeting: Meeting) -> dict[str, str]:
    db.session.expire_all()
    return {
        row.field: row.value
        for row in db.session.scalars(select(Draft).where(Draft.meeting_id == meeting.id))
    }


def test_the_page_keeps_the_rules_of_the_house(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    for language in ("de", "en"):
        sign_in(language=language).get(f"/meetings/{meeting.id}/log")


def test_what_is_typed_comes_back(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    first, second = channels(meeting)
    editor = sign_in()
    typed = "Zeile 1\nZeile 2 mit 🙂 und <b>Klammern</b>"
    form = LogForm(editor, meeting).fill(first, legality__level="remark", legality__reason=typed)
    form.fill(second, action_1__what="Impressum", action_1__due_on="2026-11-30").fill(place="Raum 4.12")
    assert form.save().status_code == 303
    again = LogForm(editor, meeting)
    assert again[f"channel-{first.id}.legality.level"] == "remark"
    assert again[f"channel-{first.id}.legality.reason"] == typed
    assert again[f"channel-{second.id}.action-1.due_on"] == "2026-11-30"
    assert again["place"] == "Raum 4.12"


def test_drafts_are_not_journalled(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    LogForm(sign_in(), meeting).rate(channels(meeting)[0]).save()
    assert kept(meeting)
    assert db.session.scalars(select(Entry)).all() == []


def test_only_what_was_changed_is_written(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    LogForm(sign_in(), meeting).fill(channels(meeting)[0], strategy__level="clear").save()
    assert kept(meeting) == {"strategy.level": "clear"}


def test_a_cleared_field_stays_cleared(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    editor = sign_in()
    LogForm(editor, meeting).fill(held_on="").save()
    assert LogForm(editor, meeting)["held_on"] == ""


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_field(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    channel = channels(meeting)[0]
    text = "ü" * 100_000
    form = LogForm(sign_in(language="en"), meeting)
    answer = form.fill(channel, legality__reason=text, strategy__level="clear").save()
    assert answer.status_code == 422
    assert text in answer.text
    assert "90000 characters too many" in answer.text
    assert kept(meeting) == {"strategy.level": "clear"}


def test_a_text_of_exactly_the_limit_is_kept(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    LogForm(sign_in(), meeting).fill(channels(meeting)[0], legality__reason="x" * REASON_MAX).save()
    assert len(kept(meeting)["legality.reason"]) == REASON_MAX


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", "2026-02-30"),
        ("begins_at", "25:00"),
        ("legality__level", "great"),
        ("action_1__owner", "999"),
        ("action_1__due_on", "soon"),
        ("decision", "explode"),
    ],
)
def test_nonsense_is_refused_beside_its_field(
    sign_in: Callable[..., Browser], meeting: Meeting, field: str, value: str
) -> None:
    of = None if field in {"held_on", "begins_at"} else channels(meeting)[0]
    answer = LogForm(sign_in(), meeting).fill(of, **{field: value}).save()
    key = (f"channel-{of.id}." if of else "") + field.replace("__", ".").replace("action_", "action-")
    assert answer.status_code == 422
    assert f'id="fault:{key}"' in answer.text
    assert kept(meeting) == {}


def test_control_characters_are_taken_out(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    LogForm(sign_in(), meeting).fill(channels(meeting)[0], legality__reason="a\x00b\x07c\r\nd").save()
    assert kept(meeting) == {"legality.reason": "abc\nd"}


def test_an_expired_form_loses_nothing(app: Flask, sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    editor = sign_in(language="en")
    form = LogForm(editor, meeting).fill(channels(meeting)[0], legality__reason="Mühsam getippt")
    form.values["csrf_token"] = ["of yesterday"]
    answer = form.save()
    assert answer.status_code == 400
    assert "Mühsam getippt" in answer.text
    assert "This form had expired" in answer.text
    assert kept(meeting) == {}


def test_last_time_stands_beside_each_criterion(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    channel = channels(meeting)[0]
    factories.closed_meeting(
        date(2026, 8, 3), {channel: {Criterion.LEGALITY: (Level.OBJECTION, "Impressum fehlt")}}
    )
    page = sign_in(language="en").raw.get(f"/meetings/{meeting.id}/log").text
    assert "objection: Impressum fehlt" in page


def test_the_page_says_what_a_rating_counts_for(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    kept_, late = channels(meeting)
    factories.closed_meeting(date(2026, 8, 3), [kept_])
    page = sign_in(language="en").raw.get(f"/meetings/{meeting.id}/log").text
    row = page.split(f'id="channel-{late.id}"')[1]
    assert "counts for Q3 2026, 20 days late" in row
    row = page.split(f'id="channel-{kept_.id}"')[1].split("</header>")[0]
    assert "counts for Q4 2026" in row
    assert "late" not in row


def test_another_action_opens_another_line(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    channel = channels(meeting)[0]
    editor = sign_in()
    key = f"channel-{channel.id}.action-2.what"
    answer = LogForm(editor, meeting).fill(channel, action_1__what="Erste").save(more=key)
    page = editor.raw.get(answer.location).text
    assert f'name="{key}"' in page
    assert "Erste" in page


def test_an_editor_of_a_unit_sees_and_writes_their_rows_only(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    mine, foreign = factories.unit(), channels(meeting)[0]
    own = factories.channel(mine, "Mastodon", "Eigener")
    both = factories.planned_meeting(date(2026, 10, 20), [own, foreign])
    editor = sign_in(units=[mine])
    form = LogForm(editor, both)
    assert f"channel-{foreign.id}.legality.level" not in form.values
    form.fill(foreign, legality__reason="nicht meins").fill(own, legality__reason="meins").save()
    assert kept(both) == {"legality.reason": "meins"}


def test_a_meeting_of_other_units_does_not_exist(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    editor = sign_in(units=[factories.unit()])
    assert editor.raw.get(f"/meetings/{meeting.id}/log").status_code == 404
    assert sign_in().raw.get(f"/meetings/{10**30}/log").status_code == 404


def test_an_auditor_may_not_log(sign_in: Callable[..., Browser], meeting: Meeting) -> None:
    assert sign_in("auditor").raw.get(f"/meetings/{meeting.id}/log").status_code == 403
