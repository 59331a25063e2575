"""Beginning, ending and changing what is owed for a channel: reviews, channels and the concept all come here.

Nothing is rewritten: a change ends one obligation and begins another (docs/promise.md, rule 2).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Channel, Obligation
from tracker.rules import obligating
from tracker.rules.deeds import Deed
from tracker.rules.ledger import Duty
from tracker.rules.words import Criterion


def begin(
    channel: Channel,
    from_on: date,
    n: int,
    criteria: frozenset[Criterion],
    cause: str,
    until_on: date | None = None,
) -> Obligation | None:
    """From a day on the channel owes n reviews a year on these criteria; without criteria nothing begins."""
    if not criteria:
        return None
    made = Obligation(
        channel_id=channel.id,
        from_on=from_on,
        until_on=until_on,
        reviews_per_year=n,
        criteria=criteria,
        cause=cause,
        created_at=clock.now(),
    )
    db.session.add(made)
    ids: dict[str, int | str] = {
        "channel": channel.id,
        "from": from_on.isoformat(),
        "n": n,
        "criteria": _names(criteria),
    }
    if until_on is not None:
        ids["until"] = until_on.isoformat()
    journal.note(
        db.session, Deed.OBLIGATIONS_BEGIN, made, ids=ids, words={"cause": cause}, unit_id=channel.unit_id
    )
    return made


def end(obligation: Obligation, channel: Channel, until_on: date, cause: str) -> None:
    """The obligation holds until a day, that day included; one that would never have begun goes away."""
    ids: dict[str, int | str] = {
        "obligation": obligation.id,
        "channel": channel.id,
        "until": until_on.isoformat(),
    }
    if until_on < obligation.from_on:
        db.session.delete(obligation)
    else:
        obligation.until_on = until_on
    db.session.flush()
    journal.note(db.session, Deed.OBLIGATIONS_END, ids=ids, words={"cause": cause}, unit_id=channel.unit_id)


def change(
    channel: Channel, from_on: date, n: int, criteria: frozenset[Criterion], cause: str, today: date
) -> bool:
    """From a day on, this is owed and nothing else; without criteria nothing is. False if it was so already.

    RuleBroken if the rules forbid the change: a cadence on a day that does not start a slot of both, or a day that
    reaches into a slot that has ended before `today`.
    """
    rows = {row.from_on: row for row in _of(channel)}
    before = tuple(
        Duty(row.from_on, row.until_on, row.reviews_per_year, row.criteria) for row in rows.values()
    )
    after = {duty.from_on: duty for duty in obligating.change(before, from_on, n, criteria, on=today)}
    for day, row in rows.items():
        if day not in after:
            end(row, channel, day - timedelta(days=1), cause)
        elif (last := after[day].until_on) is not None and last != row.until_on:
            end(row, channel, last, cause)
    for day, duty in after.items():
        if day not in rows:
            begin(channel, day, duty.n, duty.criteria, cause, duty.until_on)
    return set(before) != set(after.values())


def newest(channel: Channel) -> Obligation | None:
    """The obligation that began last, in force or not."""
    rows = _of(channel)
    return rows[-1] if rows else None


def _of(channel: Channel) -> Sequence[Obligation]:
    query = select(Obligation).where(Obligation.channel_id == channel.id).order_by(Obligation.from_on)
    return db.session.scalars(query).all()


def _names(criteria: frozenset[Criterion]) -> str:
    return ",".join(criterion.value for criterion in Criterion if criterion in criteria)
