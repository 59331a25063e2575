"""Everything that is closed read beside the entries that closed it, some rows at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import or_, select

from tracker.evidence import against_rows
from tracker.evidence.against import (
    MISSING,
    TWICE,
    UNNAMED,
    UNREADABLE,
    Finding,
    Heard,
    Key,
    Row,
    Told,
    differences,
    told,
)
from tracker.extensions import db
from tracker.models import Entry, Explanation, Meeting, MeetingHead, Obligation, Review, Words
from tracker.rules.deeds import Deed
from tracker.steps import Step, unwatched

DEEDS = (
    Deed.MEETINGS_CLOSE,
    Deed.MEETINGS_CORRECT,
    Deed.REVIEWS_CORRECT,
    Deed.CHANNELS_EXPLAIN,
    Deed.OBLIGATIONS_BEGIN,
    Deed.OBLIGATIONS_END,
)
ENTRIES_AT_ONCE = 20  # an entry may close the reviews of a thousand channels
ROWS_AT_ONCE = 500
CLOSED = "closed"  # the second part of the check
MOST_KEPT = 1000  # findings; more are counted


@dataclass
class Compared:
    """What came of it: findings, the first of them in full, how many rows were compared, and how many fields of them
    could not be, because their words are erased.
    """

    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    rows: int = 0
    erased: int = 0

    def add(self, *found: Finding) -> None:
        """Count findings, and keep the first."""
        self.count += len(found)
        self.findings += found[: max(0, MOST_KEPT - len(self.findings))]


def compared(step: Step = unwatched) -> Compared:
    """Closed meetings, heads, reviews, explanations and obligations against the journal, in the snapshot that is open.

    Memory grows with the number of reviews by their ids only.
    """
    result, heard = Compared(), Heard()
    seen: dict[str, set[tuple[int, int]]] = {kind: set() for kind in against_rows.ROWS}
    everything = _told(heard, result, step)
    while some := list(islice(everything, ROWS_AT_ONCE)):
        _compare(some, seen, result)
    owed = iter(heard.obligations.values())
    while some := list(islice(owed, ROWS_AT_ONCE)):
        _compare(some, seen, result)
    for key in _closed():
        if (key.id, key.version) not in seen[key.kind]:
            result.add(Finding(key, UNNAMED))
    return result


def _told(heard: Heard, result: Compared, step: Step) -> Iterator[Told]:
    every = db.session.scalars(select(Entry.number).where(Entry.deed.in_(DEEDS)).order_by(Entry.number)).all()
    for begin in range(0, len(every), ENTRIES_AT_ONCE):
        step(begin, len(every), CLOSED)
        some = every[begin : begin + ENTRIES_AT_ONCE]
        words: dict[int, dict[str, str | None]] = {number: {} for number in some}
        query = select(Words.number, Words.field, Words.text).where(Words.number.in_(some))
        for number, name, said in db.session.execute(query):
            words[number][name] = said
        entries = (
            select(Entry.number, Entry.deed, Entry.body).where(Entry.number.in_(some)).order_by(Entry.number)
        )
        for number, deed, body in db.session.execute(entries).all():
            try:
                yield from told(number, deed, body, words[number], heard)
            except ValueError:
                result.add(Finding(Key("entry", number), UNREADABLE, number))


def _compare(some: Iterable[Told], seen: Mapping[str, set[tuple[int, int]]], result: Compared) -> None:
    ids: dict[str, set[int]] = {}
    for one in some:
        ids.setdefault(one.key.kind, set()).add(one.key.id)
    rows: dict[Key, Row] = {}
    for kind, wanted in ids.items():
        rows |= against_rows.ROWS[kind](wanted)
    for one in some:
        place = (one.key.id, one.key.version)
        if place in seen[one.key.kind]:
            result.add(Finding(one.key, TWICE, one.entry))
        seen[one.key.kind].add(place)
        row = rows.get(one.key)
        if row is None:
            result.add(Finding(one.key, MISSING, one.entry))
            continue
        found, erased = differences(one, row)
        result.add(*found)
        result.rows += 1
        result.erased += erased


def _closed() -> Iterator[Key]:
    """Every row that some entry should name. What was left open below a closed meeting counts as closed."""
    ended = Meeting.closed_at.is_not(None)
    reviews = select(Review.id).join(Meeting).where(or_(Review.closed_at.is_not(None), ended))
    heads = select(MeetingHead.meeting_id, MeetingHead.version).join(Meeting)
    heads = heads.where(or_(MeetingHead.closed_at.is_not(None), ended))
    headless = select(Meeting.id).where(ended, ~Meeting.heads.any(MeetingHead.version == 1))
    for kind, query in (
        ("review", reviews.order_by(Review.id)),
        ("head", heads.order_by(MeetingHead.meeting_id, MeetingHead.version)),
        ("meeting", headless.order_by(Meeting.id)),
        ("explanation", select(Explanation.id).order_by(Explanation.id)),
        ("obligation", select(Obligation.id).order_by(Obligation.id)),
    ):
        for values in db.session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
            yield Key(kind, *values)
