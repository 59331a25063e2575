"""Two people on one log: different fields never disturb each other, and of one field both texts are kept."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.rooms.form import LogForm
from tracker.extensions import db
from tracker.models import Channel, Draft, Meeting

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-10-20")
    return factories.channel()


@pytest.fixture
def meeting(channel: Channel) -> Meeting:
    return factories.planned_meeting(date(2026, 10, 20), [channel, factories.channel(channel.unit)])


@pytest.fixture
def forms(sign_in: Callable[..., Browser], meeting: Meeting) -> tuple[LogForm, LogForm]:
    """Both have opened the page before either of them saves."""
    return LogForm(sign_in(), meeting), LogForm(sign_in(), meeting)


def texts(meeting: Meeting) -> list[str]:
    db.session.expire_all()
    rows = db.session.scalars(select(Draft).where(Draft.meeting_id == meeting.id).order_by(Draft.id))
    return [row.value for row in rows]


def conflict(channel: Channel, forms: tuple[LogForm, LogForm]) -> str:
    """Both write the same reason; the key of the field."""
    first, second = forms
    first.fill(channel, legality__reason="Anna schreibt").save()
    second.fill(channel, legality__reason="Ben schreibt").save()
    return f"channel-{channel.id}.legality.reason"


def version_of(text: str) -> str:
    return db.session.scalars(select(Draft.version).where(Draft.value == text)).one()


def test_different_channels_never_disturb_each_other(
    meeting: Meeting, forms: tuple[LogForm, LogForm]
) -> None:
    one, other = (line.channel for line in meeting.agenda)
    forms[0].fill(one, legality__reason="eins").save()
    forms[1].fill(other, legality__reason="zwei").save()
    assert sorted(texts(meeting)) == ["eins", "zwei"]


def test_of_one_field_both_texts_are_kept_and_shown(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    conflict(channel, forms)
    assert texts(meeting) == ["Anna schreibt", "Ben schreibt"]
    for form in forms:
        page = form.browser.raw.get(f"/meetings/{meeting.id}/log").text
        assert "Anna schreibt" in page
        assert "Ben schreibt" in page
        assert all(someone.browser.person.full_name in page for someone in forms if someone.browser.person)


def test_each_still_finds_the_own_text_in_the_field(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    key = conflict(channel, forms)
    assert LogForm(forms[0].browser, meeting)[key] == "Anna schreibt"
    assert LogForm(forms[1].browser, meeting)[key] == "Ben schreibt"


def test_who_has_seen_the_other_text_replaces_it(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    forms[0].fill(channel, legality__reason="alt").save()
    LogForm(forms[1].browser, meeting).fill(channel, legality__reason="neu").save()
    assert texts(meeting) == ["neu"]


def test_the_same_words_are_no_conflict(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    for form in forms:
        form.fill(channel, legality__level="clear").save()
    assert texts(meeting) == ["clear"]


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("typed", "Ben schreibt"),
        ("theirs", "Anna schreibt"),
        ("both", "Ben schreibt\n\nAnna schreibt"),
    ],
)
def test_choosing_ends_the_question(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm], choice: str, left: str
) -> None:
    key = conflict(channel, forms)
    value = version_of("Anna schreibt") if choice == "theirs" else choice
    LogForm(forms[1].browser, meeting).save(**{f"choose:{key}": value})
    assert texts(meeting) == [left]


def test_writing_on_without_choosing_drops_nothing(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    conflict(channel, forms)
    LogForm(forms[1].browser, meeting).fill(channel, legality__reason="Ben schreibt weiter").save()
    assert sorted(texts(meeting)) == ["Anna schreibt", "Ben schreibt weiter"]


def test_a_choice_does_not_drop_what_it_did_not_see(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    key = conflict(channel, forms)
    stale = LogForm(forms[1].browser, meeting)
    LogForm(forms[0].browser, meeting).fill(channel, legality__reason="Anna schreibt weiter").save()
    stale.save(**{f"choose:{key}": "typed"})
    assert sorted(texts(meeting)) == ["Anna schreibt weiter", "Ben schreibt"]


def test_someone_else_clearing_a_field_does_not_swallow_a_text(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    forms[0].fill(channel, legality__reason="alt").save()
    first, second = LogForm(forms[0].browser, meeting), LogForm(forms[1].browser, meeting)
    first.fill(channel, legality__reason="").save()
    second.fill(channel, legality__reason="ergänzt").save()
    assert sorted(texts(meeting)) == ["", "ergänzt"]


def test_two_versions_keep_the_meeting_from_being_closed(
    meeting: Meeting, channel: Channel, forms: tuple[LogForm, LogForm]
) -> None:
    key = conflict(channel, forms)
    form = LogForm(forms[1].browser, meeting).head().rate(channel, "remark", "Grund")
    form.fill(channel, legality__reason="Ben schreibt")
    answer = form.press_close()
    assert answer.status_code == 422
    assert f'href="#choose:{key}"' in answer.text


def test_a_second_window_of_the_same_person_drops_no_text(
    sign_in: Callable[..., Browser], meeting: Meeting
) -> None:
    browser, channel = sign_in(), meeting.agenda[0].channel
    first, second = LogForm(browser, meeting), LogForm(browser, meeting)
    first.rate(channel, "remark", "Im ersten Fenster.")
    assert first.save().status_code == 303
    second.rate(channel, "remark", "Im zweiten Fenster.")
    said = second.save()
    assert said.status_code == 422
    assert "Im ersten Fenster." in said.text
    assert "Im zweiten Fenster." in said.text
    again = LogForm(browser, meeting)
    assert again[f"channel-{channel.id}.legality.reason"] == "Im ersten Fenster."
    second.values = {}
    second.feed(said.text)
    assert second.save().status_code == 303
    assert LogForm(browser, meeting)[f"channel-{channel.id}.legality.reason"] == "Im zweiten Fenster."
