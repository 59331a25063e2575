"""Pages: the concept as published with its gaps, its versions, and taking in a new one."""

from io import BytesIO
from pathlib import PurePath
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import guard
from tracker.concept import changes, queries, renamed
from tracker.concept.file import parse_concept
from tracker.concept.forms import LoadForm
from tracker.concept.gaps import GapKind
from tracker.concept.problems import ConceptRefused, printable
from tracker.concept.writing import to_toml
from tracker.extensions import db
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.obligating import RuleBroken

room = Blueprint("concept", __name__, url_prefix="/concept")


@room.get("")
@guard.allow(Deed.CONCEPT_SEE)
def index() -> Any:
    """The newest version."""
    return _page(queries.published())


@room.get("/versions/<int:number>")
@guard.allow(Deed.CONCEPT_SEE)
def version(number: int) -> Any:
    """An earlier version, as it was published."""
    return _page(queries.published(number) or abort(404))


def _page(published: queries.Published | None) -> str:
    versions = queries.versions()
    before = queries.before(published.version) if published else None
    return render_template(
        "concept/index.html",
        published=published,
        versions=versions,
        authors=queries.authors(versions),
        before=before,
        changes=queries.compared(before, published) if before and published else None,
        may_see=lambda channel: guard.may(Deed.CHANNELS_SEE, channel.unit_id),
        may_assign=lambda channel: guard.may(Deed.CHANNELS_ASSIGN, channel.unit_id),
        GapKind=GapKind,
    )


@room.get("/versions/<int:number>/compare/<int:other>")
@guard.allow(Deed.CONCEPT_SEE)
def compare(number: int, other: int) -> Any:
    """What differs between two versions, the first taken as the earlier one."""
    older, newer = queries.published(number) or abort(404), queries.published(other) or abort(404)
    return render_template(
        "concept/compare.html",
        older=older,
        newer=newer,
        changes=queries.compared(older, newer),
        versions=queries.versions(),
    )


@room.get("/versions/<int:number>.toml")
@guard.allow(Deed.CONCEPT_SEE)
def toml(number: int) -> Any:
    """A version as a file, which `flask load-concept` and the page for loading read back."""
    found = queries.published(number) or abort(404)
    name = _("Concept") + f"-{found.version.since_on.isoformat()}-{number}.toml"
    data = to_toml(found.concept).encode()
    return send_file(BytesIO(data), "application/toml", as_attachment=True, download_name=name)


@room.route("/load", methods=["GET", "POST"])
@guard.allow(Deed.CONCEPT_LOAD)
def load() -> Any:
    """Take in a file. A broken one is refused whole; each problem is named with its line."""
    form = LoadForm()
    problems: list[str] = []
    suspected: list[renamed.Suspected] = []
    if form.validate_on_submit():
        upload = form.file.data
        filename = _plain_name(upload.filename)
        try:
            concept = parse_concept(upload.read(), filename)
            suspected = [] if form.as_new.data else renamed.suspected(concept)
            loaded = None
            if not suspected:
                loaded = changes.load(concept, filename, form.since.data, by=guard.signed_in())
        except ConceptRefused as refused:
            problems = [problem.text() for problem in refused.problems]
        except RuleBroken as broken:
            db.session.rollback()
            form.since.errors = [*form.since.errors, broken_rule(broken)]
        else:
            if loaded is not None:
                db.session.commit()
                _tell(loaded)
                for warning in concept.warnings:
                    flash(warning.text(), "warn")
                return redirect(url_for("concept.index"))
    page = render_template("concept/load.html", form=form, problems=problems, suspected=suspected)
    return page, 422 if form.errors or problems or suspected else 200


def _plain_name(sent: str | None) -> str:
    """The name of the file without its folder, as a column and a page can hold it."""
    return printable(clean(PurePath((sent or "").replace("\\", "/")).name), 190) or "concept.toml"


def broken_rule(broken: RuleBroken) -> str:
    """Why a day does not do, in the reader's words."""
    if broken.rule == "cadence_day":
        return _("A channel's number of reviews a year changes: that is possible only on a day on which a slot of both begins.")  # fmt: skip # noqa: E501
    return _("This day lies in a slot that has ended. What has ended stays as it is; choose a later day.")


def _tell(loaded: changes.Loaded) -> None:
    if loaded.version is None:
        flash(_("This concept is loaded already. Nothing was changed."), "info")
        return
    flash(_("Version %(number)s of the concept is in force.", number=loaded.version.number), "info")
    if loaded.left_out:
        names = ", ".join(f"{channel.platform} {channel.name}" for channel in loaded.left_out)
        flash(
            ngettext(
                "One channel is no longer in the file. It was not closed: %(names)s.",
                "%(num)s channels are no longer in the file. They were not closed: %(names)s.",
                len(loaded.left_out),
                names=names,
            ),
            "warn",
        )
