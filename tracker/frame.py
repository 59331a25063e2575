"""What stands around every page: navigation, the person, the organisation, errors, the language switch."""

from dataclasses import dataclass
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from tracker import accounts, assets, clock, freshness, guard, language, second_factor, unsent, year_words
from tracker.extensions import db, limiter
from tracker.rules import differing
from tracker.rules.deeds import Deed

ENTRIES: tuple[tuple[str, Any, Deed], ...] = (
    ("board.index", _l("Board"), Deed.BOARD_SEE),
    ("channels.index", _l("Channels"), Deed.CHANNELS_SEE),
    ("concept.index", _l("Concept"), Deed.CONCEPT_SEE),
    ("meetings.index", _l("Meetings"), Deed.MEETINGS_SEE),
    ("actions.index", _l("Actions"), Deed.ACTIONS_SEE),
    ("figures.index", _l("Figures"), Deed.FIGURES_SEE),
    ("evidence.index", _l("Evidence"), Deed.EVIDENCE_SEE),
    ("evidence.journal", _l("Journal"), Deed.JOURNAL_SEE),
    ("evidence.access", _l("Access log"), Deed.ACCESS_SEE),
    ("reminders.outbox", _l("Outbox"), Deed.OUTBOX_SEE),
    ("people.index", _l("People"), Deed.PEOPLE_SEE),
    ("checklist.index", _l("Checklist"), Deed.CHECKLIST_SEE),
    ("organisation.index", _l("Organisation"), Deed.ORGANISATION_SEE),
)
SELDOM = frozenset(
    {"evidence.access", "reminders.outbox", "people.index", "checklist.index", "organisation.index"}
)
ERRORS: dict[int, tuple[Any, Any]] = {
    400: (_l("This request could not be understood."), _l("Go back, reload the page and try again.")),
    401: (_l("You are signed out."), _l("Nothing was changed. Sign in and do it again.")),
    403: (_l("You may not do this."), _l("Your role does not include it. Ask your administration if it should.")),
    404: (_l("This page does not exist."), _l("Perhaps the address is wrong, or you may not see what is there.")),
    405: (_l("This address does not answer that way."), _l("Use the buttons of the page.")),
    413: (_l("That was too large."), _l("Nothing was saved. Shorten the text and send it again.")),
    429: (_l("That was too often in a short time."), _l("Wait a minute, then try again.")),
    500: (
        _l("Something went wrong on our side."),
        _l("Nothing was saved. Try again; if it stays so, tell your administration."),
    ),
}  # fmt: skip
TOO_LARGE: dict[str, Any] = {  # what a page takes that takes less than can be sent
    "figures.upload": _l("Nothing was saved. A file has at most 2 MB and 5,000 rows: send it in parts."),
}


@dataclass(frozen=True)
class Link:
    """One entry of the main menu; what one goes to seldom stands in a menu of its own, where there is room for one."""

    url: str
    text: str
    current: bool
    seldom: bool


def register(app: Flask) -> None:
    """Context for every template, pages for every error, and the language switch."""
    assets.register(app)
    app.jinja_env.tests["told"] = accounts.is_told
    app.jinja_env.globals["pieces"] = differing.pieces
    app.context_processor(lambda: _context(app))
    app.jinja_env.globals["year_words"] = year_words
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(CSRFError, _expired)
    app.add_url_rule("/language/<code>", "language", guard.public(_switch), methods=["POST"])


def _context(app: Flask) -> dict[str, Any]:
    someone, current = guard.person(), _menu_entry(request.endpoint or "")
    led_elsewhere = someone is not None and second_factor.is_missing(someone)
    return {
        "account_url": url_for("account.index"),
        "navigation": [
            Link(url_for(endpoint), str(text), endpoint == current, endpoint in SELDOM)
            for endpoint, text, deed in ENTRIES
            if someone and endpoint in app.view_functions and guard.may(deed) and not led_elsewhere
        ],
        "organisation": language.organisation(),
        "person": someone,
        "role_words": ", ".join(language.word(role) for role in guard.roles()),
        "may": guard.may,
        "may_everywhere": guard.may_everywhere,
        "Deed": Deed,
        "today_words": language.day_long(language.today()),
        "current_language": language.chosen(),
    }  # fmt: skip


OF_JOURNAL = {
    "evidence.entry", "evidence.verify", "evidence.begin_check", "evidence.checked", "evidence.cancel_check",
}  # fmt: skip


def _menu_entry(endpoint: str) -> str:
    """The entry of the menu that a page belongs to: its own, else the first of its room."""
    endpoint = "evidence.journal" if endpoint in OF_JOURNAL else endpoint
    room = endpoint.partition(".")[0]
    room = {"reviews": "meetings"}.get(room, room)  # one logs a meeting, whichever room does it
    of_room = [one for one, _text, _deed in ENTRIES if one.partition(".")[0] == room]
    return endpoint if endpoint in of_room else (of_room or [""])[0]


def _error(error: HTTPException) -> Any:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    db.session.rollback()
    if isinstance(
        error, SecurityError
    ):  # asked for by a name that is not ours: no page of ours has an address there
        return Response(f"{ERRORS[400][0]}\n", 400, mimetype="text/plain")
    if guard.takes_token(request.endpoint):
        return _for_a_script(error)
    if error.code == 401 and request.method == "POST":
        return _not_taken()
    words, what_to_do = _in_words(error)
    back = None
    if (
        error.code == 413 and request.mimetype == "multipart/form-data"
    ):  # the form of a file, on the page it is sent to
        words, back = _("The file is too large."), request.path
        most = language.number(current_app.config["MAX_CONTENT_LENGTH"] / 1_000_000)
        what_to_do = TOO_LARGE.get(request.endpoint or "") or _(
            "Nothing was saved. At most %(most)s MB can be sent at once: send it in parts.", most=most
        )
    page = render_template(
        "error.html", code=error.code, title=words, words=words, what_to_do=what_to_do, back=back
    )
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in {"retry-after", "allow"}]
    return Response(page, status=error.code, headers=headers, mimetype="text/html")


def _in_words(error: HTTPException) -> tuple[Any, Any]:
    """What happened and what to do; where somebody tried too often, how long to wait."""
    words, what_to_do = ERRORS.get(error.code or 500, ERRORS[400])
    until = [one.reset_at - 1 for one in limiter.current_limits if one.breached] if error.code == 429 else []
    if not until:
        return words, what_to_do
    minutes = max(1, -(-(max(until) - int(clock.now().timestamp())) // 60))
    return words, ngettext(
        "Wait one minute, then try again.", "Wait %(num)d minutes, then try again.", minutes
    )


def _for_a_script(error: HTTPException) -> Response:
    words, what_to_do = _in_words(error)
    answer = jsonify(error=f"{words} {what_to_do}")
    answer.status_code = error.code or 500
    return answer


def _expired(_error: CSRFError) -> Any:
    db.session.rollback()
    return _not_taken()


def _not_taken() -> Response:
    """A form that came too late, or after the session had ended: with what was typed, to be sent again."""
    signed_out = guard.person() is None
    asks_to_sign_in = signed_out and not guard.open_to_all(request.endpoint)
    code = 401 if asks_to_sign_in else 400
    title = _("You are signed out.") if asks_to_sign_in else _("This form has expired.")
    to_confirm = freshness.to_confirm()
    if to_confirm:
        code, title = 401, _("Please confirm first that it is you.")
    kept = None if guard.open_to_all(request.endpoint) else unsent.unsent()
    if kept is None:
        what_to_do = _("Nothing was changed. Open the page anew and fill in the form again.")
        page = render_template("error.html", code=code, title=title, words=title, what_to_do=what_to_do)
        return Response(page, status=code)
    what_to_do = _("Nothing was changed, and what you typed is still here. Read it, then send it again.")
    if asks_to_sign_in:
        what_to_do = _(
            "Nothing was changed, and what you typed is still here. Sign in in another tab, then send it again."
        )
    if to_confirm:
        what_to_do = _(
            "Nothing was changed, and what you typed is still here. Confirm in another tab, then send it again."
        )
    page = render_template(
        "unsent.html", code=code, title=title, what_to_do=what_to_do, unsent=kept, signed_out=asks_to_sign_in,
        to_confirm=to_confirm,
    )  # fmt: skip
    return Response(page, status=code)


def _switch(code: str) -> Any:
    """Remember the language for this browser, and for the person who is signed in.

    That leaves no entry in the journal: it is a preference of theirs, like what a draft says, and changes nothing that
    is promised, told or proven.
    """
    if code in language.LANGUAGES:
        session["language"] = code
        someone = guard.person()
        if someone is not None:
            someone.language = code
            db.session.commit()
    else:
        flash(_("This language is not available."), "warn")
    back = request.form.get("back", "/")
    within = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(
        back if within and back.isprintable() else "/"
    )  # a tab would be left out of "/\t/elsewhere"
