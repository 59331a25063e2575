"""The other two main ways with the keyboard alone: a manager plans what is overdue, an auditor takes the evidence home.

Logging a meeting so has a file of its own.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PASSWORD
from tracker.extensions import db
from tracker.models import Meeting, User

pytestmark = pytest.mark.browser
FAR = 60  # keys: nothing on these ways lies further
SEEN = (
    "el => { const at = getComputedStyle(el); return at.outlineStyle !== 'none' || at.boxShadow !== 'none'; }"
)


@pytest.fixture
def address_of(chamber: Meeting) -> dict[str, str]:
    """Whose address is which, by name."""
    found = {one.full_name: one.email for one in db.session.query(User)}
    db.session.commit()  # SQLite has one writer: nothing may stay open here while the server works
    return found


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; on the way it can always be seen."""
    for _key in range(FAR):
        page.keyboard.press("Tab")
        at = page.evaluate_handle("document.activeElement")
        assert at.evaluate(SEEN), f"the focus cannot be seen on {at.evaluate('el => el.outerHTML')[:200]}"
        if at.evaluate(f"el => el.matches({selector!r})"):
            return
    pytest.fail(f"{selector} is more than {FAR} keys away")


def sign_in_by_keyboard(page: Page, address: str) -> None:
    page.goto("/")
    if not page.locator("#email").evaluate("el => el === document.activeElement"):
        tab_to(page, "#email")
    page.keyboard.type(address)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".todo").wait_for()


def test_a_manager_plans_a_meeting_for_what_is_overdue(
    address_of: dict[str, str], chamber: Meeting, open_page: Callable[..., Page]
) -> None:
    chamber.cancelled_at = chamber.planned_at
    db.session.commit()
    page = open_page()
    sign_in_by_keyboard(page, address_of["Katrin Seidel"])
    tab_to(page, ".todo a.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetings/plan")
    tab_to(page, "main button.btn-primary")  # the day is today's, the agenda what is due
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[-1].isdigit())
    assert "10.04.2026" in page.locator("h1").inner_text()


def test_an_auditor_takes_the_evidence_home(
    address_of: dict[str, str], open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sign_in_by_keyboard(page, address_of["Dr. Hanne Weiß"])
    tab_to(page, ".todo a.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence?*")
    tab_to(page, "form.exports button")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
