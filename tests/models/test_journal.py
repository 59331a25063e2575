"""The journal is one chain: whoever writes at the same time, whatever is rolled back or erased, whoever tampers."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tracker import journal
from tracker.evidence import queries
from tracker.evidence.chain import Verdict
from tracker.extensions import db
from tracker.models import Entry, Words, locks
from tracker.rules.deeds import Deed

WRITER = """
import sys
from tracker.app import create_app
from tracker.extensions import db
from tracker import journal
from tracker.rules.deeds import Deed
app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "x", "SECURITY_PASSWORD_SALT": "x"})
with app.app_context():
    for k in range(20):
        journal.note(db.session, Deed.ACTIONS_ADD, ids={"k": k}, words={"what": f"{sys.argv[2]} {k}"})
        db.session.commit()
"""


def write(count: int = 3) -> None:
    for k in range(count):
        journal.note(
            db.session, Deed.ACTIONS_ADD, ids={"k": k}, words={"what": f"Maßnahme {k}", "reason": "weil"}
        )
        db.session.commit()


def verify(sought: str | None = None) -> Verdict:
    verdict = queries.verified(sought).chain
    db.session.rollback()
    return verdict


def tamper(*statements: str) -> None:
    """Change stored rows as somebody with the database file could: the locks have to go first."""
    with db.engine.begin() as connection:
        locks.drop_locks(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
        locks.create_locks(connection)


def test_an_empty_journal_is_whole(app: Flask) -> None:
    assert verify() == Verdict(0, journal.START, 0)


def test_entries_follow_one_another(app: Flask) -> None:
    write(3)

    entries = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    assert [one.number for one in entries] == [1, 2, 3]
    assert all(sha256(one.body.encode()).hexdigest() == one.hash for one in entries)
    assert verify() == Verdict(3, entries[-1].hash, 0)
    assert verify(entries[1].hash).sought_at == 2
    assert verify("f" * 64).sought_at is None


def test_the_checker_and_the_writer_start_from_the_same_hash() -> None:
    assert queries.chain.START == journal.START


def test_names_and_words_are_not_in_the_hashed_text(app: Flask) -> None:
    journal.note(
        db.session, Deed.ACTIONS_ADD, words={"what": "Geheimnis"}, by=factories.person(name="Erika Muster")
    )
    db.session.commit()

    body = db.session.scalars(select(Entry.body).order_by(Entry.number.desc())).first()
    assert body is not None
    assert "Geheimnis" not in body
    assert "Erika" not in body
    assert verify().broken is None


def test_a_rollback_forgets_what_was_noted(app: Flask) -> None:
    assert journal.head(db.session) == (0, journal.START)
    journal.note(db.session, Deed.CONCEPT_LOAD)
    db.session.rollback()
    write(1)

    assert [one.deed for one in db.session.scalars(select(Entry))] == ["actions.add"]
    assert verify().entries == 1


@pytest.mark.sqlite_only
def test_six_threads_keep_one_chain(app: Flask) -> None:
    def work(_k: int) -> None:
        with app.app_context():
            write(20)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    assert (verify().entries, verify().broken) == (120, None)


@pytest.mark.postgresql_only
def test_three_processes_keep_one_chain(app: Flask, database: str) -> None:
    here = Path(__file__).parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, database, f"Prozess {k}"], cwd=here) for k in range(3)
    ]
    assert [one.wait(timeout=60) for one in started] == [0, 0, 0]

    assert (verify().entries, verify().broken) == (60, None)


def test_erased_words_keep_the_chain_whole(app: Flask) -> None:
    write(3)
    for one in db.session.scalars(select(Words).where(Words.number == 2)):
        one.salt = one.text = None
    db.session.commit()

    verdict = verify()
    assert (verdict.broken, verdict.erased, verdict.entries) == (None, 2, 3)


TAMPERED = {
    "a changed text": ("UPDATE journal SET body = replace(body, '\"k\":1', '\"k\":7') WHERE number = 2", "hash"),
    "a changed hash": ("UPDATE journal SET hash = repeat_f WHERE number = 2", "hash"),
    "a changed moment": ("UPDATE journal SET at = '2020-01-01 00:00:00' WHERE number = 2", "column at"),
    "a changed deed": ("UPDATE journal SET deed = 'concept.load' WHERE number = 2", "column deed"),
    "a changed unit": ("UPDATE journal SET unit_id = (SELECT id FROM unit) WHERE number = 2", "column unit"),
    "a changed person": ('UPDATE journal SET by_id = (SELECT id FROM "user") WHERE number = 2', "column by"),
    "changed words": ("UPDATE journal_words SET text = 'anders' WHERE number = 2 AND field = 'what'", "were changed"),
    "words erased by half": ("UPDATE journal_words SET salt = NULL WHERE number = 2 AND field = 'what'", "by half"),
    "words taken away": ("DELETE FROM journal_words WHERE number = 2 AND field = 'what'", "not those"),
    "words added": ("INSERT INTO journal_words (id, number, field, text) VALUES (99, 2, 'x', 'y')", "not those"),
    "an entry taken away": ("DELETE FROM journal WHERE number = 2", "missing"),
    "an entry pushed back": ("UPDATE journal SET number = 9 WHERE number = 2", "missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_and_the_first_broken_entry_named(app: Flask, name: str) -> None:
    factories.unit()
    factories.person()
    write(4)
    statement, fault = TAMPERED[name]
    moved = "journal SET number" in statement or "FROM journal WHERE" in statement
    orphans = ("DELETE FROM journal_words WHERE number = 2",) if moved else ()
    db.session.remove()
    tamper(*orphans, statement.replace("repeat_f", f"'{'f' * 64}'"))

    verdict = verify()
    assert verdict.broken == 2
    assert fault in verdict.fault


def test_a_chain_written_anew_is_consistent_but_lacks_the_earlier_head(app: Flask) -> None:
    write(3)
    _number, earlier = journal.head(db.session)
    db.session.remove()
    tamper("DELETE FROM journal_words", "DELETE FROM journal")
    write(3)

    assert verify().broken is None
    assert verify(earlier).sought_at is None


def test_a_journal_cut_at_the_end_lacks_the_earlier_head(app: Flask) -> None:
    write(3)
    _number, earlier = journal.head(db.session)
    db.session.remove()
    tamper("DELETE FROM journal_words WHERE number = 3", "DELETE FROM journal WHERE number = 3")

    assert verify(earlier) == Verdict(2, verify().head, 0)
