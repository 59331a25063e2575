"""The cells of the matrix say what happened to whoever points, tabs or taps, and lead there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import axe_finds_nothing, sign_in
from tracker.models import Meeting

pytestmark = pytest.mark.browser


@pytest.fixture
def board(chamber: Meeting, open_page: Callable[..., Page]) -> Page:
    """The board in April: the first quarter of every channel is overdue."""
    page = open_page()
    sign_in(page, "Katrin Seidel")
    return page


def shown(cell: Locator) -> bool:
    """Whether what the cell says can be seen; for the ear it is always there."""
    box = cell.locator(".told").bounding_box()
    assert box is not None
    return box["width"] > 100


def test_a_cell_speaks_when_it_has_the_focus_until_escape(board: Page) -> None:
    cell, next_one = board.locator("a.cell").nth(0), board.locator("a.cell").nth(1)
    cell.focus()
    board.keyboard.press("Tab")
    assert (shown(cell), shown(next_one)) == (False, True)
    axe_finds_nothing(board)
    board.keyboard.press("Escape")
    assert not shown(next_one)
    board.keyboard.press("Shift+Tab")
    assert shown(cell)


def test_a_cell_speaks_when_pointed_at(board: Page) -> None:
    cell = board.locator("a.cell").first
    cell.hover()
    expect(cell.locator(".told")).to_contain_text("1. Quartal 2026: überfällig, 10 Tage.")
    assert shown(cell)


def test_the_first_tap_tells_and_the_second_leads_there(board: Page) -> None:
    phone = board.context.browser
    assert phone is not None
    context = phone.new_context(
        base_url=board.url, has_touch=True, viewport={"width": 390, "height": 800}, locale="de-DE",
        storage_state=board.context.storage_state(),
    )  # fmt: skip
    page = context.new_page()
    page.goto("/")
    cell = page.locator("a.cell").first
    cell.tap()
    assert shown(cell)
    assert page.url.endswith("/")
    cell.tap()
    page.wait_for_url("**/channels/*")
    context.close()
