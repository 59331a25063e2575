"""The database itself refuses changes to what is closed: tried in raw SQL, past the app, on both databases."""

# ruff: noqa: E501 - a statement a line reads as a table

import sqlite3
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade

from tests import factories
from tracker import clock, journal
from tracker.extensions import db
from tracker.models import (
    Attendance,
    Channel,
    Check,
    Explanation,
    MeetingHead,
    Rating,
    Review,
    ReviewDecision,
    Words,
    locks,
)
from tracker.rules.deeds import Deed
from tracker.rules.words import Answer, Criterion, Decision, Level

pytestmark = [
    pytest.mark.filterwarnings("ignore:The default date adapter:DeprecationWarning"),
    pytest.mark.own_database,
]
HELD = date(2026, 3, 17)
MESSAGES = {lock.message for lock in locks.LOCKS} | {"this table is never emptied"}
TABLES = locks.LOCKED_TABLES
PARENT = {
    "rating": "review_id",
    "decision": "review_id",
    "check_answer": "review_id",
    "attendance": "head_id",
}


class Raw:
    """A connection of its own to the app's database: foreign keys off on SQLite, as in anybody's shell."""

    def __init__(self, app: Flask) -> None:
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        self.sqlite = url.startswith("sqlite")
        self.connection: Any
        if self.sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        else:
            self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def run(self, statement: str) -> list[Any]:
        cursor = self.connection.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []

    def everything(self) -> dict[str, list[Any]]:
        return {table: sorted(map(repr, self.run(f"SELECT * FROM {table}"))) for table in TABLES}


@pytest.fixture
def rows(app: Flask) -> SimpleNamespace:
    """The ids of a closed meeting with everything below it, and of an open one, `o_…`, with the same; of two wordings."""
    channel, other = factories.channel(), factories.channel()
    item = factories.check_item("Impressum")
    asked, o_asked = item.wordings[0].id, factories.wording(item, "Impressum mit zwei Klicks").id
    closed, left_open = _meeting(channel, True, asked), _meeting(channel, False, asked)
    db.session.add(Explanation(channel_id=channel.id, begins_on=HELD, due_on=HELD, text="Umbau", by_name="A",
                               at=clock.now()))  # fmt: skip
    journal.note(db.session, Deed.MEETINGS_CLOSE, words={"reason": "erster"})
    journal.note(db.session, Deed.MEETINGS_CLOSE, words={"reason": "zweiter"})
    db.session.commit()
    found = {**closed, **{f"o_{name}": key for name, key in left_open.items()}, "channel": channel.id,
             "other": other.id, "explanation": db.session.query(Explanation.id).scalar(), "journal": 1,
             "check_wording": asked, "o_check_wording": o_asked, "check_item": item.id,
             "journal_words": db.session.query(Words.id).order_by(Words.id).first()[0]}  # fmt: skip
    db.session.remove()
    return SimpleNamespace(**found)


def _meeting(channel: Channel, close: bool, wording_id: int) -> dict[str, int]:
    meeting = factories.planned_meeting(HELD, [channel])
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=HELD, chair="A", minute_taker="B", by_name="B",
                       written_at=clock.now())  # fmt: skip
    head.attendance.append(Attendance(kind="present", name="A"))
    review = Review(meeting_id=meeting.id, channel_id=channel.id, unit_name="E", platform="P", channel_name="K",
                    by_name="B")  # fmt: skip
    review.ratings.append(
        Rating(criterion=Criterion.LEGALITY, level=Level.REMARK, reason="Impressum", entered_at=clock.now())
    )
    review.decision = ReviewDecision(decision=Decision.CONTINUE, reason="")
    review.checks.append(
        Check(wording_id=wording_id, answer=Answer.NOT_MET, note="Es fehlt", checked_on=HELD)
    )
    db.session.add_all([head, review])
    db.session.flush()
    if close:
        review.closed_at = head.closed_at = clock.now()
        db.session.flush()
        meeting.closed_at = clock.now()
    db.session.commit()
    return {"meeting": meeting.id, "meeting_head": head.id, "attendance": head.attendance[0].id, "review": review.id,
            "rating": review.ratings[0].id, "decision": review.decision.id,
            "check_answer": review.checks[0].id}  # fmt: skip


@pytest.fixture
def raw(app: Flask, rows: SimpleNamespace) -> Any:
    opened = Raw(app)
    yield opened
    opened.connection.close()


def like(table: str, key: int, **changes: Any) -> str:
    """Columns and values of an existing row with some of them changed; without an id the database gives one."""
    columns = [one.name for one in db.metadata.tables[table].columns if one.name != "id" or "id" in changes]
    key_column = "number" if table == "journal" else "id"
    values = [_literal(changes[name]) if name in changes else name for name in columns]
    return (
        f"{table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE {key_column} = {key}"
    )


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    return str(value) if isinstance(value, int) else f"'{value}'"


def assert_refused(raw: Raw, statement: str) -> None:
    before = raw.everything()
    with pytest.raises((sqlite3.DatabaseError, psycopg.DatabaseError)) as refused:
        raw.run(statement)
    assert any(message in str(refused.value) for message in MESSAGES), refused.value
    assert raw.everything() == before


Make = Callable[[SimpleNamespace], str]


def each_is_refused(raw: Raw, rows: SimpleNamespace, statements: dict[str, Make], subtests: Any) -> None:
    for name, statement in statements.items():
        with subtests.test(name):
            assert_refused(raw, statement(rows))


CHANGES: dict[str, Make] = {
    "journal": lambda k: "UPDATE journal SET deed = 'x' WHERE number = 1",
    "journal hash": lambda k: "UPDATE journal SET hash = 'x' WHERE number = 1",
    "journal_words": lambda k: f"UPDATE journal_words SET text = 'x' WHERE id = {k.journal_words}",
    "journal_words moved": lambda k: (
        f"UPDATE journal_words SET number = 2, text = NULL, salt = NULL WHERE id = {k.journal_words}"
    ),
    "journal_words by half": lambda k: f"UPDATE journal_words SET text = NULL WHERE id = {k.journal_words}",
    "meeting": lambda k: f"UPDATE meeting SET place = 'x' WHERE id = {k.meeting}",
    "meeting reopened": lambda k: f"UPDATE meeting SET closed_at = NULL WHERE id = {k.meeting}",
    "meeting_head": lambda k: f"UPDATE meeting_head SET held_on = '2026-01-01' WHERE id = {k.meeting_head}",
    "meeting_head reopened": lambda k: (
        f"UPDATE meeting_head SET closed_at = NULL WHERE id = {k.meeting_head}"
    ),
    "attendance": lambda k: f"UPDATE attendance SET name = 'x' WHERE id = {k.attendance}",
    "attendance moved away": lambda k: (
        f"UPDATE attendance SET head_id = {k.o_meeting_head} WHERE id = {k.attendance}"
    ),
    "review": lambda k: f"UPDATE review SET by_name = 'x' WHERE id = {k.review}",
    "review reopened": lambda k: f"UPDATE review SET closed_at = NULL WHERE id = {k.review}",
    "rating": lambda k: f"UPDATE rating SET level = 'objection' WHERE id = {k.rating}",
    "rating moved away": lambda k: f"UPDATE rating SET review_id = {k.o_review} WHERE id = {k.rating}",
    "decision": lambda k: f"UPDATE decision SET decision = 'close' WHERE id = {k.decision}",
    "check_answer": lambda k: f"UPDATE check_answer SET answer = 'met' WHERE id = {k.check_answer}",
    "check_answer moved away": lambda k: (
        f"UPDATE check_answer SET review_id = {k.o_review} WHERE id = {k.check_answer}"
    ),
    **{f"check_wording, {column}": lambda k, column=column, value=value:
       f"UPDATE check_wording SET {column} = {value} WHERE id = {k.check_wording}"
       for column, value in (("text_de", "'x'"), ("text_en", "'x'"), ("how_de", "'x'"), ("how_en", "'x'"),
                             ("from_on", "'2026-01-01'"), ("number", "9"), ("platforms", "'x'"), ("unit_ids", "'1'"))},
    "explanation": lambda k: f"UPDATE explanation SET text = 'x' WHERE id = {k.explanation}",
}  # fmt: skip


def test_closed_rows_cannot_be_changed(raw: Raw, rows: SimpleNamespace, subtests: Any) -> None:
    each_is_refused(raw, rows, CHANGES, subtests)


def test_closed_rows_cannot_be_deleted(raw: Raw, rows: SimpleNamespace, subtests: Any) -> None:
    for table in TABLES:
        key = "number" if table == "journal" else "id"
        with subtests.test(table):
            assert_refused(raw, f"DELETE FROM {table} WHERE {key} = {getattr(rows, table)}")


ADDITIONS: dict[str, Make] = {
    "a rating": lambda k: f"INSERT INTO {like('rating', k.rating, criterion='strategy')}",
    "a decision": lambda k: f"INSERT INTO {like('decision', k.o_decision, review_id=k.review)}",
    "an answer": lambda k: (
        f"INSERT INTO {like('check_answer', k.check_answer, wording_id=k.o_check_wording)}"
    ),
    "an attendance": lambda k: f"INSERT INTO {like('attendance', k.attendance, name='x')}",
    "a review": lambda k: f"INSERT INTO {like('review', k.review, channel_id=k.other, closed_at=None)}",
    "a closed review": lambda k: (
        f"INSERT INTO {like('review', k.review, meeting_id=k.o_meeting, channel_id=k.other)}"
    ),
    "a correction elsewhere": lambda k: (
        f"INSERT INTO {like('review', k.review, replaces_id=k.review, reason='x', channel_id=k.other, closed_at=None)}"
    ),
    "a correction of an open review": lambda k: (
        f"INSERT INTO {like('review', k.o_review, replaces_id=k.o_review, reason='x')}"
    ),
    "a first head": lambda k: f"INSERT INTO {like('meeting_head', k.meeting_head, closed_at=None)}",
    "a head that follows none": lambda k: (
        f"INSERT INTO {like('meeting_head', k.meeting_head, version=7, reason='x', closed_at=None)}"
    ),
    "a closed meeting": lambda k: f"INSERT INTO {like('meeting', k.meeting)}",
    "an entry out of turn": lambda k: f"INSERT INTO {like('journal', 1, number=9, hash='x')}",
    "an entry in the past": lambda k: f"INSERT INTO {like('journal', 1, number=0, hash='x')}",
    "words of an older entry": lambda k: f"INSERT INTO {like('journal_words', k.journal_words, field='x')}",
}


def test_nothing_can_be_put_below_what_is_closed(raw: Raw, rows: SimpleNamespace, subtests: Any) -> None:
    each_is_refused(raw, rows, ADDITIONS, subtests)


MOVES: dict[str, Make] = {
    "rating": lambda k: (
        f"UPDATE rating SET review_id = {k.review}, criterion = 'strategy' WHERE id = {k.o_rating}"
    ),
    "decision": lambda k: f"UPDATE decision SET review_id = {k.review} WHERE id = {k.o_decision}",
    "answer": lambda k: (
        f"UPDATE check_answer SET review_id = {k.review}, wording_id = {k.o_check_wording} WHERE id = {k.o_check_answer}"
    ),
    "attendance": lambda k: f"UPDATE attendance SET head_id = {k.meeting_head} WHERE id = {k.o_attendance}",
    "review": lambda k: (
        f"UPDATE review SET meeting_id = {k.meeting}, channel_id = {k.other} WHERE id = {k.o_review}"
    ),
    "head": lambda k: (
        f"UPDATE meeting_head SET meeting_id = {k.meeting}, version = 2, reason = 'x' WHERE id = {k.o_meeting_head}"
    ),
    "review made a correction of another channel": lambda k: (
        f"UPDATE review SET replaces_id = {k.review}, reason = 'x', channel_id = {k.other} WHERE id = {k.o_review}"
    ),
}


def test_an_open_row_cannot_be_moved_below_what_is_closed(
    raw: Raw, rows: SimpleNamespace, subtests: Any
) -> None:
    each_is_refused(raw, rows, MOVES, subtests)


REPLACEMENTS: dict[str, Make] = {
    **{f"{table} by id": lambda k, t=table: f"INSERT OR REPLACE INTO {like(t, getattr(k, 'o_' + t), id=getattr(k, t))}"
       for table in ("meeting", "meeting_head", "attendance", "review", "rating", "decision", "check_answer", "check_wording")},
    **{f"{table} by id, updating": lambda k, t=table:
       f"UPDATE OR REPLACE {t} SET id = {getattr(k, t)} WHERE id = {getattr(k, 'o_' + t)}"
       for table in ("meeting", "meeting_head", "attendance", "review", "rating", "decision", "check_answer", "check_wording")},
    "explanation": lambda k: f"INSERT OR REPLACE INTO {like('explanation', k.explanation, id=k.explanation, text='x')}",
    "journal by number": lambda k: f"INSERT OR REPLACE INTO {like('journal', 1, deed='x')}",
    "journal by hash": lambda k: f"INSERT OR REPLACE INTO {like('journal', 1, number=3)}",
    "journal words": lambda k: f"INSERT OR REPLACE INTO {like('journal_words', k.journal_words, id=k.journal_words, number=2)}",
    "rating by criterion": lambda k: f"INSERT OR REPLACE INTO {like('rating', k.rating, level='clear')}",
    "decision by review": lambda k: f"INSERT OR REPLACE INTO {like('decision', k.decision, decision='close')}",
    "answer by review and wording": lambda k: f"INSERT OR REPLACE INTO {like('check_answer', k.check_answer, answer='met')}",
    "wording by number": lambda k: f"INSERT OR REPLACE INTO {like('check_wording', k.check_wording, text_de='x')}",
    "head by version": lambda k: f"INSERT OR REPLACE INTO {like('meeting_head', k.meeting_head, closed_at=None)}",
    "head moved, updating": lambda k: f"UPDATE OR REPLACE meeting_head SET meeting_id = {k.meeting}, version = 2, reason = 'x' WHERE id = {k.o_meeting_head}",
    "review of a meeting": lambda k: f"INSERT OR REPLACE INTO {like('review', k.review, closed_at=None)}",
    "review of a meeting, updating": lambda k: f"UPDATE OR REPLACE review SET meeting_id = {k.meeting} WHERE id = {k.o_review}",
    "by the hidden rowid": lambda k: f"UPDATE OR REPLACE rating SET rowid = {k.rating} WHERE id = {k.o_rating}",
    "ignoring": lambda k: f"UPDATE OR FAIL rating SET level = 'clear' WHERE id = {k.rating}",
    "upsert": lambda k: f"INSERT INTO {like('rating', k.o_rating, id=k.rating)} ON CONFLICT (id) DO UPDATE SET level = 'clear'",
}  # fmt: skip


@pytest.mark.sqlite_only
def test_replace_pushes_no_closed_row_out(raw: Raw, rows: SimpleNamespace, subtests: Any) -> None:
    each_is_refused(raw, rows, REPLACEMENTS, subtests)


@pytest.mark.sqlite_only
def test_a_closed_review_of_a_meeting_still_open_is_not_pushed_out_either(
    raw: Raw, rows: SimpleNamespace
) -> None:
    raw.run(f"UPDATE review SET closed_at = '2026-03-17 10:00:00' WHERE id = {rows.o_review}")
    assert_refused(raw, f"INSERT OR REPLACE INTO {like('review', rows.o_review, closed_at=None)}")


@pytest.mark.postgresql_only
def test_a_table_cannot_be_emptied(raw: Raw, subtests: Any) -> None:
    for table in TABLES:
        with subtests.test(table):
            assert_refused(raw, f"TRUNCATE {table} CASCADE")


@pytest.mark.postgresql_only
def test_upsert_and_copy_are_refused_as_well(raw: Raw, rows: SimpleNamespace) -> None:
    assert_refused(raw, f"INSERT INTO {like('rating', rows.o_rating, id=rows.rating)} "
                        "ON CONFLICT (id) DO UPDATE SET level = 'clear'")  # fmt: skip
    assert_refused(raw, f"MERGE INTO rating r USING rating o ON r.id = {rows.rating} AND o.id = r.id "
                        "WHEN MATCHED THEN UPDATE SET reason = 'x'")  # fmt: skip


def test_what_was_left_open_below_a_closed_meeting_is_locked_too(raw: Raw, rows: SimpleNamespace) -> None:
    raw.run(f"UPDATE meeting SET closed_at = '2026-03-17 10:00:00' WHERE id = {rows.o_meeting}")

    assert_refused(raw, f"UPDATE rating SET level = 'clear' WHERE id = {rows.o_rating}")
    assert_refused(raw, f"INSERT INTO {like('rating', rows.o_rating, criterion='strategy')}")
    assert_refused(raw, f"UPDATE review SET closed_at = '2026-03-17 10:00:00' WHERE id = {rows.o_review}")
    assert_refused(raw, f"DELETE FROM attendance WHERE id = {rows.o_attendance}")
    assert_refused(raw, f"UPDATE check_answer SET answer = 'met' WHERE id = {rows.o_check_answer}")
    assert_refused(raw, f"UPDATE meeting_head SET chair = 'x' WHERE id = {rows.o_meeting_head}")


def test_open_rows_can_be_changed_and_deleted(raw: Raw, rows: SimpleNamespace) -> None:
    raw.run(f"UPDATE rating SET level = 'clear' WHERE id = {rows.o_rating}")
    raw.run(f"UPDATE check_answer SET answer = 'met' WHERE id = {rows.o_check_answer}")
    raw.run(f"UPDATE review SET by_name = 'x' WHERE id = {rows.o_review}")
    raw.run(f"UPDATE meeting_head SET chair = 'x' WHERE id = {rows.o_meeting_head}")
    for table in ("rating", "decision", "check_answer", "review", "attendance", "meeting_head"):
        raw.run(f"DELETE FROM {table} WHERE id = {getattr(rows, 'o_' + table)}")


def test_a_correction_a_new_head_and_erased_words_are_let_through(raw: Raw, rows: SimpleNamespace) -> None:
    raw.run(
        f"INSERT INTO {like('review', rows.review, replaces_id=rows.review, reason='Tippfehler', closed_at=None)}"
    )
    newer = raw.run("SELECT max(id) FROM review")[0][0]
    raw.run(f"INSERT INTO {like('rating', rows.rating, review_id=newer, level='objection')}")
    raw.run(f"INSERT INTO {like('check_answer', rows.check_answer, review_id=newer, answer='met')}")
    raw.run(f"UPDATE review SET closed_at = '2026-03-18 10:00:00' WHERE id = {newer}")
    raw.run(f"INSERT INTO {like('meeting_head', rows.meeting_head, version=2, reason='x', closed_at=None)}")
    raw.run(f"UPDATE journal_words SET salt = NULL, text = NULL WHERE id = {rows.journal_words}")

    assert_refused(raw, f"UPDATE rating SET level = 'clear' WHERE review_id = {newer}")
    assert_refused(raw, f"UPDATE check_answer SET note = 'x' WHERE review_id = {newer}")


def test_a_wording_says_its_last_day_once_and_is_followed_by_another(raw: Raw, rows: SimpleNamespace) -> None:
    raw.run(f"UPDATE check_wording SET until_on = '2026-06-30' WHERE id = {rows.check_wording}")
    raw.run(f"INSERT INTO {like('check_wording', rows.check_wording, number=3, text_de='x', until_on=None)}")

    assert_refused(raw, f"UPDATE check_wording SET until_on = NULL WHERE id = {rows.check_wording}")
    assert_refused(raw, f"UPDATE check_wording SET until_on = '2026-07-31' WHERE id = {rows.check_wording}")


def test_the_live_triggers_are_those_of_the_list_after_going_down_and_up_with_data(
    app: Flask, rows: SimpleNamespace
) -> None:
    downgrade(revision="base")
    upgrade()
    with db.engine.connect() as connection:
        live, emptying = set(locks.live_locks(connection)), {f"lock_{table}_truncate" for table in TABLES}
        assert live - emptying == {lock.name for lock in locks.LOCKS}
        assert locks.faulty_locks(connection) == []


def test_a_trigger_made_harmless_or_switched_off_is_noticed(raw: Raw) -> None:
    if raw.sqlite:
        raw.run("DROP TRIGGER lock_rating_update")
        raw.run("CREATE TRIGGER lock_rating_update BEFORE UPDATE ON rating FOR EACH ROW WHEN 1 = 0 "
                "BEGIN SELECT RAISE(ABORT, 'the review is closed'); END")  # fmt: skip
        raw.run("DROP TRIGGER lock_journal_delete")
    else:
        raw.run("ALTER TABLE rating DISABLE TRIGGER lock_rating_update")
        raw.run("CREATE OR REPLACE FUNCTION lock_journal_delete() RETURNS trigger AS "
                "$$ BEGIN RETURN OLD; END $$ LANGUAGE plpgsql")  # fmt: skip
    with db.engine.connect() as connection:
        assert locks.faulty_locks(connection) == ["lock_journal_delete", "lock_rating_update"]
