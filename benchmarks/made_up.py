"""A made-up installation in a temporary folder: as many channels, people and slots as a measurement needs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, update

from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.models import (
    Channel,
    Contact,
    Meeting,
    MeetingHead,
    Obligation,
    Organisation,
    Rating,
    Review,
    StateChange,
    Unit,
)
from tracker.rules.words import ChannelState, Criterion, Level

ZONE = "Europe/Berlin"
SECRETS = {"SECRET_KEY": "of a measurement", "SECURITY_PASSWORD_SALT": "of a measurement"}


@contextmanager
def installation(**settings: Any) -> Iterator[Flask]:
    """An app on a fresh SQLite file with all migrations run, inside an app context."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("TRACKER_DATABASE_URL", None)
        app = create_app({**SECRETS, "BASE_URL": "http://tracker.example.org", **settings}, Path(folder))
        with app.app_context():
            upgrade()
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


def organisation() -> Unit:
    """The organisation, with reminders confirmed long ago, and one unit."""
    long_ago = clock.moment_on(date(2000, 1, 1), ZONE)
    row = {"id": 1, "name": "IHK Beispiel", "timezone": ZONE, "language": "de", "holiday_region": "DE-BW"}
    db.session.add(Organisation(**row, reminders_confirmed_at=long_ago))
    unit = Unit(key="unit", name="Kammer", position=1)
    db.session.add(unit)
    db.session.commit()
    return unit


def channels(unit: Unit, count: int, since: date, *, each_its_mailbox: bool = True) -> None:
    """So many active channels with four reviews a year since a day; each with a mailbox that is responsible, or all
    with the same one.
    """
    mailboxes = count if each_its_mailbox else 1
    now = clock.now()
    people = [
        {"id": k, "name": f"Postfach {k}", "email": f"kanal{k}@example.org"} for k in range(1, mailboxes + 1)
    ]
    rows = [
        {"id": k, "unit_id": unit.id, "platform": "Mastodon", "name": f"Kanal {k}", "position": k,
         "contact_id": k if each_its_mailbox else 1}
        for k in range(1, count + 1)
    ]  # fmt: skip
    states = [
        {
            "channel_id": k,
            "from_on": since,
            "state": ChannelState.ACTIVE,
            "cause": "Konzept",
            "created_at": now,
        }
        for k in range(1, count + 1)
    ]
    obligations = [
        {"channel_id": k, "from_on": since, "reviews_per_year": 4, "criteria": frozenset(Criterion),
         "cause": "Konzept", "created_at": now}
        for k in range(1, count + 1)
    ]  # fmt: skip
    for table, found in (
        (Contact, people),
        (Channel, rows),
        (StateChange, states),
        (Obligation, obligations),
    ):
        db.session.execute(insert(table), found)
    db.session.commit()


def reviews(channel_count: int, days: list[date]) -> None:
    """A closed meeting on each day, in which channels were rated clear; one in eight, at random, was not discussed."""
    chance = Random(1)
    for nth, day in enumerate(days):
        at = clock.moment_on(day, ZONE)
        meeting = Meeting(planned_on=day, planned_at=at)
        db.session.add(meeting)
        db.session.flush()
        first = nth * channel_count
        discussed = [k for k in range(1, channel_count + 1) if chance.random() > 1 / 8]
        common = {
            "meeting_id": meeting.id,
            "unit_name": "Kammer",
            "platform": "Mastodon",
            "by_name": "Jonas Brandt",
        }
        rows = [{"id": first + k, "channel_id": k, "channel_name": f"Kanal {k}", **common} for k in discussed]
        db.session.execute(insert(Review), rows)
        clear = {"level": Level.CLEAR, "reason": "", "entered_at": at}
        ratings = [{"review_id": row["id"], "criterion": one, **clear} for row in rows for one in Criterion]
        db.session.execute(insert(Rating), ratings)
        head = MeetingHead(meeting_id=meeting.id, version=1, held_on=day, chair="Katrin Seidel",
                           minute_taker="Jonas Brandt", by_name="Jonas Brandt", written_at=at)  # fmt: skip
        db.session.add(head)
        db.session.flush()
        db.session.execute(update(Review).where(Review.meeting_id == meeting.id).values(closed_at=at))
        head.closed_at = at
        db.session.flush()
        meeting.closed_at = at
        db.session.commit()
