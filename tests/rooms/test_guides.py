"""The guides of help: for whoever reads them, short, and leading only where that person may go."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale

from benchmarks import pictures
from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.dossier.verify import TEXTS
from tracker.help import views
from tracker.language import word
from tracker.rules.words import Level, Stage

SignIn = Callable[..., Browser]
GUIDES = ("editors", "managers", "auditors")
MOST = 200  # words of a section


def links(page: Page) -> set[str]:
    """Where the text of a page leads within the app, without the place on the page."""
    text = page.html.split("<main")[1].split("</main>")[0]
    return {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)}


@pytest.mark.parametrize("language", ["de", "en"])
def test_whoever_is_not_signed_in_reads_them_and_is_led_to_help_alone(app: Flask, language: str) -> None:
    stranger = Browser(app.test_client(), language)
    for guide in GUIDES:
        assert {
            link for link in links(stranger.get(f"/help/{guide}")) if not link.startswith("/help")
        } == set()


@pytest.mark.parametrize("role", ["editor", "manager", "auditor", "admin"])
def test_every_page_they_lead_to_may_be_seen_by_whoever_is_led_there(sign_in: SignIn, role: str) -> None:
    unit = factories.unit()
    for units in ([], [unit]):
        someone = sign_in(role, units=units)
        led = set().union(*(links(someone.get(f"/help/{guide}")) for guide in GUIDES))
        assert {"/meetings", "/help/words"} <= led
        for link in led:
            someone.get(link)


def test_only_who_may_check_everything_is_led_there(sign_in: SignIn) -> None:
    unit = factories.unit()
    assert "/journal/verify" in links(sign_in("auditor").get("/help/auditors"))
    assert "/journal/verify" not in links(sign_in("auditor", units=[unit]).get("/help/auditors"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_section_is_longer_than_one_reads(app: Flask, language: str) -> None:
    stranger = Browser(app.test_client(), language)
    for guide in GUIDES:
        said = stranger.get(f"/help/{guide}").words("section")
        assert len(said) > 3
        assert [len(one.split()) for one in said if len(one.split()) > MOST] == []


def test_they_name_every_verdict_and_every_occasion_as_the_app_does(app: Flask) -> None:
    stranger = Browser(app.test_client())
    with app.test_request_context(), force_locale("de"):
        verdicts, occasions = {word(one) for one in Level}, {word(one) for one in Stage}
    assert verdicts <= set(stranger.get("/help/editors").words("a"))
    assert occasions <= set(stranger.get("/help/managers").words("th"))


def test_what_the_program_of_the_dossier_answers_is_quoted_as_it_says_it(app: Flask) -> None:
    quoted = set(Browser(app.test_client(), "en").get("/help/auditors").words("dt"))
    said = {TEXTS[key].format("evidence.csv") for key in ("good", "alone", "changed", "no_head")}
    assert quoted == said


def test_the_pictures_they_show_are_there_and_no_others_are_served(app: Flask) -> None:
    client, shown = app.test_client(), set()
    for language in ("de", "en"):
        for guide in GUIDES:
            page = Browser(app.test_client(), language).get(f"/help/{guide}")
            shown |= {one.get("src", "") for one in page.all("img")}
    assert shown == {f"/help/pictures/{name}" for name in views.SHOWN}
    for address in shown:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert "max-age=3600" in answer.headers["Cache-Control"]
        answer.close()
    for other in ("board", "..%2f..%2fREADME", "digest.png"):
        assert client.get(f"/help/pictures/{other}").status_code == 404
    assert views.PICTURES == pictures.HERE


def test_every_page_leads_to_help_and_from_there_to_each_guide(app: Flask) -> None:
    stranger = Browser(app.test_client())
    start = stranger.get(stranger.get("/login").link("Hilfe"))
    assert "Anleitung für die Leitung" in stranger.get(start.link("Für die Leitung")).words("h1")
    assert "Begriffe" in stranger.get(start.link("Begriffe")).words("h1")
