"""What goes on in the background is seen to go on: the bar moves in place, the end is said, the focus is not lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_finds_nothing, sign_in
from tracker import exports, making
from tracker.extensions import db
from tracker.models import Export, Meeting

pytestmark = pytest.mark.browser


def maker() -> exports.Maker:
    """Whoever does what was asked for first; it has begun."""
    key = exports.claim()
    made = exports.Maker(db.session.get_one(Export, key))
    db.session.rollback()
    return made


@pytest.mark.slow
def test_a_check_is_watched_until_it_is_done(chamber: Meeting, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "Dr. Hanne Weiß")
    page.goto("/journal/verify")
    page.get_by_role("button", name="Prüfen").click()
    expect(page.get_by_role("heading", name="Wartet, bis sie an der Reihe ist")).to_be_visible()
    page.evaluate("document.body.dataset.same = 'yes'")

    working = maker()
    working.step(300, 1200, "chain")
    bar = page.get_by_role("progressbar", name="1 von 2, die Kette: 300 von 1.200 Einträgen")
    expect(bar).to_have_attribute("value", "300")
    axe_finds_nothing(page)
    button = page.get_by_role("button", name="Abbrechen")
    button.focus()
    working.step(40, 80, "closed")
    expect(
        page.get_by_text("2 von 2, das Abgeschlossene: mit 40 von 80 Einträgen verglichen")
    ).to_be_visible()
    expect(button).to_be_focused()

    db.session.query(Export).update({"state": "waiting"})
    db.session.commit()
    making.make_waiting()
    heading = page.get_by_role("heading", name="Alles in Ordnung")
    expect(heading).to_be_focused()
    expect(page.get_by_role("status").last).to_have_text("Alles in Ordnung")
    assert page.evaluate("document.body.dataset.same") == "yes", "the page was never loaded anew"
    axe_finds_nothing(page)


@pytest.mark.slow
def test_without_script_a_link_looks_again(chamber: Meeting, open_page: Callable[..., Page]) -> None:
    with_script = open_page()
    sign_in(with_script, "Dr. Hanne Weiß")
    browser = with_script.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=with_script.url,
        storage_state=with_script.context.storage_state(),
        java_script_enabled=False,
        locale="de-DE",
    )
    page = context.new_page()
    page.goto("/evidence")
    page.get_by_role("button", name="Dossier").click()
    expect(page.get_by_text("wartet, bis sie an der Reihe ist")).to_be_visible()
    maker().step(40, 100, "evidence.json")
    page.get_by_role("link", name="Noch einmal nachsehen").click()
    expect(page.get_by_role("progressbar", name="wird erstellt, 40 %: evidence.json")).to_be_visible()
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_text("Die Datei wurde verworfen.")).to_be_visible()
    context.close()
