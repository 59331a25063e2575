"""The words of a journal entry in the reader's language, before and after as pairs.

What is stored are ISO dates and the English values of rules.words, beside what people wrote. Only values that
are known are turned into words; free text stays as it is, and an unknown key is told as it stands.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from tracker import language
from tracker.evidence import journal_words, words
from tracker.evidence.columns import Mark
from tracker.evidence.journal_names import Names
from tracker.rules.words import Answer, ChannelState, Criterion, Decision, Level, Outcome, Role, Stage

VALUES: dict[str, type[StrEnum]] = {"criteria": Criterion, "criterion": Criterion, "level": Level, "outcome": Outcome,
                                    "decision": Decision, "state": ChannelState, "role": Role, "stages": Stage,
                                    "mark": Mark}  # fmt: skip
OF_CHANNEL = re.compile(r"channel-(\d+)")
LEVEL = re.compile(rf"({'|'.join(Level)})( \(unchanged\))?(?:: (.*))?", re.DOTALL)
DECISION = re.compile(
    rf"({'|'.join(Decision)})(?: from (\d{{4}}-\d\d-\d\d))?(?:, successor channel (\d+))?(?:: (.*))?",
    re.DOTALL,
)
CHECK = re.compile(rf"(\S+) v(\d+) ({'|'.join(Answer)}|said)(?: \(as on (\d{{4}}-\d\d-\d\d)\))?(?:: (.*))?")
AGREED = re.compile(r"(.*); ([^;]*); (\d{4}-\d\d-\d\d)", re.DOTALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NOTHING = "–"


@dataclass(frozen=True)
class Said:
    """Words of an entry: once, or before and after. `about` is the channel they belong to. None: erased."""

    title: str
    text: str | None
    before: str | None = None
    paired: bool = False
    about: str = ""

    @property
    def same(self) -> bool:
        """Whether a pair says twice the same."""
        return self.paired and self.text == self.before


def channel(channel_id: int, names: Names) -> str:
    """A channel by its name, else by its number."""
    return names.channel.get(channel_id) or _("channel %(n)s", n=channel_id)


def said(
    given: Sequence[tuple[str, str | None]], names: Names, told_already: Collection[str] = ()
) -> list[Said]:
    """The words of an entry, those of channels last, "before" and "after" of one thing as a pair.

    Plain words that are among `told_already`, the names of things, are left out.
    """
    pairs: dict[tuple[str, ...], dict[str, str | None]] = {}
    for name, text in given:
        parts = tuple(name.split("."))
        side = next((one for one in ("before", "after") if one in parts), "")
        pairs.setdefault(tuple(one for one in parts if one != side), {})[side] = text
    told = [one for key, sides in pairs.items() for one in _said(key, sides, names)]
    news = [one for one in told if one.paired or one.text not in told_already]
    return sorted(news, key=lambda one: bool(one.about))


def _said(key: tuple[str, ...], sides: Mapping[str, str | None], names: Names) -> Iterator[Said]:
    of_channel = OF_CHANNEL.fullmatch(key[0]) if key else None
    about = channel(int(of_channel[1]), names) if of_channel else ""
    titled = key[1:] if of_channel else key
    if titled == ("checks",) and None not in sides.values() and "" not in sides:
        yield from _checks(sides, about)
        return
    title = journal_words.field(".".join(titled)) or _("Words")
    worded = {side: None if text is None else _worded(titled, text, names) for side, text in sides.items()}
    if "" in worded:
        yield Said(title, worded[""], about=about)
    if "before" in worded or "after" in worded:
        yield Said(title, worded.get("after", NOTHING), worded.get("before", NOTHING), True, about)


def _checks(sides: Mapping[str, str | None], about: str) -> Iterator[Said]:
    """The answers to the checklist before and after, item by item."""
    answers: dict[str, dict[str, str]] = {}
    for side, text in sides.items():
        for line in (text or "").split("\n"):
            answers.setdefault(line.partition(" ")[0], {})[side] = _check(line)
    for item, each in answers.items():
        told = {side: one.removeprefix(f"{item}:").strip() for side, one in each.items()}
        title = f"{journal_words.part('checks')} · {item}"
        yield Said(title, told.get("after", NOTHING), told.get("before", NOTHING), True, about)


def _worded(key: tuple[str, ...], text: str, names: Names) -> str:
    """One text in the reader's language; the name of the field decides what is known of it."""
    name = key[-1] if key else ""
    if name in set(Criterion):
        return _rating(text)
    if name == "decision":
        return _decision(text, names)
    if name == "checks":
        return "; ".join(_check(line) for line in text.split("\n"))
    agreed = AGREED.fullmatch(text) if name.startswith("action-") else None
    if agreed:
        return _("%(what)s (%(owner)s, until %(day)s)", what=agreed[1], owner=agreed[2], day=_day(agreed[3]))
    return in_words(name, text)


def _rating(text: str) -> str:
    found = LEVEL.fullmatch(text)
    if not found:
        return text
    unchanged = _("unchanged since last time")
    level = language.word(Level(found[1])) + (f" ({unchanged})" if found[2] else "")
    return f"{level}: {found[3]}" if found[3] else level


def _decision(text: str, names: Names) -> str:
    found = DECISION.fullmatch(text)
    if not found:
        return in_words("decision", text)
    told = language.word(Decision(found[1]))
    if found[2]:
        told += " " + _("from %(day)s on", day=_day(found[2]))
    if found[3]:
        told += ", " + _("followed by %(channel)s", channel=channel(int(found[3]), names))
    return f"{told}: {found[4]}" if found[4] else told


def _check(line: str) -> str:
    found = CHECK.fullmatch(line)
    if not found:
        return line
    told = "" if found[3] == "said" else " " + language.word(Answer(found[3]))
    as_on = _("as on %(day)s", day=_day(found[4] or ""))
    told += f" ({as_on})" if found[4] else ""
    return f"{found[1]}:{told}" + (f"{',' if told else ''} {found[5]}" if found[5] else "")


def in_words(name: str, text: str) -> str:
    """A day as days are written; a value of the rules by its word, also in a list of them; anything else as it is."""
    if DAY.fullmatch(text):
        return _day(text)
    kind = VALUES.get(name)
    parts = [one.strip() for one in text.split(",")]
    if kind is not None and all(one in {each.value for each in kind} for one in parts):
        return ", ".join(words.word(kind(one)) for one in parts)
    return {"de": _("German"), "en": _("English")}.get(text, text) if name == "language" else text


def _day(text: str) -> str:
    try:
        return language.day(date.fromisoformat(text))
    except ValueError:
        return text
