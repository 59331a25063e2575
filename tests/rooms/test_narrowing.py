"""Many channels: board and register are narrowed by the same filter and read page by page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker import narrowing
from tracker.models import Channel, Unit

SignIn = Callable[..., Browser]
PAGES_OF_CHANNELS = ("/", "/channels")
PAGE, FEW = 4, 3


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "PAGE", PAGE)
    monkeypatch.setattr(narrowing, "FEW", FEW)


@pytest.fixture
def units(app: Flask, clock_at: Callable[[str], None]) -> list[Unit]:
    """Two units with one page of channels and one more channel between them; the last has kept its quarter."""
    clock_at("2026-02-10")
    found = [factories.unit("Haupthaus"), factories.unit("Zweigstelle Süd")]
    made: list[Channel] = [
        factories.channel(found[k % 2], "Mastodon", f"Konto {k:03}", since=date(2026, 1, 1))
        for k in range(PAGE + 1)
    ]
    factories.closed_meeting(date(2026, 2, 3), made[-1:])
    return found


def channels_on(page: Page) -> list[str]:
    """The channels that are listed, in their order."""
    heads = [words for words in page.words("th", scope="row") if "Konto" in words]
    return [words.split("Konto ")[1][:3] for words in heads]


@pytest.mark.parametrize("address", PAGES_OF_CHANNELS)
def test_every_channel_stands_on_exactly_one_page(units: list[Unit], sign_in: SignIn, address: str) -> None:
    editor = sign_in()
    first, second = editor.get(address), editor.get(f"{address}?page=2")
    assert len(channels_on(first)) == PAGE
    assert sorted(channels_on(first) + channels_on(second)) == [f"{k:03}" for k in range(PAGE + 1)]
    assert "Seite 1 von 2" in first.text


@pytest.mark.parametrize("address", PAGES_OF_CHANNELS)
def test_a_filter_leaves_what_fits_and_stays_on_the_way_to_the_next_page(
    units: list[Unit], sign_in: SignIn, address: str
) -> None:
    editor = sign_in()
    page = editor.get(f"{address}?unit={units[1].id}&text=KONTO+00")
    assert channels_on(page) == ["001", "003"]
    assert "2 Kanäle passen." in page.text
    assert "text=Konto" in editor.get(f"{address}?text=Konto").link("Weiter")


@pytest.mark.parametrize("address", PAGES_OF_CHANNELS)
def test_nonsense_in_the_address_narrows_nothing(units: list[Unit], sign_in: SignIn, address: str) -> None:
    editor = sign_in()
    for nonsense in (
        "unit=99999",
        "unit=-1",
        "standing=lost",
        "page=0",
        "page=x",
        "unit=%D9%A2",
        "contact=all",
    ):
        assert len(channels_on(editor.get(f"{address}?{nonsense}"))) == PAGE, nonsense
    assert len(channels_on(editor.get(f"{address}?page=99"))) == 1  # the last page there is


@pytest.mark.parametrize("address", PAGES_OF_CHANNELS)
def test_what_fits_nothing_says_so_and_leads_back(units: list[Unit], sign_in: SignIn, address: str) -> None:
    page = sign_in().get(f"{address}?text=gibt+es+nicht")
    assert channels_on(page) == []
    assert page.link("Alle Kanäle zeigen").split("#")[0] == address


def test_the_promise_is_read_over_all_channels_whatever_is_shown(units: list[Unit], sign_in: SignIn) -> None:
    assert f"für alle {PAGE + 1} Kanäle" in sign_in().get("/?text=gibt+es+nicht").text


def test_few_channels_need_no_filter_on_the_board(clock_at: Callable[[str], None], sign_in: SignIn) -> None:
    clock_at("2026-02-10")
    unit = factories.unit()
    for k in range(FEW):
        factories.channel(unit, name=f"Konto {k:03}", since=date(2026, 1, 1))
    editor = sign_in()
    assert editor.get("/").all("form", role="search") == []
    factories.channel(unit, name="Konto 999", since=date(2026, 1, 1))
    assert len(editor.get("/").all("form", role="search")) == 1


def test_the_filter_names_no_unit_one_may_not_see(units: list[Unit], sign_in: SignIn) -> None:
    limited = sign_in(units=[units[0]])
    for address in PAGES_OF_CHANNELS:
        page = limited.get(f"{address}?unit={units[1].id}")
        assert "Zweigstelle Süd" not in page.text
        assert len(channels_on(page)) == PAGE // 2 + 1


def test_figures_of_many_channels_come_in_pages_and_the_way_keeps_what_was_asked(
    units: list[Unit], sign_in: SignIn
) -> None:
    editor = sign_in()
    first = editor.get("/figures?period=2026-4-1&by=reach")
    second = editor.get(first.link("Weiter"))
    assert sorted(channels_on(first) + channels_on(second)) == [f"{k:03}" for k in range(PAGE + 1)]
    assert "0 von 5 Kanälen" in first.text
    assert second.form("/figures").values["by"] == "reach"
