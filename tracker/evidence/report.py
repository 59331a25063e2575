"""The evidence as a report to sign: a PDF from the same rows as the page and the other files."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import language, paper
from tracker.evidence import report_parts, stored, words
from tracker.evidence.columns import Row
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.steps import Step, unwatched

MOST_ROWS = 6000  # about 300 pages
TIME_LIMIT = 120.0  # seconds
TYPESET = "typeset"  # the last part of the work


class TooLong(ValueError):
    """A report of so many rows would not be read; the text is one sentence."""


def pdf(
    filters: Filters, on: date, parameters: Sequence[tuple[str, str]], at: datetime, step: Step = unwatched
) -> bytes:
    """The report in the language of now; `at` is when it is made. Raises TooLong and paper.NotPrinted.

    `parameters` are what was asked for, as of when, and the head of the journal, each with its name.
    """
    said = values(filters, on, parameters, at, step)
    step(1, 1, TYPESET)
    return paper.printed("evidence.typ", said, at, TIME_LIMIT)


def values(
    filters: Filters, on: date, parameters: Sequence[tuple[str, str]], at: datetime, step: Step = unwatched
) -> dict[str, Any]:
    """What the template reads, in words."""
    found = _rows(filters, on, step)
    organisation = language.organisation()
    ids = stored.channel_ids(filters)
    return {
        "title": _("Evidence of the reviews"),
        "subtitle": _("Social media channels: cost-benefit, legality and strategy"),
        "organisation": organisation.name if organisation else "–",
        "language": language.chosen(),
        "made": _("Made on %(moment)s", moment=language.moment(at)),
        "words": _words(),
        "facts": [[name, said] for name, said in parameters if said != _("all")],
        "count": _("%(n)s of %(total)s rows", n=len(found), total=len(found)),
        "how_to_read": report_parts.how_to_read(),
        "years": [] if filters.narrows_rows else report_parts.years(ids, found, on),
        "units": _units(found, on),
        "missed": report_parts.missed(found),
        "actions": report_parts.actions(filters, on),
        "told": report_parts.told(filters, on),
        "integrity": report_parts.integrity(),
        "signatures": [
            _("Place, date, signature of the management"),
            _("Place, date, signature of the auditor"),
        ],
    }


def _rows(filters: Filters, on: date, step: Step) -> list[Row]:
    found = []
    for row in rows(filters, on, step):
        found.append(row)
        if len(found) > MOST_ROWS:
            raise TooLong(
                _("A report holds at most %(most)s rows. Narrow it to a unit or a year.", most=MOST_ROWS)
            )
    return found


def _units(found: list[Row], on: date) -> list[dict[str, Any]]:
    return [
        {
            "name": unit,
            "channels": [
                {"name": report_parts.name_of(first), "count": ngettext("%(num)d row", "%(num)d rows", len(own)),
                 "rows": [_cells(row, on) for row in own]}
                for own in map(list, (own for _key, own in groupby(of_unit, key=lambda row: row.channel_id)))
                for first in own[:1]
            ],
        }
        for unit, of_unit in groupby(found, key=lambda row: row.unit)
    ]  # fmt: skip


def _cells(row: Row, on: date) -> dict[str, str]:
    """One row of a channel's history."""
    said = [row.reason, *([_("Explanation: %(said)s", said=row.explanation)] if row.explanation else [])]
    overdue = (
        row.outcome is not None and row.due_on is not None and row.outcome.value == "open" and row.due_on < on
    )
    return {
        "slot": language.slot_name(row.slot) if row.slot else "–",
        "criterion": words.word(row.criterion),
        "outcome": "overdue" if overdue else row.outcome.value if row.outcome else "",
        "outcome_word": _("overdue") if overdue else words.word(row.outcome) if row.outcome else "–",
        "level": row.level.value if row.level else "none",
        "level_word": words.word(row.level) if row.level else "–",
        "said": "\n".join(one for one in said if one),
        "held": language.day(row.held_on) if row.held_on else "–",
        "entered": language.moment(row.entered_at) if row.entered_at else "",
        "remarks": ", ".join(words.remarks(row, on)),
    }


def _words() -> dict[str, str]:
    return {
        "page": _("Page"),
        "of": _("of"),
        "scope": _("Scope"),
        "how_to_read": _("How to read this"),
        "years": _("The years"),
        "history": _("History by channel"),
        "nothing": _("Nothing was owed and nothing was rated within these filters."),
        "slot": _("Slot"),
        "criterion": _("Criterion"),
        "outcome": _("Outcome"),
        "verdict": _("Level and reason"),
        "held": _("Held, entered"),
        "missed": _("Missed slots and what the management says"),
        "no_missed": _("No slot was missed."),
        "actions": _("Actions"),
        "no_actions": _("No action was agreed."),
        "told": _("Reminders"),
        "no_told": _("Nobody was reminded."),
        "integrity": _("What this can be checked by"),
        "signs_missing": _("□ stands for a sign that this file's font does not have."),
    }
