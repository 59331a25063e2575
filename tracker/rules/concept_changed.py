"""Which parts of the concept differ between the text a review judged and the text now, and what is to be checked then.

docs/looking.md says the same in words.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Part(StrEnum):
    """What the concept says: first of one channel, then of all of them."""

    PLATFORM = "platform"
    NAME = "name"
    PURPOSE = "purpose"
    CONTENT = "content"
    AUDIENCE = "audience"
    RESPONSIBLE = "responsible"
    DEPUTY = "deputy"
    PROVIDER = "provider"
    ADDRESS = "address"
    LEGAL_REFERENCES = "legal_references"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ALTERNATIVE_ROUTES = "alternative_routes"
    COMMITMENTS = "commitments"


# The keys of the shipped items to look at anew. Commitments are items themselves: a new wording is asked as such.
CHECKS: Mapping[Part, tuple[str, ...]] = MappingProxyType(
    {
        Part.PLATFORM: ("L01", "L04", "L05", "L06", "L07"),
        Part.NAME: ("L01", "L05"),
        Part.PURPOSE: ("L02", "L06", "L07"),
        Part.CONTENT: ("L02", "L07", "L09"),
        Part.AUDIENCE: ("L02", "L07"),
        Part.RESPONSIBLE: ("L03", "L14"),
        Part.DEPUTY: ("L03", "L14"),
        Part.PROVIDER: ("L04", "L05", "L06"),
        Part.ADDRESS: ("L01", "L04", "L05"),
        Part.LEGAL_REFERENCES: ("L04", "L05", "L06"),
        Part.DATA_PROTECTION_OFFICER: ("L05", "L07", "L08"),
        Part.ALTERNATIVE_ROUTES: ("L09",),
        Part.COMMITMENTS: (),
    }
)

Said = Mapping[Part, str | None]


def changed_parts(then: Said, now: Said) -> tuple[Part, ...]:
    """The parts that say something else, in the order of Part. What one side does not know is not compared.

    Spaces and line ends make no difference, nor does an absent text against an empty one.
    """
    known = (part for part in Part if part in then and part in now)
    return tuple(part for part in known if _words(then[part]) != _words(now[part]))


def checks_concerned(parts: Iterable[Part]) -> tuple[str, ...]:
    """The keys of the items that these parts concern, each once, in their order."""
    return tuple(sorted({key for part in parts for key in CHECKS[part]}))


def _words(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())
