"""Pages: the published concept, for everybody or as a preview; and saying which of the two it is."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import guard, language, paper
from tracker.concept import publishing
from tracker.concept.changes import publish as say_whether
from tracker.concept.publishing import Sheet
from tracker.concept.views import room
from tracker.extensions import db
from tracker.models import Organisation
from tracker.rules.deeds import Deed

KEPT_FOR = 300  # seconds that a browser or a proxy may show the public page without asking again


@room.get("/published")
@guard.public
def published() -> Any:
    """The concept in force. Strangers get a 404 unless it is public; whoever is signed in sees a preview."""
    said, public = _sheet_or_404()
    with force_locale(said.language):
        page = render_template(
            "concept/published.html", sheet=said, public=public, signed_in=guard.may(Deed.CONCEPT_SEE)
        )
    return _kept(Response(page, mimetype="text/html"), public)


@room.get("/published.pdf")
@guard.public
def published_pdf() -> Any:
    """The same on paper, made once for as long as nothing of it changes."""
    said, public = _sheet_or_404()
    try:
        made = _printed(said)
    except paper.NotPrinted:
        current_app.logger.exception("The concept could not be printed.")
        abort(503)
    with force_locale(said.language):
        name = _("Social media concept").replace(" ", "-") + ".pdf"
    answer = Response(made, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return _kept(answer, public)


@room.route("/publish", methods=["GET", "POST"])
@guard.allow(Deed.CONCEPT_PUBLISH)
def publish() -> Any:
    """Ask, then open the page to everybody, or close it again. 404 before a concept was loaded."""
    asks = request.method == "POST"
    row = db.session.get(Organisation, 1, with_for_update=True if asks else None)
    said = publishing.sheet(language.today())
    if row is None or said is None:
        abort(404)
    if not asks:
        address = f"{current_app.config['BASE_URL'].rstrip('/')}{url_for('concept.published')}"
        return render_template("concept/publish.html", row=row, sheet=said, address=address)
    wanted = request.form.get("public")
    if wanted not in {"yes", "no"}:
        abort(400)
    if say_whether(row, public=wanted == "yes"):
        db.session.commit()
        flash(_("Everybody can read the concept now.") if row.concept_public else
              _("Only signed-in people can read the page now."), "info")  # fmt: skip
    else:
        flash(_("It is so already. Nothing was changed."), "info")
    return redirect(url_for("concept.index"), 303)


def _sheet_or_404() -> tuple[Sheet, bool]:
    """The sheet, with the words around its texts in `language` (de or en) of the address; and whether it is public."""
    row = language.organisation()
    public = row is not None and row.concept_public
    if not public and not guard.may(Deed.CONCEPT_SEE):
        abort(404)
    return publishing.sheet(language.today(), request.args.get("language", "")) or abort(404), public


def _kept(answer: Response, public: bool) -> Response:
    """Public pages may be kept for a while and are not sent again unchanged; a preview is never kept."""
    if public and guard.person() is None:
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
        answer.add_etag()
        answer.make_conditional(request)
    return answer


@lru_cache(maxsize=4)
def _printed(said: Sheet) -> bytes:
    """The file. Raises paper.NotPrinted."""
    with force_locale(said.language):
        values = asdict(said) | {
            "as_of": "",
            "made": _("As of %(moment)s", moment=language.moment(said.as_of)),
            "words": {
                "evaluation": _("Evaluation"),
                "general": _("General"),
                "legal": _("Legal references"),
                "commitments": _("What holds for every channel"),
                "channels": _("Channels"),
                "criterion": _("Criterion"),
                "last": _("Last evaluated"),
                "page": _("Page"),
                "of": _("of"),
                "signs_missing": _("□ stands for a sign that this file's font does not have."),
            },
        }
    return paper.printed("concept.typ", values, said.as_of)
