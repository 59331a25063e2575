"""Pages: everything checked, for whoever has no command line; done in the background, read by all who may read all."""

import json
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import exports, guard, language
from tracker.evidence import against_words, checking
from tracker.evidence.views import room
from tracker.exports import CHECK, UNDER_WAY
from tracker.extensions import db
from tracker.models import Export
from tracker.rules.deeds import Deed


@room.get("/journal/verify")
@guard.allow(Deed.JOURNAL_SEE)
def verify() -> Any:
    """Ask for an earlier head; and the checks there were."""
    _readers_of_everything()
    return _asking()


@room.post("/journal/verify")
@guard.allow(Deed.JOURNAL_SEE)
def begin_check() -> Any:
    """Have everything checked. Who asks for what is under way already gets to see that; one at a time a person."""
    _readers_of_everything()
    given, by = request.form.get("head", ""), guard.signed_in()
    sought = given.strip().lower()
    if sought and not (len(sought) == 64 and set(sought) <= set("0123456789abcdef") and sought.strip("0")):
        return _asking(given[:200], wrong=True), 422
    asked, waiting = checking.asked(sought), checking.under_way()
    row = next((one for one in waiting if json.loads(one.asked) == asked), None)
    if row is not None and row.by_id != by.id:
        flash(
            _("%(name)s has asked for the same check already. You see that one.", name=row.by.full_name),
            "info",
        )
    own = next((one for one in waiting if one.by_id == by.id), None)
    if row is None and own is not None:
        flash(_("Your check is still under way. Begin the next one when it is over, or cancel it."), "warn")
    row = row or own or exports.ask(CHECK, language.chosen(), language.today(), asked, by)
    db.session.commit()
    return redirect(url_for("evidence.checked", check_id=row.id), 303)


@room.get("/journal/verify/<int:check_id>")
@guard.allow(Deed.JOURNAL_SEE)
def checked(check_id: int) -> Any:
    """One check: how far it is, then what was found."""
    row = _find(check_id)
    found = checking.result(row)
    return render_template(
        "evidence/checked.html",
        row=row,
        found=found,
        under_way=row.state in UNDER_WAY,
        mine=row.by_id == guard.signed_in().id,
        compared=bool(json.loads(row.asked)),
        sentences=[against_words.sentence(one) for one in found.closed.findings] if found else [],
        more=found.closed.count - len(found.closed.findings) if found else 0,
    )


@room.post("/journal/verify/<int:check_id>/cancel")
@guard.allow(Deed.JOURNAL_SEE)
def cancel_check(check_id: int) -> Any:
    """Stop one's own; others may be waiting for theirs."""
    row = _find(check_id)
    if row.by_id != guard.signed_in().id:
        abort(404)
    if checking.stop(row):
        db.session.commit()
        flash(_("The check was cancelled."), "done")
    return redirect(url_for("evidence.checked", check_id=check_id), 303)


def _asking(given: str = "", *, wrong: bool = False) -> str:
    rows = checking.latest()
    return render_template(
        "evidence/verify.html",
        sought=given,
        wrong=wrong,
        rows=[(row, checking.result(row)) for row in rows],
        under_way=any(row.state in UNDER_WAY for row in rows),
    )


def _find(check_id: int) -> Export:
    _readers_of_everything()
    row = db.session.get(Export, check_id)
    if row is None or row.form != CHECK:
        abort(404)
    return row


def _readers_of_everything() -> None:
    """404 for whoever is limited to units: findings name rows of all."""
    if guard.units_for(Deed.JOURNAL_SEE) is not None:
        abort(404)
