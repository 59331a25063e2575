"""The page one comes to first."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from tracker import concept_news, engine, guard, language, narrowing
from tracker.board import first_steps, queries, todo
from tracker.board.reading import promise, read, trouble
from tracker.board.situation import Situation
from tracker.board.unchanged import told_by_etag
from tracker.matrix import matrix
from tracker.narrowing import narrow
from tracker.rules.deeds import Deed
from tracker.rules.ledger import is_overdue
from tracker.rules.slots import Slot
from tracker.rules.words import Criterion, Level, Outcome, Standing
from tracker.seeing import Units
from tracker.standings import ChannelStanding, outlines, standings

room = Blueprint("board", __name__)

ACTIONS_WITHIN = 14  # days; what is due later can wait
YEARS_AHEAD = 1
OVERDUE_SHOWN = 12  # the worst; the register shows all


@room.get("/")
@guard.allow(Deed.BOARD_SEE)
@told_by_etag
def index() -> Any:
    """The promise of a year, as it stands today."""
    on, units = language.today(), guard.units_for(Deed.BOARD_SEE)
    many = queries.more_channels_than(narrowing.PAGE, units)
    found = _standings(on, units, many) if language.organisation() else []
    if not found:
        return render_template("board/empty.html", steps=first_steps.steps())
    ids = frozenset(one.channel.id for one in found)
    first = min((duty.from_on.year for one in found for duty in one.ledger.duties), default=on.year)
    first = min(first, on.year)
    year = _year(on.year, first, on.year + YEARS_AHEAD)
    reading = read(found, year, on)
    meetings = queries.unclosed_meetings(ids, units, guard.signed_in().id)
    health = queries.health()
    me = guard.signed_in().id
    actions = queries.actions_of(me, on + timedelta(days=ACTIONS_WITHIN))
    news = concept_news.since_last_legality(one.channel for one in found)
    now = Situation(found, meetings, queries.explained(), health, on, year, actions, frozenset(news))
    narrowed = narrow(found, request.args)
    if many:  # what is shown of the page's channels is asked of them alone
        narrowed = narrowed.with_channels(
            standings(on, language.zone(), channel_ids=[one.channel.id for one in narrowed.channels])
        )
    overdue = [(one, *_lost_and_left(one, on)) for one in found if one.position.standing is Standing.OVERDUE]
    return render_template(
        "board/index.html",
        on=on,
        year=year,
        years=[other for other in (year - 1, year + 1) if first <= other <= on.year + YEARS_AHEAD],
        reading=reading,
        promise=promise(reading),
        trouble=trouble(reading),
        to_do=todo.to_do(now),
        overdue=sorted(overdue, key=lambda found: -found[0].position.days_overdue)[:OVERDUE_SHOWN],
        overdue_count=len(overdue),
        meetings=now.to_come,
        actions=queries.open_actions(units, on),
        health=health,
        run_words=engine.sentence(health.run) if health.run and units is None else "",
        mail_configured=bool(current_app.config["MAIL_HOST"]),
        matrix=matrix(narrowed.channels, year, on, among=found),
        narrowed=narrowed,
        standings=list(Standing),
        is_told=todo.is_told,
        criteria=list(Criterion),
        levels=list(Level),
    )


@room.get("/first-steps")
@guard.allow(Deed.ORGANISATION_SEE)
def begin() -> Any:
    """What a new installation still lacks; the board, once it lacks nothing or is none of one's business."""
    steps = first_steps.steps()
    if not steps:
        return redirect(url_for("board.index"))
    return render_template("board/first_steps.html", steps=steps)


def _standings(on: date, units: Units, many: bool) -> list[ChannelStanding]:
    return outlines(on, units) if many else standings(on, language.zone(), units)


def _lost_and_left(one: ChannelStanding, on: date) -> tuple[Slot | None, Slot | None]:
    """Of what is overdue: the slot that it counts from if that is missed for good, and the one still to be made up."""
    since = next((line for line in one.ledger.lines if line.slot.due_on == one.position.due_on), None)
    lost = since.slot if since and since.outcome is Outcome.MISSED else None
    return lost, next((line.slot for line in one.ledger.lines if is_overdue(line, on)), None)


def _year(today: int, first: int, last: int) -> int:
    """The year asked for, else this one; 404 for what is no year with obligations in it."""
    asked = request.args.get("year", str(today))
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and first <= int(asked) <= last):
        abort(404)
    return int(asked)
