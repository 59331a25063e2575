"""Answers typed into a log to questions no longer asked so: reworded, or stopped, while the meeting was logged.

They answer the earlier wording, so they are not written down as answers to the new one; nor do they vanish unsaid.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker import checks
from tracker.reviews.forms import CHECK_FIELD, parts_of
from tracker.reviews.queries import Line
from tracker.rules.words import Answer


@dataclass(frozen=True)
class Leftover:
    """What was answered, and to which question, in a few words of the reader's language."""

    question: str
    answer: Answer | None  # none for a prompt, and where it was to be as last time
    note: str


def of_lines(values: Mapping[str, str], lines: Iterable[Line]) -> dict[int, list[Leftover]]:
    """By channel, what is typed and belongs to no question of its line; channels without are left out."""
    asked = {line.channel.id: {one.key for one in line.asked} for line in lines}
    found: dict[int, list[Leftover]] = {}
    for channel_id, name in dict.fromkeys(_question_of(key) for key, value in values.items() if value):
        if channel_id is None or name is None or name in asked.get(channel_id, {name}):
            continue
        said = values.get(f"channel-{channel_id}.{name}", "")
        answer = Answer(said) if said in set(Answer) else None
        note = values.get(f"channel-{channel_id}.{name}.note", "")
        found.setdefault(channel_id, []).append(
            Leftover(checks.label(int(name.removeprefix("check-"))), answer, note)
        )
    return found


def _question_of(key: str) -> tuple[int | None, str | None]:
    channel_id, name = parts_of(key)
    return channel_id, name.removesuffix(".note") if CHECK_FIELD.fullmatch(name) else None
