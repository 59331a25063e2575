"""Reviews and heads of meetings as the journal tells them: for whoever writes an entry, and whoever compares it later.

What is said here is part of entries that never change: a new way to say it would make old entries differ from their
rows. So these words stay as they are, in English, and pages translate them.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Protocol

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import CheckItem, CheckWording
from tracker.rules.words import Answer, Decision, Level


class SaidRating(Protocol):
    """A rating, stored or about to be."""

    @property
    def level(self) -> Level: ...
    @property
    def reason(self) -> str: ...
    @property
    def unchanged(self) -> bool: ...


class SaidDecision(Protocol):
    """A decision, stored or about to be."""

    @property
    def decision(self) -> Decision: ...
    @property
    def from_on(self) -> date | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def successor_id(self) -> int | None: ...


class SaidCheck(Protocol):
    """An answer, stored or about to be."""

    @property
    def wording_id(self) -> int: ...
    @property
    def answer(self) -> Answer | None: ...
    @property
    def note(self) -> str: ...
    @property
    def confirmed(self) -> bool: ...
    @property
    def checked_on(self) -> date | None: ...


def rating(said: SaidRating) -> str:
    """Level and reason."""
    unchanged = " (unchanged)" if said.unchanged else ""
    return f"{said.level}{unchanged}" + (f": {said.reason}" if said.reason else "")


def decision(said: SaidDecision) -> str:
    """What becomes of the channel, from when, why."""
    since = f" from {said.from_on}" if said.from_on else ""
    successor = f", successor channel {said.successor_id}" if said.successor_id else ""
    return f"{said.decision}{since}{successor}" + (f": {said.reason}" if said.reason else "")


def checks(said: Iterable[SaidCheck]) -> str:
    """A line an answer, by the item's key and the number of its wording."""
    listed = list(said)
    query = select(CheckWording.id, CheckItem.key, CheckWording.number).join(CheckWording.item)
    query = query.where(CheckWording.id.in_({one.wording_id for one in listed}))
    known = {key: (item, number) for key, item, number in db.session.execute(query)}
    return "\n".join(check(one, *known[one.wording_id]) for one in listed)


def check(said: SaidCheck, item: str, number: int) -> str:
    """An answer to the item of this key, in the wording of this number."""
    answer = said.answer or "said"
    confirmed = f" (as on {said.checked_on})" if said.confirmed else ""
    note = f": {said.note}" if said.note else ""
    return f"{item} v{number} {answer}{confirmed}{note}"


def head(
    *,
    chair: str,
    minute_taker: str,
    place: str,
    begins_at: time | str | None,
    ends_at: time | str | None,
    present: Iterable[str],
    excused: Iterable[str],
    guests: Iterable[str],
) -> dict[str, str]:
    """Who, when and where; times are local to the organisation, as the database writes them or as Python does."""
    return {
        "chair": chair,
        "minute_taker": minute_taker,
        "place": place,
        "time": "–".join(str(one)[:5] for one in (begins_at, ends_at) if one),
        "present": ", ".join(present),
        "excused": ", ".join(excused),
        "guests": ", ".join(guests),
    }
