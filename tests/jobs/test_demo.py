"""flask seed-demo: the story holds together, on any day it is stopped."""

import json
import stat
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tracker.extensions import db
from tracker.models import (
    Action,
    Channel,
    Draft,
    Entry,
    Explanation,
    Figures,
    Mail,
    Meeting,
    MeetingHead,
    Obligation,
    Review,
    User,
)
from tracker.models.base import Model
from tracker.rules.closing import late_entered
from tracker.rules.deciding import state_on
from tracker.rules.words import Criterion
from tracker.standings import states_by_channel

pytestmark = pytest.mark.sqlite_only
Run = Callable[..., Result]
Clock = Callable[[str], None]


@pytest.fixture
def run(run: Run) -> Run:
    """Commands have a connection of their own: what the test has only read must not stand in their way."""

    def command(*arguments: str) -> Result:
        db.session.rollback()
        return run(*arguments)

    return command


@pytest.fixture
def today(clock_at: Clock) -> None:
    clock_at("2026-11-22")


@pytest.fixture
def seeded(run: Run, today: None) -> Callable[[str], None]:
    def until(day: str) -> None:
        told = run("seed-demo", "--until", day)
        assert told.exit_code == 0, told.output

    return until


def outcomes(run: Run, on: str, year: int) -> Counter[str]:
    told = json.loads(run("standings", "--on", on, "--year", str(year), "--json").stdout)
    assert len(told) == 11
    return Counter(slot["outcome"] for channel in told for slot in channel["slots"])


def states(on: str) -> Counter[str]:
    """How many channels are run in which way on a day."""
    found = states_by_channel().values()
    return Counter(state_on(states, date.fromisoformat(on)).value for states in found)


def count(table: type[Model], *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_in_april_the_first_quarter_is_partly_kept_and_partly_overdue(
    run: Run, seeded: Callable[[str], None]
) -> None:
    seeded("2026-04-10")
    told = json.loads(run("standings", "--on", "2026-04-10", "--json").stdout)
    assert len(told) == 11
    assert Counter(one["slots"][0]["outcome"] for one in told) == {"kept": 8, "open": 3}
    assert Counter(one["standing"] for one in told) == {"current": 8, "overdue": 3}
    assert outcomes(run, "2026-04-10", 2025) == {"kept": 41, "late": 2, "missed": 1}
    assert count(Explanation) == 1
    assert count(Review, Review.replaces_id.is_not(None)) == 1
    assert states("2026-04-10") == {"active": 10, "dormant": 1}
    assert count(Action, Action.done_on.is_(None)) == 2
    planned = db.session.scalars(select(Meeting).where(Meeting.closed_at.is_(None))).all()
    assert [one.planned_on.isoformat() for one in planned] == ["2026-04-21"]
    assert run("verify").exit_code == 0


@pytest.mark.slow
def test_told_further_it_goes_on_where_it_stopped_and_has_everything_a_year_has(
    run: Run, seeded: Callable[[str], None]
) -> None:
    seeded("2026-04-10")
    people = count(User)
    seeded("2026-11-22")
    assert count(User) == people
    this_year = outcomes(run, "2026-11-22", 2026)
    assert all(this_year[outcome] for outcome in ("kept", "late", "missed", "open")), this_year
    assert count(Explanation) == 2, "of three missed slots one still asks for an explanation"
    assert count(Review, Review.replaces_id.is_not(None)) == 2
    paused = db.session.scalars(select(Obligation.criteria).where(Obligation.from_on >= "2026-01-01")).all()
    assert paused == [frozenset({Criterion.LEGALITY})] * 2
    assert states("2026-11-22") == {"active": 9, "crisis_only": 1, "dormant": 1}
    overdue = db.session.scalars(
        select(Action.what).where(Action.done_on.is_(None), Action.due_on < "2026-11-22")
    )
    assert overdue.all() == ["Impressum auf dem Profil ergänzen"]
    assert count(Draft) == 2
    assert count(Meeting, Meeting.planned_on > "2026-11-22", Meeting.closed_at.is_(None)) == 1
    assert count(Figures, Figures.in_force()) == 11 * 8
    assert count(Figures) == 11 * 8 + 1, "one of them was mended by hand"
    assert count(Figures, Figures.in_force(), Figures.hours.is_(None)) == 2
    assert run("verify").exit_code == 0


@pytest.mark.slow
def test_nothing_is_entered_late_but_what_the_story_wants(run: Run, seeded: Callable[[str], None]) -> None:
    seeded("2026-11-22")
    heads = db.session.scalars(select(MeetingHead)).all()
    late = [one.held_on.isoformat() for one in heads if late_entered(one.held_on, one.closed_at.date())]
    assert late == ["2026-07-14"]
    assert all(one.closed_at.date() == one.held_on for one in heads if one.held_on.isoformat() not in late)
    told = json.loads(run("standings", "--on", "2026-11-22", "--json").stdout)
    afterwards = [(one["platform"], one["unit"]) for one in told if one["year"]["entered_afterwards"]]
    assert afterwards == [("YouTube", "IHK Region Stuttgart"), ("Instagram", "IHK-Bezirkskammer Böblingen")]
    moments = db.session.scalars(select(Entry.at).order_by(Entry.number)).all()
    assert moments == sorted(moments), "the clock never went back"
    assert moments[-1].isoformat() <= "2026-11-22T18:00:00+00:00"


@pytest.mark.slow
def test_its_mails_became_files(app: Flask, seeded: Callable[[str], None]) -> None:
    seeded("2026-04-10")
    mails = db.session.scalars(select(Mail)).all()
    assert mails
    assert {one.state for one in mails} == {"sent"}
    for one in mails:
        assert (Path(app.instance_path) / "outbox" / str(one.sent_to_file)).exists()


@pytest.mark.slow
def test_a_second_run_changes_nothing_and_says_the_same_passwords(
    app: Flask, run: Run, clock_at: Clock, today: None
) -> None:
    first = run("seed-demo", "--until", "2025-04-10").stdout
    entries = count(Entry)
    clock_at("2026-11-23")
    second = run("seed-demo")
    assert second.exit_code == 0
    assert "nothing was changed" in second.stdout
    assert count(Entry) == entries
    shown = [line for line in first.splitlines() if "@example.org" in line]
    assert len(shown) == 7
    assert [line for line in second.stdout.splitlines() if "@example.org" in line] == shown
    kept = Path(app.instance_path) / "demo-people.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_it_keeps_away_from_real_people(run: Run, today: None) -> None:
    factories.person("admin")
    refused = run("seed-demo")
    assert refused.exit_code == 1
    assert "real people" in refused.output
    assert count(Channel) == 0


def test_it_keeps_away_from_a_concept_of_ones_own(run: Run, today: None) -> None:
    factories.channel()
    refused = run("seed-demo")
    assert refused.exit_code == 1
    assert "holds a concept already" in refused.output


def test_it_tells_no_future(run: Run, today: None) -> None:
    refused = run("seed-demo", "--until", "2026-11-23")
    assert refused.exit_code == 1
    assert "yet to come" in refused.output
