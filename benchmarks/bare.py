"""The plain counterparts of pages: the same stack, the same HTML, and nothing in between.

The bare board is Flask, Flask-SQLAlchemy's Core, a session, CSRF tokens and three queries; plain tuples go into one
Jinja template. It knows no rules: a quarter with three ratings is kept. What stands around the rows is fixed text,
taken from the app's own page, so that both can be compared, and are.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Flask, abort, session
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Connection, select

from tracker.extensions import listen_to
from tracker.models import Channel, MeetingHead, Rating, Review, Unit, User

ROWS = (Path(__file__).parent / "bare_rows.html").read_text()
WORDS = {"kept": "eingehalten", "missed": "versäumt", "open": "offen", "current": "aktuell",
         "clear": "ohne Beanstandung", "remark": "Hinweis", "none": "nicht besprochen"}  # fmt: skip
CRITERIA = ("Kosten-Nutzen", "Rechtmäßigkeit", "Strategie")
PAGE = 60  # channels
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
VALUE = re.compile(r'((?<=>)[^<]+|(?<==")[^"]*)')


class Board:
    """The bare board's app and a client of it who is signed in."""

    def __init__(self, like: Flask, page: str, on: date) -> None:
        self.on, self.app, self.db = on, Flask("bare"), SQLAlchemy()
        self.app.config.from_mapping(
            SECRET_KEY="of a measurement", SQLALCHEMY_DATABASE_URI=like.config["SQLALCHEMY_DATABASE_URI"]
        )
        self.app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
        self.db.init_app(self.app)
        CSRFProtect(self.app)
        with self.app.app_context():
            listen_to(self.db.engine)
        first, last = page.index("<tbody>"), page.rindex("</tbody>") + len("</tbody>")
        around = (TOKEN.sub("{{ csrf_token() }}", text) for text in (page[:first], page[last:]))
        self.template = self.app.jinja_env.from_string(ROWS.join(around))
        self.assets = like.jinja_env.globals["asset_version"]
        self.app.add_url_rule("/", view_func=self.show)

    def client(self) -> Any:
        """Somebody who is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as mine:
            mine["who"] = "editor of a measurement"
        return client

    def show(self) -> str:
        """The page."""
        connection = self.db.session.connection(execution_options={"read_only": True})
        if not connection.execute(select(User.id).where(User.fs_uniquifier == session.get("who"))).first():
            abort(401)
        found = connection.execute(CHANNELS).all()
        marks: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
        for channel, held_on, criterion, level in connection.execute(RATED):
            if held_on.year == self.on.year:
                marks[channel, (held_on.month + 2) // 3][criterion] = level
        rows = []
        for channel, platform, name, unit in found:
            cells = [self._cell(quarter, marks.get((channel, quarter))) for quarter in (1, 2, 3, 4)]
            rows.append((unit, (channel, platform, name, cells)))
        groups = [
            (unit, [row for _unit, row in of]) for unit, of in groupby(rows[:PAGE], key=lambda one: one[0])
        ]
        return self.template.render(
            groups=groups, year=self.on.year, assets=self.assets, words=WORDS, criteria=CRITERIA
        )

    def _cell(self, quarter: int, found: dict[str, str] | None) -> tuple[int, str, tuple[str, ...]]:
        if found is None:
            return quarter, "missed" if 3 * quarter < self.on.month else "open", ("none", "none", "none")
        return quarter, "kept", (found["cost_benefit"], found["legality"], found["strategy"])


CHANNELS = (
    select(Channel.id, Channel.platform, Channel.name, Unit.name)
    .join(Unit, Channel.unit_id == Unit.id)
    .order_by(Unit.position, Channel.position, Channel.id)
)
RATED = (
    select(Review.channel_id, MeetingHead.held_on, Rating.criterion, Rating.level)
    .join(Rating, Rating.review_id == Review.id)
    .join(MeetingHead, MeetingHead.meeting_id == Review.meeting_id)
    .where(Review.closed_at.is_not(None))
)


def same(ours: str, theirs: str) -> None:
    """Refuse to compare pages that differ in more than white space and tokens."""
    for mine, other in zip(map(_plain, ours.split("<")), map(_plain, theirs.split("<")), strict=True):
        if mine != other:
            raise SystemExit(f"The bare page is not the same: {other!r} instead of {mine!r}")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r'(?<=name="csrf_token" value=")[^"]+', "", text)).strip()


def from_memory(page: str) -> Callable[[], str]:
    """What renders this page from memory with Jinja: every text and every attribute's value is put in and escaped."""
    parts = VALUE.split(page)
    pieces = [
        (Markup(literal), unescape(value))
        for literal, value in zip(parts[::2], [*parts[1::2], ""], strict=True)
    ]
    template = Environment(autoescape=True).from_string(
        "{% for literal, value in pieces %}{{ literal }}{{ value }}{% endfor %}"
    )
    if unescape(template.render(pieces=pieces)) != unescape(page):
        raise SystemExit("The page from memory is not the same.")
    return lambda: template.render(pieces=pieces)


def ask_again(connection: Connection, asked: list[tuple[str, Any]]) -> int:
    """Ask the same statements with the same values, and take all rows."""
    return sum(len(connection.exec_driver_sql(statement, values).all()) for statement, values in asked)
