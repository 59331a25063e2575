"""flask remind, flask deliver, flask scheduler: the engine by hand, and as a process of its own."""

import json
import signal
from contextlib import ExitStack
from datetime import date, time
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app

from tracker import clock, engine, language, outbox
from tracker.commands.said import DAY, stop
from tracker.extensions import db
from tracker.reminders import changes
from tracker.secret_files import keep_private
from tracker.settings import SettingRefused

MORNING = time(6)


def register(app: Flask) -> None:
    """Add `remind`, `deliver` and `scheduler`."""
    for command in (remind, deliver, scheduler):
        app.cli.add_command(command)


@click.command()
@click.option(
    "--on", type=DAY, help="As if it were this day, 06:00, in the organisation's zone; default: today."
)
@click.option("--dry-run", is_flag=True, help="Only say who would be told.")
@click.option("--json", "as_json", is_flag=True, help="One object a reminder, as a JSON list.")
@click.option("--confirm", is_flag=True, help="Let reminders go out from now on, then tell what is owed.")
@click.option(
    "--hold", is_flag=True, help="Hold reminders back until confirmed again, as after a restored backup."
)
def remind(on: date | None, dry_run: bool, as_json: bool, confirm: bool, hold: bool) -> None:
    """Write what is owed and was not told yet into the outbox: one mail a person."""
    organisation = language.organisation()
    if organisation is None:
        stop("There is no organisation yet; load a concept first.")
    if dry_run + confirm + hold > 1:
        stop("Only one of --dry-run, --confirm and --hold.", 2)
    if hold:
        held_back = changes.hold()
        db.session.commit()
        click.echo("Reminders are held back until confirmed." if held_back else "They are held back already.")
        return
    with ExitStack() as stack:
        if on is not None:
            stack.enter_context(clock.set_to(clock.moment_on(on, organisation.timezone, MORNING)))
        if confirm:
            changes.confirm()
        told = changes.remind(on or clock.today(organisation.timezone), dry_run)
        rows = [one.as_json() for one in told]
        held = organisation.reminders_confirmed_at is None
        run = None if dry_run else engine.last_run()
        words = engine.sentence(run) if run else ""
        if dry_run:
            db.session.rollback()
        else:
            db.session.commit()
    _say(rows, as_json, dry_run)
    if held and rows:
        words = "Nothing is sent yet."
    if held and (rows or (run and run.words == engine.HELD)):
        words += " Let reminders go out with: flask remind --confirm"
    if words and (held or not rows):
        click.echo(words, err=True)


def _say(rows: list[dict[str, Any]], as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        deputy = f" for {row['stands_in_for']}" if row["stands_in_for"] else ""
        who = f"{row['contact']} <{row['address']}>{deputy}"
        if "action" in row:
            click.echo(f"{who}: action “{row['action']}”, was due on {row['due_on']}")
            continue
        late = ", delayed" if row["delayed"] else ""
        click.echo(
            f"{who}: {row['platform']} {row['name']}, {row['stage']} "
            f"for {row['slot']['from']} to {row['slot']['until']}, owed on {row['owed_on']}{late}"
        )
    click.echo(f"{len(rows)} reminders {'would be told' if dry_run else 'told'}.")


@click.command()
@click.option("--limit", type=click.IntRange(1), help="At most so many mails.")
def deliver(limit: int | None) -> None:
    """Send what waits in the outbox, to the mail server or, without one, as files."""
    began_at = clock.now()
    try:
        came = outbox.deliver(limit)
    except ValueError as refused:
        stop(str(refused))
    if came != outbox.Delivered():
        engine.ran("deliver", began_at, came.sent, came.failed)
        db.session.commit()
    click.echo(f"{came.sent} sent, {came.waiting} put off, {came.given_up} given up.")
    if came.failed:
        stop(came.failed)


@click.command()
def scheduler() -> None:
    """Run the timetable alone, as its own process, until SIGTERM or Ctrl-C."""
    from tracker.scheduler import timetable  # noqa: PLC0415 - only this command needs the timetable

    keep_private()
    try:
        made = timetable(current_app._get_current_object(), blocking=True)  # type: ignore[attr-defined]
    except SettingRefused as refused:
        stop(str(refused))
    signal.signal(signal.SIGTERM, _interrupt)
    click.echo("The timetable runs (Ctrl-C ends it).")
    try:
        made.start()
    except (KeyboardInterrupt, SystemExit):
        made.shutdown()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
