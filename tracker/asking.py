"""Begin, reword and end what reviews ask: shipped items, commitments of the concept, a body's own items.

A wording is never changed: another one follows it from a day on, and the newest that has begun is asked. Nothing here
commits. docs/looking.md says the same in words.
"""

import tomllib
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import CheckItem, CheckWording, Commitment, ConceptVersion, User
from tracker.rules.days import FIRST_YEAR
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion

SHIPPED = Path(__file__).parent / "checklist" / "shipped.toml"
BEGINNING = date(FIRST_YEAR, 1, 1)  # asked as long as anybody can remember
COMMITMENT = "commitment."  # how the key of an item begins that follows the concept
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """What an item asks, how one looks at it, and where: None everywhere, an empty set nowhere."""

    text_de: str
    text_en: str = ""
    how_de: str = ""
    how_en: str = ""
    platforms: frozenset[str] | None = None
    unit_ids: frozenset[str] | None = None

    @property
    def nowhere(self) -> bool:
        """Whether no channel is asked, whatever channels there are."""
        return NOWHERE in {self.platforms, self.unit_ids}


def question(wording: CheckWording) -> Question:
    """A wording without its number and its days."""
    return Question(**{name: getattr(wording, name) for name in Question.__dataclass_fields__})


def add(key: str, criterion: Criterion, asked: Question, from_on: date, by: User | None = None) -> CheckItem:
    """A new item behind the others of its criterion."""
    last = select(func.max(CheckItem.position)).where(CheckItem.criterion == criterion)
    item = CheckItem(key=key, criterion=criterion, position=(db.session.scalar(last) or 0) + 1)
    db.session.add(item)
    word(item, asked, from_on, by)
    return item


def word(
    item: CheckItem, asked: Question, from_on: date, by: User | None = None, reason: str = ""
) -> CheckWording:
    """The next wording of an item, in force from a day on. What was planned for that day or later gives way."""
    following = CheckWording(
        number=len(item.wordings) + 1,
        from_on=from_on,
        reason=reason,
        written_at=clock.now(),
        by_id=by.id if by else None,
        by_name=by.full_name if by else "",
        **{name: getattr(asked, name) for name in asdict(asked)},
    )
    item.wordings.append(following)
    db.session.flush()
    return following


def stop(item: CheckItem, from_on: date, by: User | None = None, reason: str = "") -> bool:
    """Ask it no longer from a day on; False if it has ended by then already.

    The newest wording says its last day. Where it says one already, or has not begun by then, another wording follows
    that is asked nowhere.
    """
    newest = item.wordings[-1]
    if newest.until_on is not None and newest.until_on < from_on:
        return False
    if newest.until_on is None and newest.from_on < from_on:
        newest.until_on = from_on - timedelta(days=1)
        db.session.flush()
    else:
        word(item, replace(question(newest), platforms=NOWHERE), from_on, by, reason)
    return True


@cache
def shipped() -> dict[Criterion, list[dict[str, Any]]]:
    """The items that come with the app, by criterion, as the file says them."""
    found = tomllib.loads(SHIPPED.read_text("utf-8"))
    return {criterion: found[criterion.value] for criterion in Criterion}


def ship() -> int:
    """Take in the items that come with the app and are not here yet, by key; how many. One entry of the journal."""
    known = set(db.session.scalars(select(CheckItem.key)))
    added = 0
    for criterion, listed in shipped().items():
        for said in (one for one in listed if one["key"] not in known):
            texts = {name: said[name] for name in ("text_de", "text_en", "how_de", "how_en")}
            where = None if said.get("asked", True) else NOWHERE
            add(said["key"], criterion, Question(**texts, platforms=where), BEGINNING)
            added += 1
    _note(added)
    return added


def follow(version: ConceptVersion, since: date | None = None) -> int:
    """Ask what the commitments of this version say, and no longer what it left out; how many items changed.

    From the day the version is in force, the first version from the beginning, or `since`. Where managers switched a
    commitment by platform or unit, that stays; one that comes back after it was left out is asked everywhere. Loading
    a version is the deed and has its entry in the journal.
    """
    if since is None:
        since = BEGINNING if version.number == 1 else version.since_on
    rows = db.session.scalars(select(CheckItem).where(CheckItem.key.startswith(COMMITMENT)))
    known = {item.key: item for item in rows}
    before = _keys_of(version.number - 1)
    changed = 0
    for commitment in version.commitments:
        item = known.pop(COMMITMENT + commitment.key, None)
        if item is None:
            add(COMMITMENT + commitment.key, Criterion.LEGALITY, Question(commitment.text), since)
            changed += 1
            continue
        newest = question(item.wordings[-1])
        wanted = (
            newest
            if newest.text_de == commitment.text
            else replace(newest, text_de=commitment.text, text_en="")
        )
        if newest.nowhere and commitment.key not in before:
            wanted = replace(wanted, platforms=None, unit_ids=None)
        if wanted != newest or item.wordings[-1].until_on is not None:
            word(item, wanted, since)
            changed += 1
    return changed + sum(stop(item, since) for item in known.values())


def _keys_of(number: int) -> frozenset[str]:
    """The commitments of the version with this number."""
    query = select(Commitment.key).join(ConceptVersion).where(ConceptVersion.number == number)
    return frozenset(db.session.scalars(query))


def take_in(version: ConceptVersion) -> None:
    """What loading a concept brings along: the shipped items that are missing, and its commitments."""
    ship()
    follow(version)


def catch_up() -> None:
    """What an installation older than these questions lacks: the shipped items, the commitments in force."""
    ship()
    newest = db.session.scalars(
        select(ConceptVersion).order_by(ConceptVersion.number.desc()).limit(1)
    ).first()
    if newest is not None and not _commitments_known():
        _note(follow(newest, BEGINNING))


def _commitments_known() -> bool:
    return (
        db.session.scalar(select(CheckItem.id).where(CheckItem.key.startswith(COMMITMENT)).limit(1))
        is not None
    )


def _note(added: int) -> None:
    if added:
        journal.note(db.session, Deed.CHECKLIST_CHANGE, ids={"added": added})
