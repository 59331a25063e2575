"""What differs between two versions of a text, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS_MAX = 3_000  # of both texts together; longer ones are told apart as wholes, which takes no time
ALIKE_FROM = 0.4  # of the words of the longer text; with fewer in common, single words would only confuse


class Piece(NamedTuple):
    """A part of a text, and whether the other version has it as well."""

    text: str
    differs: bool


def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into what they share and what only one of them has; put together again they are unchanged."""
    was, now = _words(old), _words(new)
    if old == new or len(was) + len(now) > WORDS_MAX or _common(was, now) < ALIKE_FROM:
        return _whole(old, old != new), _whole(new, old != new)
    before: list[Piece] = []
    after: list[Piece] = []
    steps = SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes()
    for number, (kind, i1, i2, j1, j2) in enumerate(steps):
        old_part, new_part = "".join(was[i1:i2]), "".join(now[j1:j2])
        between = 0 < number < len(steps) - 1 and not old_part.strip()
        differs = kind != "equal" or between  # a space between two changed words belongs to the change
        _add(before, old_part, differs)
        _add(after, new_part, differs)
    return tuple(before), tuple(after)


def _add(found: list[Piece], text: str, differs: bool) -> None:
    """Put a part behind the others, as one with the last where that differs, too."""
    if text and found and found[-1].differs == differs:
        found[-1] = Piece(found[-1].text + text, differs)
    elif text:
        found.append(Piece(text, differs))


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def _common(was: list[str], now: list[str]) -> float:
    """Which share of the words, spaces aside, of the longer text the other one has as well, in this order."""
    old, new = ([word for word in words if word.strip()] for words in (was, now))
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(old), len(new), 1)


def _whole(text: str, differs: bool) -> tuple[Piece, ...]:
    return (Piece(text, differs),) if text else ()
