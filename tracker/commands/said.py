"""How a command ends when it cannot: one sentence, exit status, no traceback; and how it is given days and years."""

from datetime import date
from typing import Any, NoReturn

import click
from sqlalchemy import inspect

from tracker.extensions import db
from tracker.rules.days import FIRST_YEAR, LAST_YEAR, sensible


class Day(click.ParamType[date]):
    """A plain date, YYYY-MM-DD, in the organisation's zone."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Exit status 2 and one sentence for anything that is not a day of the calendar."""
        if isinstance(value, date):
            return value
        try:
            if len(value) != 10:
                raise ValueError(value)
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day like 2026-03-31.", param, ctx)
        if not sensible(day):
            self.fail(f"{value} is not in the years {FIRST_YEAR} to {LAST_YEAR}.", param, ctx)
        return day


DAY = Day()


class Year(click.ParamType[int]):
    """A calendar year, e.g. 2026."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Exit status 2 and one sentence for anything else."""
        text = str(value)
        if not (
            text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
        ):
            self.fail(f"{text!r} is not a year from {FIRST_YEAR} to {LAST_YEAR}.", param, ctx)
        return int(text)


YEAR = Year()


def need_database() -> None:
    """Stop where `flask init` was not run yet."""
    if not inspect(db.session.connection()).has_table("role"):
        stop("This installation has no database yet. Run `flask init` first.")


def stop(sentence: str, status: int = 1) -> NoReturn:
    """Say it on standard error and end with this status."""
    click.echo(sentence, err=True)
    raise SystemExit(status)
