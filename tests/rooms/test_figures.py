"""Entering figures by hand: nothing is guessed or lost, earlier entries stay, and what is unknown never becomes 0."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Channel, Entry, Figures, HourlyRate, Words

SignIn = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-07-14")
    return factories.channel(factories.unit("Bildungshaus"), "Mastodon", "Hauptkanal")


@pytest.fixture
def editor(sign_in: SignIn, channel: Channel) -> Browser:
    return sign_in("editor", language="en")


def address(of: Channel, period: str = "") -> str:
    return f"/figures/channels/{of.id}/enter" + (f"?period={period}" if period else "")


def enter(
    browser: Browser,
    of: Channel,
    expect: int = 200,
    page: Page | None = None,
    period: str = "",
    **values: Any,
) -> Page:
    form = (page or browser.get(address(of, period))).form("/enter")
    return browser.post(form.action, form.filled(**values), expect)


def rows() -> list[Figures]:
    db.session.rollback()
    return list(db.session.scalars(select(Figures).order_by(Figures.id)))


def entries() -> list[Entry]:
    return list(db.session.scalars(select(Entry).order_by(Entry.number)))


def test_what_is_entered_holds_for_the_quarter_that_ended_last(editor: Browser, channel: Channel) -> None:
    page = enter(
        editor, channel, hours="12,5", hours_estimated="y", reach="1.234", posts="", note="Statistik"
    )
    (row,) = rows()
    assert (row.begins_on, row.ends_on) == (date(2026, 4, 1), date(2026, 6, 30))
    assert (row.hours, row.hours_estimated, row.reach, row.note) == (
        Decimal("12.50"),
        True,
        1234,
        "Statistik",
    )
    assert (row.posts, row.followers_end, row.ad_spend) == (None, None, None)
    assert row.by_name == editor.person.full_name  # type: ignore[union-attr]
    assert "1,234" in page.text
    assert [entry.deed for entry in entries()] == ["figures.enter"]
    said = {one.field: one.text for one in db.session.scalars(select(Words))}
    assert (said["reach.before"], said["reach.after"]) == ("unbekannt", "1.234")


def test_0_is_kept_as_0_and_empty_as_unknown(editor: Browser, channel: Channel) -> None:
    enter(editor, channel, ad_spend="0", tools="")
    (row,) = rows()
    assert row.ad_spend == 0
    assert row.tools is None


@pytest.mark.parametrize(
    ("typed", "because"),
    [("-1", "negative"), ("viele <b>", "not a number"), ("1e308", "not a number"), ("12,5", "whole number")],
)
def test_a_number_that_is_none_is_refused_beside_its_field_and_comes_back(
    editor: Browser, channel: Channel, typed: str, because: str
) -> None:
    page = enter(editor, channel, 422, reach=typed, posts="40", note="aus der Statistik")
    (field,) = page.all("input", name="reach")
    assert field.get("value") == typed
    assert because in " ".join(page.words("p", id="reach-error"))
    assert page.all("input", name="posts")[0].get("value") == "40"
    assert page.words("textarea", name="note") == ["aus der Statistik"]
    assert rows() == []
    assert entries() == []


@pytest.mark.parametrize("note", ["x" * 100_000, "\x00", "😀", "<script>"])
def test_any_note_is_kept_or_refused(editor: Browser, channel: Channel, note: str) -> None:
    enter(editor, channel, 422 if len(note) > 2000 else 200, posts="1", note=note)
    assert len(rows()) == (0 if len(note) > 2000 else 1)


def test_nothing_at_all_is_no_entry(editor: Browser, channel: Channel) -> None:
    enter(editor, channel, 422)
    assert rows() == []


def test_sent_twice_it_is_one_row(editor: Browser, channel: Channel) -> None:
    page = editor.get(address(channel))
    for _again in range(2):
        enter(editor, channel, page=page, posts="40")
    assert len(rows()) == 1
    assert len(entries()) == 1


def test_a_change_is_a_row_of_its_own_and_the_earlier_one_stays_listed(
    editor: Browser, channel: Channel
) -> None:
    enter(editor, channel, posts="40", hours="10")
    page = enter(editor, channel, posts="41")
    assert [(row.posts, row.hours) for row in rows()] == [(40, 10), (41, 10)]
    assert [words for words in page.words("li") if words.startswith("Posts")] == [
        "Posts: 40 → 41",
        "Posts: 40",
    ]


def test_the_second_of_two_sees_what_the_first_saved_and_keeps_what_was_typed(
    editor: Browser, channel: Channel, sign_in: SignIn
) -> None:
    other = sign_in("manager", language="en")
    page = other.get(address(channel))
    enter(editor, channel, posts="40")
    answer = enter(other, channel, 409, page=page, posts="50")
    assert editor.person.full_name in answer.text  # type: ignore[union-attr]
    assert "40" in answer.text
    assert answer.all("input", name="posts")[0].get("value") == "50"
    assert [row.posts for row in rows()] == [40]
    enter(other, channel, page=answer)
    assert [row.posts for row in rows()] == [40, 50]


def test_saving_a_second_time_from_the_same_page_is_no_conflict_with_oneself(
    editor: Browser, channel: Channel
) -> None:
    page = editor.get(address(channel))
    enter(editor, channel, page=page, posts="40")
    enter(editor, channel, page=page, posts="41")
    assert [row.posts for row in rows()] == [40, 41]


def test_what_was_left_alone_in_an_older_window_follows_what_was_saved_meanwhile(
    editor: Browser, channel: Channel, sign_in: SignIn
) -> None:
    enter(editor, channel, posts="40", hours="10")
    page = editor.get(address(channel))
    enter(sign_in("manager", language="en"), channel, hours="12")
    enter(editor, channel, page=page, posts="41")
    assert [(row.posts, row.hours) for row in rows()] == [(40, 10), (40, 12), (41, 12)]


def test_what_a_page_left_alone_does_not_undo_what_oneself_entered_in_another_window(
    editor: Browser, channel: Channel
) -> None:
    page = editor.get(address(channel))
    enter(editor, channel, hours="12,5", reach="900", note="Statistik")
    enter(editor, channel, page=page, posts="41")
    kept = rows()[-1]
    assert (kept.hours, kept.reach, kept.posts, kept.note) == (Decimal("12.5"), 900, 41, "Statistik")


def test_after_a_conflict_sending_again_takes_back_nothing_that_was_left_alone(
    editor: Browser, channel: Channel, sign_in: SignIn
) -> None:
    page = editor.get(address(channel))
    enter(sign_in("manager", language="en"), channel, hours="12", posts="40")
    answer = enter(editor, channel, 409, page=page, posts="41")
    assert answer.all("input", name="hours")[0].get("value") == "12"
    enter(editor, channel, page=answer)
    assert [(row.posts, row.hours) for row in rows()] == [(40, 12), (41, 12)]


def test_a_period_begins_with_the_followers_the_one_before_ended_with(
    editor: Browser, channel: Channel
) -> None:
    enter(editor, channel, period="2026-4-1", followers_end="1500", reach="9000")
    page = editor.get(address(channel, "2026-4-2"))
    assert page.all("input", name="followers_start")[0].get("value") == "1500"
    assert "9,000" in " ".join(page.words("p", id="reach-help"))
    assert page.all("input", name="reach")[0].get("value") == ""


def test_what_looks_like_a_slip_is_said_and_saved_all_the_same(editor: Browser, channel: Channel) -> None:
    page = enter(editor, channel, followers_start="1000", followers_end="400", reach="10", interactions="20")
    assert len(rows()) == 1
    assert "from 1,000 to 400" in page.text
    assert "20 interactions are more than the 10 people reached" in page.text


@pytest.mark.parametrize(
    "period", ["2026-4-9", "x", "0001-4-1", "9999-1-1", "2026-02-30_2026-03-01", "2026-4-2' --"]
)
def test_a_period_that_is_none_changes_nothing(editor: Browser, channel: Channel, period: str) -> None:
    editor.get(address(channel, period))
    assert "not a period" in (text := editor.get(f"/figures?period={period}").text) or "too far" in text


def test_a_channel_of_another_unit_is_not_there(sign_in: SignIn, channel: Channel) -> None:
    stranger = sign_in("editor", units=[factories.unit("Göppingen")], language="en")
    stranger.get(address(channel), 404)
    stranger.get(f"/figures/channels/{channel.id}", 404)
    stranger.post(address(channel), {"posts": "1", "seen": "none"}, 404)
    assert channel.name not in stranger.get("/figures").text
    assert rows() == []


def test_an_auditor_reads_and_cannot_enter(sign_in: SignIn, channel: Channel) -> None:
    auditor = sign_in("auditor", language="en")
    page = auditor.get("/figures")
    assert "/enter" not in page.html
    auditor.post(address(channel), {"posts": "1", "seen": "none"}, 403)


def test_all_channels_of_a_period_stand_beside_each_other_unknown_as_a_dash(
    editor: Browser, channel: Channel
) -> None:
    others = [factories.channel(channel.unit, "Instagram", f"Kanal {k}") for k in "AB"]
    enter(editor, channel, reach="1000", interactions="28")
    enter(editor, others[0], reach="1000", interactions="56")
    page = editor.get("/figures")
    assert "2 of 3 channels" in page.text
    assert page.text.index("Kanal A") < page.text.index("Hauptkanal") < page.text.index("Kanal B")
    assert "5.6%" in page.text
    assert "–" in page.text


def test_without_channels_the_page_says_what_to_do(sign_in: SignIn, clock_at: Callable[[str], None]) -> None:
    clock_at("2026-07-14")
    factories.unit()
    assert "There are no channels" in sign_in("editor", language="en").get("/figures").text


def test_a_rate_holds_from_its_day_on_and_makes_hours_a_cost(
    editor: Browser, channel: Channel, sign_in: SignIn
) -> None:
    enter(editor, channel, hours="10")
    manager = sign_in("manager", language="en")
    page = manager.post("/figures/rates/set", {"from_on": "2026-01-01", "euros": "48,50"})
    assert db.session.scalar(select(func.count()).select_from(HourlyRate)) == 0
    form = page.form("/rates/set")
    manager.post(form.action, form.values)
    (rate,) = db.session.scalars(select(HourlyRate))
    assert (rate.from_on, rate.euros) == (date(2026, 1, 1), Decimal("48.50"))
    assert "€485" in manager.get(f"/figures/channels/{channel.id}").text
    assert [entry.deed for entry in entries()] == ["figures.enter", "rates.change"]


@pytest.mark.parametrize(
    ("from_on", "euros"),
    [("2026-02-30", "50"), ("0001-01-01", "50"), ("9999-12-31", "50"), ("", "50"), ("2026-01-01", "0"),
     ("2026-01-01", "-1"), ("2026-01-01", ""), ("2026-01-01", "1e308"), ("2026-01-01", "99999")],
)  # fmt: skip
def test_a_rate_that_is_none_is_refused(sign_in: SignIn, channel: Channel, from_on: str, euros: str) -> None:
    page = sign_in("manager", language="en").post(
        "/figures/rates/set", {"from_on": from_on, "euros": euros}, 422
    )
    assert page.all("p", class_="fault")
    assert db.session.scalar(select(func.count()).select_from(HourlyRate)) == 0


def test_the_pages_are_german_for_germans(sign_in: SignIn, channel: Channel) -> None:
    editor = sign_in("editor", language="de")
    enter(editor, channel, followers_start="1000", followers_end="400", hours="10")
    for page in (
        "/figures",
        f"/figures/channels/{channel.id}",
        address(channel),
        "/figures/rates",
        f"/channels/{channel.id}",
    ):
        editor.get(page)
    sign_in("manager", language="de").get("/figures/rates/set")
    told = sign_in("auditor", language="de").get("/journal").text
    assert "Follower am Ende" in told
    assert "followers_end" not in told
