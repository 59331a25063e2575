"""The one way through: an editor logs and closes, a manager sees the board change, an auditor takes the CSV."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import axe_finds_nothing, sign_in
from tracker.extensions import db
from tracker.models import Meeting

pytestmark = pytest.mark.browser


def test_a_logged_meeting_reaches_the_board_and_the_evidence(
    chamber: Meeting, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    meeting_id = chamber.id
    channel_ids = [line.channel_id for line in chamber.agenda]
    db.session.commit()

    manager = open_page()
    sign_in(manager, "Katrin Seidel")
    assert manager.locator(".matrix .is-overdue").count() == 11
    axe_finds_nothing(manager)

    editor = open_page()
    sign_in(editor, "Jonas Brandt")
    editor.goto(f"/meetings/{meeting_id}/log")
    axe_finds_nothing(editor)
    fill_in(editor, channel_ids)
    editor.get_by_role("button", name="Abschluss prüfen").first.click()
    editor.wait_for_url("**/close")
    axe_finds_nothing(editor)
    editor.locator("main button.btn-primary").last.click()
    editor.wait_for_url(f"**/meetings/{meeting_id}")
    axe_finds_nothing(editor)
    assert "Datenschutzhinweise nennen die alte Anschrift." in editor.inner_text("main")

    manager.reload()
    assert manager.locator(".matrix .is-late").count() == 11
    assert manager.locator(".matrix .is-overdue").count() == 0
    axe_finds_nothing(manager)

    auditor = open_page()
    sign_in(auditor, "Dr. Hanne Weiß")
    auditor.goto("/evidence")
    axe_finds_nothing(auditor)
    with auditor.expect_download() as download:
        auditor.get_by_role("button", name="CSV").click()
    file = tmp_path / "evidence.csv"
    download.value.save_as(file)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))
    late = [row for row in rows if "verspätet" in row]
    assert len(late) == 33
    assert any("Datenschutzhinweise nennen die alte Anschrift." in row for row in rows)
    assert rows[-1][0].endswith("Zeilen")


def fill_in(page: Page, channel_ids: list[int]) -> None:
    """33 levels; the second channel gets a remark with its reason; then who was there."""
    for channel_id in channel_ids:
        for criterion in ("cost_benefit", "legality", "strategy"):
            page.locator(f'label[for="channel-{channel_id}.{criterion}.level"]').click()
    remark = f"channel-{channel_ids[1]}.legality"
    page.locator(f'label[for="{remark}.level-remark"]').click()
    page.locator(f'[id="{remark}.reason"]').fill("Datenschutzhinweise nennen die alte Anschrift.")
    page.locator("#head summary").click()
    page.locator("#held_on").fill("2026-04-10")
    page.locator("#chair").fill("Katrin Seidel")
    page.locator("#minute_taker").fill("Jonas Brandt")
    page.locator('[id="present"]').get_by_label("Katrin Seidel").check()
    page.locator("#nobody_excused").check()
