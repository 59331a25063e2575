"""A page as a test reads it, and the house rules that every page keeps."""

import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib

from tests.leftovers import foreign_to

HEARD = ("aria-label", "title", "alt", "placeholder")
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
SILENT = {"script", "style", "template"}
FIELDS = {"input", "select", "textarea"}
UNLABELLED_KINDS = {"hidden", "submit", "button", "reset", "image"}


class Page:
    """The parsed HTML of one answer."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root: Element = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)

    @cached_property
    def text(self) -> str:
        """Everything that can be read, spaces folded."""
        return " ".join(" ".join(self.pieces).split())

    @cached_property
    def pieces(self) -> list[str]:
        """The single texts of the page, in their order."""
        return [said for said in (" ".join(piece.split()) for piece in _texts(self.root)) if said]

    @cached_property
    def heard(self) -> list[str]:
        """What the page says in attributes: names of things for those who do not see them, and hints."""
        said = (one.get(name) or "" for one in self.root.iter() if isinstance(one.tag, str) for name in HEARD)
        return [" ".join(one.split()) for one in said if one.strip()]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements by tag and attributes (`class_` for a class)."""
        wanted_class = attributes.pop("class_", None)
        found = [one for one in self.root.iter(tag) if all(one.get(k) == v for k, v in attributes.items())]
        return [
            one for one in found if wanted_class is None or wanted_class in (one.get("class") or "").split()
        ]

    def words(self, tag: str, **attributes: str) -> list[str]:
        """What the elements say."""
        return [" ".join(" ".join(_texts(one)).split()) for one in self.all(tag, **attributes)]

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        for one in self.all("a"):
            if words in " ".join(" ".join(_texts(one)).split()):
                return one.get("href") or ""
        raise AssertionError(f"no link {words!r} on the page")

    def form(self, action: str = "") -> "Form":
        """The form whose action contains these letters, with its fields as a browser would send them."""
        for one in self.all("form"):
            if action in (one.get("action") or "") and (action or one.get("method", "").lower() == "post"):
                return Form(one.get("action") or "", _fields(one))
        raise AssertionError(f"no form for {action!r} on the page")


@dataclass
class Form:
    """A form's address and values; a list where a name is there several times."""

    action: str
    values: dict[str, str | list[str]]

    def filled(self, **values: str | list[str]) -> dict[str, str | list[str]]:
        """The values with some of them changed."""
        return {**self.values, **values}


def _fields(form: Element) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "")
        if (
            one.tag not in FIELDS
            or not name
            or kind in {"submit", "button", "file"}
            or "disabled" in one.attrib
        ):
            continue
        if one.tag == "select":
            chosen = [o for o in one.iter("option") if "selected" in o.attrib]
            if not chosen and "multiple" not in one.attrib:
                chosen = list(one.iter("option"))[:1]
            found.setdefault(name, []).extend(o.get("value", o.text or "") for o in chosen)
        elif one.tag == "textarea":
            found.setdefault(name, []).append((one.text or "").removeprefix("\n"))
        elif kind not in {"radio", "checkbox"} or "checked" in one.attrib:
            found.setdefault(name, []).append(one.get("value", "on" if kind == "checkbox" else ""))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items() if values}


def _texts(root: Element) -> list[str]:
    if root.tag in SILENT:
        return []
    found = [root.text or ""]
    for one in root:
        if isinstance(one.tag, str):
            found += _texts(one)
        found.append(one.tail or "")
    return found


def check_house_rules(page: Page, language: str) -> None:
    """What every page keeps: one h1, a title, its language, labels, ids used once, nothing inline or untranslated."""
    wrong = [*_structure(page, language), *_labels(page), *_references(page), *_inline(page)]
    wrong += [f"not {language}: {said!r}" for said in foreign_to(language).among([*page.pieces, *page.heard])]
    wrong += [f"unfilled: {piece!r}" for piece in page.pieces if re.search(r"%\(\w+\)|\{\{|\bNone\b", piece)]
    assert wrong == [], "\n".join(wrong)


def _structure(page: Page, language: str) -> list[str]:
    wrong = []
    if len(page.all("h1")) != 1:
        wrong.append(f"{len(page.all('h1'))} h1")
    if not any(page.words("title")):
        wrong.append("no title")
    if page.all("html")[0].get("lang") != language:
        wrong.append(f"lang is {page.all('html')[0].get('lang')}")
    ids = [one.get("id") for one in page.root.iter() if one.get("id")]
    wrong += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
    return wrong


def _labels(page: Page) -> list[str]:
    labelled = {one.get("for") for one in page.all("label")}
    inside = {id(field) for label in page.all("label") for field in label.iter()}
    return [
        f"no label: {one.get('name')}"
        for one in page.root.iter()
        if one.tag in FIELDS
        and one.get("type") not in UNLABELLED_KINDS
        and one.get("id") not in labelled
        and id(one) not in inside
        and not one.get("aria-label")
        and not one.get("aria-labelledby")
    ]


def _references(page: Page) -> list[str]:
    """Links and buttons have a name; what points to an id on the page finds it."""
    elements = [one for one in page.root.iter() if isinstance(one.tag, str)]
    ids = {one.get("id") for one in elements}
    wrong = [
        f"{name} of {one.tag} points to {wanted}, which is not there"
        for one in elements
        for name in REFERENCES
        for wanted in (one.get(name) or "").split()
        if wanted not in ids
    ]
    nameless = (one for one in elements if one.tag in {"a", "button"} and not one.get("aria-label"))
    return wrong + [
        f"{one.tag} without a name: {one.attrib}" for one in nameless if not "".join(_texts(one)).strip()
    ]


def _inline(page: Page) -> list[str]:
    wrong = [
        f"inline {name} on {one.tag}"
        for one in page.root.iter()
        if isinstance(one.tag, str)
        for name in one.attrib
        if isinstance(name, str) and (name == "style" or name.startswith("on"))
    ]
    wrong += ["inline script" for one in page.all("script") if not one.get("src")]
    return wrong + ["inline style" for _ in page.all("style")]
