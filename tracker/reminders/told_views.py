"""Page: who was told what when and what became of the mail, and who was not told and why."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import guard
from tracker.extensions import db
from tracker.models import Channel, Unit
from tracker.reminders import told_queries
from tracker.reminders.letters import WHY_UNTOLD
from tracker.reminders.views import room
from tracker.rules.days import sensible
from tracker.rules.deeds import Deed
from tracker.rules.words import Stage

TOLD = {"yes": True, "no": False}


@room.get("/reminders")
@guard.allow(Deed.REMINDERS_SEE)
def told() -> Any:
    """All of it by day, the newest first; filters stand in the address, and what is not known there filters nothing."""
    units = guard.units_for(Deed.REMINDERS_SEE)
    channels = _channels(units)
    chosen = _chosen({one.id for one in channels})
    asked = told_queries.Asked(
        unit_ids=units,
        channel_id=int(chosen["channel"]) if "channel" in chosen else None,
        stage=Stage(chosen["stage"]) if "stage" in chosen else None,
        told=TOLD.get(chosen.get("told", "")),
        from_on=_day(chosen.get("from", "")),
        until_on=_day(chosen.get("until", "")),
    )
    return render_template(
        "reminders/told.html",
        page=told_queries.page(asked, request.args.get("page", 1, type=int)),
        chosen=chosen,
        channels=channels,
        stages=list(Stage),
        why_words=WHY_UNTOLD,
        states={"sent": _("sent"), "waiting": _("waiting"), "given_up": _("given up")},
    )


def _chosen(channel_ids: set[int]) -> dict[str, str]:
    """The filters of the address that make sense."""
    given = {
        name: request.args.get(name, "").strip() for name in ("channel", "stage", "told", "from", "until")
    }
    known = {
        "channel": given["channel"] in map(str, channel_ids),
        "stage": given["stage"] in {one.value for one in Stage},
        "told": given["told"] in TOLD,
        "from": _day(given["from"]) is not None,
        "until": _day(given["until"]) is not None,
    }
    return {name: value for name, value in given.items() if known[name]}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if sensible(day) else None


def _channels(units: frozenset[int] | None) -> list[Channel]:
    query = select(Channel).join(Unit).order_by(Unit.position, Channel.position, Channel.id)
    if units is not None:
        query = query.where(Channel.unit_id.in_(units))
    return list(db.session.scalars(query))
