"""A board that is as its reader saw it last is not drawn again: the browser shows the one it has (ETag, 304).

What is on the board follows from the journal, whose head moves in the transaction of every change that is told there;
from what the engine and the outbox did; from the day, the person and what they asked for. Nothing else is remembered,
so nothing can be stale. The parts are read before the page is: a change meanwhile makes it drawn once more.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from flask import Response, current_app, make_response, request, session
from sqlalchemy import func, select

from tracker import guard, language
from tracker.board import queries
from tracker.extensions import db
from tracker.models import Entry

FRESH = "private, no-cache"  # kept by the reader's own browser, and shown only after asking


def told_by_etag(view: Callable[[], Any]) -> Callable[[], Any]:
    """Answers 304 without drawing the page, where the browser has it as it would be drawn."""

    @wraps(view)
    def asked() -> Any:
        parts = _parts()
        if session.get("_flashes"):  # said once, and to nobody else
            return view()
        if _tag(parts) in _had():
            return _marked(Response(status=304), parts)
        answer = make_response(view())
        return _marked(answer, parts) if answer.status_code == 200 else answer

    return asked


def _parts() -> tuple[Any, ...]:
    """What the board follows from, but for the token of its forms: few small questions, however many channels."""
    someone, health = guard.signed_in(), queries.health()
    return (
        current_app.jinja_env.globals["asset_version"],
        someone.fs_uniquifier,
        language.chosen(),
        request.full_path,
        language.today(),
        db.session.scalar(select(func.max(Entry.number))),
        health.run and (health.run.id, health.run.began_at, health.run.words, health.run.count),
        health.late,
        health.waiting,
        health.given_up,
        bool(current_app.config["MAIL_HOST"]),
    )


def _tag(parts: tuple[Any, ...]) -> str:
    """With the session's own secret, since a form of another session would be refused."""
    return sha256(repr((*parts, session.get("csrf_token"))).encode()).hexdigest()[:32]


def _had() -> set[str]:
    """The tags the browser has; what compresses an answer adds to its tag how."""
    return {one.partition(":")[0] for one in request.if_none_match.as_set(include_weak=True)}


def _marked(answer: Any, parts: tuple[Any, ...]) -> Response:
    answer.set_etag(_tag(parts), weak=True)
    answer.headers["Cache-Control"] = FRESH
    return cast(Response, answer)
