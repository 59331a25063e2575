"""Examples of the glossary on how a channel stands, counted out by the rules."""

from flask_babel import gettext as _

from tracker.help.counted import ALL, DAY, Example, N, book_of, first_day
from tracker.language import day, slot_name
from tracker.rules.duties import Duty
from tracker.rules.slots import slots_of_year
from tracker.rules.standing import position
from tracker.rules.words import Standing


def told(year: int) -> dict[str, Example]:
    """The examples of a year by the anchor of their word."""
    first = slots_of_year(year, N)[0]
    kept_on, soon, late = first.due_on - 14 * DAY, first_day(year, Standing.DUE_SOON), first.due_on + 10 * DAY
    until = Duty(first.begins_on, first.begins_on + 58 * DAY, N, ALL)
    rest_on = first.grace_ends_on + 60 * DAY
    return {
        "current": Example(
            _(
                "%(slot)s was kept on %(day)s; the next due date is %(due)s.",
                slot=slot_name(first),
                day=day(kept_on),
                due=day(position(book_of(year, [(kept_on, kept_on)], kept_on)).due_on),
            ),
            position=position(book_of(year, [(kept_on, kept_on)], kept_on)),
        ),
        "due_soon": Example(
            _("Nothing is rated in %(slot)s. From %(day)s on:", slot=slot_name(first), day=day(soon)),
            position=position(book_of(year, (), soon)),
        ),
        "overdue": Example(
            _(
                "Nothing is rated until %(day)s; %(slot)s was due on %(due)s.",
                slot=slot_name(first),
                day=day(late),
                due=day(first.due_on),
            ),
            position=position(book_of(year, (), late)),
        ),
        "at_rest": Example(
            _("Closed from %(day)s on. On %(today)s:", day=day(until.from_on + 59 * DAY), today=day(rest_on)),
            position=position(book_of(year, (), rest_on, until)),
        ),
    }
