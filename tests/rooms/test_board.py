"""The board: the promise in a sentence, what is to do for whom, the matrix, and that it is silent on other units."""

from datetime import date, time
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tracker import clock
from tracker.board.reading import promise, read, trouble
from tracker.extensions import db
from tracker.matrix import matrix
from tracker.models import Run
from tracker.rules.words import Criterion, Level, Outcome
from tracker.standings import standings

ZONE = factories.ZONE
ON = date(2026, 10, 13)


def ran_on(day: date, at: time = time(6)) -> None:
    moment = clock.moment_on(day, ZONE, at)
    db.session.add(Run(job="remind", began_at=moment, ended_at=moment, count=4))
    db.session.commit()


@pytest.fixture
def year(app: Flask, clock_at: Any) -> dict[str, Any]:
    """Three channels on 13 October: one keeps all, one was late and is overdue, one missed a quarter, then kept."""
    clock_at(ON)
    home, other = factories.unit("Haupthaus"), factories.unit("Zweigstelle")
    good = factories.channel(home, "Facebook", "Haupthaus", since=date(2026, 1, 1))
    late = factories.channel(home, "LinkedIn", "Haupthaus", since=date(2026, 1, 1))
    missed = factories.channel(other, "Mastodon", "Zweigstelle", since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), [good, late, missed])
    factories.closed_meeting(date(2026, 6, 16), [good])
    factories.closed_meeting(date(2026, 7, 14), [late])
    factories.closed_meeting(date(2026, 9, 22), [good, missed])
    ran_on(ON)
    return {"home": home, "other": other, "good": good, "late": late, "missed": missed}


def test_the_year_is_counted_and_said(year: Any) -> None:
    reading = read(standings(ON, ZONE), 2026, ON)

    assert (reading.kept, reading.late, reading.missed, reading.overdue, reading.open) == (6, 1, 1, 1, 3)
    assert reading.owed == 12
    assert (reading.keepable, reading.channels) == (2, 3)
    assert [(one.count, one.until, one.slot is not None) for one in reading.needed] == [
        (1, date(2026, 10, 30), True),
        (3, date(2026, 12, 31), False),
    ]
    assert (reading.review_days, reading.longest_gap_days) == (4, 189)


def test_a_finished_year_says_what_was_kept(app: Flask) -> None:
    channel = factories.channel(since=date(2025, 1, 1), n=1)
    factories.closed_meeting(date(2025, 5, 5), [channel])
    reading = read(standings(ON, ZONE), 2025, ON)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert promise(reading) == "Promise of 2025 kept for the one channel."
        assert trouble(reading) == ""


def test_the_sentence_in_german(year: Any, sign_in: Any) -> None:
    page = sign_in("manager").get("/")

    assert page.words("p", class_="say") == [
        "Zusage für 2 von 3 Kanälen noch einzuhalten. Ein Prüfzeitraum ist versäumt, einer ist überfällig."
    ]
    assert "1 Evaluierung bis 30.10.2026 (Nachfrist 3. Quartal 2026)" in page.text
    assert "3 Evaluierungen bis 31.12.2026" in page.text


def test_the_sentence_in_english(year: Any, sign_in: Any) -> None:
    page = sign_in("manager", language="en").get("/")

    assert page.words("p", class_="say") == [
        "Promise still to be kept for 2 of 3 channels. One slot is missed, one is overdue."
    ]


def test_every_cell_says_what_happened_and_leads_there(year: Any, sign_in: Any) -> None:
    page = sign_in("editor", language="en").get("/")

    cells = page.all("a", class_="cell")
    assert len(cells) == 12
    said = page.words("a", class_="cell")
    assert any("LinkedIn, Q2 2026: late, 14 days. cost-benefit: clear." in one for one in said)
    assert any("LinkedIn, Q3 2026: overdue, 13 days. cost-benefit: not discussed." in one for one in said)
    assert any("Mastodon, Q2 2026: missed" in one for one in said)
    assert cells[0].get("href") == f"/channels/{year['good'].id}#slot-2026-4-1"


def test_what_is_overdue_comes_before_the_matrix_with_its_last_day(year: Any, sign_in: Any) -> None:
    text = sign_in("editor", language="en").get("/").text

    assert text.index("13 days, since 30 Sep 2026") < text.index("Channels and slots")
    assert "30 Oct 2026" in text


def test_who_is_limited_to_a_unit_sees_and_counts_nothing_of_others(year: Any, sign_in: Any) -> None:
    factories.planned_meeting(date(2026, 10, 20), [year["good"], year["late"]])
    factories.action(year["late"], factories.contact(), date(2026, 10, 1), "Geheimes Vorhaben")

    page = sign_in("manager", units=[year["other"]], language="en").get("/")

    for foreign in (
        "Facebook",
        "LinkedIn",
        "Haupthaus",
        "20 Oct",
        "20 October",
        "Geheimes",
        "reminders were",
    ):
        assert foreign not in page.text
    assert len(page.all("a", class_="cell")) == 4
    assert page.words("p", class_="say") == [
        "The promise can no longer be kept for any channel. One slot is missed."
    ]
    assert "0 open" in page.text


def test_the_board_counts_the_actions_that_the_list_of_actions_shows(year: Any, sign_in: Any) -> None:
    factories.action(year["missed"], factories.contact(), date(2026, 10, 1), "Impressum ergänzen")
    whole = factories.action(year["late"], factories.contact(), date(2026, 10, 2), "Schulung für alle")
    whole.channel_id = None
    factories.action(year["late"], factories.contact(), date(2026, 10, 3), "Geheimes Vorhaben")
    for units, number in (([year["other"]], 2), ([], 3)):
        browser = sign_in("editor", units=units, language="en")
        board, listed = browser.get("/"), browser.get("/actions")
        assert f"{number} open" in board.text
        assert f"{number} actions are open" in listed.text
        assert {"Schulung für alle", "whole organisation"} <= set(board.pieces)


def test_a_shared_meeting_counts_only_the_visible_channels(year: Any, sign_in: Any) -> None:
    factories.planned_meeting(date(2026, 10, 20), [year["good"], year["late"], year["missed"]])

    assert "Agenda with 1 channel" in sign_in("manager", units=[year["other"]], language="en").get("/").text


def test_a_manager_is_told_what_to_do_worst_first(year: Any, sign_in: Any) -> None:
    page = sign_in("manager", language="en").get("/")

    (todo,) = page.all("div", class_="todo")
    assert [one.get("href") for one in todo.iter("a")] == [
        "/meetings/plan",
        f"/channels/{year['missed'].id}/slots/2026-4-2",
        "/channels?contact=none",
    ]


def test_an_editor_is_led_to_the_meeting_that_is_not_closed(year: Any, sign_in: Any) -> None:
    meeting = factories.planned_meeting(date(2026, 10, 12), [year["good"]])

    (todo,) = sign_in("editor", language="en").get("/").all("div", class_="todo")

    links = [one.get("href") for one in todo.iter("a")]
    assert links[0] == f"/meetings/{meeting.id}/log"
    assert not any("/slots/" in link for link in links)


def test_a_planned_meeting_takes_the_overdue_channel_off_the_list(year: Any, sign_in: Any) -> None:
    factories.planned_meeting(date(2026, 10, 20), [year["late"]])

    assert "overdue channel is on no agenda" not in sign_in("manager", language="en").get("/").text


def test_an_auditor_is_led_to_the_evidence_and_an_admin_to_the_mail_server(year: Any, sign_in: Any) -> None:
    (todo,) = sign_in("auditor").get("/").all("div", class_="todo")
    assert [(one.get("href") or "").split("?")[0] for one in todo.iter("a")] == ["/evidence"]


def test_an_admin_is_told_that_mail_is_not_configured(year: Any, sign_in: Any) -> None:
    text = sign_in("admin", language="en").get("/").text
    assert "Configure the mail server" in text
    assert "No mail server is configured" in text


def test_reminders_not_yet_released_are_to_be_released(app: Flask, sign_in: Any, clock_at: Any) -> None:
    clock_at(ON)
    factories.organisation(reminders_confirmed_at=None)
    factories.channel()

    assert "Release the reminders" in sign_in("manager", language="en").get("/").text


@pytest.mark.parametrize(("hours", "silent"), [(25, False), (26, True)])
def test_an_engine_silent_for_more_than_25_hours_is_a_red_notice(
    app: Flask, sign_in: Any, clock_at: Any, hours: int, silent: bool
) -> None:
    factories.channel()
    ran_on(date(2026, 10, 12), time(12))
    clock_at(date(2026, 10, 13), time(12 + hours - 24))

    assert ("The reminder engine stands still." in sign_in("editor", language="en").get("/").text) is silent


def test_an_engine_that_never_ran_is_a_red_notice(app: Flask, sign_in: Any) -> None:
    factories.channel()

    assert "It has never run." in sign_in("editor", language="en").get("/").text


def test_another_year_can_be_looked_at_and_what_is_no_year_does_not_exist(year: Any, sign_in: Any) -> None:
    browser = sign_in("editor", language="en")

    assert browser.get("/?year=2027").words("h1") == ["Board 2027"]
    for nonsense in ("2025", "2028", "abcd", "20260", "-1", "٢٠٢٦", "0"):
        browser.get(f"/?year={nonsense}", expect=404)


def test_without_a_concept_the_board_says_what_to_do(app: Flask, sign_in: Any) -> None:
    page = sign_in("manager", language="en").get("/")

    assert page.words("h1") == ["First steps"]
    assert page.link("Load the concept") == "/concept/load"


def test_other_cadences_lie_over_the_columns_of_the_most_common_one(app: Flask) -> None:
    unit = factories.unit()
    for n in (4, 4, 12, 1, 3):
        factories.channel(unit, since=date(2026, 1, 1), n=n)
    (group,) = matrix(standings(date(2026, 5, 10), ZONE), 2026, date(2026, 5, 10)).groups

    spans = [[square.span for square in row.squares] for row in group.rows]
    assert spans == [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [4], [2, 1, 1]]
    monthly = group.rows[2].squares
    assert [(len(square.others), square.alike) for square in monthly] == [(2, 3), (2, 1), (2, 3), (2, 3)]
    assert monthly[0].shown is not None
    assert monthly[0].shown.outcome is Outcome.MISSED
    assert monthly[1].shown is not None
    assert (monthly[1].shown.overdue, monthly[1].shown.slot.key) == (True, "2026-12-4")


def test_a_new_cadence_in_the_year_shows_what_is_owed(app: Flask) -> None:
    channel = factories.channel(since=date(2026, 1, 1), until=date(2026, 6, 30))
    db.session.add(
        factories.Obligation(channel_id=channel.id, from_on=date(2026, 7, 1), reviews_per_year=12, cause="Konzept",
                             criteria=frozenset(Criterion), created_at=clock.now())
    )  # fmt: skip
    factories.channel(channel.unit, since=date(2026, 1, 1))
    factories.channel(channel.unit, since=date(2026, 1, 1))
    db.session.commit()

    (group,) = matrix(standings(date(2026, 1, 10), ZONE), 2026, date(2026, 1, 10)).groups

    assert [square.shown.slot.n for square in group.rows[0].squares if square.shown] == [4, 4, 12, 12]
    assert [square.span for square in group.rows[0].squares] == [1, 1, 1, 1]


def test_a_cell_shows_the_level_of_every_criterion(app: Flask) -> None:
    channel = factories.channel(since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 2, 2), {channel: {Criterion.LEGALITY: (Level.REMARK, "Impressum")}})

    (group,) = matrix(standings(date(2026, 2, 3), ZONE), 2026, date(2026, 2, 3)).groups

    shown = group.rows[0].squares[0].shown
    assert shown is not None
    assert [mark for _, mark in shown.marks] == ["none", "remark", "none"]


def test_due_today_is_open_and_tomorrow_overdue(app: Flask) -> None:
    factories.channel(since=date(2026, 7, 1))

    counts = [
        (reading.overdue, reading.open)
        for day in (date(2026, 9, 30), date(2026, 10, 1))
        for reading in [read(standings(day, ZONE), 2026, day)]
    ]

    assert counts == [(0, 1), (1, 1)]
