"""An installation with two units, of which one is nobody's business, and people of every role to walk through it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from tests import factories
from tests.browsing import Client
from tracker import clock, tokens
from tracker.concept.changes import load
from tracker.concept.file import parse_concept
from tracker.extensions import db
from tracker.models import Explanation, Mail, User
from tracker.rules.words import Criterion, Level

SECRET = "Geheimfach"  # stands in everything of the other unit and nowhere else
ON = date(2026, 10, 13)
PEOPLE = (
    "nobody",
    "editor",
    "manager",
    "auditor",
    "admin",
    "limited editor",
    "limited manager",
    "limited auditor",
)
CONCEPT = {"concept.change_channel"}
OF_ONESELF = {"people.away", "people.back"}  # of others: not found
ANSWERED = {200, 302, 303, 400, 409, 422}  # a form sent empty is refused by itself, not by the guard
CONCEPT = b"""[organisation]
name = "Stadt"
[evaluation]
reviews_per_year = 4
[[units]]
key = "s"
name = "Stadt"
[[channels]]
unit = "s"
platform = "Mastodon"
name = "Stadt"
"""
# Written without an entry of the journal: what is typed, what is counted, which language somebody likes to read.
UNTOLD = frozenset(
    {"draft", "access", "tried", "journal", "journal_words", "alembic_version", "user", "export"}
)


@dataclass
class Installation:
    """The app on a file, with a copy of the file as it was."""

    app: Flask
    file: Path
    kept: Path
    people: dict[str, str]  # what each person's session is known by
    ids: list[int]

    def client(self, who: str) -> Client:
        """A browser of one of PEOPLE."""
        client: Any = self.app.test_client()
        if who != "nobody":
            with client.session_transaction() as session:
                session.update({"_user_id": self.people[who], "_fresh": True, "identity": self.people[who]})
                session.update({"fs_cc": "set", "fs_paa": clock.now().timestamp()})
        return client  # type: ignore[no-any-return]

    def state(self) -> dict[str, tuple[int, Any]]:
        """How many rows each table has, and something that changes with them."""
        with closing(sqlite3.connect(self.file)) as connection:
            found = {}
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
                found[name] = (len(rows), hash(tuple(rows)))
            return found

    def put_back(self) -> None:
        """As it was in the beginning."""
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(self.kept)) as before, closing(sqlite3.connect(self.file)) as now:
            before.backup(now)


def installation(app: Flask, folder: Path) -> Installation:
    """Fill a fresh installation."""
    own, other = factories.unit("Hauptgeschäftsstelle"), factories.unit(SECRET)
    load(parse_concept(CONCEPT, "konzept.toml"), "konzept.toml", None, by=factories.person("manager"))
    mine = factories.channel(own, since=date(2026, 1, 1))
    theirs = factories.channel(other, name=f"Kanal {SECRET}", since=date(2026, 1, 1))
    verdict = {Criterion.LEGALITY: (Level.REMARK, f"Grund {SECRET}"), Criterion.STRATEGY: Level.CLEAR}
    factories.closed_meeting(date(2026, 5, 12), [mine])
    factories.closed_meeting(date(2026, 8, 12), {theirs: verdict})
    factories.planned_meeting(date(2026, 10, 20), [mine])
    factories.planned_meeting(date(2026, 10, 21), [theirs], place=f"Raum {SECRET}")
    factories.action(mine, factories.contact(), date(2026, 11, 3))
    factories.action(theirs, factories.contact(), date(2026, 11, 3), what=f"Tun {SECRET}")
    factories.figures(mine)
    factories.figures(theirs, note=f"Notiz {SECRET}")
    factories.check_item()
    explained = Explanation(channel_id=theirs.id, begins_on=date(2026, 1, 1), due_on=date(2026, 3, 31), at=clock.now(),
                            text=f"Weil {SECRET}", by_name="Jonas Brandt")  # fmt: skip
    mail = Mail(kind="digest", state="sent", message_id="<1@example.org>", to_name="Presse", language="de",
                to_address="presse@example.org", subject="Erinnerung", text="Text", html="<p>Text</p>",
                written_at=clock.now(), next_try_at=clock.now())  # fmt: skip
    db.session.add_all([explained, mail])
    db.session.commit()
    people = {}
    for who in PEOPLE[1:]:
        role = who.rpartition(" ")[2]
        someone: User = factories.person(role, units=[own] if who.startswith("limited") else ())
        if role == "auditor":
            tokens.make(someone, "Skript", ON, ON)
        people[who] = someone.fs_uniquifier
    db.session.commit()
    file = Path(str(db.engine.url.database))
    db.session.execute(text("SELECT 1"))
    db.session.remove()
    kept = folder / "kept.sqlite"
    with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(kept)) as copy:
        now.backup(copy)
    return Installation(app, file, kept, people, list(range(1, 6)))
