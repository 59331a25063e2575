"""Pages: changing the concept as text. First the form, then what would be different, then a new version."""

from hashlib import sha256
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, language
from tracker.concept.amending import amend
from tracker.concept.change_desk import ChannelPage, GeneralPage, Page, version_of
from tracker.concept.comparing import differing
from tracker.concept.views import room
from tracker.concept.wording import Met, WordingRefused, met
from tracker.extensions import csrf, db
from tracker.models import Channel, ConceptVersion
from tracker.rules.deeds import Deed


@room.route("/channels/<int:channel_id>/change", methods=["GET", "POST"])
@guard.allow(Deed.CONCEPT_CHANGE)
def change_channel(channel_id: int) -> Any:
    """The texts of one channel, and what it is called. 404 where the newest version does not describe it."""
    channel = db.session.get(Channel, channel_id) or abort(404)
    page = ChannelPage.found(channel, lock=request.method == "POST")
    return _answer(page or abort(404))


@room.route("/general/change", methods=["GET", "POST"])
@guard.allow(Deed.CONCEPT_CHANGE)
def change_general() -> Any:
    """What the concept says for all channels. 404 before a concept was loaded."""
    page = GeneralPage.found(lock=request.method == "POST")
    return _answer(page or abort(404))


for _view in (change_channel, change_general):
    csrf.exempt(_view)  # the form checks its token itself, and comes back with all that was typed


def _answer(page: Page) -> Any:
    """The form, the preview, or a new version: whatever the request asks for and what was typed allows."""
    form = page.form
    form.allow(page.version.since_on, max(page.version.since_on, language.today()))
    if request.method == "GET":
        form.show(page.texts, page.version.number)
        form.since.data = form.latest
        return _asked(page)
    valid = form.validate_on_submit()
    seen = version_of(form.seen.data) or page.version
    if _sent_twice(page, seen):
        flash(_("This change is made already. Nothing was changed."), "info")
        return redirect(page.back, 303)
    if seen is not page.version:
        other = met(page.fields_in(seen), page.texts, form.texts())
        form.show(other.texts, page.version.number)
        if other.taken or other.both:
            return _asked(page, other), 409
    if not valid or request.form.get("back"):
        status = 400 if "csrf_token" in form.errors else 422 if form.errors else 200
        return _asked(page), status
    return _checked(page)


def _checked(page: Page) -> Any:
    form = page.form
    try:
        concept = page.said(form.texts())
    except WordingRefused as refused:
        for name, faults in refused.faults.items():
            if name:
                form[name].errors = [*form[name].errors, *faults]
            else:
                form.form_errors = [*form.form_errors, *faults]
        return _asked(page), 422
    if concept == page.concept:
        form.form_errors = [_("Nothing differs from the concept as it is. Nothing was changed.")]
        return _asked(page), 422
    now = page.after(concept)
    told = (page.version.number, sorted(now.items()), form.since.data, form.reason.data)
    state = sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if request.form.get("confirm") != state:
        return render_template(
            "concept/change_preview.html",
            page=page,
            form=form,
            said=concept,
            differences=differing(page.texts, now),
            state=state,
            changed=bool(request.form.get("confirm")),
        )
    parts = [name for name in dict.fromkeys([*page.texts, *now]) if page.texts.get(name) != now.get(name)]
    made = amend(
        page.version, concept, form.since.data, form.reason.data, guard.signed_in(), parts, page.channel
    )
    db.session.commit()
    flash(_("Version %(number)s of the concept is in force.", number=made.number), "info")
    return redirect(url_for("concept.index"), 303)


def _sent_twice(page: Page, seen: ConceptVersion) -> bool:
    """Whether the newest version is what this form made when it was sent the first time."""
    newest, form = page.version, page.form
    ours = newest.by_id == guard.signed_in().id and newest.reason == form.reason.data
    if not (request.form.get("confirm") and ours and seen.number == newest.number - 1):
        return False
    try:
        return page.made_of(seen, form.texts()) == page.concept
    except WordingRefused:
        return False


def _asked(page: Page, other: Met | None = None) -> str:
    """The form. `other` is what somebody else changed since the page was opened."""
    return render_template("concept/change.html", page=page, form=page.form, other=other)
