"""The rules by which the journal's chain is checked, over plain rows and with nothing but the standard library.

The format of an entry is described in docs/journal.md; everything here follows from it, so that a checker which has
only a file of the journal can follow the same rules.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

START = "0" * 64  # the previous hash of the first entry
KEYS = ["at", "by", "deed", "format", "ids", "number", "previous", "unit", "words"]


@dataclass(frozen=True)
class Stored:
    """An entry as it is stored: the body that was hashed, its hash, and the columns that repeat parts of it.

    `at` is a moment in UTC as the body writes it, "2026-03-31T10:00:00Z".
    """

    number: int
    body: str
    hash: str
    at: str
    deed: str
    by: int | None
    unit: int | None


@dataclass(frozen=True)
class Word:
    """Words of an entry. Erased words have neither salt nor text."""

    number: int
    field: str
    salt: str | None
    text: str | None


@dataclass(frozen=True)
class Verdict:
    """What checking found: the head it reached, or the first broken entry and what is wrong with it.

    `sought_at` is the number of the entry whose hash was sought; None if it is not in the chain.
    """

    entries: int
    head: str
    erased: int
    broken: int | None = None
    fault: str = ""
    sought_at: int | None = None


def check(entries: Iterable[Stored], words: Iterable[Word], sought: str | None = None) -> Verdict:
    """Walk the chain from its first entry to the first broken one, or to its end.

    Both rows come in the order of their numbers. `sought` is the hash of an earlier head.
    """
    number, previous, erased, sought_at = 0, START, 0, None
    said = _Beside(words)
    if sought == START:
        sought_at = 0
    for entry in entries:
        own = list(said.up_to(entry.number))
        fault = fault_of(entry, number + 1, previous, own)
        if fault:
            return Verdict(number, previous, erased, min(number + 1, entry.number), fault, sought_at)
        erased += sum(1 for word in own if word.text is None)
        number, previous = entry.number, entry.hash
        if entry.hash == sought:
            sought_at = number
    if said.left():
        return Verdict(
            number, previous, erased, number + 1, "there are words of it, but the entry is missing", sought_at
        )
    return Verdict(number, previous, erased, None, "", sought_at)


def fault_of(entry: Stored, number: int, previous: str, words: list[Word]) -> str:
    """What is wrong with one entry that should have this number and follow this hash; empty if nothing is."""
    if entry.number != number:
        return (
            f"the entry is missing; the next one is {entry.number}"
            if entry.number > number
            else "its number is taken"
        )
    if sha256(entry.body.encode("utf-8", "surrogatepass")).hexdigest() != entry.hash:
        return "its hash is not that of its text"
    body = _read(entry.body)
    if body is None:
        return "its text is not in the format of an entry"
    if body["number"] != number:
        return "its text has another number"
    if body["previous"] != previous:
        return "it does not follow from the entry before it"
    for name, column in (("at", entry.at), ("deed", entry.deed), ("by", entry.by), ("unit", entry.unit)):
        if body[name] != column:
            return f"its column {name} differs from its text"
    return _fault_of_words(body["words"], words)


def _read(body: str) -> dict[str, object] | None:
    """The body as values; None unless it is written exactly as the format says."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or sorted(found) != KEYS or found["format"] != 1:
        return None
    again = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return found if again == body else None


def _fault_of_words(hashes: object, words: list[Word]) -> str:
    if not isinstance(hashes, dict) or sorted(hashes) != sorted(word.field for word in words):
        return "its words are not those it was written with"
    for word in words:
        if (word.salt is None) != (word.text is None):
            return f"its words “{word.field}” are erased by half"
        if word.salt is None or word.text is None:
            continue
        if sha256((word.salt + word.text).encode("utf-8", "surrogatepass")).hexdigest() != hashes[word.field]:
            return f"its words “{word.field}” were changed"
    return ""


class _Beside:
    """Words read along with the entries, both in the order of numbers."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words: Iterator[Word] = iter(words)
        self._next = next(self._words, None)

    def up_to(self, number: int) -> Iterator[Word]:
        """The words of this number, and any of a smaller one, which belong to no entry."""
        while self._next is not None and self._next.number <= number:
            yield self._next
            self._next = next(self._words, None)

    def left(self) -> bool:
        """Whether there are words of later numbers."""
        return self._next is not None
