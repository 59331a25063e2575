"""The glossary: all words in their chapters, with the examples of a year, and what of it fits a search."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.help import consequences, examples, standing_examples
from tracker.help.counted import Example
from tracker.help.entries import Chapter, Entry
from tracker.help.evidence_words import EVIDENCE, REMINDING
from tracker.help.meeting_words import MEETINGS
from tracker.help.promise_words import OUTCOMES, PROMISE, STANDINGS
from tracker.language import word
from tracker.models import Organisation
from tracker.rules.reminding import DEFAULT_TIMING, Timing

CHAPTERS: tuple[Chapter, ...] = (PROMISE, OUTCOMES, STANDINGS, MEETINGS, REMINDING, EVIDENCE)
REGION = "DE"  # whose holidays the examples know before there is an organisation


@dataclass(frozen=True)
class Found:
    """The chapters of the page, and the examples by the anchor of their word."""

    chapters: tuple[Chapter, ...]
    examples: dict[str, Example]

    @property
    def count(self) -> int:
        """How many words there are."""
        return sum(len(chapter.entries) for chapter in self.chapters)


def name_of(entry: Entry) -> str:
    """What the word is called in the language of the page."""
    return str(entry.name) if entry.name else word(entry.value)


def found(today: date, organisation: Organisation | None, text: str = "") -> Found:
    """All words, or those in whose name, sentences or example a text occurs; the examples are of today's year."""
    year = today.year
    counted = {**examples.told(year), **standing_examples.told(year)}
    counted |= consequences.told(year, *_reminding(organisation))
    wanted = text.casefold()

    def fits(entry: Entry) -> bool:
        example = counted.get(entry.anchor)
        said = [name_of(entry), str(entry.says), example.says if example else ""]
        said += [word(value) for value in entry.lists or ()]
        return wanted in " ".join(said).casefold()

    chapters = (
        replace(chapter, entries=tuple(entry for entry in chapter.entries if fits(entry)))
        for chapter in CHAPTERS
    )
    return Found(tuple(chapter for chapter in chapters if chapter.entries), counted)


def _reminding(row: Organisation | None) -> tuple[str, Timing]:
    if row is None:
        return REGION, DEFAULT_TIMING
    return row.holiday_region, Timing(row.notice_workdays, row.overdue_workdays, row.escalation_workdays)
