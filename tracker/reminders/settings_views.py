"""Pages: when reminders come, in words; a timeline of who would hear what on which day; changing it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker import accounts, guard, language, mailboxes
from tracker.extensions import db
from tracker.models import Channel, Organisation, Unit
from tracker.reminders.owed import timing_of
from tracker.reminders.recipients import Audience, Recipients
from tracker.reminders.settings_changes import set_reminders
from tracker.reminders.settings_forms import fingerprint, for_units, told
from tracker.reminders.views import room
from tracker.rules.deeds import Deed
from tracker.rules.reminding import Owed, timeline
from tracker.rules.slots import Slot
from tracker.rules.words import WhyUntold
from tracker.rules.workdays import Workdays
from tracker.rules.year import lines_of
from tracker.standings import outlines


@dataclass(frozen=True)
class Step:
    """One stage of a slot on its day, who would hear of it as things stand, and whether it is sent at all."""

    owed: Owed
    audience: Audience
    sent: bool
    shifted_on: date  # the working day on which the mail really leaves


@room.get("/reminders/settings")
@guard.allow(Deed.REMINDERS_SEE)
def settings() -> Any:
    """When an editor, a manager, an escalation contact hears of what, and what that means for one channel."""
    organisation = language.organisation()
    if organisation is None:
        return render_template("reminders/settings.html", organisation=None)
    on, timing = language.today(), timing_of(organisation)
    found = outlines(on, guard.units_for(Deed.REMINDERS_SEE))
    channels = {one.channel.id: one for one in found}
    chosen = channels.get(request.args.get("channel", 0, type=int)) or next(iter(found), None)
    slots: list[Slot] = []
    if chosen is not None:
        lines = [*lines_of(chosen.ledger, on.year), *lines_of(chosen.ledger, on.year + 1)]
        slots = [line.slot for line in lines if line.cells]
    running = [one for one in slots if one.grace_ends_on >= on] or slots
    slot = next(
        (one for one in slots if one.key == request.args.get("slot")), running[0] if running else None
    )
    steps = _steps(organisation, chosen.channel, slot, on) if chosen is not None and slot is not None else []
    return render_template(
        "reminders/settings.html",
        organisation=organisation,
        timing=timing,
        sends=lambda stage: organisation.stages is None or stage in organisation.stages,
        units=_units(),
        contacts={one.id: one for one in mailboxes.able_to_act()},
        channels=[one.channel for one in found],
        chosen=chosen.channel if chosen else None,
        slots=slots,
        slot=slot,
        steps=steps,
        nobody=WhyUntold.NOBODY,
    )


def _steps(organisation: Organisation, channel: Channel, slot: Slot, on: date) -> list[Step]:
    workdays, recipients = Workdays(organisation.holiday_region), Recipients(organisation, on)
    sent = organisation.stages
    return [
        Step(
            owed,
            recipients.of_stage(channel, owed.stage),
            sent is None or owed.stage in sent,
            owed.owed_on if workdays.is_workday(owed.owed_on) else workdays.after(owed.owed_on, 1),
        )
        for owed in timeline(slot, workdays, timing_of(organisation))
    ]


@room.route("/reminders/settings/change", methods=["GET", "POST"])
@guard.allow(Deed.REMINDERS_SET)
def change_settings() -> Any:
    """Change it. What somebody else changed meanwhile is told, and nothing typed is lost."""
    asks = request.method == "POST"
    organisation = db.session.get(Organisation, 1, with_for_update=asks or None, populate_existing=asks)
    if organisation is None:
        abort(404)
    units = _units()
    now = told(organisation, units)
    kind = for_units(units)
    form = kind() if asks else kind(formdata=None, data={**now, "seen": fingerprint(now)})
    contacts = [one for one in mailboxes.able_to_act(_named(organisation, units)) if accounts.is_told(one)]
    form.offer(contacts)
    if not asks:
        return _form(form)
    if not form.validate_on_submit():
        return _form(form), 422
    values = {name: form[name].data for name in now}
    if form.seen.data != fingerprint(now) and values != now:
        form.seen.data = fingerprint(now)
        return _form(form, meanwhile=True), 409
    if set_reminders(organisation, units, values):
        db.session.commit()
        flash(_("The reminders are set. The timeline below shows what it means."), "info")
    else:
        flash(_("It is so already. Nothing was changed."), "info")
    return redirect(url_for("reminders.settings"), 303)


def _form(form: Any, meanwhile: bool = False) -> str:
    return render_template("reminders/settings_change.html", form=form, meanwhile=meanwhile)


def _named(organisation: Organisation, units: list[Unit]) -> set[int]:
    ids = {organisation.escalation_contact_id, *(one.escalation_contact_id for one in units)}
    return {one for one in ids if one is not None}


def _units() -> list[Unit]:
    return list(db.session.scalars(select(Unit).order_by(Unit.position, Unit.id)))
