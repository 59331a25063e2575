"""Help: every word has its place in the glossary, its examples follow from the rules; whom to tell of a barrier."""

import re
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.help import examples, glossary, standing_examples
from tracker.help.entries import anchor_of
from tracker.models import Organisation
from tracker.rules.words import ChannelState, Criterion, Decision, Level, Outcome, Stage, Standing

SignIn = Callable[..., Browser]
TEMPLATES = Path(__file__).parents[2] / "templates"
STANDS = {"overdue": Standing.OVERDUE, "due_soon": Standing.DUE_SOON, "current": Standing.CURRENT,
        "at_rest": Standing.NOT_OWED}  # fmt: skip


@pytest.fixture
def stranger(app: Flask, clock_at: Callable[[Any], None]) -> Browser:
    """Somebody who is not signed in."""
    clock_at(date(2026, 10, 13))
    return Browser(app.test_client())


def anchors() -> list[str]:
    return [entry.anchor for chapter in glossary.CHAPTERS for entry in chapter.entries]


def test_every_word_of_the_rules_is_explained_once() -> None:
    assert len(anchors()) == len(set(anchors()))
    for value in chain(Outcome, Standing, Level, Criterion):
        assert anchor_of(value) in anchors(), value
    listed = [entry.lists for chapter in glossary.CHAPTERS for entry in chapter.entries]
    assert {ChannelState, Stage} < set(listed)


def test_every_question_mark_leads_to_a_word(stranger: Browser) -> None:
    page = stranger.get("/help/words")
    there = {one.get("id") for one in page.root.iter()}
    asked = set()
    for template in TEMPLATES.rglob("*.html"):
        asked |= set(re.findall(r'{{ help\("([^"]+)"', template.read_text("utf-8")))
    assert len(asked) > 5
    assert asked - there == set()


def test_the_glossary_says_what_every_decision_does_to_a_channel(stranger: Browser) -> None:
    told = stranger.get("/help/words").words("li")
    assert len([one for one in told if one.endswith("geschuldet.")]) == len(Decision)
    assert "ruhen lassen: der Kanal ist dann ruhend; nur Rechtmäßigkeit bleibt geschuldet." in told


def test_the_examples_are_of_this_year_and_follow_the_rules(stranger: Browser) -> None:
    text = stranger.get("/help/words").text
    assert (
        "1. Quartal 2026 ist am 31.03.2026 fällig; was am 01.04.2026 noch offen ist, ist überfällig." in text
    )
    assert "1. Quartal 2026 hat 90 Tage, die Nachfrist also 30: vom 01.04.2026 bis 30.04.2026." in text


def test_in_every_year_an_example_shows_what_it_is_an_example_of(app: Flask) -> None:
    for year in range(2024, 2053):  # 28 years: every calendar there is
        with app.test_request_context():
            told = {**examples.told(year), **standing_examples.told(year)}
        shown = {
            outcome.value: line.outcome
            for outcome in Outcome
            if (line := told[outcome.value].line) is not None
        }
        assert shown == {outcome.value: outcome for outcome in Outcome}, year
        stands = {name: told[name].position.standing for name in STANDS if told[name].position}  # type: ignore[union-attr]
        assert stands == STANDS, year
        assert told["entered_afterwards"].afterwards, year


def test_a_search_leaves_the_words_that_fit_and_says_when_none_does(stranger: Browser) -> None:
    page = stranger.get("/help/words?text=NACHFRIST")
    assert "Nachfrist" in page.words("h3")
    assert "Journal" not in page.words("h3")
    assert "Kein Begriff passt" in stranger.get("/help/words?text=gibtesnicht").text
    assert "<script>" not in stranger.get("/help/words?text=<script>").html.split("<main")[1]


def test_before_there_is_a_concept_both_pages_answer(stranger: Browser) -> None:
    assert "Begriffe" in stranger.get("/help/words").words("h1")
    assert "noch nicht benannt" in stranger.get("/help/accessibility").text


def test_the_statement_names_whom_to_tell_and_who_helps_and_every_page_leads_there(
    stranger: Browser, sign_in: SignIn
) -> None:
    factories.organisation()
    admin = sign_in("admin")
    form = admin.get("/organisation/change").form("change")
    admin.post(
        "/organisation/change",
        form.filled(
            accessibility_email="barrieren@example.org", enforcement_body="Schlichtungsstelle\nMusterweg 1",
            imprint="https://ihk.example.org/impressum", privacy_notice="https://ihk.example.org/datenschutz",
        ),
    )  # fmt: skip
    page = stranger.get("/login")
    assert page.link("Impressum") == "https://ihk.example.org/impressum"
    assert page.link("Datenschutzhinweise") == "https://ihk.example.org/datenschutz"
    told = stranger.get(page.link("Barrierefreiheit"))
    assert told.link("barrieren@") == "mailto:barrieren@example.org"
    assert "Schlichtungsstelle Musterweg 1" in told.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("imprint", "javascript:alert(1)"),
        ("privacy_notice", "https://" + "x" * 600),
        ("accessibility_email", "kein Postfach"),
        ("enforcement_body", "x" * 1001),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(sign_in: SignIn, field: str, typed: str) -> None:
    factories.organisation()
    admin = sign_in("admin")
    form = admin.get("/organisation/change").form("change")
    page: Page = admin.post("/organisation/change", form.filled(**{field: typed}), 422)
    assert page.all("p", id=f"{field}-error")
    assert typed in page.html
    assert getattr(db.session.get_one(Organisation, 1), field) is None
