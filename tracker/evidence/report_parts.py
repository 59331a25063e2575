"""The parts of the report beside the history: years, missed slots, actions, reminders, and what proves it."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import language, year_words
from tracker.evidence import actions_file, stored
from tracker.evidence.columns import Row
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.matrix import Square, matrix
from tracker.models import Channel, Contact, Mail, Reminder, Unit, Untold
from tracker.outbox import BECAME
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome
from tracker.rules.year import Year, year_of
from tracker.standings import standings

MOST_LINES = 2000  # of actions and of reminders; the dossier has all


def name_of(row: Row) -> str:
    """A channel without its unit."""
    return row.platform if row.channel == row.unit else f"{row.platform} {row.channel}"


def how_to_read() -> list[str]:
    """Three sentences for whoever sees this for the first time."""
    return [
        _("Each slot of the year counts for itself; it is due on its last day."),
        _(
            "It is kept when every criterion owed was rated in a meeting held within it, late when that "
            "happened in the third of its length that follows, else missed."
        ),
        _("A correction never replaces what it corrects: both stand here, marked."),
    ]


def years(ids: Sequence[int], found: Sequence[Row], on: date) -> list[dict[str, Any]]:
    """A matrix and the three readings for every year that has rows, the first first."""
    shown = sorted({row.due_on.year for row in found if row.due_on is not None})
    standing = standings(on, language.zone(), channel_ids=ids) if ids and shown else []
    made = []
    for year in shown:
        squares = matrix(standing, year, on)
        made.append(
            {
                "title": str(year),
                "heads": [_("Channel"), *(language.slot_name(slot, False) for slot in squares.columns)],
                "groups": [
                    {"unit": group.unit.name,
                     "rows": [{"name": _channel(row.standing.channel), "cells": [_cell(one) for one in row.squares]}
                              for row in group.rows]}
                    for group in squares.groups
                ],
                "reading_heads": [_("Channel"), _("Slots"), _("Review days"), _("Longest gap")],
                "readings": [
                    [_full(row.standing.channel), *_reading(year_of(row.standing.ledger, year))]
                    for group in squares.groups
                    for row in group.rows
                ],
            }
        )  # fmt: skip
    return made


def _channel(channel: Channel) -> str:
    return channel.platform if channel.name == channel.unit.name else f"{channel.platform} {channel.name}"


def _full(channel: Channel) -> str:
    return f"{_channel(channel)}, {channel.unit.name}"


def _cell(square: Square) -> dict[str, Any]:
    told = square.shown
    if told is None or told.outcome is Outcome.NOT_OWED:
        return {"span": square.span, "kind": "na", "word": "–"}
    kind = "overdue" if told.overdue else told.outcome.value
    word = _("overdue") if told.overdue else language.word(told.outcome)
    more = f" {_('%(n)s d.', n=told.days)}" if told.days else ""
    others = f" ({square.alike}/{len(square.others) + 1})" if square.others else ""
    return {"span": square.span, "kind": kind, "word": word + more + others}


def _reading(one: Year) -> list[str]:
    return [
        year_words.discharged(one) + year_words.beside(one) if one.owed else _("nothing is owed"),
        year_words.review_days(one.review_days, one.owed),
        year_words.gap(one),
    ]


def missed(found: Sequence[Row]) -> dict[str, Any]:
    """Each missed slot once, with the explanations, or that there is none."""
    slots: dict[tuple[int, Slot], Row] = {}
    for row in found:
        if row.outcome is Outcome.MISSED and row.slot is not None:
            slots.setdefault((row.channel_id, row.slot), row)
    return {
        "heads": [_("Channel"), _("Slot"), _("Explanation by the management")],
        "rows": [
            [f"{name_of(row)}, {row.unit}", language.slot_name(slot), row.explanation or _("missing")]
            for (_channel_id, slot), row in slots.items()
        ],
    }


def actions(filters: Filters, on: date) -> dict[str, Any]:
    """What was agreed for channels in scope within the period, and what became of it."""
    found = list(islice(actions_file.lines(filters, on), MOST_LINES + 1))
    return {
        "heads": [_("Agreed"), _("Channel"), _("Action"), _("Who"), _("Due"), _("Done")],
        "rows": [
            [language.day(one.agreed_on), _named(one.platform, one.channel, one.unit), one.what, one.owner,
             language.day(one.due_on), language.day(one.done_on) if one.done_on else "–"]
            for one in found[:MOST_LINES]
        ],
        "cut": _cut(found),
    }  # fmt: skip


def _cut(found: Sequence[Any]) -> str:
    """What stands below a list that was cut."""
    return (
        _("Only the first %(most)s lines; a dossier has all of them.", most=MOST_LINES)
        if len(found) > MOST_LINES
        else ""
    )


def told(filters: Filters, on: date) -> dict[str, Any]:
    """Who was reminded of what within the period, and why nobody was."""
    scope = stored.in_scope(filters)
    first, last = filters.from_on or date.min, min(filters.until_on or on, on)
    reminders = (
        select(
            Reminder.told_on,
            Channel.platform,
            Channel.name,
            Unit.name,
            Reminder.stage,
            Contact.name,
            Mail.became,
        )
        .join(Channel, Reminder.channel_id == Channel.id)
        .join(Unit, Channel.unit_id == Unit.id)
        .join(Contact, Reminder.contact_id == Contact.id)
        .join(Mail, Reminder.mail_id == Mail.id)
        .where(Reminder.channel_id.in_(scope), Reminder.told_on.between(first, last))
        .order_by(Reminder.told_on, Reminder.id)
        .limit(MOST_LINES + 1)
    )
    untold = (
        select(Untold.noted_on, Channel.platform, Channel.name, Unit.name, Untold.stage, Untold.why)
        .join(Channel, Untold.channel_id == Channel.id)
        .join(Unit, Channel.unit_id == Unit.id)
        .where(Untold.channel_id.in_(scope), Untold.noted_on.between(first, last))
        .order_by(Untold.noted_on, Untold.id)
        .limit(MOST_LINES + 1)
    )
    lines = [
        (day, _named(platform, name, unit), language.word(stage), who, str(BECAME[state]))
        for day, platform, name, unit, stage, who, state in db.session.execute(reminders)
    ]
    lines += [
        (day, _named(platform, name, unit), language.word(stage), _("nobody"), language.word(why))
        for day, platform, name, unit, stage, why in db.session.execute(untold)
    ]
    return {
        "heads": [_("Day"), _("Channel"), _("Occasion"), _("Who"), _("What became of it")],
        "rows": [[language.day(day), *more] for day, *more in sorted(lines, key=lambda line: line[0])][
            :MOST_LINES
        ],
        "cut": _cut(lines),
    }


def _named(platform: str, name: str, unit: str) -> str:
    return f"{platform}, {unit}" if name == unit else f"{platform} {name}, {unit}"


def integrity() -> list[str]:
    """What the head of the journal proves, and what it does not."""
    return [
        _(
            "Every review was written into a journal in the same moment, whose entries form a chain: each names "
            "the hash of the one before. The head named under Scope stands for all of them."
        ),
        _(
            "Whoever keeps this head can notice later whether anything before it was changed: with flask verify "
            "--head, on the page “Check everything”, or with verify.py of a dossier."
        ),
        _(
            "The database refuses changes to what is closed. Nothing here proves that what people entered was true."
        ),
    ]
