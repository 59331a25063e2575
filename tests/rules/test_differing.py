"""Two versions of a text, told apart word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.differing import pieces


def marked(old: str, new: str) -> tuple[str, str]:
    """Both texts with what differs in brackets."""
    before, after = (
        "".join(f"[{one.text}]" if one.differs else one.text for one in side) for side in pieces(old, new)
    )
    return before, after


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Impressum fehlt", "Impressum fehlt", "Impressum fehlt", "Impressum fehlt"),
        ("Impressum fehlt", "Impressum steht", "Impressum [fehlt]", "Impressum [steht]"),
        ("Katrin Seidel", "Mia Wolf", "[Katrin Seidel]", "[Mia Wolf]"),
        ("seit Mai", "seit dem 4. Mai", "seit Mai", "seit [dem 4. ]Mai"),
        ("", "neu", "", "[neu]"),
        ("alt", "", "[alt]", ""),
    ],
)
def test_what_differs_is_marked(old: str, new: str, before: str, after: str) -> None:
    assert marked(old, new) == (before, after)


def test_a_very_long_text_differs_as_a_whole() -> None:
    assert [one.differs for one in pieces("a b " * 5_000, "a c " * 5_000)[0]] == [True]


@given(st.text("ab \n"), st.text("ab \n"))
def test_put_together_again_both_texts_are_as_they_were(old: str, new: str) -> None:
    assert tuple("".join(one.text for one in side) for side in pieces(old, new)) == (old, new)
