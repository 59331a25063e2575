"""Migration 0003: how a channel is run moves from two columns into rows with a day, and back, with what was known."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests import factories
from tracker.extensions import db

pytestmark = pytest.mark.own_database
LEGALITY = "legality"
ALL = "cost_benefit,legality,strategy"
SINCE, NARROWED = "2026-01-01", "2026-10-01"


def told(state: str, closed_on: str | None = None, opened_on: str | None = None, *duties: Any) -> int:
    """A channel as revision 0002 knew it, with its obligations: (from, until, criteria)."""
    values = {"unit": unit(), "name": f"{state} {closed_on} {opened_on}", "state": state}
    number = db.session.scalar(
        text(
            "INSERT INTO channel (unit_id, platform, name, state, opened_on, closed_on, position) "
            "VALUES (:unit, 'Mastodon', :name, :state, :opened_on, :closed_on, 1) RETURNING id"
        ),
        {**values, "opened_on": opened_on, "closed_on": closed_on},
    )
    for from_on, until_on, criteria in duties:
        db.session.execute(
            text(
                "INSERT INTO obligation (channel_id, from_on, until_on, reviews_per_year, criteria, cause, created_at) "
                "VALUES (:channel, :from_on, :until_on, 4, :criteria, '', '2026-01-01 00:00:00')"
            ),
            {"channel": number, "from_on": from_on, "until_on": until_on, "criteria": criteria},
        )
    return int(number or 0)


def unit() -> int:
    return int(db.session.scalar(text("SELECT min(id) FROM unit")) or 0)


def known() -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for number, from_on, state in db.session.execute(
        text("SELECT channel_id, from_on, state FROM state_change ORDER BY from_on")
    ):
        found.setdefault(number, []).append((str(from_on), state))
    return found


@pytest.fixture
def before(app: Flask) -> None:
    """The database of revision 0002, with one unit."""
    factories.unit()
    db.session.remove()
    downgrade(revision="0002")


def migrated() -> dict[int, list[tuple[str, str]]]:
    db.session.commit()
    upgrade(revision="0003")
    return known()


def test_every_channel_keeps_what_was_known_of_it(before: None) -> None:
    whole, rest = (SINCE, None, ALL), (NARROWED, None, LEGALITY)
    active = told("active", None, None, whole)
    opened = told("active", None, "2024-05-02", whole)
    dormant = told("dormant", None, None, (SINCE, "2026-09-30", ALL), rest)
    always = told("crisis_only", None, None, (SINCE, None, LEGALITY))
    closed = told("closed", "2026-02-20", None, (SINCE, "2026-02-19", ALL))
    vague = told("closed", None, None, (SINCE, "2026-03-31", ALL))
    planned = told("planned")
    found = migrated()
    assert found == {
        active: [(SINCE, "active")],
        opened: [("2024-05-02", "active")],
        dormant: [(SINCE, "active"), (NARROWED, "dormant")],
        always: [(SINCE, "crisis_only")],
        closed: [(SINCE, "active"), ("2026-02-20", "closed")],
        vague: [(SINCE, "active"), ("2026-04-01", "closed")],
    }
    assert planned not in found


def test_going_down_says_how_each_channel_is_run_today(before: None) -> None:
    told("active", None, None, (SINCE, None, ALL))
    told("dormant", None, None, (SINCE, None, LEGALITY))
    told("closed", "2025-02-20", "2024-01-01")
    told("planned")
    migrated()
    db.session.remove()
    downgrade(revision="0002")
    rows = db.session.execute(text("SELECT state, closed_on, opened_on FROM channel ORDER BY id")).all()
    assert [(state, str(closed), str(opened)) for state, closed, opened in rows] == [
        ("active", "None", "None"),
        ("dormant", "None", "None"),
        ("closed", "2025-02-20", "2024-01-01"),
        ("planned", "None", "None"),
    ]
    with pytest.raises(Exception, match="state_change"):
        known()


def test_a_channel_that_nothing_else_is_known_of_begins_with_its_concept(before: None) -> None:
    number = told("active")
    db.session.execute(
        text(
            "INSERT INTO concept_version (id, number, since_on, loaded_at, filename, fingerprint, content) "
            "VALUES (1, 1, '2026-04-01', '2026-04-01 00:00:00', '', '', '{}')"
        )
    )
    db.session.execute(
        text("INSERT INTO concept_text (version_id, channel_id) VALUES (1, :channel)"), {"channel": number}
    )
    assert migrated() == {number: [(str(date(2026, 4, 1)), "active")]}
