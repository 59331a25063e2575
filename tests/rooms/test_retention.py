"""After the years of retention names are pseudonyms everywhere, decisions stay, and the journal's chain is whole."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests import factories
from tests.browsing import Browser
from tests.jobs.test_dossier import logged
from tracker import clock
from tracker.channels.changes import explain
from tracker.evidence import queries
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import (
    Channel,
    Entry,
    Explanation,
    Mail,
    MeetingHead,
    Organisation,
    Rating,
    User,
    WebAuthn,
    Words,
)
from tracker.models.personal import KEEPS, Keeps
from tracker.retention.queries import Past, is_past, names_people, table_of
from tracker.rules.slots import slot_on

SignIn = Callable[..., Browser]
ON = date(2028, 2, 1)
pytestmark = pytest.mark.own_database


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[Any], None]) -> Channel:
    """Reviewed in 2026 and in 2027; a slot of 2025 explained by somebody who has left since; a mail of 2026."""
    clock_at("2026-03-17")
    made = factories.channel(factories.unit("Kammer"), name="Kanal", since=date(2025, 10, 1))
    katrin = factories.person("manager", name="Katrin Seidel")
    logged(date(2026, 3, 17), [made], katrin)
    explain(made, slot_on(date(2025, 12, 31), 4), "Krank.", katrin)
    now = clock.now()
    mail = {"kind": "digest", "state": "sent", "message_id": "<1@example.org>", "language": "de"}
    said = {"subject": "Überfällig", "text": "Hallo Katrin", "html": "<p>Hallo Katrin</p>"}
    to = {"to_name": "Katrin Seidel", "to_address": "katrin.seidel@example.org"}
    db.session.add(Mail(**mail, **said, **to, written_at=now, next_try_at=now))
    katrin.active = False
    db.session.commit()
    clock_at("2027-03-16")
    logged(date(2027, 3, 16), [made], factories.person("manager", name="Jonas Brandt"))
    clock_at(ON)
    return made


@pytest.fixture
def admin(channel: Channel, sign_in: SignIn) -> Browser:
    browser = sign_in("admin")
    assert "Die Jahre sind festgelegt." in browser.post("/retention/years", {"years": "1"}).text
    return browser


def run(browser: Browser) -> str:
    form = browser.get("/retention").form("/run")
    return browser.post(form.action, {**form.values, "sure": "y"}).text


def left_of(name: str, past: Past) -> list[str]:
    """The columns and words in which a name still stands, of rows that are past."""
    found = []
    for table_name, columns in KEEPS.items():
        table = table_of(table_name)
        for column, keeps in columns.items():
            if keeps is Keeps.PERSONAL:
                where = (is_past(table, past), table.c[column].contains(name))
                if db.session.scalar(select(func.count()).select_from(table).where(*where)):
                    found.append(f"{table_name}.{column}")
    return found


def test_it_is_off_until_somebody_sets_the_years(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("admin")
    assert "Was jetzt ersetzt würde" not in browser.get("/retention").text
    assert "ausgeschaltet" in browser.post("/retention/run", {}).text.casefold()
    assert db.session.get_one(Organisation, 1).retention_years is None


@pytest.mark.both
def test_what_is_shown_is_done_and_nothing_that_is_younger(admin: Browser) -> None:
    past = Past.of(ON, 1, factories.ZONE)
    before = list(rows(Filters(), ON))
    assert "alles vor dem 01.01.2027" in admin.get("/retention").text
    assert "Erledigt:" in run(admin)
    db.session.expire_all()

    assert left_of("Katrin", past) == []
    old, young = db.session.scalars(select(MeetingHead).order_by(MeetingHead.held_on)).all()
    assert old.chair.startswith("ehemalige Person ")
    assert old.attendance[0].name.startswith("ehemalige Person ")
    assert young.chair == "Katrin Seidel"
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.text, mail.html, mail.to_address, mail.subject) == (None, None, "", "")
    said = [row._replace(explanation="") for row in rows(Filters(), ON)]
    assert said == [row._replace(explanation="") for row in before], (
        "decisions, levels, reasons and days stay"
    )
    assert "Nichts ist älter." in admin.get("/retention").text


def test_the_chain_is_whole_afterwards_and_says_how_many_texts_are_erased(admin: Browser) -> None:
    run(admin)
    db.session.rollback()
    found = queries.verified(None)
    db.session.rollback()

    assert (found.chain.broken, found.faulty_locks) == (None, [])
    assert found.chain.erased > 3
    assert [one for one in found.closed.findings if one.key.kind != "obligation"] == []
    words = db.session.execute(select(Words.field, Words.text, Words.salt).where(Words.number == 1)).all()
    assert {field for field, said, _salt in words if said is None} == {
        field for field, _said, _salt in words if names_people(field)
    }
    assert all((said is None) == (salt is None) for _field, said, salt in words)


def test_who_has_left_before_is_no_longer_named_by_the_account(admin: Browser) -> None:
    gone = db.session.scalars(select(User).where(User.active.is_(False))).one()
    gone.fs_webauthn_user_handle = "handle"
    db.session.add(
        WebAuthn(user=gone, credential_id=b"1", public_key=b"2", name="Telefon", usage="first", backup_state=False,
                 device_type="single_device", lastuse_datetime=gone.created_at)
    )  # fmt: skip
    db.session.commit()
    run(admin)
    db.session.expire_all()
    gone = db.session.scalars(select(User).where(User.active.is_(False))).one()
    assert (gone.webauthn, gone.fs_webauthn_user_handle) == ([], None)
    assert gone.full_name.startswith("ehemalige Person ")
    assert gone.email.endswith("@example.invalid")
    assert gone.password is None


def test_one_person_has_one_pseudonym_in_a_run(admin: Browser) -> None:
    run(admin)
    db.session.expire_all()
    head = db.session.scalars(select(MeetingHead).order_by(MeetingHead.held_on)).first()
    explanation = db.session.scalars(select(Explanation)).one()
    assert head is not None
    assert head.chair == explanation.by_name


def test_nothing_else_is_done_than_was_shown_and_not_without_a_tick(admin: Browser) -> None:
    form = admin.get("/retention").form("/run")
    assert "Bitte bestätigen Sie" in admin.post(form.action, form.values, expect=422).text
    other = {**form.values, "sure": "y", "sign": "2027-01-01-9"}
    assert "Bitte sehen Sie es noch einmal an." in admin.post(form.action, other).text
    assert left_of("Katrin", Past.of(ON, 1, factories.ZONE)) != []


@pytest.mark.both
def test_a_text_is_erased_by_hand_from_its_row_and_from_the_journal(admin: Browser) -> None:
    page = admin.get("/retention/texts")
    assert "Impressum prüfen" in page.text
    rating = db.session.scalars(
        select(Rating).where(Rating.reason == "Impressum prüfen").order_by(Rating.id)
    ).first()
    assert rating is not None
    key = rating.id
    answer = admin.post("/retention/texts/erase", {"table": "rating", "column": "reason", "row": str(key)})
    assert "Der Text ist gelöscht." in answer.text
    db.session.expire_all()

    assert db.session.get_one(Rating, key).reason == "[gelöscht]"
    left = db.session.scalars(select(Words.number).where(Words.text.contains("Impressum prüfen"))).all()
    assert left == [3], "the meeting of 2027 keeps its own words"
    found = queries.verified(None)
    db.session.rollback()
    assert [one for one in found.closed.findings if one.key.kind != "obligation"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "rating", "column": "level", "row": "1"},
        {"table": "user", "column": "full_name", "row": "1"},
        {"table": "nothing", "column": "reason", "row": "1"},
        {"table": "rating", "column": "reason", "row": "999999"},
        {"table": "rating", "column": "reason", "row": "x"},
        {},
    ],
)
def test_nothing_but_old_texts_can_be_erased(admin: Browser, asked: dict[str, str]) -> None:
    assert admin.send("/retention/texts/erase", asked).status_code == 404


@pytest.mark.parametrize("years", ["0", "51", "-1", "x", "1.5", "9" * 100])
def test_years_that_make_no_sense_are_named(admin: Browser, years: str) -> None:
    page = admin.post("/retention/years", {"years": years}, expect=422)
    assert "1 bis 50" in " ".join(page.words("p", class_="fault")) or "ganze Zahl" in page.text


def test_the_command_shows_and_does_the_same(admin: Browser, run: Callable[..., Any]) -> None:
    db.session.rollback()
    shown = run("retention")
    assert shown.exit_code == 0
    assert "would be replaced" in shown.stdout
    done = run("retention", "--run", "--yes")
    assert done.stdout.splitlines() == [*shown.stdout.splitlines(), "Done."]
    assert "0 words of the journal" in run("retention").stdout


@pytest.mark.both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meeting_head SET chair = 'Jemand anderes'",
        "UPDATE meeting_head SET chair = 'ehemalige Person 1', held_on = '2026-06-30'",
        "UPDATE rating SET level = 'clear', reason = '[gelöscht]'",
        "UPDATE rating SET reason = 'alles gut'",
        "UPDATE explanation SET text = 'Höhere Gewalt.', by_name = 'ehemalige Person 1'",
        "UPDATE attendance SET name = 'ehemalige Person 1', kind = 'excused'",
        "UPDATE review SET by_name = 'ehemalige Person 1', closed_at = NULL",
    ],
)
def test_the_locks_let_nothing_else_through(channel: Channel, statement: str) -> None:
    db.session.rollback()
    with pytest.raises(Exception, match=r"closed|replaced"), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_journal_tells_in_words_what_was_set_replaced_and_erased(admin: Browser) -> None:
    admin.post("/retention/years", {"years": "3"})
    admin.post("/retention/years", {"years": ""})
    admin.post("/retention/years", {"years": "1"})
    run(admin)
    number = db.session.scalars(select(Entry.number).where(Entry.deed == "retention.run")).one()
    page = admin.get(f"/journal/{number}").text
    assert "Kopf der Niederschrift: Leitung" in page
    years = [admin.get(f"/journal/{one}").text for one in db.session.scalars(
        select(Entry.number).where(Entry.deed == "retention.set").order_by(Entry.number))]  # fmt: skip
    assert "vorher 3 → nachher gar nicht" in years[-2]
