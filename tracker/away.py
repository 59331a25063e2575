"""The page for when the database does not answer, is full or may not be written: it asks the database nothing itself.

What was posted is kept on it, to be sent again; as soon as the database is back, everything goes on.
"""

from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from tracker import guard, unsent
from tracker.extensions import db

FULL = ("full", "no space left", "disk i/o")
CLOSED = ("readonly", "read-only", "read only")
AGAIN_SECONDS = 30
WORDS: dict[str, tuple[Any, Any]] = {
    "away": (
        _l("The database does not answer at the moment."),
        _l("Try again in a minute; if it stays so, tell your administration."),
    ),
    "full": (
        _l("There is no room left to save anything."),
        _l("Your administration has to make room on the server. Then try again."),
    ),
    "closed": (
        _l("At the moment one can only read here."),
        _l("The database may not be written. Tell your administration, then try again."),
    ),
}


def register(app: Flask) -> None:
    """Answer for the database wherever a request meets its trouble."""
    for kind in (OperationalError, InterfaceError, InternalError, NoneFree):
        app.register_error_handler(kind, _away)


def _away(error: Any) -> Any:
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    current_app.logger.error("The database: %s", said)  # never its statement, whose values may name somebody
    try:
        db.session.remove()
    except DBAPIError:
        current_app.logger.exception("The session could not be given back.")
    g.organisation = None  # what every page asks for, answered without asking
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    words, what_to_do = WORDS[_kind(said.casefold())]
    headers = {"Retry-After": str(AGAIN_SECONDS)}
    if guard.takes_token(request.endpoint) or guard.asked_by_script():
        answer = jsonify(error=f"{words} {what_to_do}")
        answer.status_code = 503
        answer.headers.update(headers)
        return answer
    kept = None if guard.open_to_all(request.endpoint) else unsent.unsent()
    if kept is None:
        page = render_template("error.html", code=503, title=words, words=words, what_to_do=what_to_do)
    else:
        kept_words = _("Nothing was saved, and what you typed is still here.")
        page = render_template(
            "unsent.html", code=503, title=words, what_to_do=f"{kept_words} {what_to_do}", unsent=kept
        )
    return Response(page, 503, headers)


def _kind(said: str) -> str:
    if any(one in said for one in CLOSED):
        return "closed"
    return "full" if any(one in said for one in FULL) else "away"
