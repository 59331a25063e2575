"""The page of the minutes: older actions, what the meeting discharged, marks, decisions, and what comes next."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker import clock
from tracker.extensions import db
from tracker.models import (
    Action,
    ActionChange,
    Attendance,
    Meeting,
    MeetingHead,
    Rating,
    Review,
    ReviewDecision,
)
from tracker.reviews.corrections import correct
from tracker.rules.words import Criterion, Decision, Level

pytestmark = pytest.mark.usefixtures("app")
SignIn = Callable[..., Browser]
HELD = date(2026, 4, 14)
CLEAR = dict.fromkeys(Criterion, Level.CLEAR)


@pytest.fixture(autouse=True)
def today(clock_at: Callable[[str], None]) -> None:
    clock_at("2026-05-20")


def page_of(sign_in: SignIn, meeting: Meeting, role: str = "auditor", **who: object) -> Page:
    return sign_in(role, **who).get(f"/meetings/{meeting.id}")


def action(of: object, agreed_on: date, due_on: date, what: str, **values: object) -> Action:
    made = factories.action(of, factories.contact(), due_on, what)  # type: ignore[arg-type]
    made.agreed_on = agreed_on
    for name, value in values.items():
        setattr(made, name, value)
    db.session.commit()
    return made


def changed(one: Action, kind: str, from_on: date | None, on: date) -> None:
    at = clock.moment_on(on, "Europe/Berlin")
    db.session.add(ActionChange(action_id=one.id, kind=kind, note="", from_on=from_on, at=at, by_name="Mia"))
    db.session.commit()


def test_actions_open_on_the_day_are_listed_with_what_became_of_them(sign_in: SignIn) -> None:
    of, before = factories.channel(), date(2026, 1, 20)
    meeting = factories.closed_meeting(HELD, [of])
    action(of, before, date(2026, 4, 10), "Noch nicht getan")
    action(
        of, before, date(2026, 4, 20), "Später getan", done_on=date(2026, 4, 30), done_note="Erledigt von Mia"
    )
    moved = action(of, before, date(2026, 6, 1), "Wurde verschoben")
    changed(moved, "moved", date(2026, 4, 25), date(2026, 4, 24))
    again = action(of, before, date(2026, 7, 1), "War erledigt, wieder offen")
    changed(again, "reopened", date(2026, 3, 1), date(2026, 5, 2))
    action(of, before, date(2026, 3, 1), "War schon getan", done_on=date(2026, 4, 1))
    action(of, HELD, date(2026, 5, 1), "Erst an dem Tag vereinbart")
    page = page_of(sign_in, meeting)
    rows = [
        " ".join(" ".join(one.itertext()).split())
        for one in page.all("tr")
        if any("/actions/" in (link.get("href") or "") for link in one.iter("a"))
    ]
    assert len(rows) == 3
    assert "Noch nicht getan" in rows[0]
    assert "40 Tage über der Frist" in rows[0]
    assert "20.04.2026 erledigt am 30.04.2026: Erledigt von Mia" in rows[1]
    assert "25.04.2026 verschoben auf 01.06.2026, offen" in rows[2]


def test_it_says_what_was_discharged_in_time_late_and_in_part(sign_in: SignIn) -> None:
    unit = factories.unit()
    in_time = factories.channel(unit, since=date(2026, 4, 1))
    late, part = (
        factories.channel(unit, since=date(2026, 1, 1)),
        factories.channel(unit, since=date(2026, 4, 1)),
    )
    rated = {in_time: CLEAR, late: CLEAR, part: {Criterion.LEGALITY: Level.CLEAR}}
    text = page_of(sign_in, factories.closed_meeting(HELD, rated)).text
    assert "1 Prüfzeitraum eingehalten, 1 Prüfzeitraum verspätet, 1 Prüfzeitraum teilweise" in text
    assert "zählt für 1. Quartal 2026, 14 Tage verspätet" in text
    assert "zählt für 2. Quartal 2026 (nur Rechtmäßigkeit)" in text


def test_a_slot_counts_as_kept_with_the_meeting_that_completes_it(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 4, 1))
    first = factories.closed_meeting(HELD, {of: {Criterion.LEGALITY: Level.CLEAR}})
    rest = {Criterion.COST_BENEFIT: Level.CLEAR, Criterion.STRATEGY: Level.CLEAR}
    second = factories.closed_meeting(HELD + timedelta(days=20), {of: rest})
    browser = sign_in("auditor")
    assert "1 Prüfzeitraum teilweise" in browser.get(f"/meetings/{first.id}").text
    text = browser.get(f"/meetings/{second.id}").text
    assert "1 Prüfzeitraum eingehalten" in text
    assert "zählt für 2. Quartal 2026 (nur Kosten-Nutzen, Strategie)" in text


def test_an_extra_review_says_so_once(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 4, 1))
    factories.closed_meeting(HELD, [of])
    again = factories.closed_meeting(HELD + timedelta(days=20), [of])
    text = page_of(sign_in, again).text
    assert text.count("zusätzlich: erfüllt keine Prüfpflicht") == 1
    assert "1 zusätzliche Evaluierung" in text


def test_criteria_that_were_not_owed_are_not_called_undiscussed(sign_in: SignIn) -> None:
    of = factories.channel(criteria=[Criterion.LEGALITY, Criterion.STRATEGY], since=date(2026, 1, 1))
    page = page_of(sign_in, factories.closed_meeting(HELD, {of: {Criterion.LEGALITY: Level.CLEAR}}))
    assert page.words("th", scope="row") == ["Rechtmäßigkeit", "Strategie"]
    assert page.text.count("nicht besprochen") == 1


def test_unchanged_names_the_day_on_which_the_rating_was_given(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2025, 7, 1))
    for day, unchanged in ((date(2025, 9, 9), False), (date(2025, 12, 9), True), (HELD, True)):
        meeting = _rated_as(of, day, unchanged)
    text = page_of(sign_in, meeting).text
    assert text.count("unverändert seit 09.09.2025") == 3


def _rated_as(of: object, day: date, unchanged: bool) -> Meeting:
    """A closed meeting all of whose ratings are carried unchanged, or none."""
    at = clock.moment_on(day, "Europe/Berlin")
    meeting = factories.planned_meeting(day, [of])  # type: ignore[list-item]
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=day, chair="A", minute_taker="B", by_name="B",
                       written_at=at)  # fmt: skip
    review = factories._review(meeting, of, CLEAR, at)  # type: ignore[arg-type]
    for rating in review.ratings:
        rating.unchanged = unchanged
    db.session.add_all([head, review])
    db.session.flush()
    review.closed_at = head.closed_at = at
    db.session.flush()
    meeting.closed_at = at
    db.session.commit()
    return meeting


def test_what_was_entered_when_the_grace_was_over_is_marked(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 1, 1))
    closed_at = clock.moment_on(date(2026, 5, 4), "Europe/Berlin")
    text = page_of(sign_in, factories.closed_meeting(date(2026, 3, 20), [of], closed_at)).text
    assert text.count("nachträglich eingetragen") == 3
    assert "Spät erfasst. 45 Tage nach der Sitzung" in text


def test_a_rating_added_much_later_by_a_correction_is_marked_alone(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 4, 1))
    meeting = factories.closed_meeting(HELD, {of: {Criterion.LEGALITY: Level.CLEAR}})
    old = db.session.scalars(select(Review)).one()
    newer = factories._review(meeting, of, {}, clock.now())
    newer.replaces, newer.reason = old, "Strategie vergessen"
    for criterion, at in ((Criterion.LEGALITY, old.closed_at), (Criterion.STRATEGY, clock.now())):
        newer.ratings.append(Rating(criterion=criterion, level=Level.CLEAR, reason="", entered_at=at))
    db.session.add(newer)
    db.session.flush()
    newer.closed_at = clock.now()
    db.session.commit()
    text = page_of(sign_in, meeting).text
    assert text.count("spät erfasst") == 1
    assert "Strategie vergessen" in text
    assert "Spät erfasst." not in text


def test_a_withdrawn_review_says_so_and_lists_nothing(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 4, 1))
    meeting = factories.closed_meeting(HELD, [of])
    old = db.session.scalars(select(Review)).one()
    correct(old, "Falscher Kanal", {}, factories.person("editor"))
    db.session.commit()
    page = page_of(sign_in, meeting)
    assert "Die Evaluierung wurde zurückgezogen" in page.text
    assert "nicht besprochen" not in page.text
    assert "Mit dieser Sitzung erfüllt nichts" in page.text
    assert page.text.count("ohne Beanstandung") >= 3  # in the earlier version


def test_a_decision_names_the_successor_and_the_next_meeting_is_said(sign_in: SignIn) -> None:
    of, place = (
        factories.channel(platform="Twitter"),
        factories.channel(platform="Mastodon", name="Nachfolge"),
    )
    meeting = factories.planned_meeting(HELD, [of], cause="Urteil des Verwaltungsgerichts")
    at = clock.moment_on(HELD, "Europe/Berlin")
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=HELD, chair="A", minute_taker="B", by_name="B",
                       written_at=at)  # fmt: skip
    head.attendance.append(Attendance(kind="excused", name="Petra Lang"))
    review = factories._review(meeting, of, CLEAR, at)
    review.decision = ReviewDecision(
        decision=Decision.REPLACE, from_on=date(2026, 7, 1), reason="Reichweite sinkt", successor_id=place.id
    )
    db.session.add_all([head, review])
    db.session.flush()
    review.closed_at = head.closed_at = at
    db.session.flush()
    meeting.closed_at = at
    factories.planned_meeting(date(2026, 6, 2), [of], cancelled_at=clock.now())
    factories.planned_meeting(date(2026, 6, 9), [of])
    text = page_of(sign_in, meeting).text
    assert f"ersetzen (Mastodon Nachfolge, {place.unit.name}), ab 01.07.2026: Reichweite sinkt" in text
    assert "Nächste Sitzung Dienstag, 9. Juni 2026" in text
    assert "Sonderprüfung: Urteil des Verwaltungsgerichts" in text
    assert "Petra Lang" in text


def test_whoever_sees_some_units_sees_their_actions_and_counts_only(sign_in: SignIn) -> None:
    mine, other = factories.channel(since=date(2026, 4, 1)), factories.channel(since=date(2026, 4, 1))
    meeting = factories.closed_meeting(HELD, [mine, other])
    for of, what in ((mine, "Meine Maßnahme"), (other, "Fremde Maßnahme")):
        action(of, date(2026, 2, 1), date(2026, 6, 1), what)
    text = page_of(sign_in, meeting, "editor", units=[mine.unit]).text
    assert "Meine Maßnahme" in text
    assert "Fremde Maßnahme" not in text
    assert "1 Prüfzeitraum eingehalten" in text
    assert "Per E-Mail senden" not in text


def test_the_english_page_has_no_german(sign_in: SignIn) -> None:
    of = factories.channel(since=date(2026, 1, 1))
    text = page_of(sign_in, factories.closed_meeting(HELD, [of]), "manager", language="en").text
    for words in (
        "Discharged by this meeting 1 slot late",
        "counts for Q1 2026, 14 days late",
        "not planned yet",
    ):
        assert words in text
