"""Words of the wrong language on a page: English that was never translated, German that was never taken as English."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOG = Path(__file__).parent.parent / "tracker/translations/de/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]")


@dataclass(frozen=True)
class Foreign:
    """What must not stand on a page of one language."""

    whole: frozenset[str]
    filled: tuple[re.Pattern[str], ...]

    def among(self, pieces: Iterable[str]) -> list[str]:
        """The pieces that are such words, also where names and numbers were filled in."""
        return [
            piece
            for piece in pieces
            if piece in self.whole or any(one.fullmatch(piece) for one in self.filled)
        ]


@lru_cache(maxsize=2)
def foreign_to(language: str) -> Foreign:
    """For "de" the English of the catalogue, for "en" the German; only what is a different word in the other one.

    A word of four letters, or on an English page any single word, may be a name that somebody entered.
    """
    with CATALOG.open("rb") as file:
        messages = [one for one in read_po(file, locale="de") if one.id]
    english = {said for one in messages for said in _forms(one.id)}
    german = {said for one in messages for said in _forms(one.string)}
    words = english - german if language == "de" else {said for said in german - english if " " in said}
    return Foreign(
        frozenset(said for said in words if len(said) > 4 and not PLACE.search(said)),
        tuple(_pattern(said) for said in sorted(words) if PLACE.search(said) and _letters(said) >= 8),
    )


def _forms(said: object) -> list[str]:
    forms = [said] if isinstance(said, str) else list(said) if isinstance(said, (list, tuple)) else []
    return [" ".join(form.split()) for form in forms]


def _letters(said: str) -> int:
    return sum(letter.isalpha() for letter in PLACE.sub("", said))


def _pattern(said: str) -> re.Pattern[str]:
    return re.compile(".+?".join(re.escape(part) for part in PLACE.split(said)))
