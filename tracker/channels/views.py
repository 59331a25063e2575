"""Pages: the register, one channel, explaining a missed slot, naming the responsible contact."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import accounts, concept_news, guard, known_figures, language, mailboxes
from tracker.channels import changes, queries
from tracker.channels.course import stretches
from tracker.channels.forms import NEW, NOBODY, TEXT_MAX, AssignForm, ExplainForm
from tracker.channels.life import row_of, years_of
from tracker.extensions import db
from tracker.models import Channel, Contact
from tracker.narrowing import narrow
from tracker.outbox import BECAME
from tracker.rules.deeds import Deed
from tracker.rules.slots import Slot
from tracker.rules.words import Outcome, Standing
from tracker.rules.year import lines_of
from tracker.standings import outlines, standings
from tracker.trends import trends

room = Blueprint("channels", __name__, url_prefix="/channels")


@room.get("")
@guard.allow(Deed.CHANNELS_SEE)
def index() -> Any:
    """All channels one may see, with standing, responsible contact, last review and next due date."""
    found = outlines(language.today(), guard.units_for(Deed.CHANNELS_SEE))
    return render_template(
        "channels/index.html", narrowed=narrow(found, request.args), standings=list(Standing)
    )


@room.get("/<int:channel_id>")
@guard.allow(Deed.CHANNELS_SEE)
def show(channel_id: int) -> Any:
    """The life of a channel."""
    on, channel = language.today(), find(channel_id, Deed.CHANNELS_SEE)
    (one,) = standings(on, language.zone(), channel_id=channel_id)
    meetings = queries.meetings_to_come(channel_id, on)
    planned = [meeting.planned_on for meeting in meetings]
    years = years_of(one, queries.explanations(channel_id), planned, on)
    reviews = queries.reviews(channel_id)
    return render_template(
        "channels/show.html",
        on=on,
        one=one,
        channel=channel,
        years=years,
        unexplained=[row for year in years for row in year.rows if row.unexplained],
        meetings=meetings,
        reviews=reviews,
        decision=queries.last_decision(reviews),
        concept=queries.concept_text(channel_id),
        news=concept_news.since_last_legality([channel]).get(channel_id, []),
        why=concept_news.why,
        course=stretches(queries.states(channel_id), queries.obligations(channel_id)),
        trends=trends(known_figures.of_channels([channel_id])[channel_id]),
        actions=queries.open_actions(channel_id),
        done_actions=queries.done_actions(channel_id),
        reminders=queries.reminders(channel_id),
        became=BECAME,
        last_on=max((rated.held_on for rated in one.ledger.rated), default=None),
    )


@room.route("/<int:channel_id>/slots/<key>", methods=["GET", "POST"])
@guard.allow(Deed.CHANNELS_EXPLAIN)
def explain(channel_id: int, key: str) -> Any:
    """Say why a slot was missed; add to what was said. 404 for a slot not owed, 409 for one that is not missed."""
    channel = find(channel_id, Deed.CHANNELS_EXPLAIN)
    try:
        slot = Slot.of_key(key)
    except ValueError:
        abort(404)
    on = language.today()
    (one,) = standings(on, language.zone(), channel_id=channel_id)
    if slot.year > one.ledger.last_year:
        abort(404)
    line = next((line for line in lines_of(one.ledger, slot.year) if line.slot == slot and line.cells), None)
    if line is None:
        abort(404)
    form, missed = ExplainForm(), line.outcome is Outcome.MISSED
    if missed and form.validate_on_submit():
        if changes.explain(channel, slot, form.text.data, guard.signed_in()):
            db.session.commit()
        flash(_("The explanation is written down. It appears in the evidence."), "info")
        return redirect(url_for("channels.show", channel_id=channel_id, _anchor=f"slot-{key}"))
    row = row_of(one, line, queries.explanations(channel_id), on)
    page = render_template(
        "channels/explain.html", channel=channel, row=row, form=form, missed=missed, text_max=TEXT_MAX
    )
    if request.method == "POST":
        return page, 422 if missed else 409
    return page


@room.route("/<int:channel_id>/contact", methods=["GET", "POST"])
@guard.allow(Deed.CHANNELS_ASSIGN)
def assign(channel_id: int) -> Any:
    """Say who is told about the channel."""
    channel = find(channel_id, Deed.CHANNELS_ASSIGN)
    contacts = [one for one in mailboxes.able_to_act() if accounts.is_told(one)]
    form = AssignForm(data={"contact": str(channel.contact_id) if channel.contact_id else NOBODY})
    if channel.contact is not None and channel.contact not in contacts:
        contacts.insert(0, channel.contact)
    form.offer([(one.id, one.name) for one in contacts], guard.may(Deed.MAILBOXES_ADD))
    if form.validate_on_submit():
        try:
            chosen = _chosen(form, contacts)
        except mailboxes.MailboxRefused as refused:
            db.session.rollback()
            form.name.errors = [*form.name.errors, str(refused)]
        else:
            changes.assign(channel, chosen)
            db.session.commit()
            name = chosen.name if chosen else _("nobody yet")
            flash(_("Responsible for the channel: %(name)s.", name=name), "info")
            return redirect(url_for("channels.show", channel_id=channel_id))
    page = render_template("channels/assign.html", channel=channel, form=form)
    return page, 422 if form.errors else 200


def _chosen(form: AssignForm, contacts: list[Contact]) -> Contact | None:
    if form.contact.data == NEW:
        return mailboxes.add(form.name.data, form.email.data)[0]
    return next((contact for contact in contacts if str(contact.id) == form.contact.data), None)


def find(channel_id: int, deed: Deed) -> Channel:
    """The channel, or 404 if there is none that the person may do `deed` with."""
    found = queries.channel(channel_id)
    if found is None:
        abort(404)
    guard.require(deed, [found.unit_id])
    return found
