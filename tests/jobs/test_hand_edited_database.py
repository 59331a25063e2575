"""Somebody with the database file changes what is closed by hand: flask verify names it."""

import json
import secrets
from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, text

from tests import factories
from tests.browsing import Browser
from tracker import journal, making, obligations
from tracker.channels.changes import explain
from tracker.commands import evidence
from tracker.extensions import db
from tracker.meetings import heads
from tracker.models import Channel, CheckItem, Meeting, Review, User, locks
from tracker.reviews import changes, corrections
from tracker.reviews.logged import (
    Attendee,
    LoggedCheck,
    LoggedDecision,
    LoggedHead,
    LoggedMeeting,
    LoggedRating,
    LoggedRow,
)
from tracker.rules.slots import slot_on
from tracker.rules.words import Answer, Criterion, Decision, Level

Run = Callable[..., Result]
pytestmark = pytest.mark.own_database
RATED = {
    Criterion.COST_BENEFIT: LoggedRating(Level.CLEAR, "Aufwand stabil"),
    Criterion.LEGALITY: LoggedRating(Level.REMARK, "Impressum prüfen"),
    Criterion.STRATEGY: LoggedRating(Level.CLEAR),
}
LESS = {one: RATED[one] for one in (Criterion.COST_BENEFIT, Criterion.LEGALITY)}


@pytest.fixture
def unit(app: Flask, clock_at: Callable[[Any], None]) -> Any:
    """Two channels in two meetings: reviews 1 to 4, of which 5 corrects 3; a corrected head; a slot explained.

    Entries 1 and 2 begin the obligations, 3 and 4 close, 5 and 6 correct, 7 explains.
    """
    clock_at("2026-07-14")
    made = factories.unit("Kammer")
    channels = [factories.channel(made, since=None) for _ in range(2)]
    for one in channels:
        obligations.begin(one, date(2025, 10, 1), 4, frozenset(Criterion), "Konzept")
        db.session.commit()
    someone, item = factories.person("manager", name="Katrin Seidel"), factories.check_item()
    closed(date(2026, 3, 17), channels, someone, item, RATED)
    meeting = closed(date(2026, 7, 14), channels, someone, item, LESS)
    clock_at("2026-10-13")
    corrected = {**LESS, Criterion.LEGALITY: LoggedRating(Level.CLEAR, "doch gut")}
    corrections.correct(db.session.get_one(Review, 3), "Versehen", corrected, someone)
    db.session.commit()
    said = heads.said_by(meeting.heads[-1])
    heads.correct(meeting, heads.replace(said, place="Raum 2"), "Raum vergessen", someone)
    db.session.commit()
    explain(channels[0], slot_on(date(2025, 12, 31), 4), "Krank.", someone)
    db.session.commit()
    return made


def closed(
    on: date, channels: Iterable[Channel], by: User, item: CheckItem, rated: dict[Any, Any]
) -> Meeting:
    """A meeting closed as the page closes it, so that the journal tells what it found."""
    meeting = factories.planned_meeting(on, channels)
    check = LoggedCheck(item.wordings[0].id, Criterion.LEGALITY, Answer.MET, checked_on=on)
    head = LoggedHead(
        on,
        "Katrin Seidel",
        "Jonas Brandt",
        (Attendee("Jonas Brandt"),),
        begins_at=time(9),
        ends_at=time(10, 30),
    )
    rows = tuple(
        LoggedRow(one.id, rated, LoggedDecision(Decision.CONTINUE), checks=(check,)) for one in channels
    )
    changes.close(meeting, LoggedMeeting(head, rows), by)
    db.session.commit()
    return meeting


def by_hand(*statements: str | Callable[[Connection], None]) -> None:
    """The locks go, something is changed, and the locks come back as if nothing had been."""
    db.session.rollback()
    with db.engine.begin() as connection:
        locks.drop_locks(connection)
        for statement in statements:
            if callable(statement):
                statement(connection)
            else:
                connection.exec_driver_sql(statement)
        locks.create_locks(connection)


def test_nothing_is_found_where_nobody_did_anything(unit: Any, run: Run) -> None:
    db.session.rollback()
    said = run("verify")
    assert said.exit_code == 0, said.stderr
    assert "11 rows compared with their entries" in said.stdout


OF_RATING = "criterion, level, unchanged, entered_at"
CHANGED = {
    "UPDATE rating SET level = 'clear' WHERE review_id = 1 AND criterion = 'legality'":
        "Review 1 of meeting 1: “Legality” is not as entry 3 says.",
    "UPDATE rating SET reason = 'alles gut' WHERE review_id = 1 AND criterion = 'strategy'":
        "Review 1 of meeting 1: “Strategy” is not as entry 3 says.",
    "UPDATE decision SET decision = 'adjust' WHERE review_id = 1":
        "Review 1 of meeting 1: “Decision” is not as entry 3 says.",
    "UPDATE check_answer SET answer = 'partly', note = 'fehlt' WHERE review_id = 1":
        "Review 1 of meeting 1: “Checklist” is not as entry 3 says.",
    "DELETE FROM rating WHERE review_id = 2 AND criterion = 'strategy'":
        "Review 2 of meeting 1: “Strategy” is not as entry 3 says.",
    "UPDATE rating SET entered_at = '2026-03-17 10:00:00' WHERE review_id = 2 AND criterion = 'legality'":
        "Review 2 of meeting 1: “Entered at” is not as entry 3 says.",
    f"INSERT INTO rating (id, review_id, reason, {OF_RATING}) SELECT 99, 4, 'gut', {OF_RATING} FROM rating "
    "WHERE review_id = 1 AND criterion = 'strategy'":
        "Review 4 of meeting 2: “Strategy” is not as entry 4 says.",
    "UPDATE review SET by_name = 'Jemand' WHERE id = 4": "Review 4 of meeting 2: “By” is not as entry 4 says.",
    "UPDATE review SET reason = 'Irrtum', closed_at = '2026-07-14 10:00:00' WHERE id = 5":
        "Review 5 of meeting 2: “Reason” is not as entry 5 says.\n"
        "Review 5 of meeting 2: “Closed at” is not as entry 5 says.",
    "UPDATE rating SET entered_at = '2026-10-13 10:00:00' WHERE review_id = 5 AND criterion = 'legality'":
        "Review 5 of meeting 2: “Entered at” is not as entry 5 says.",
    "UPDATE meeting_head SET held_on = '2026-03-31', begins_at = '11:00:00' WHERE meeting_id = 1":
        "Head of meeting 1, version 1: “Held on” is not as entry 3 says.\n"
        "Head of meeting 1, version 1: “Time” is not as entry 3 says.",
    "UPDATE attendance SET name = 'Jemand' WHERE head_id = 1":
        "Head of meeting 1, version 1: “Present” is not as entry 3 says.",
    "UPDATE meeting SET closed_at = '2026-03-17 10:00:00' WHERE id = 2":
        "Head of meeting 2, version 1: “Closed at” is not as entry 4 says.",
    "UPDATE meeting_head SET place = 'Raum 3' WHERE version = 2":
        "Head of meeting 2, version 2: “Place” is not as entry 6 says.",
    "UPDATE explanation SET text = 'Höhere Gewalt.'": "Explanation 1: “Text” is not as entry 7 says.",
    "UPDATE obligation SET until_on = '2025-12-31' WHERE id = 1": "Obligation 1: “Until” is not as entry 1 says.",
    "UPDATE obligation SET reviews_per_year = 2 WHERE id = 2":
        "Obligation 2: “Times a year” is not as entry 2 says.",
}  # fmt: skip


def test_every_change_by_hand_is_named_and_nothing_else(
    unit: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(*CHANGED)
    said = run("verify")
    assert said.exit_code == 1
    assert sorted(said.stderr.splitlines()) == sorted("\n".join(CHANGED.values()).splitlines())

    monkeypatch.setattr(evidence, "MOST_SAID", 2)
    assert run("verify").stderr.splitlines()[2:] == ["And 17 more."]


OF_REVIEW = "meeting_id, closed_at, unit_name, platform, channel_name, by_name, by_roles, reason"
OF_EXPLANATION = "channel_id, begins_on, due_on, by_name, at, text"
OF_OBLIGATION = "channel_id, reviews_per_year, criteria, cause, created_at"
GONE_OR_NEW = (
    *(f"DELETE FROM {table} WHERE review_id = 1" for table in ("rating", "decision", "check_answer")),
    "DELETE FROM review WHERE id = 1",
    f"INSERT INTO review (id, channel_id, {OF_REVIEW}) SELECT 9, 1, {OF_REVIEW} FROM review WHERE id = 2",
    "UPDATE review SET closed_at = NULL WHERE id = 4",
    "DELETE FROM attendance WHERE head_id = 3",
    "DELETE FROM meeting_head WHERE version = 2",
    f"INSERT INTO explanation (id, {OF_EXPLANATION}) SELECT 2, {OF_EXPLANATION} FROM explanation",
    "DELETE FROM explanation WHERE id = 1",
    (
        f"INSERT INTO obligation (id, from_on, {OF_OBLIGATION}) "
        f"SELECT 3, '2026-01-01', {OF_OBLIGATION} FROM obligation WHERE id = 1"
    ),
    "DELETE FROM obligation WHERE id = 1",
    (
        "INSERT INTO meeting (id, planned_on, planned_at, place, sequence, cause, closed_at) "
        "SELECT 3, planned_on, planned_at, '', 0, '', closed_at FROM meeting WHERE id = 1"
    ),
)


def test_what_was_taken_out_or_put_in_is_named(unit: Any, run: Run) -> None:
    by_hand(*GONE_OR_NEW)
    assert sorted(run("verify").stderr.splitlines()) == [
        "Explanation 1: named by entry 7, but no longer there.",
        "Explanation 2: there, but named by no entry.",
        "Head of meeting 2, version 2: named by entry 6, but no longer there.",
        "Meeting 3: there, but named by no entry.",
        "Obligation 1: named by entry 1, but no longer there.",
        "Obligation 3: there, but named by no entry.",
        "Review 1: named by entry 3, but no longer there.",
        "Review 4: named by entry 4, but no longer there.",
        "Review 9: there, but named by no entry.",
    ]


@pytest.mark.sqlite_only
def test_nonsense_in_a_column_is_a_finding_like_any_other(unit: Any, run: Run) -> None:
    by_hand(
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE rating SET level = 'prima', entered_at = 'gestern' WHERE review_id = 1 AND criterion = 'legality'",
        "UPDATE meeting_head SET held_on = 'bald', begins_at = 'früh', closed_at = 1 WHERE meeting_id = 1",
        "UPDATE explanation SET due_on = '0000-00-99'",
        "PRAGMA ignore_check_constraints = OFF",
    )
    said = run("verify")
    assert (said.exit_code, len(said.stderr.splitlines())) == (1, 6), said.output


def test_an_entry_taken_out_breaks_the_chain(unit: Any, run: Run) -> None:
    by_hand("DELETE FROM journal_words WHERE number = 5", "DELETE FROM journal WHERE number = 5")
    said = run("verify")
    assert (said.exit_code, "Broken at entry 5: the entry is missing; the next one is 6." in said.stdout) == (
        1,
        True,
    )


def test_an_entry_put_at_the_end_does_not_cover_up_what_was_changed(unit: Any, run: Run) -> None:
    """The chain is whole: the forger wrote with the application's own verb."""
    by_hand("UPDATE rating SET level = 'clear' WHERE review_id = 1 AND criterion = 'legality'")
    meeting = db.session.get_one(Meeting, 1)
    words = {"channel-1.legality": "clear: Impressum prüfen"}
    journal.note(
        db.session, changes.Deed.MEETINGS_CLOSE, meeting, ids={"review-of-channel-1": 1}, words=words
    )
    journal.note(db.session, changes.Deed.REVIEWS_CORRECT, ids={"review": "1"})
    db.session.commit()
    said = run("verify").stderr.splitlines()
    assert "Review 1 of meeting 1: “Legality” is not as entry 3 says." in said
    assert "Review 1: named by entry 8 once more." in said
    assert "Entry 9: what it closed cannot be read from it." in said


def test_what_was_erased_is_counted_not_compared(unit: Any, run: Run) -> None:
    db.session.execute(text("UPDATE journal_words SET salt = NULL, text = NULL WHERE number = 3 AND field IN "
                            "('present', 'channel-1.legality')"))  # fmt: skip
    db.session.commit()
    by_hand(
        "UPDATE attendance SET name = 'ehemalige Person 7' WHERE head_id = 1",
        "UPDATE rating SET reason = 'gelöscht' WHERE review_id = 1 AND criterion = 'legality'",
    )
    said = run("verify")
    assert said.exit_code == 0, said.stderr
    assert "2 fields could not be compared, their words were erased." in said.stdout


def anew(connection: Connection) -> None:
    """Change words of entry 3, and write every entry again with fresh salts and hashes, so that all of it agrees."""
    previous = journal.START
    for number, stored in connection.execute(text("SELECT number, body FROM journal ORDER BY number")).all():
        body = json.loads(stored) | {"previous": previous}
        query = text("SELECT id, field, text FROM journal_words WHERE number = :n")
        for key, field, said in connection.execute(query, {"n": number}).all():
            if (number, field) == (3, "channel-1.legality"):
                said = "clear: Impressum prüfen"  # noqa: PLW2901
            salt = secrets.token_hex(16)
            body["words"][field] = journal.word_hash(salt, said)
            update = text("UPDATE journal_words SET salt = :s, text = :t WHERE id = :k")
            connection.execute(update, {"s": salt, "t": said, "k": key})
        whole = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        previous = journal.sha256(whole.encode()).hexdigest()
        update = text("UPDATE journal SET body = :b, hash = :h WHERE number = :n")
        connection.execute(update, {"b": whole, "h": previous, "n": number})


def test_a_whole_chain_written_anew_is_found_only_by_an_earlier_head(unit: Any, run: Run) -> None:
    head = journal.head(db.session)[1]
    db.session.rollback()
    assert "as entry 7." in run("verify", "--head", head).stdout
    by_hand("UPDATE rating SET level = 'clear' WHERE review_id = 1 AND criterion = 'legality'", anew)

    assert run("verify").exit_code == 0
    compared = run("verify", "--head", head)
    assert compared.exit_code == 1
    assert "The earlier head is not in the chain: it was written anew or cut." in compared.stderr


def checked(who: Browser, head: str = "") -> Any:
    """The page of a check that somebody asked for, once it is done."""
    url = who.send("/journal/verify", {"head": head}).headers["Location"]
    db.session.rollback()
    assert making.make_waiting() == 1
    db.session.rollback()
    return who.get(url)


def test_the_page_says_the_same_to_an_auditor(unit: Any, sign_in: Callable[..., Browser]) -> None:
    auditor = sign_in("auditor")
    head = journal.head(db.session)[1]
    assert "Alles in Ordnung" in checked(auditor, head).text
    for wrong in ("abc", "<b>", "\0" * 64, "ａ" * 64, "f" * 100_000):
        assert "64 Zeichen" in auditor.post("/journal/verify", {"head": wrong}, expect=422).text

    by_hand("UPDATE rating SET reason = 'alles gut' WHERE review_id = 1 AND criterion = 'strategy'")
    page = checked(auditor)
    assert "Etwas ist nicht in Ordnung" in page.text
    assert "Evaluierung 1 der Sitzung 1: „Strategie“ ist nicht so, wie Eintrag 3 sagt." in page.text


def test_who_is_limited_to_units_is_not_told(unit: Any, sign_in: Callable[..., Browser]) -> None:
    auditor = sign_in("auditor", units=[unit])
    assert auditor.raw.get("/journal/verify").status_code == 404
    assert "/journal/verify" not in auditor.get("/evidence").html
