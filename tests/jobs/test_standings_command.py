"""flask standings: worked examples of every outcome, as JSON and as a table, and how it refuses."""

import json
from datetime import date
from typing import Any

from flask import Flask

from tests import factories
from tracker.rules.words import Criterion, Level

LEGALITY = Criterion.LEGALITY
WORDS = {
    "unit", "platform", "name", "standing", "due_on", "days_overdue", "slots", "year",
}  # fmt: skip
YEAR_WORDS = {
    "year", "owed", "kept", "late", "missed", "open", "coming", "not_owed", "entered_afterwards", "review_days",
    "longest_gap_days", "slots_forecast", "count_forecast",
}  # fmt: skip


def told(run: Any, *arguments: str) -> list[dict[str, Any]]:
    result = run("standings", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def outcomes(of: dict[str, Any]) -> list[str]:
    return [slot["outcome"] for slot in of["slots"]]


def test_a_year_with_every_outcome(app: Flask, run: Any) -> None:
    unit = factories.unit("Bezirkskammer")
    channel = factories.channel(unit, platform="Facebook", name="Seite", since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), [channel])
    factories.closed_meeting(date(2026, 7, 14), [channel])  # 14 days into the grace of the second quarter

    (of,) = told(run, "--on", "2026-10-13")

    assert set(of) == WORDS
    assert (of["unit"], of["platform"], of["name"]) == ("Bezirkskammer", "Facebook", "Seite")
    assert outcomes(of) == ["kept", "late", "open", "open"]
    assert (of["standing"], of["due_on"], of["days_overdue"]) == ("overdue", "2026-09-30", 13)
    assert of["slots"][0] == {
        "from": "2026-01-01",
        "until": "2026-03-31",
        "outcome": "kept",
        "cells": {c.value: {"outcome": "kept", "held_on": "2026-03-17", "days_late": 0} for c in Criterion},
    }
    assert of["slots"][1]["cells"]["legality"] == {
        "outcome": "late",
        "held_on": "2026-07-14",
        "days_late": 14,
    }
    assert of["slots"][2]["cells"]["strategy"] == {"outcome": "open", "held_on": None, "days_late": 0}
    year = of["year"]
    assert set(year) == YEAR_WORDS
    assert (year["owed"], year["kept"], year["late"], year["open"], year["missed"]) == (4, 1, 1, 2, 0)
    assert (year["review_days"], year["longest_gap_days"]) == (2, 119)
    assert year["slots_forecast"] == {"needed": 2, "by": ["2026-10-30", "2027-01-30"], "reachable": True}
    assert year["count_forecast"] == {"needed": 2, "by": ["2026-12-31"], "reachable": True}


def test_what_is_not_made_up_in_the_grace_is_missed_and_what_is_ahead_is_coming(app: Flask, run: Any) -> None:
    factories.channel(since=date(2026, 1, 1))

    (of,) = told(run, "--on", "2026-05-01")

    assert outcomes(of) == ["missed", "open", "coming", "coming"]
    assert of["year"]["slots_forecast"]["reachable"] is False
    assert (of["standing"], of["due_on"], of["days_overdue"]) == ("overdue", "2026-03-31", 31)


def test_a_slot_that_is_not_owed_is_listed_without_cells(app: Flask, run: Any) -> None:
    factories.channel(since=date(2026, 3, 1))

    (of,) = told(run, "--on", "2026-04-10")

    assert outcomes(of) == ["not_owed", "open", "coming", "coming"]
    assert of["slots"][0]["cells"] == {}
    assert (of["year"]["owed"], of["year"]["not_owed"]) == (3, 1)
    assert (of["standing"], of["due_on"], of["days_overdue"]) == ("current", "2026-06-30", 0)


def test_only_owed_criteria_have_cells(app: Flask, run: Any) -> None:
    channel = factories.channel(since=date(2026, 1, 1), criteria=[LEGALITY])
    factories.closed_meeting(date(2026, 2, 2), {channel: {LEGALITY: (Level.REMARK, "Impressum")}})

    (of,) = told(run, "--on", "2026-02-03")

    assert list(of["slots"][0]["cells"]) == ["legality"]
    assert of["slots"][0]["outcome"] == "kept"


def test_the_year_can_be_another_than_that_of_the_day(app: Flask, run: Any) -> None:
    channel = factories.channel(since=date(2025, 1, 1), n=2)
    factories.closed_meeting(date(2025, 6, 30), [channel])

    (of,) = told(run, "--on", "2026-10-13", "--year", "2025")

    assert [slot["until"] for slot in of["slots"]] == ["2025-06-30", "2025-12-31"]
    assert outcomes(of) == ["kept", "missed"]
    assert of["year"]["year"] == 2025


def test_a_day_in_the_past_knows_nothing_of_later_meetings(app: Flask, run: Any) -> None:
    channel = factories.channel(since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), [channel])

    assert outcomes(told(run, "--on", "2026-03-16")[0])[0] == "open"
    assert outcomes(told(run, "--on", "2026-03-17")[0])[0] == "kept"


def test_a_channel_without_obligation_has_no_slots(app: Flask, run: Any) -> None:
    factories.channel(since=None)

    (of,) = told(run, "--on", "2026-03-16")

    assert (of["slots"], of["standing"], of["due_on"]) == ([], "not_owed", None)


def test_without_a_day_it_is_today_for_the_organisation(app: Flask, run: Any, clock_at: Any) -> None:
    factories.channel(since=date(2026, 1, 1))
    clock_at("2026-04-10")

    (of,) = told(run)

    assert (of["standing"], of["days_overdue"], of["year"]["year"]) == ("overdue", 10, 2026)


def test_the_table_says_the_same_in_aligned_columns(app: Flask, run: Any) -> None:
    unit = factories.unit("Kammer")
    factories.channel(unit, platform="Facebook", name="Kurz", since=date(2026, 1, 1))
    factories.channel(unit, platform="X", name="Ein langer Name", since=date(2026, 1, 1))

    lines = run("standings", "--on", "2026-04-10").stdout.splitlines()

    assert lines[0] == "Slots of 2026"
    head, *rows = [line for line in lines[2:] if not line.startswith("--")]
    assert len(rows) == 2
    for row in rows:
        assert row[head.index("Standing") :].startswith("overdue")
        assert row[head.index("Due on") :].startswith("2026-03-31")
        assert row[head.index("Overdue") :].startswith("10 days")


def test_what_is_no_day_and_no_year_is_refused_with_a_sentence(app: Flask, run: Any) -> None:
    factories.channel()
    for arguments in (
        ("--on", "2026-02-30"), ("--on", "gestern"), ("--on", "9999-12-31"), ("--year", "26"), ("--year", "99999"),
        ("--year", "zwei"),
    ):  # fmt: skip
        result = run("standings", *arguments)
        assert result.exit_code == 2, arguments
        assert arguments[1] in result.stderr
        assert "Traceback" not in result.output


def test_without_a_concept_it_says_so(app: Flask, run: Any) -> None:
    result = run("standings")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "load-concept" in result.stderr
