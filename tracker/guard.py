"""Who may do what: closed by default.

Every route says `@allow(Deed.…)`, `@public`, or how else it admits (tracker/admitting.py); one that says nothing is
refused. What is refused is noted in the access log.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask_security import current_user
from flask_security.utils import logout_user
from sqlalchemy import select
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as AnyResponse

from tracker import access_log, accounts, freshness, second_factor
from tracker.extensions import db
from tracker.models import User, unit_limits
from tracker.rules.accounts import Attempt
from tracker.rules.deeds import ALLOWED, WHOLE, Deed
from tracker.rules.words import Role

LARGEST_ID = 10**9 - 1  # far below what a column of PostgreSQL holds, far above what will ever be in one
View = TypeVar("View", bound=Callable[..., Any])

PUBLIC_ENDPOINTS = second_factor.AT_SIGN_IN | {"static", "security.static"}
DEEDS_OF_ENDPOINTS = dict.fromkeys(second_factor.OWN_PAGES, Deed.ACCOUNT_CHANGE)


class Number(IntegerConverter):
    """`<int:…>` in every address: a number that no column may hold names nothing, so the page is not found."""

    regex = f"[0-9]{{1,{len(str(LARGEST_ID))}}}"


def allow(deed: Deed) -> Callable[[View], View]:
    """The route is for signed-in people one of whose roles may do `deed`."""

    def mark(view: View) -> View:
        view.deed = deed  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The route is for everybody. Use it seldom."""
    view.public = True  # type: ignore[attr-defined]
    return view


def deed_of(app: Flask, endpoint: str) -> Deed | bool | None:
    """What an endpoint asks for: a deed, True for public, None for unmarked (refused)."""
    if endpoint in PUBLIC_ENDPOINTS:
        return True
    view = app.view_functions.get(endpoint)
    if getattr(view, "public", False):
        return True
    return getattr(view, "deed", None) or DEEDS_OF_ENDPOINTS.get(endpoint)


def open_to_all(endpoint: str | None) -> bool:
    """Whether one need not be signed in."""
    return endpoint is not None and deed_of(current_app, endpoint) is True


def takes_token(endpoint: str | None) -> bool:
    """Whether a route is for scripts with a private token, which can use nothing but JSON as an answer."""
    return getattr(current_app.view_functions.get(endpoint or ""), "by_token", False)


def person() -> User | None:
    """The signed-in person, or the one whose private token came along; None outside the days of the account."""
    if takes_token(request.endpoint):
        admitted: User | None = g.get("admitted")
        return admitted
    if not current_user or not current_user.is_authenticated:
        return None
    found: User = current_user._get_current_object()
    return found if accounts.in_its_days(found) else None


def signed_in() -> User:
    """The signed-in person, in a route that asks for a deed."""
    found = person()
    if found is None:
        abort(401)
    return found


def roles() -> list[Role]:
    """The roles of the signed-in person."""
    found = person()
    return [Role(role.name) for role in found.roles] if found else []


def may(deed: Deed, unit_id: int | None = None) -> bool:
    """Whether the signed-in person may do `deed`, in a unit if one is given, else anywhere."""
    if not any(deed in ALLOWED[role] for role in roles()):
        return False
    units = units_for(deed)
    if units is None:
        return True
    return deed not in WHOLE and (unit_id is None or unit_id in units)


def may_everywhere(deed: Deed) -> bool:
    """Whether the person may do `deed` without a limit to units."""
    return may(deed) and units_for(deed) is None


def units_for(deed: Deed) -> frozenset[int] | None:
    """The units in which the person may do `deed`; None: all of them."""
    limits: dict[Role, frozenset[int]] = _limits()
    allowed = [limits.get(role) for role in roles() if deed in ALLOWED[role]]
    if not allowed:
        return frozenset()
    if any(units is None for units in allowed):
        return None
    return frozenset().union(*(units for units in allowed if units is not None))


def require(deed: Deed, unit_ids: Iterable[int]) -> None:
    """404 where a row belongs to a unit that the person may not `deed` in: what one may not see does not exist."""
    if not all(may(deed, unit_id) for unit_id in unit_ids):
        access_log.note(Attempt.OUTSIDE, g.get("asked_by"), deed.value)
        abort(404)


def _limits() -> dict[Role, frozenset[int]]:
    if "unit_limits" not in g:
        found: dict[Role, set[int]] = {}
        someone = person()
        if someone is not None:
            names = {role.id: Role(role.name) for role in someone.roles}
            rows = db.session.execute(
                select(unit_limits.c.role_id, unit_limits.c.unit_id).where(
                    unit_limits.c.user_id == someone.id
                )
            )
            for role_id, unit_id in rows:
                if role_id in names:
                    found.setdefault(names[role_id], set()).add(unit_id)
        g.unit_limits = {role: frozenset(units) for role, units in found.items()}
    limits: dict[Role, frozenset[int]] = g.unit_limits
    return limits


def register(app: Flask) -> None:
    """Check every request before its view runs."""
    app.url_map.converters["int"] = Number
    app.before_request(_check)
    app.after_request(_note_refusal)


def begin(app: Flask) -> None:
    """Register this before anything that asks who is signed in: whoever asks first begins the transaction."""
    app.before_request(_begin)


def _begin() -> None:
    """A request that only shows opens a transaction that never waits for a writer."""
    shows = request.method in {"GET", "HEAD", "OPTIONS"} and request.endpoint not in {None, "static"}
    if shows and not db.session().in_transaction():
        db.session.connection(execution_options={"read_only": True})


def _check() -> AnyResponse | None:
    if request.endpoint is None or takes_token(request.endpoint):
        return None  # 404 and 405 answer for themselves, a route for scripts asks for its token
    if request.endpoint not in {"static", "security.static"}:
        _end_session()
    if open_to_all(request.endpoint):
        return None
    someone = person()
    if someone is None:
        if asked_by_script():
            return Response(status=401)
        if request.method == "POST":
            abort(401)  # tracker/frame.py answers with what was typed
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    g.journal_person, g.asked_by = someone, someone.id
    deed = deed_of(current_app, request.endpoint)
    if not isinstance(deed, Deed) or not may(deed):
        abort(403)
    if request.endpoint not in second_factor.PAGES and second_factor.is_missing(someone):
        return redirect(url_for("account.second_factor"), 303)
    return cast(AnyResponse | None, freshness.ask(deed))


def _end_session() -> None:
    """Whoever's days are over, or have not begun, is signed out, and is told so by the page that comes next."""
    if not current_user or not current_user.is_authenticated or accounts.in_its_days(current_user):
        return
    access_log.note(Attempt.SESSION_ENDED, current_user.id)
    flash(accounts.why_not(current_user), "warn")
    logout_user()


def asked_by_script() -> bool:
    """Whether the request came from a script of ours, which cannot use a page as an answer."""
    return request.headers.get("Accept") == "application/json"


def _note_refusal(response: Response) -> Response:
    """Whatever answered with "you may not": here, or a view that looked closer."""
    if response.status_code == 403 and "asked_by" in g:
        deed = deed_of(current_app, str(request.endpoint))
        access_log.note(
            Attempt.REFUSED, g.asked_by, deed.value if isinstance(deed, Deed) else str(request.endpoint)
        )
    return response
