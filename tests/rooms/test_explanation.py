"""Explaining a missed slot: written once, added to, never replaced, and only where a slot is missed."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tracker.channels.forms import TEXT_MAX
from tracker.extensions import db
from tracker.models import Channel, Entry, Explanation

MISSED, OVERDUE = "2026-4-2", "2026-4-3"


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """On 13 October 2026: the first quarter kept, the second missed, the third overdue in its grace."""
    clock_at("2026-10-13")
    made = factories.channel(factories.unit("Zweigstelle"), since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), [made])
    return made


def explain(browser: Any, channel: Channel, text: str, key: str = MISSED, expect: int = 200) -> Any:
    url = f"/channels/{channel.id}/slots/{key}"
    return browser.post(url, browser.get(url).form(url).filled(text=text), expect=expect)


def texts() -> list[str]:
    return list(db.session.scalars(select(Explanation.text).order_by(Explanation.id)))


def test_a_manager_explains_and_everybody_reads_it(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("manager", language="en")

    page = explain(browser, channel, "Die Redaktion war im Juni nicht besetzt.\r\nWir haben nachgeholt.")

    assert "Die Redaktion war im Juni nicht besetzt." in page.words("tr", id=f"slot-{MISSED}")[0]
    assert "The explanation by the management is missing" not in page.text
    (row,) = db.session.scalars(select(Explanation))
    assert (row.begins_on, row.due_on) == (date(2026, 4, 1), date(2026, 6, 30))
    assert row.text == "Die Redaktion war im Juni nicht besetzt.\nWir haben nachgeholt."
    assert row.by_id == browser.person.id
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (entry.deed, entry.unit_id) == ("channels.explain", channel.unit_id)
    assert MISSED in entry.body
    assert "Redaktion" not in entry.body


def test_an_explanation_is_added_to_and_not_replaced(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("manager", language="en")
    explain(browser, channel, "Erste Fassung.")

    page = explain(browser, channel, "Nachtrag.")

    assert texts() == ["Erste Fassung.", "Nachtrag."]
    (row,) = page.words("tr", id=f"slot-{MISSED}")
    assert row.index("Erste Fassung.") < row.index("Nachtrag.")


def test_the_channel_offers_managers_to_add_and_the_evidence_tells_both(
    channel: Channel, sign_in: Any
) -> None:
    browser = sign_in("manager")
    page = explain(browser, channel, "Erste Fassung.")

    again = browser.get(page.link("Erklärung ergänzen"))
    browser.post(f"/channels/{channel.id}/slots/{MISSED}", again.form(MISSED).filled(text="Nachtrag."))

    evidence = sign_in("auditor").get("/evidence")
    assert "Erste Fassung." in evidence.text
    assert "Nachtrag." in evidence.text
    assert "Erklärung ergänzen" not in sign_in("editor").get(f"/channels/{channel.id}").text


def test_the_same_form_sent_twice_writes_once(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("manager")
    explain(browser, channel, "Doppelt gesendet.")
    explain(browser, channel, "Doppelt gesendet.")

    assert texts() == ["Doppelt gesendet."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Please write why the slot was missed."),
        (" \n\t\x00 ", "Please write why the slot was missed."),
        ("x" * (TEXT_MAX + 1), "At most 4000 characters; these are 4001."),
    ],
)
def test_what_is_no_explanation_is_said_beside_the_field_and_stays_typed(
    channel: Channel, sign_in: Any, text: str, said: str
) -> None:
    page = explain(sign_in("manager", language="en"), channel, text, expect=422)

    assert said in page.text
    assert page.all("textarea")[0].get("aria-invalid") == "true"
    assert page.form("/slots/").values["text"].strip() == text.replace("\x00", "").strip()
    assert texts() == []


def test_signs_of_any_kind_are_kept_and_shown_as_text(channel: Channel, sign_in: Any) -> None:
    page = explain(sign_in("manager", language="en"), channel, "<b>Umbau</b> 🚧 &amp; \x00Krankheit")

    assert texts() == ["<b>Umbau</b> 🚧 &amp; Krankheit"]
    assert "<b>Umbau</b> 🚧 &amp; Krankheit" in page.text


def test_a_slot_that_is_not_missed_is_not_explained(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("manager", language="en")
    token = browser.get(f"/channels/{channel.id}/slots/{MISSED}").form("/slots/").values

    assert "This slot is not missed." in browser.get(f"/channels/{channel.id}/slots/{OVERDUE}").text
    page = browser.post(f"/channels/{channel.id}/slots/{OVERDUE}", {**token, "text": "Vorab."}, expect=409)

    assert "Nothing was saved." in page.text
    assert texts() == []


@pytest.mark.parametrize(
    "key", ["2026-4-5", "2026-5-1", "2025-4-4", "9998-4-1", "2030-4-1", "x", "2026-12-4"]
)
def test_a_slot_that_the_channel_does_not_owe_does_not_exist(
    channel: Channel, sign_in: Any, key: str
) -> None:
    sign_in("manager").get(f"/channels/{channel.id}/slots/{key}", expect=404)


@pytest.mark.parametrize("role", ["editor", "auditor", "admin"])
def test_nobody_but_a_manager_explains(channel: Channel, sign_in: Any, role: str) -> None:
    browser = sign_in(role, language="en")

    browser.get(f"/channels/{channel.id}/slots/{MISSED}", expect=403)
    assert "/slots/" not in browser.get(f"/channels/{channel.id}").html


def test_a_manager_of_another_unit_does_not_find_it(channel: Channel, sign_in: Any) -> None:
    sign_in("manager", units=[factories.unit()]).get(f"/channels/{channel.id}/slots/{MISSED}", expect=404)


def test_many_missed_slots_are_one_notice_with_a_link_each(app: Flask, sign_in: Any, clock_at: Any) -> None:
    clock_at("2026-10-13")
    monthly = factories.channel(since=date(2026, 1, 1), n=12)

    page = sign_in("manager", language="en").get(f"/channels/{monthly.id}")

    (notice,) = page.words("div", class_="notice-bad")
    assert notice.startswith("9 slots were missed and are not explained.")
    assert page.link("January 2026") == f"/channels/{monthly.id}/slots/2026-12-1"
