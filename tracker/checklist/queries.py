"""What the pages on the checklist read: the items one may see, their wordings, where they are asked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from tracker import checks
from tracker.asking import COMMITMENT, NOWHERE
from tracker.checklist import where
from tracker.extensions import db
from tracker.models import CheckItem, CheckWording
from tracker.rules.checking import in_force
from tracker.rules.words import Criterion


@dataclass(frozen=True)
class Line:
    """One item as the list shows it. `wording` is in force, else the next to come, else the last one that was."""

    item: CheckItem
    wording: CheckWording
    ended: bool = False  # nothing is in force and nothing comes
    coming: CheckWording | None = None  # planned for later
    asked_of: int = 0  # channels, today
    empty_platforms: tuple[str, ...] = ()  # it is asked on them, and no channel is on them

    @property
    def is_commitment(self) -> bool:
        """Whether it follows the concept."""
        return is_commitment(self.item)


@dataclass(frozen=True)
class Overview:
    """All items that one may see, in the order of the log."""

    lines: dict[Criterion, list[Line]] = field(default_factory=dict)
    ended: list[Line] = field(default_factory=list)
    channels: int = 0  # that one may see and that are run today

    def asked(self, criterion: Criterion) -> int:
        """How many items of a criterion are asked of any channel today."""
        return sum(line.asked_of > 0 for line in self.lines[criterion])


def overview(today: date, units: Collection[int] | None) -> Overview:
    """The list; `units`: those one may see, None for all."""
    channels = where.channels_run(today, units)
    in_use = {name.casefold() for name in where.platforms_in_use()}
    found = Overview({criterion: [] for criterion in Criterion}, channels=len(channels))
    for item in (one for one in checks.items() if seen(one, units)):
        now = in_force(item.wordings, today)
        coming = _coming(item, today)
        asked_of = len(where.of(now, channels))
        shown = now or coming or item.wordings[-1]
        empty = sorted(one for one in shown.platforms or () if one.casefold() not in in_use)
        line = Line(item, shown, ended(item, today), coming, asked_of, tuple(empty))
        (found.ended if line.ended else found.lines[item.criterion]).append(line)
    return found


def ended(item: CheckItem, today: date) -> bool:
    """Whether it is asked no longer: nothing is in force and nothing comes."""
    return in_force(item.wordings, today) is None and _coming(item, today) is None


def _coming(item: CheckItem, today: date) -> CheckWording | None:
    """The next wording that will be in force one day."""
    days = sorted({one.from_on for one in item.wordings if one.from_on > today})
    found = (in_force(item.wordings, day) for day in days)
    return next((one for one in found if one is not None and one.from_on > today), None)


def seen(item: CheckItem, units: Collection[int] | None) -> bool:
    """Whether somebody with these units may see an item: what is asked only in other units is none of theirs."""
    if units is None:
        return True
    mine = {str(one) for one in units}
    return any(one.unit_ids in {None, NOWHERE} or mine & one.unit_ids for one in item.wordings)


def is_commitment(item: CheckItem) -> bool:
    """Whether an item is a commitment of the concept, which words it."""
    return item.key.startswith(COMMITMENT)


def find(item_id: int) -> CheckItem | None:
    """One item."""
    return db.session.get(CheckItem, item_id)


def hold() -> list[CheckItem]:
    """All items, held against others who change them until the commit, and as they are now."""
    query = select(CheckItem).order_by(CheckItem.id).with_for_update()
    rows = list(db.session.scalars(query.execution_options(populate_existing=True)))
    for row in rows:
        db.session.expire(row, ["wordings"])
    return rows


def ordered() -> list[CheckItem]:
    """All items by criterion and position."""
    return checks.items()


def same(criterion: Criterion, text_de: str) -> CheckItem | None:
    """The item of a criterion that asks exactly this, if it is still asked."""
    for item in checks.items():
        newest = item.wordings[-1]
        if item.criterion is criterion and newest.text_de == text_de and newest.until_on is None:
            return item
    return None
