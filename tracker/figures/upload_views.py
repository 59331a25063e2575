"""Pages: sending a file, looking at what it would change, accepting it, throwing it away, undoing it."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import guard, language
from tracker.extensions import db
from tracker.figures import changes, comparing, grouping, periods, queries, staging, undoing
from tracker.figures.columns import WORDS
from tracker.figures.comparing import TAKEN
from tracker.figures.forms import UploadForm
from tracker.figures.sheet import FileRefused
from tracker.figures.views import asked_period, of_periods, room
from tracker.models import FiguresUpload
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean

FAULTS_SHOWN, ROWS_SHOWN, PERIODS_SHOWN = 100, 200, 13
LEAVE_OUT = "leave_out"


@room.route("/upload", methods=["GET", "POST"])
@guard.allow(Deed.FIGURES_UPLOAD)
def upload() -> Any:
    """Send a file. What is read of it waits until it is accepted."""
    by, form = guard.signed_in(), UploadForm()
    if form.validate_on_submit():
        sent = form.file.data
        name = clean(PurePath((sent.filename or "").replace("\\", "/")).name)[:190] or "file"
        try:
            rows = staging.read(sent.read(), queries.channels(guard.units_for(Deed.FIGURES_ENTER)))
        except FileRefused as refused:
            form.file.errors = [_("“%(name)s”: %(words)s", name=name, words=str(refused))]
        else:
            one = queries.same_waiting(by.id, rows)
            if one is not None:
                return redirect(url_for("figures.uploaded", upload_id=one.id), 303)
            if len(queries.waiting(by.id)) < queries.WAITING_MOST:
                one = changes.stage(name, rows, by)
                db.session.commit()
                return redirect(url_for("figures.uploaded", upload_id=one.id), 303)
            form.file.errors = [
                _(
                    "%(n)s of your files are waiting already. Accept or throw away one of them.",
                    n=queries.WAITING_MOST,
                )
            ]
    page = render_template(
        "figures/upload.html",
        form=form,
        period=asked_period()[0],
        counts=periods.counts(),
        waiting=queries.waiting(by.id),
        **of_periods(),
    )
    return page, 422 if form.errors else 200


@room.get("/uploads")
@guard.allow(Deed.FIGURES_SEE)
def uploads() -> Any:
    """The files that wait for the person, and those that were accepted."""
    found = queries.uploads(guard.units_for(Deed.FIGURES_SEE))
    return render_template(
        "figures/uploads.html",
        waiting=queries.waiting(guard.signed_in().id),
        found=found,
        period_words=periods.words,
        undoable=_undoable(one.upload for one in found),
    )


@room.get("/uploads/<int:upload_id>")
@guard.allow(Deed.FIGURES_SEE)
def uploaded(upload_id: int) -> Any:
    """What a waiting file would change; or what an accepted one brought."""
    one = _find(upload_id)
    if one.accepted_at is None:
        return _preview(one)
    units = guard.units_for(Deed.FIGURES_SEE)
    rows = [row for row in queries.brought(upload_id) if units is None or row.channel.unit_id in units]
    return render_template(
        "figures/accepted.html",
        upload=one,
        groups=grouping.of_brought(rows[:ROWS_SHOWN]),
        rows=len(rows),
        covered=grouping.periods_of(rows)[:PERIODS_SHOWN],
        more=max(len(rows) - ROWS_SHOWN, 0),
        say=comparing.say,
        title_of=WORDS,
        period_words=periods.words,
        may_undo=bool(_undoable([one])),
    )


def _preview(one: FiguresUpload, *, stale: bool = False, untold: bool = False) -> str:
    staged = staging.of(one, guard.units_for(Deed.FIGURES_ENTER))
    compared = comparing.compare(staged.rows, language.today(), hinted=ROWS_SHOWN)
    taken = [row for row in compared if row.change in TAKEN]
    return render_template(
        "figures/preview.html",
        upload=one,
        staged=staged,
        shown=staged.refused[:FAULTS_SHOWN],
        more=max(len(staged.refused) - FAULTS_SHOWN, 0),
        compared=compared,
        changes=comparing.Change,
        taken=taken,
        groups=grouping.of_compared(taken[:ROWS_SHOWN]),
        most=ROWS_SHOWN,
        state=comparing.fingerprint(compared),
        stale=stale,
        untold=untold,
        LEAVE_OUT=LEAVE_OUT,
        say=comparing.say,
        title_of=WORDS,
        period_words=periods.words,
    )


@room.post("/uploads/<int:upload_id>/accept")
@guard.allow(Deed.FIGURES_UPLOAD)
def accept(upload_id: int) -> Any:
    """Take in what was shown. If somebody entered other figures since, it is shown again first."""
    by, one = guard.signed_in(), _find(upload_id, lock=True)
    if one.accepted_at is not None:
        flash(_("This file is taken in already. Nothing was changed."), "info")
        return redirect(url_for("figures.uploaded", upload_id=upload_id), 303)
    units = guard.units_for(Deed.FIGURES_ENTER)
    staged = staging.of(one, units)
    queries.hold({channel.id for _line, channel, _period, _said in staged.rows})
    compared = comparing.compare(staged.rows, language.today())
    if request.form.get("state") != comparing.fingerprint(compared):
        return _preview(one, stale=True), 409
    if staged.refused and not request.form.get(LEAVE_OUT):
        return _preview(one, untold=True), 422
    if not any(row.change in TAKEN for row in compared):
        flash(_("There is nothing in it to take in."), "info")
        return redirect(url_for("figures.uploaded", upload_id=upload_id), 303)
    taken = changes.accept(one, compared, by)
    db.session.commit()
    flash(
        ngettext(
            "The figures of %(num)d row are taken in.", "The figures of %(num)d rows are taken in.", taken
        ),
        "info",
    )
    return redirect(url_for("figures.uploaded", upload_id=upload_id), 303)


@room.post("/uploads/<int:upload_id>/discard")
@guard.allow(Deed.FIGURES_UPLOAD)
def discard(upload_id: int) -> Any:
    """Throw away a file that waits."""
    one = _find(upload_id, lock=True)
    if one.accepted_at is not None:
        flash(_("This file is taken in already. Undo it, if it was wrong."), "info")
        return redirect(url_for("figures.uploaded", upload_id=upload_id), 303)
    changes.throw_away(one)
    db.session.commit()
    flash(_("The file is thrown away. Nothing of it was taken in."), "info")
    return redirect(url_for("figures.uploads"), 303)


@room.route("/uploads/<int:upload_id>/undo", methods=["GET", "POST"])
@guard.allow(Deed.FIGURES_UNDO)
def undo(upload_id: int) -> Any:
    """Show what would hold again, then undo it. 404 for a file that touches units one may not undo in."""
    by, one = guard.signed_in(), _find(upload_id, lock=request.method == "POST")
    rows = queries.brought(upload_id)
    guard.require(Deed.FIGURES_UNDO, {row.channel.unit_id for row in rows})
    if one.accepted_at is None or one.undone_at is not None:
        flash(_("This file is not taken in, or is undone already. Nothing was changed."), "info")
        return redirect(url_for("figures.uploads"), 303)
    found = undoing.found(rows, queries.rows_without(upload_id, {row.channel_id for row in rows}))
    if request.method == "POST":
        back = sum(not line.newer for line in found)
        changes.undo(one, [row.channel for row in rows], back, by)
        db.session.commit()
        flash(_("The upload is undone. What held before it holds again."), "info")
        return redirect(url_for("figures.uploads"), 303)
    return render_template(
        "figures/undo.html",
        upload=one,
        found=found,
        most=ROWS_SHOWN,
        say=comparing.say,
        title_of=WORDS,
        period_words=periods.words,
    )


def _find(upload_id: int, *, lock: bool = False) -> FiguresUpload:
    """The file, or 404: one that waits is its person's alone, an accepted one must have brought what one may see."""
    one = queries.upload(upload_id, lock=lock)
    if one is None:
        abort(404)
    if one.accepted_at is None:
        if one.by_id != guard.signed_in().id:
            abort(404)
    elif not any(guard.may(Deed.FIGURES_SEE, row.channel.unit_id) for row in queries.brought(upload_id)):
        abort(404)
    return one


def _undoable(files: Iterable[FiguresUpload]) -> frozenset[int]:
    """The ids of those among these files that the person may undo: none that touches units beyond theirs."""
    if not guard.may(Deed.FIGURES_UNDO):
        return frozenset()
    ids = [one.id for one in files if one.accepted_at is not None and one.undone_at is None]
    return frozenset(ids) - queries.beyond(ids, guard.units_for(Deed.FIGURES_UNDO))
