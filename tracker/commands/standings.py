"""flask standings: how every channel stands on a day, as a table to read or as JSON to compare."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import click
from flask import Flask

from tracker import language
from tracker.commands.said import DAY, YEAR, stop
from tracker.rules.ledger import SlotLine
from tracker.rules.year import Forecast, lines_of, year_of
from tracker.standings import ChannelStanding, standings

HEADS = (
    "Unit",
    "Platform",
    "Name",
    "Standing",
    "Due on",
    "Overdue",
    "Owed",
    "Kept",
    "Late",
    "Missed",
    "Open",
    "Coming",
)


def register(app: Flask) -> None:
    """Add `standings`."""
    app.cli.add_command(standings_command)


@click.command("standings")
@click.option("--on", type=DAY, help="The day to look at, YYYY-MM-DD; default: today.")
@click.option("--year", type=YEAR, help="The year whose slots are shown; default: that of the day.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def standings_command(on: date | None, year: int | None, as_json: bool) -> None:
    """Say how every channel stands on a day, and what became of its slots of a year."""
    if language.organisation() is None:
        stop("No concept is loaded yet: run `flask load-concept FILE` first.")
    on = on or language.today()
    found = standings(on, language.zone())
    year = year or on.year
    if as_json:
        click.echo(json.dumps([told(one, year) for one in found], ensure_ascii=False, indent=2))
    else:
        click.echo(table(found, year))


def told(one: ChannelStanding, year: int) -> dict[str, Any]:
    """One channel as plain values that JSON can carry, with the slots due in `year`; days are ISO dates."""
    return {
        "unit": one.channel.unit.name,
        "platform": one.channel.platform,
        "name": one.channel.name,
        "standing": one.position.standing.value,
        "due_on": _iso(one.position.due_on),
        "days_overdue": one.position.days_overdue,
        "slots": [_slot(line) for line in lines_of(one.ledger, year)],
        "year": _year(one, year),
    }


def _slot(line: SlotLine) -> dict[str, Any]:
    cells = {
        cell.criterion.value: {
            "outcome": cell.outcome.value,
            "held_on": _iso(cell.held_on),
            "days_late": cell.days_late,
        }
        for cell in line.cells
    }
    return {
        "from": line.slot.begins_on.isoformat(),
        "until": line.slot.due_on.isoformat(),
        "outcome": line.outcome.value,
        "cells": cells,
    }


def _year(one: ChannelStanding, year: int) -> dict[str, Any]:
    found = year_of(one.ledger, year)
    names = ("year", "owed", "kept", "late", "missed", "open", "coming", "not_owed", "entered_afterwards",
             "review_days", "longest_gap_days")  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names},
        "slots_forecast": _forecast(found.slots_forecast),
        "count_forecast": _forecast(found.count_forecast),
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    by = [day.isoformat() for day in forecast.by]
    return {"needed": forecast.needed, "by": by, "reachable": forecast.reachable}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def table(found: Iterable[ChannelStanding], year: int) -> str:
    """The channels as lines of plain text, in columns that fit their widest value."""
    rows: list[Sequence[str]] = [HEADS]
    for one in found:
        reading = year_of(one.ledger, year)
        counts = (reading.owed, reading.kept, reading.late, reading.missed, reading.open, reading.coming)
        rows.append(
            (
                one.channel.unit.name,
                one.channel.platform,
                one.channel.name,
                one.position.standing.value,
                _iso(one.position.due_on) or "-",
                f"{one.position.days_overdue} days" if one.position.days_overdue else "-",
                *map(str, counts),
            )
        )
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEADS))]
    counted_from = HEADS.index("Owed")
    lines = [
        "  ".join(
            value.rjust(width) if k >= counted_from else value.ljust(width)
            for k, (value, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([f"Slots of {year}", "", lines[0], "-" * len(lines[0]), *lines[1:]])
