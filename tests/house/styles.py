"""`make styles`: of Bootstrap's stylesheet what the pages can use, as tracker/static/vendor/bootstrap.css.

A rule is kept if every class it names is a word somewhere in our templates, scripts or sources: rather too much than
too little. Whole, the stylesheet is five times as much on the way to a first visit as what is left of it.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import tinycss2

PROJECT = Path(__file__).parents[2]
WHOLE = Path(__file__).with_name("bootstrap-5.3.8.min.css")
SHIPPED = PROJECT / "tracker/static/vendor/bootstrap.css"
SPEAKING = (("templates", "*.html"), ("tracker/static", "*.js"), ("tracker", "*.py"))
NESTED = {"media", "supports", "layer"}
HEAD = "Made by `make styles`: the rules that our pages can use."


def subset() -> str:
    """The rules of WHOLE that can apply to our pages, in their order, with its notice of copyright."""
    notice, rules = _read(WHOLE.read_text("utf-8"))
    kept = _kept(rules, _words())
    return f"/*{notice}*/\n/* {HEAD} */\n{_with_their_animations(kept)}\n"


def classes(selector: str) -> set[str]:
    """The classes that an element, or one around it, must have."""
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r":not\([^)]*\)", "", selector)))


@cache
def _words() -> frozenset[str]:
    found: set[str] = set()
    for folder, pattern in SPEAKING:
        for file in (PROJECT / folder).rglob(pattern):
            found |= set(re.findall(r"[A-Za-z_][\w-]*", file.read_text("utf-8")))
    return frozenset(found)


def _read(text: str) -> tuple[str, list[Any]]:
    parsed = tinycss2.parse_stylesheet(text, skip_whitespace=True)
    notice = next(one.value for one in parsed if one.type == "comment")
    return notice, [one for one in parsed if one.type in {"qualified-rule", "at-rule"}]


def _kept(rules: Iterable[Any], words: frozenset[str]) -> list[str]:
    found = []
    for rule in rules:
        prelude = tinycss2.serialize(rule.prelude).strip()
        if rule.type == "qualified-rule":
            mine = [one for one in _selectors(rule.prelude) if classes(one) <= words]
            if mine:
                found.append(f"{','.join(mine)}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.at_keyword in NESTED:
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if below := _kept(inside, words):
                found.append(f"@{rule.at_keyword} {prelude}{{{''.join(below)}}}")
        elif rule.content is not None:
            found.append(f"@{rule.at_keyword} {prelude}{{{tinycss2.serialize(rule.content)}}}")
    return found


def _selectors(prelude: Iterable[Any]) -> list[str]:
    """One by one; commas within brackets are the selector's own."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _with_their_animations(kept: list[str]) -> str:
    plain = "".join(one for one in kept if not one.startswith("@keyframes"))
    moving = [one for one in kept if one.startswith("@keyframes") and one.split("{")[0].split()[-1] in plain]
    return plain + "".join(moving)


if __name__ == "__main__":
    SHIPPED.write_text(subset(), "utf-8")
