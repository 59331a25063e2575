"""Page: who was told what when and what became of the mail, and who was not told and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import guard, language
from tracker.extensions import db
from tracker.models import Channel, Unit
from tracker.outbox import BECAME
from tracker.reminders import told_file, told_queries
from tracker.reminders.views import room
from tracker.rules.days import sensible
from tracker.rules.deeds import Deed
from tracker.rules.words import Stage
from tracker.taking_home import Form, answer
from tracker.xlsx_file import TooManyRows

TOLD = {"yes": True, "no": False}


@room.get("/reminders")
@guard.allow(Deed.REMINDERS_SEE)
def told() -> Any:
    """All of it by day, the newest first; filters stand in the address, and what is not known there filters nothing."""
    units = guard.units_for(Deed.REMINDERS_SEE)
    channels = _channels(units)
    chosen = _chosen(request.args, {one.id for one in channels})
    return render_template(
        "reminders/told.html",
        page=told_queries.page(_asked(chosen, units), request.args.get("page", 1, type=int)),
        chosen=chosen,
        channels=channels,
        stages=list(Stage),
        states=BECAME,
    )


@room.post("/reminders/export.<any(csv, xlsx, json):form>")
@guard.allow(Deed.EVIDENCE_EXPORT)
def export_told(form: str) -> Any:
    """What the page shows, all pages of it, as a file."""
    units, kind, on = guard.units_for(Deed.EVIDENCE_EXPORT), Form(form), language.today()
    chosen = _chosen(request.form, {one.id for one in _channels(units)})
    try:
        pieces = told_file.export(kind, _asked(chosen, units), on, language.chosen())
    except TooManyRows as refused:
        flash(str(refused), "warn")
        return redirect(url_for("reminders.told", **cast(dict[str, Any], chosen)), 303)
    return answer(kind, pieces, _("reminders"), on)


def _asked(chosen: Mapping[str, str], units: frozenset[int] | None) -> told_queries.Asked:
    return told_queries.Asked(
        unit_ids=units,
        channel_id=int(chosen["channel"]) if "channel" in chosen else None,
        stage=Stage(chosen["stage"]) if "stage" in chosen else None,
        told=TOLD.get(chosen.get("told", "")),
        from_on=_day(chosen.get("from", "")),
        until_on=_day(chosen.get("until", "")),
    )


def _chosen(typed: Mapping[str, str], channel_ids: set[int]) -> dict[str, str]:
    """The filters that make sense, of those given."""
    given = {name: typed.get(name, "").strip() for name in ("channel", "stage", "told", "from", "until")}
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
