"""Changing what reviews ask: add, word anew, stop, order, require. Each deed has one entry; nothing here commits."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import asking, journal, language
from tracker.asking import Question
from tracker.checklist import queries, where
from tracker.extensions import db
from tracker.models import CheckItem, Organisation, User
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion

OWN = "own."
TEXTS = ("text_de", "text_en", "how_de", "how_en")


def add(criterion: Criterion, asked: Question, from_on: date, by: User) -> CheckItem:
    """An item of one's own, asked from a day on. Call it with the items held."""
    numbers = [int(key[len(OWN) :]) for key in _keys() if key.startswith(OWN) and key[len(OWN) :].isdigit()]
    item = asking.add(f"{OWN}{max(numbers, default=0) + 1}", criterion, asked, from_on, by)
    journal.note(
        db.session,
        Deed.CHECKLIST_CHANGE,
        item,
        ids={"key": item.key, "number": 1, "from": from_on.isoformat()},
        words=_differences(None, asked),
        by=by,
    )
    return item


def _keys() -> list[str]:
    return list(db.session.scalars(db.select(CheckItem.key)))


def word(item: CheckItem, asked: Question, from_on: date, reason: str, by: User) -> None:
    """Another wording, or other places, from a day on."""
    before = asking.question(item.wordings[-1])
    made = asking.word(item, asked, from_on, by, reason)
    journal.note(
        db.session,
        Deed.CHECKLIST_CHANGE,
        item,
        ids={"key": item.key, "number": made.number, "from": from_on.isoformat()},
        words={**_differences(before, asked), "reason": reason},
        by=by,
    )


def stop(item: CheckItem, from_on: date, reason: str, by: User) -> bool:
    """Ask it no longer from a day on. False if it is so already."""
    before = asking.question(item.wordings[-1])
    if not asking.stop(item, from_on, by, reason):
        return False
    with force_locale(language.house_language()):
        words = {"where.before": _where(before), "where.after": _("nowhere"), "reason": reason}
    ids: dict[str, int | str] = {"key": item.key, "from": from_on.isoformat()}
    journal.note(db.session, Deed.CHECKLIST_CHANGE, item, ids=ids, words=words, by=by)
    return True


def _differences(before: Question | None, after: Question) -> dict[str, str | None]:
    """What differs, before and after, in the organisation's language: it is part of the record."""
    told: dict[str, tuple[str, str]] = {
        name: (getattr(before, name) if before else "", getattr(after, name)) for name in TEXTS
    }
    with force_locale(language.house_language()):
        told["where"] = (_where(before) if before else "", _where(after))
    words: dict[str, str | None] = {}
    for name, (old, new) in told.items():
        if old != new:
            words |= {f"{name}.before": old or "–", f"{name}.after": new or "–"}
    return words


def _where(asked: Question) -> str:
    return where.words(asked, where.unit_names())


def move(item: CheckItem, up: bool, today: date, by: User) -> bool:
    """Change places with the neighbour above or below, of the same criterion; False at the end of the list.

    Items that are no longer asked keep their place but are passed over.
    """
    listed = [one for one in queries.ordered() if one.criterion is item.criterion]
    shown = [one for one in listed if not queries.ended(one, today)]
    place = shown.index(item) + (-1 if up else 1) if item in shown else -1
    if not 0 <= place < len(shown):
        return False
    here, there = listed.index(item), listed.index(shown[place])
    listed[here], listed[there] = listed[there], listed[here]
    ids: dict[str, int | str] = {"key": item.key, "place_before": here + 1, "place": there + 1}
    for position, one in enumerate(listed, start=1):
        one.position = position
    journal.note(db.session, Deed.CHECKLIST_CHANGE, item, ids=ids, by=by)
    return True


def require(organisation: Organisation, required: bool, by: User) -> None:
    """Whether a meeting is closed only once every item is answered."""
    organisation.checks_required = required
    with force_locale(language.house_language()):
        said = {True: _("all items must be answered"), False: _("unchecked items do not block")}
    words: dict[str, str | None] = {"before": said[not required], "after": said[required]}
    journal.note(db.session, Deed.CHECKLIST_CHANGE, organisation, words=words, by=by)
