"""Examples of the glossary on slots and what became of them, counted out by the rules."""

from typing import Any

from flask_babel import gettext as _

from tracker.help.counted import ALL, DAY, Example, N, book_of, first_day, line_of
from tracker.language import day, slot_name
from tracker.rules.duties import Duty
from tracker.rules.ledger import Ledger
from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.words import Standing


def told(year: int) -> dict[str, Example]:
    """The examples of a year by the anchor of their word."""
    return {**_slots(year), **_outcomes(year)}


def _slots(year: int) -> dict[str, Example]:
    slots = slots_of_year(year, N)
    first = slots[0]
    ends = ", ".join(
        _("%(slot)s until %(day)s", slot=slot_name(one, False), day=day(one.due_on)) for one in slots
    )
    opened = [Duty(first.begins_on + after * DAY, None, N, ALL) for after in (9, 59)]
    owed = [
        _(
            "Opened on %(day)s: %(k)s of %(n)s days, %(outcome)s.",
            day=day(one.from_on),
            k=one.days_within(first),
            n=first.days,
            outcome=_("owed")
            if line_of(book_of(year, (), first.due_on, one), first).cells
            else _("not owed"),
        )
        for one in opened
    ]
    cells = [len(line.cells) for line in book_of(year, (), first.due_on).lines if line.slot.year == year]
    return {
        "slot": Example(_("In %(year)s: %(slots)s.", year=year, slots=ends)),
        "due_date": Example(
            _(
                "%(slot)s is due on %(day)s; what is still open on %(after)s is overdue.",
                slot=slot_name(first),
                day=day(first.due_on),
                after=day(first_day(year, Standing.OVERDUE)),
            )
        ),
        "grace": Example(
            _(
                "%(slot)s has %(days)s days, so its grace has %(grace)s: from %(first)s until %(last)s.",
                slot=slot_name(first),
                days=first.days,
                grace=first.grace_days,
                first=day(first.due_on + DAY),
                last=day(first.grace_ends_on),
            )
        ),
        "owed": Example(" ".join([slot_name(first) + ".", *owed])),
        "cell": Example(
            _(
                "On all three criteria a channel owes %(k)s cells in %(slot)s, and %(n)s in the whole of %(year)s.",
                k=cells[0],
                slot=slot_name(first),
                n=sum(cells),
                year=year,
            )
        ),
    }


def _outcomes(year: int) -> dict[str, Example]:
    first, second = slots_of_year(year, N)[:2]
    early, kept_on, late_on = first.begins_on + 40 * DAY, first.due_on - 14 * DAY, first.due_on + 14 * DAY
    after = first.grace_ends_on + DAY
    march = Duty(first.begins_on + 59 * DAY, None, N, ALL)
    behind = (second.due_on + 14 * DAY, second.grace_ends_on + 5 * DAY)
    twice = book_of(year, [(early, early), (kept_on, kept_on)], kept_on)
    extra = [one.held_on for one in twice.rated if one.id not in twice.discharging]

    def found(book: Ledger, slot: Slot, says: str) -> Example:
        return Example(says, line_of(book, slot))

    named: dict[str, Any] = {
        "slot": slot_name(first),
        "due": day(first.due_on),
        "grace": day(first.grace_ends_on),
    }
    return {
        "kept": found(
            book_of(year, [(kept_on, kept_on)], kept_on),
            first,
            _(
                "A meeting on %(day)s rates all criteria. %(slot)s, due on %(due)s:",
                day=day(kept_on),
                **_but(named, "grace"),
            ),
        ),
        "late": found(
            book_of(year, [(late_on, late_on)], late_on),
            first,
            _(
                "Nothing is rated until %(day)s, within the grace until %(grace)s. %(slot)s, due on %(due)s:",
                day=day(late_on),
                **named,
            ),
        ),
        "missed": found(
            book_of(year, (), after),
            first,
            _(
                "Nothing was rated until %(grace)s. %(slot)s on %(day)s:",
                day=day(after),
                **_but(named, "due"),
            ),
        ),
        "open": found(
            book_of(year, (), early),
            first,
            _(
                "On %(day)s nothing is rated yet. %(slot)s, due on %(due)s:",
                day=day(early),
                **_but(named, "grace"),
            ),
        ),
        "coming": found(
            book_of(year, (), early),
            second,
            _(
                "%(slot)s begins on %(day)s. On %(today)s it is:",
                slot=slot_name(second),
                day=day(second.begins_on),
                today=day(early),
            ),
        ),
        "not_owed": found(
            book_of(year, (), kept_on, march),
            first,
            _("The channel was opened on %(day)s. %(slot)s:", day=day(march.from_on), slot=slot_name(first)),
        ),
        "entered_afterwards": found(
            book_of(year, [behind], behind[1]),
            second,
            _(
                "Held on %(held)s, closed on %(closed)s, after the grace until %(grace)s. %(slot)s:",
                held=day(behind[0]),
                closed=day(behind[1]),
                grace=day(second.grace_ends_on),
                slot=slot_name(second),
            ),
        ),
        "extra": found(
            twice,
            first,
            _(
                "All criteria are rated on %(first)s, and again on %(again)s. "
                "The review of %(extra)s is extra. %(slot)s:",
                first=day(early),
                again=day(kept_on),
                extra=day(extra[0]),
                slot=slot_name(first),
            ),
        ),
    }


def _but(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}
