"""Who comes without a session: scripts and calendars, with a private token of somebody who may."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, abort, g, jsonify, request

from tracker import access_log, language, tokens
from tracker.guard import may
from tracker.models import Token
from tracker.rules.accounts import Attempt, Why
from tracker.rules.deeds import Deed

View = TypeVar("View", bound=Callable[..., Any])


def by_token(deed: Deed) -> Callable[[View], View]:
    """The route is for scripts: no session, but the private token of somebody who may do `deed`.

    The token is asked for here, not before the request: so a limit around the view also counts those that guess.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def asked(*args: Any, **more: Any) -> Any:
            refused = _refused_token(deed)
            return view(*args, **more) if refused is None else refused

        return _marked(asked, deed)

    return mark


def by_address(deed: Deed) -> Callable[[View], View]:
    """The route is for calendars: no session, but a private token in the address (`token`). Else it is not found."""

    def mark(view: View) -> View:
        @wraps(view)
        def asked(token: str, **more: Any) -> Any:
            found = tokens.find(token, language.today(), tokens.CALENDAR)
            if isinstance(found, Token):
                g.admitted, g.token = found.user, found
            if not isinstance(found, Token) or not may(deed):
                abort(404)
            return view(**more)

        return _marked(asked, deed)

    return mark


def _marked(asked: Any, deed: Deed) -> Any:
    """What the guard reads on a route: which deed it is, and that no session is asked for."""
    asked.deed, asked.by_token = deed, True
    return asked


def _refused_token(deed: Deed) -> Response | None:
    """None: whoever the private token belongs to does what follows, as far as their roles and units go today."""
    given = request.authorization
    found = tokens.find(given.token or "" if given and given.type == "bearer" else "", language.today())
    if isinstance(found, Token):
        g.admitted, g.token = found.user, found
        g.journal_person, g.journal_ids = found.user, {"token": found.id}
        if may(deed):
            return None
        found = tokens.Turned(Why.MAY_NOT, found.user_id)
    access_log.note(Attempt.TOKEN_REFUSED, found.user_id, found.why)
    answer = jsonify(error=str(tokens.SENTENCES[found.why]))
    answer.status_code = 401
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
