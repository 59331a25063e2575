"""What of the concept says something else than when it was judged, and which items of the checklist that concerns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.concept_changed import CHECKS, Part, changed_parts, checks_concerned

SAID = st.dictionaries(st.sampled_from(Part), st.none() | st.text("aä \n", max_size=4))


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Betriebe", "Betriebe "),
        ("Betriebe und\nSchulen", "Betriebe und Schulen"),
        ("Betriebe\r\n\r\nSchulen", "Betriebe\n\nSchulen"),
        ("Gründer", "Gru\u0308nder"),
        (None, ""),
        ("", " \n"),
    ],
)
def test_spacing_and_spelling_of_the_same_words_are_no_change(then: str | None, now: str | None) -> None:
    assert changed_parts({Part.AUDIENCE: then}, {Part.AUDIENCE: now}) == ()
    assert changed_parts({Part.AUDIENCE: now}, {Part.AUDIENCE: then}) == ()


@pytest.mark.parametrize(
    ("then", "now"), [("Betriebe", "betriebe"), (None, "Alle"), ("Alle", ""), ("ein Team", "einTeam")]
)
def test_another_word_is_a_change(then: str | None, now: str | None) -> None:
    assert changed_parts({Part.AUDIENCE: then}, {Part.AUDIENCE: now}) == (Part.AUDIENCE,)


def test_a_renamed_platform_and_another_person_are_told_in_the_order_of_the_page() -> None:
    then = {Part.RESPONSIBLE: "Katrin Seidel", Part.PURPOSE: "Kurzes", Part.PLATFORM: "Twitter"}
    now = {Part.RESPONSIBLE: "Mia Wolf", Part.PURPOSE: "Kurzes", Part.PLATFORM: "X"}
    assert changed_parts(then, now) == (Part.PLATFORM, Part.RESPONSIBLE)


def test_what_one_side_does_not_know_is_not_compared() -> None:
    """A review taken in from elsewhere names no version: then only platform and name are known."""
    assert changed_parts({Part.PLATFORM: "X"}, {Part.PLATFORM: "X", Part.AUDIENCE: "Alle"}) == ()
    assert changed_parts({Part.PLATFORM: "X", Part.AUDIENCE: "Alle"}, {Part.PLATFORM: "X"}) == ()


@given(SAID, SAID)
def test_it_does_not_matter_which_text_is_the_older_one(then: dict[Part, str], now: dict[Part, str]) -> None:
    assert changed_parts(then, now) == changed_parts(now, then)
    assert changed_parts(then, then) == ()


def test_two_changed_parts_name_an_item_once() -> None:
    assert checks_concerned([Part.PLATFORM, Part.NAME]) == tuple(sorted(CHECKS[Part.PLATFORM]))
    assert checks_concerned([Part.COMMITMENTS]) == ()  # they are items of their own
    assert checks_concerned([]) == ()
