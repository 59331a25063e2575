"""Examples of the glossary on years, reminders and decisions, counted out by the rules."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.help.counted import ALL, DAY, Example, N, book_of
from tracker.language import day, slot_name
from tracker.rules.deciding import STATE_OF_DECISION
from tracker.rules.obligating import criteria_owed
from tracker.rules.reminding import Timing, stages_due
from tracker.rules.slots import slots_of_year
from tracker.rules.words import ChannelState, Criterion, Decision, Stage
from tracker.rules.workdays import Workdays
from tracker.rules.year import year_of


@dataclass(frozen=True)
class Effect:
    """What a decision makes of a channel: its new state, None where it stays as it is, and the criteria still owed."""

    decision: Decision
    state: ChannelState | None
    owed: tuple[Criterion, ...]


def effects() -> list[Effect]:
    """What each decision does, in the order of the product."""
    found = []
    for decision in Decision:
        state = STATE_OF_DECISION.get(decision)
        owed = criteria_owed(state or ChannelState.ACTIVE, ALL)
        found.append(Effect(decision, state, tuple(one for one in Criterion if one in owed)))
    return found


def told(year: int, region: str, timing: Timing) -> dict[str, Example]:
    """The examples of a year by the anchor of their word; region and timing are those of the organisation."""
    return {
        "year": _reading(year),
        "counts_for": _counts_for(year),
        "reminder": _reminders(year, region, timing),
    }


def _reading(year: int) -> Example:
    held = [date(year, 3, 11), date(year, 7, 8)]
    on = date(year, 8, 1)
    found = year_of(book_of(year, [(one, one) for one in held], on), year)
    by = ", ".join(day(one) for one in found.slots_forecast.by)
    said = [
        _("Reviewed on %(days)s; seen on %(on)s:", days=", ".join(day(one) for one in held), on=day(on)),
        _(
            "kept %(kept)s, late %(late)s, missed %(missed)s, open %(open)s, coming %(coming)s.",
            kept=found.kept,
            late=found.late,
            missed=found.missed,
            open=found.open,
            coming=found.coming,
        ),
        _("Days with a review: %(k)s of %(n)s.", k=found.review_days, n=found.owed),
        ngettext("Longest gap: %(num)d day.", "Longest gap: %(num)d days.", found.longest_gap_days or 0),
        _("Slots still needed: %(n)s, by %(days)s.", n=found.slots_forecast.needed, days=by),
    ]
    return Example(" ".join(said))


def _counts_for(year: int) -> Example:
    first = slots_of_year(year, N)[0]
    within, after = first.due_on + 14 * DAY, first.grace_ends_on + DAY
    said = []
    for held in (within, after):
        book = book_of(year, [(held, held)], held)
        (slot,) = book.discharging[book.rated[0].id]
        said.append(
            _(
                "Nothing rated before, held on %(day)s: counts for %(slot)s.",
                day=day(held),
                slot=slot_name(slot),
            )
        )
    return Example(" ".join(said))


def _reminders(year: int, region: str, timing: Timing) -> Example:
    """The first day of each stage for the first slot of a year of which nothing is rated."""
    slot, workdays = slots_of_year(year, N)[0], Workdays(region)
    first: dict[Stage, date] = {}
    for on in (slot.due_on, slot.grace_ends_on, slot.grace_ends_on + DAY):
        line = next(line for line in book_of(year, (), on).lines if line.slot == slot)
        for owed in stages_due(line, on, workdays, timing=timing):
            first.setdefault(owed.stage, owed.owed_on)
    named = {stage.value: day(first.get(stage)) for stage in Stage}
    return Example(
        _(
            "Nothing is rated in %(slot)s: notice on %(notice)s, overdue on %(overdue)s, escalation on %(escalation)s, "
            "then weekly from %(weekly)s on, missed on %(missed)s.",
            slot=slot_name(slot),
            **named,
        )
    )
