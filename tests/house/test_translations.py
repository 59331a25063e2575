"""German is complete: everything the code says in English stands in the catalogue, translated."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

PROJECT = Path(__file__).parent.parent.parent
CATALOG = PROJECT / "tracker/translations/de/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\((\w+)\)[sd]")


def catalog() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="de")


def test_every_word_of_the_code_stands_in_the_catalogue(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    words = ["-k", "_l", "-k", "lazy_gettext", "-k", "lazy_ngettext:1,2", "-k", "lazy_pgettext:1c,2"]
    pybabel = Path(sys.executable).with_name("pybabel")
    subprocess.run(
        [pybabel, "--quiet", "extract", "-F", "pyproject.toml", *words, "-o", template, "."],
        cwd=PROJECT,
        check=True,
    )
    with template.open("rb") as file:
        said = {(one.context, one.id) for one in read_po(file) if one.id}
    known = {(one.context, one.id) for one in catalog() if one.id}
    assert said == known, "run `make translations`"


def test_nothing_is_left_untranslated_or_doubtful() -> None:
    def words(one: object) -> list[str]:
        return [one] if isinstance(one, str) else list(one)  # type: ignore[call-overload]

    assert [one.id for one in catalog() if one.id and (one.fuzzy or not all(words(one.string)))] == []


def test_a_translation_fills_in_what_the_original_does() -> None:
    wrong = []
    for one in catalog():
        if not one.id:
            continue
        ids = [one.id] if isinstance(one.id, str) else list(one.id)
        strings = [one.string] if isinstance(one.string, str) else list(one.string)
        may = set(PLACE.findall(" ".join(ids)))
        wrong += [said for said in strings if not set(PLACE.findall(said)) <= may]
        if len(ids) == 1:
            wrong += [said for said in strings if set(PLACE.findall(said)) != may]
    assert wrong == []
