"""A routine quarter logged without the mouse: 33 verdicts in three pages and at most 60 keys."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.conftest import axe_finds_nothing, sign_in
from tracker import asking
from tracker.extensions import db
from tracker.models import Channel, Meeting

pytestmark = pytest.mark.browser


@pytest.fixture
def quarter(chamber: Meeting) -> Meeting:
    """The meeting of the first quarter, after one of the quarter before in which every channel was clear.

    The checklist and the prompts that come with the app are asked; they cost no key.
    """
    asking.ship()
    db.session.commit()
    channels = db.session.query(Channel).all()
    factories.closed_meeting(date(2025, 12, 9), channels, datetime(2025, 12, 9, 12, tzinfo=UTC))
    return chamber


class Hand:
    """A hand on the keyboard: press() counts, write() types into a text field and does not."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.loaded = page, 0, 0
        page.on("load", lambda _page: setattr(self, "loaded", self.loaded + 1))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1 + key.count("+")  # Control counts, too
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        assert self.focus("el => el.matches('textarea, input[type=text]')"), "not in a text field"
        self.page.keyboard.type(text)

    def focus(self, script: str) -> object:
        return self.page.locator(":focus").evaluate(script)


def test_a_routine_quarter_takes_three_pages_and_sixty_keys(
    quarter: Meeting, open_page: Callable[..., Page]
) -> None:
    meeting_id = quarter.id
    page = open_page()
    sign_in(page, "Jonas Brandt")
    hand = Hand(page)
    page.goto(f"/meetings/{meeting_id}/log")

    hand.press("Tab", "Enter")  # to the first open verdict
    hand.press("2")
    hand.write("Aufwand gestiegen.")
    hand.press("Tab", "1", "1")
    hand.press("1", "2")
    hand.write("Datenschutzhinweise nennen die alte Anschrift.")
    hand.press("Tab", "1")
    hand.press("1", "3")
    hand.write("Impressum nicht erreichbar.")
    hand.press("Tab", "1")  # the action of the objection is next
    hand.write("Impressum verlinken")
    hand.press("Tab", "J", "Enter")  # who; the day is proposed
    hand.press("1", "1", "d", "A", "Enter")  # adjust, from the proposed day
    hand.write("Weniger Beiträge, dafür mit Untertiteln.")
    hand.press("Control+Enter")
    hand.press("1", "2")
    hand.write("Zielgruppe wird kaum erreicht.")
    hand.press("Tab", "1", "1")
    hand.press(*"1" * 18)
    hand.write("Katrin Seidel")
    hand.press("Enter")
    hand.write("Jonas Brandt")
    hand.press("Enter", "Space", "Enter", "Space", "Enter")
    page.wait_for_function("document.querySelector('#progress').textContent.startsWith('33 ')")
    assert "Abschluss prüfen" in str(hand.focus("el => el.textContent"))
    hand.press("Enter")
    page.wait_for_url("**/close")
    axe_finds_nothing(page)
    hand.press("Tab", "Enter")
    page.wait_for_url(f"**/meetings/{meeting_id}")

    minutes = page.inner_text("main")
    for text in (
        "Datenschutzhinweise nennen",
        "Impressum verlinken",
        "Weniger Beiträge",
        "08.05.2026",
        "01.07.2026",
    ):
        assert text in minutes
    assert hand.loaded <= 3
    assert hand.pressed <= 60, hand.pressed


@pytest.mark.slow
def test_unchanged_by_key_carries_level_and_reason_and_another_level_unticks_it(
    quarter: Meeting, open_page: Callable[..., Page]
) -> None:
    meeting_id = quarter.id
    page = open_page()
    sign_in(page, "Jonas Brandt")
    page.goto(f"/meetings/{meeting_id}/log")
    first = page.locator("fieldset.rate").first
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("u")
    assert first.locator("input.same").is_checked()
    assert first.locator("input.clear").is_checked()
    assert "Übernommen vom 09.12.2025" in first.inner_text()
    assert page.locator("#progress").inner_text().startswith("1 ")
    first.locator("input.clear").focus()
    page.keyboard.press("2")
    assert not first.locator("input.same").is_checked()
    assert first.locator("textarea").evaluate("el => el === document.activeElement")


@pytest.mark.slow
def test_no_letter_does_anything_while_one_types(quarter: Meeting, open_page: Callable[..., Page]) -> None:
    meeting_id = quarter.id
    page = open_page()
    sign_in(page, "Jonas Brandt")
    page.goto(f"/meetings/{meeting_id}/log")
    page.locator("fieldset.rate input.remark + label").first.click()
    page.locator("fieldset.rate textarea").first.fill("")
    page.locator("fieldset.rate textarea").first.press_sequentially("u1230d?")
    assert page.locator("fieldset.rate textarea").first.input_value() == "u1230d?"
    assert page.locator("#progress").inner_text().startswith("1 ")
    assert not page.locator("#keys-dialog").is_visible()


@pytest.mark.slow
def test_the_question_mark_shows_the_keys(quarter: Meeting, open_page: Callable[..., Page]) -> None:
    meeting_id = quarter.id
    page = open_page()
    sign_in(page, "Jonas Brandt")
    page.goto(f"/meetings/{meeting_id}/log")
    page.keyboard.press("?")
    assert not page.locator("#keys-dialog").is_visible()  # only while a verdict has the focus
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").is_visible()
    axe_finds_nothing(page)
    page.keyboard.press("Escape")
    assert not page.locator("#keys-dialog").is_visible()
