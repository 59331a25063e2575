"""Pages: the organisation and its contacts, changing it, a new mailbox, another address."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import accounts, clock, guard, language, mailboxes
from tracker.extensions import db
from tracker.models import Contact, Organisation
from tracker.organisation import changes, queries
from tracker.organisation.forms import NOBODY, AddressForm, MailboxForm, OrganisationForm, fingerprint
from tracker.rules.deeds import Deed

room = Blueprint("organisation", __name__, url_prefix="/organisation")


@room.get("")
@guard.allow(Deed.ORGANISATION_SEE)
def index() -> Any:
    """What holds for all of it, and who is told."""
    row = queries.organisation()
    return render_template(
        "organisation/index.html",
        row=row,
        contacts=queries.contacts(),
        region=dict(queries.regions(row.holiday_region))[row.holiday_region] if row else "",
    )


@room.route("/change", methods=["GET", "POST"])
@guard.allow(Deed.ORGANISATION_CHANGE)
def change() -> Any:
    """Change it; another time zone or region is asked about once more. 404 before a concept was loaded."""
    asks = request.method == "POST"
    row = queries.organisation(lock=asks) or abort(404)
    contacts = [one.contact for one in queries.contacts() if accounts.is_told(one.contact) or one.is_fallback]
    form = OrganisationForm() if asks else OrganisationForm(data=_told(row))
    form.offer(row, contacts)
    if not asks:
        return _page(row, form)
    if not form.validate_on_submit():
        return _page(row, form), 422
    fallback = next((one for one in contacts if str(one.id) == form.fallback.data), None)
    if not _differs(row, form, fallback):
        flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("organisation.index"), 303)
    if form.seen.data and form.seen.data != fingerprint(row):
        return _page(row, form, meanwhile=True), 409
    to_confirm = _days_shift(row, form)
    if to_confirm and form.confirmed.data != to_confirm:
        return _page(row, form, to_confirm=to_confirm)
    changes.change(row, form.values(), fallback)
    db.session.commit()
    flash(_("The organisation is changed."), "info")
    return redirect(url_for("organisation.index"), 303)


def _told(row: Organisation) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in changes.PLAIN}
    return {**told, "fallback": str(row.fallback_contact_id or NOBODY)}


def _differs(row: Organisation, form: OrganisationForm, fallback: Contact | None) -> bool:
    now = {name: getattr(row, name) for name in changes.PLAIN}
    return form.values() != now or (fallback.id if fallback else None) != row.fallback_contact_id


def _days_shift(row: Organisation, form: OrganisationForm) -> str:
    """The time zone and region that are asked about before they are saved; empty if neither changes."""
    new = (form.timezone.data, form.holiday_region.data)
    return "" if new == (row.timezone, row.holiday_region) else " ".join(new)


def _page(row: Organisation, form: OrganisationForm, **more: Any) -> str:
    """The form. Before a time zone is saved it says which day it is there."""
    new_zone = form.timezone.data if more.get("to_confirm") and form.timezone.data != row.timezone else None
    return render_template(
        "organisation/change.html",
        row=row,
        form=form,
        seen=fingerprint(row),
        new_zone=new_zone,
        new_today=clock.today(new_zone) if new_zone else None,
        today=language.today(),
        region_changes=form.holiday_region.data != row.holiday_region,
        **more,
    )


@room.route("/mailboxes/add", methods=["GET", "POST"])
@guard.allow(Deed.MAILBOXES_ADD)
def add_mailbox() -> Any:
    """A new function mailbox; the same one sent twice is one."""
    form = MailboxForm()
    if form.validate_on_submit():
        try:
            made, new = mailboxes.add(form.name.data, form.email.data)
        except mailboxes.MailboxRefused as refused:
            db.session.rollback()
            form.name.errors = [*form.name.errors, str(refused)]
        else:
            db.session.commit()
            said = _("%(name)s can be told now.") if new else _("%(name)s stands in the list already.")
            flash(said % {"name": made.name}, "info")
            return redirect(url_for("organisation.index"), 303)
    return render_template("organisation/add_mailbox.html", form=form), 422 if form.errors else 200


@room.route("/mailboxes/<int:contact_id>", methods=["GET", "POST"])
@guard.allow(Deed.MAILBOXES_CHANGE)
def mailbox(contact_id: int) -> Any:
    """Another address of a mailbox, or none. 404 for a person: their address stands under People."""
    asks = request.method == "POST"
    queries.organisation(lock=asks)  # two who change the same address queue up
    found = queries.contact(contact_id)
    if found is None or found.user_id is not None:
        abort(404)
    form = AddressForm() if asks else AddressForm(data={"email": found.email or ""})
    if asks and form.validate_on_submit():
        new = form.email.data or None
        if form.seen.data is not None and form.seen.data != (found.email or "") and new != found.email:
            return render_template("organisation/mailbox.html", mailbox=found, form=form, meanwhile=True), 409
        if mailboxes.change_address(found, new):
            db.session.commit()
            flash(_("The address of %(name)s is changed.", name=found.name), "info")
        else:
            flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("organisation.index"), 303)
    return render_template("organisation/mailbox.html", mailbox=found, form=form), 422 if form.errors else 200
