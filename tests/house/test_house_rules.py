"""The house rules of pages see what they are there to see."""

import pytest

from tests.leftovers import foreign_to
from tests.page import Page, check_house_rules

GOOD = """<!doctype html><html lang="de"><head><title>Kanäle</title></head><body><h1>Kanäle</h1>
<form method="post" action="/x"><label for="a">Name</label><input id="a" name="a" value="1"></form>
<p>Satz</p></body></html>"""


def test_a_good_page_passes() -> None:
    check_house_rules(Page(GOOD), "de")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<p>", "<h1>", "2 h1"),
        ("<title>Kanäle</title>", "", "no title"),
        ('lang="de"', 'lang="en"', "lang is en"),
        ("<p>", '<p id="a">', "id a twice"),
        ('for="a"', "", "no label: a"),
        ("<p>", '<p style="color: red">', "inline style"),
        ("<p>", '<p onclick="x()">', "inline onclick"),
        ("<p>", "<script>x()</script><p>", "inline script"),
        ("<p>", '<p aria-describedby="b">', "points to b"),
        ("<p>", '<a href="/"></a><p>', "a without a name"),
        ("Satz", "%(name)s", "unfilled"),
        ("Satz", "None", "unfilled"),
        ("Satz", "Channels", "not de"),
        ("<p>", '<p title="Channels">', "not de"),
        ("Satz", "This page does not exist.", "not de"),
    ],
)
def test_a_bad_page_is_named_for_what_is_wrong(old: str, new: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_house_rules(Page(GOOD.replace(old, new, 1)), "de")


def test_words_with_something_filled_in_are_seen_in_both_languages() -> None:
    assert foreign_to("de").among(["Minutes of 12.05.2026", "Ergebnisprotokoll vom 12.05.2026"]) == [
        "Minutes of 12.05.2026"
    ]
    assert foreign_to("en").among(["Minutes of 12.05.2026", "Ergebnisprotokoll vom 12.05.2026"]) == [
        "Ergebnisprotokoll vom 12.05.2026"
    ]
