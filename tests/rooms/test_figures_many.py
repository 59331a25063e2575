"""A file with many rows: listed channel by channel before and after it is taken in, one line a row, hints folded."""

import io
from collections.abc import Callable

import pytest

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.models import Channel

SignIn = Callable[..., Browser]
HEAD = (
    "Unit;Platform;Channel;Period;Tools and licences (EUR);Posts;Followers at the start;Followers at the end"
)
HEADS = "Period Line Tools and licences (EUR) Followers at the start Followers at the end Posts"
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    clock_at("2026-07-14")
    house = factories.unit("Bildungshaus")
    return [factories.channel(house, "Mastodon", name) for name in ("Hauptkanal", "Zweitkanal")]


@pytest.fixture
def preview(sign_in: SignIn, channels: list[Channel]) -> tuple[Browser, Page]:
    """Two quarters of the first channel, the second of them with a slip; one of the second channel."""
    editor = sign_in("editor", language="en")
    said = [
        (channels[0], "2026-Q1", "232,3", "12", "100", "110"),
        (channels[0], "2026-Q2", "45,5", "13", "111", "120"),
        (channels[1], "2026-Q2", "", "7", "", ""),
    ]
    lines = [";".join([one.unit.name, one.platform, one.name, *cells]) for one, *cells in said]
    data = "\n".join([HEAD, *lines]).encode()
    return editor, editor.post("/figures/upload", {"file": (io.BytesIO(data), "viele.csv")})


def test_each_channel_says_in_a_line_how_many_periods_and_hints_it_has(
    preview: tuple[Browser, Page],
) -> None:
    page = preview[1]
    summaries = page.words("summary")
    assert "Mastodon Hauptkanal Bildungshaus 2 periods, 1 hint" in summaries
    assert "Mastodon Zweitkanal Bildungshaus 1 period" in summaries
    assert "Q2 2026: The period begins with 111 followers; the one before ended with 110." in page.text


def test_a_period_is_one_row_with_only_the_columns_that_change(preview: tuple[Browser, Page]) -> None:
    page = preview[1]
    assert page.words("table", class_="of-figures") == [
        "Mastodon Hauptkanal Bildungshaus "
        + HEADS
        + " Q1 2026 2 232.30 100 110 12 Q2 2026 3 45.50 111 120 13",
        "Mastodon Zweitkanal Bildungshaus Period Line Posts Q2 2026 4 7",
    ]


def test_the_button_stands_before_the_list_and_belongs_to_the_one_form(preview: tuple[Browser, Page]) -> None:
    page = preview[1]
    (form,) = [one for one in page.all("form") if "/accept" in (one.get("action") or "")]
    (button,) = page.all("button", form=form.get("id") or "none")
    assert page.html.index('form="accept"') < page.html.index('class="group"')
    assert button.text == "Take in 3 rows"


def test_what_a_file_brought_is_shown_with_its_values_and_leads_on(
    preview: tuple[Browser, Page], channels: list[Channel]
) -> None:
    editor, page = preview
    form = page.form("/accept")
    taken = editor.post(form.action, form.values)
    assert "Q1 2026 Mastodon Hauptkanal Bildungshaus 232.30 100 110 12" in taken.text
    assert taken.link("Q2 2026") == "/figures?period=2026-4-2"
    assert (
        taken.link("Charts of the channel") == f"/figures/channels/{channels[0].id}?period=2026-4-2#h-trends"
    )


def test_figures_that_change_show_what_held_before(
    preview: tuple[Browser, Page], channels: list[Channel]
) -> None:
    editor, page = preview
    form = page.form("/accept")
    editor.post(form.action, form.values)
    line = f"{channels[1].unit.name};Mastodon;Zweitkanal;2026-Q2;1,5;8;;"
    again = editor.post("/figures/upload", {"file": (io.BytesIO(f"{HEAD}\n{line}".encode()), "neu.csv")})
    assert again.words("del") == ["unknown", "7"]
    assert again.words("ins") == ["1.50", "8"]
