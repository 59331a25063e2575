"""A correction loses nothing that was typed, lets nobody in who may not, and leaves what is closed alone."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.browsing import Browser
from tests.rooms.correction import Form, newest, said
from tracker.extensions import db
from tracker.models import Channel, Review
from tracker.rules.words import Criterion, Level

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]
HELD = date(2026, 3, 17)
TODAY = "2026-04-10"  # in the grace of the first quarter


@pytest.fixture
def channel(clock_at: Callable[..., None]) -> Channel:
    clock_at(TODAY)
    return factories.channel(platform="Facebook", name="Hauptkanal", since=date(2026, 1, 1))


@pytest.fixture
def review(channel: Channel) -> Review:
    verdicts = {
        Criterion.COST_BENEFIT: Level.CLEAR,
        Criterion.LEGALITY: (Level.REMARK, "Impressum fehlt seit Mai"),
    }
    factories.closed_meeting(HELD, {channel: verdicts})
    return newest(channel)


@pytest.fixture
def editor(sign_in: SignIn) -> Browser:
    return sign_in("editor", language="en")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"legality__level": "clear"}, "reason"),
        ({"cost_benefit__level": "remark", "reason": "x"}, "cost_benefit.reason"),
        ({"legality__level": "objection", "reason": "x"}, "legality.level"),
        ({"strategy__reason": "Ohne Urteil", "reason": "x"}, "strategy.level"),
        ({"legality__level": "", "legality__reason": "Neu", "reason": "x"}, "legality.level"),
        ({"legality__level": "wonderful", "reason": "x"}, "legality.level"),
        ({"decision": "close", "reason": "x"}, "decision.from_on"),
        ({"decision": "close", "decision__from_on": "2026-02-30", "reason": "x"}, "decision.from_on"),
        ({"decision": "close", "decision__from_on": "0001-01-01", "reason": "x"}, "decision.from_on"),
        ({"decision": "adjust", "decision__from_on": "2026-05-01", "reason": "x"}, "decision.reason"),
        ({"decision": "replace", "decision__from_on": "2026-05-01", "decision__reason": "y", "reason": "x"},
         "decision.successor"),
        ({"decision": "replace", "decision__successor": "999999", "reason": "x"}, "decision.successor"),
        ({"decision__reason": "Ohne Entscheidung", "reason": "x"}, "decision"),
        ({"legality__reason": "x" * 100_000, "reason": "x"}, "legality.reason"),
        ({"legality__reason": "neu", "reason": "x" * 100_000}, "reason"),
    ],
)  # fmt: skip
def test_bad_input_comes_back_with_a_message_at_its_field(
    editor: Browser, review: Review, channel: Channel, typed: dict[str, str], where: str
) -> None:
    form = Form(editor, review).fill(**typed)
    page = form.check(expect=422)
    key = where if where == "reason" else f"channel-{review.channel_id}.{where}"
    assert f"#{key}" in [link.get("href") for link in page.all("a")]
    assert page.all("p", class_="fault")
    came = page.form("/correct").values
    not_kept = {"csrf_token"} | {
        name for name, value in form.values.items() if value in ("wonderful", "999999")
    }
    lost = [
        name for name, value in form.values.items() if name not in not_kept and came.get(name, "") != value
    ]
    assert lost == []
    assert newest(channel) is review


def test_html_signs_and_control_characters_stay_text(
    editor: Browser, review: Review, channel: Channel
) -> None:
    form = Form(editor, review).fill(
        legality__reason="<b>fett</b>\x00 🙂\nzweite Zeile", reason="<i>&amp;</i>"
    )
    assert "<b>fett</b> 🙂 zweite Zeile" in form.check().text
    page = form.confirm()
    assert "<b>fett</b> 🙂" in page.text
    assert "<i>&amp;</i>" in page.text
    assert said(newest(channel))["legality"] == ("remark", "<b>fett</b> 🙂\nzweite Zeile")


def test_two_at_once_the_second_is_told_and_keeps_the_text(
    editor: Browser, sign_in: SignIn, review: Review, channel: Channel
) -> None:
    first = Form(editor, review).fill(legality__reason="Anna schreibt", reason="Anna weiß es")
    second = Form(sign_in("editor", language="en"), review).fill(
        legality__reason="Ben schreibt", reason="Ben weiß es"
    )
    asked = second.check().form("/correct")
    first.confirm()
    page = second.browser.post(asked.action, asked.values, expect=409)
    assert "Somebody corrected this review meanwhile." in page.text
    assert "Anna weiß es" in page.text
    assert editor.person is not None
    assert editor.person.full_name in page.text
    again = page.form("/correct")
    assert again.values["reason"] == "Ben weiß es"
    assert again.values[f"channel-{review.channel_id}.legality.reason"] == "Ben schreibt"
    assert said(newest(channel))["legality"][1] == "Anna schreibt"
    confirmed = second.browser.post(again.action, again.values).form("/correct")
    second.browser.post(confirmed.action, confirmed.values)
    assert said(newest(channel))["legality"][1] == "Ben schreibt"


def test_a_form_sent_twice_corrects_once(editor: Browser, review: Review) -> None:
    form = Form(editor, review).fill(legality__reason="Neu", reason="Irrtum")
    asked = form.check().form("/correct")
    editor.post(asked.action, asked.values)
    page = editor.post(asked.action, asked.values)
    assert "This correction is made already." in page.text
    assert db.session.scalar(select(func.count()).select_from(Review)) == 2


def test_another_review_closed_meanwhile_is_shown_before_it_counts(
    editor: Browser, review: Review, channel: Channel
) -> None:
    form = Form(editor, review).fill(legality__level="", reason="Nicht besprochen")
    asked = form.check().form("/correct")
    factories.closed_meeting(date(2026, 3, 24), {channel: {Criterion.LEGALITY: Level.CLEAR}})
    page = editor.post(asked.action, asked.values)
    assert "Something changed in the meantime." in page.text
    assert "Nothing: every owed cell stands as before." in page.text
    assert db.session.scalar(select(Review).where(Review.replaces_id == review.id)) is None


def test_back_from_the_question_everything_typed_is_there(editor: Browser, review: Review) -> None:
    form = Form(editor, review).fill(legality__reason="Neu\nund mehr", reason="Irrtum")
    asked = form.check().form("/correct")
    back = editor.post(asked.action, {**asked.values, "back": "1"}).form("/correct").values
    assert back[f"channel-{review.channel_id}.legality.reason"] == "Neu\nund mehr"
    assert back["reason"] == "Irrtum"


def test_an_expired_form_comes_back_with_what_was_typed(
    app: Flask, editor: Browser, review: Review, channel: Channel
) -> None:
    form = Form(editor, review).fill(legality__reason="Lange getippt", reason="Irrtum")
    app.config["WTF_CSRF_ENABLED"] = True
    form.values["csrf_token"] = "of yesterday"
    page = form.check(expect=400)
    assert page.form("/correct").values[f"channel-{review.channel_id}.legality.reason"] == "Lange getippt"
    assert newest(channel) is review


def test_only_who_may_correct_in_the_unit_sees_page_and_link(
    sign_in: SignIn, review: Review, channel: Channel
) -> None:
    url = f"/meetings/{review.meeting_id}/reviews/{review.id}/correct"
    foreign = sign_in("editor", units=[factories.unit()])
    assert foreign.raw.get(url).status_code == 404
    assert foreign.raw.post(url, data={"reason": "x"}).status_code == 404
    mine = sign_in("editor", units=[channel.unit])
    assert mine.raw.get(url).status_code == 200
    assert url in mine.raw.get(f"/meetings/{review.meeting_id}").text
    assert url in mine.raw.get(f"/channels/{channel.id}").text
    auditor = sign_in("auditor")
    assert auditor.raw.get(url).status_code == 403
    assert "/correct" not in auditor.raw.get(f"/meetings/{review.meeting_id}").text
    assert "/correct" not in auditor.raw.get(f"/channels/{channel.id}").text


def test_ids_that_do_not_belong_together_are_not_found(
    editor: Browser, review: Review, channel: Channel
) -> None:
    other = factories.closed_meeting(date(2026, 3, 24), [channel])
    for meeting_id, review_id in (
        (other.id, review.id),
        (review.meeting_id, 999_999),
        (2**40, review.id),
        (1, 2**40),
    ):
        url = f"/meetings/{meeting_id}/reviews/{review_id}/correct"
        assert editor.raw.get(url).status_code == 404
        assert editor.raw.post(url).status_code == 404


def test_the_database_still_refuses_to_change_either_version(
    editor: Browser, review: Review, channel: Channel
) -> None:
    Form(editor, review).fill(legality__reason="Neu", reason="Irrtum").confirm()
    newer = newest(channel)
    rating, rest = newer.ratings[0].id, "level, reason, unchanged, entered_at"
    for statement in (
        f"UPDATE rating SET reason = 'x' WHERE review_id = {review.id}",
        f"UPDATE rating SET reason = 'x' WHERE id = {rating}",
        f"UPDATE review SET reason = 'x' WHERE id = {newer.id}",
        f"DELETE FROM rating WHERE id = {rating}",
        f"DELETE FROM review WHERE id = {newer.id}",
        f"INSERT INTO rating (review_id, criterion, {rest}) SELECT review_id, 'strategy', {rest} FROM rating "  # noqa: ISC004
        f"WHERE id = {rating}",
    ):
        with pytest.raises(DBAPIError, match="the review is closed"):
            db.session.execute(text(statement))
        db.session.rollback()
