"""The statement: the same counts as the evidence, in both languages, without a name or a reason of anybody."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.evidence.statement import statement
from tracker.extensions import db
from tracker.models import Channel, Entry, Explanation, Unit
from tracker.rules.ledger import WORST_FIRST
from tracker.rules.slots import Slot, slots_of_year
from tracker.rules.words import Outcome

SignIn = Callable[..., Browser]
YEAR, THIRD = Slot.of_key("2026-1-1"), Slot.of_key("2026-4-3")


@pytest.fixture
def channels(app: Flask, clock_at: Callable[[Any], None]) -> list[Channel]:
    """Until 13 November 2026: one kept, late, late, open; another missed twice, once explained."""
    clock_at("2026-11-13")
    of = factories.unit("Kammer")
    first = factories.channel(of, name="Eins", since=date(2026, 1, 1))
    second = factories.channel(factories.unit("Süd"), name="Zwei", since=date(2026, 1, 1))
    for day, reviewed in (((3, 17), [first]), ((7, 14), [first, second]), ((10, 20), [first])):
        factories.closed_meeting(date(2026, *day), reviewed)
    said_at = clock.moment_on(date(2026, 5, 1), factories.ZONE)
    days = {"begins_on": date(2026, 1, 1), "due_on": date(2026, 3, 31)}
    db.session.add(
        Explanation(channel_id=second.id, text="Krank.", by_name="Katrin Seidel", at=said_at, **days)
    )
    db.session.commit()
    return [first, second]


def said(browser: Browser, period: str, **more: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {"period": period, **more}.items())
    return browser.get(f"/evidence/statement?{asked}").text


def test_it_says_how_many_of_how_many_were_evaluated_when(channels: list[Channel], sign_in: SignIn) -> None:
    text = said(sign_in("editor"), "2026-1-1")

    assert "Stand 13.11.2026; der Zeitraum läuft bis 31.12.2026." in text
    assert "Die Kanäle wurden an 3 Tagen evaluiert (17.03.2026, 14.07.2026, 20.10.2026)." in text
    assert "Alle 2 Kanäle wurden mindestens einmal evaluiert." in text
    assert (
        "Von 8 geschuldeten Evaluierungen wurde 1 rechtzeitig durchgeführt. 3 waren verspätet. 2 wurden versäumt."
        in text
    )
    assert "Die Leitung hat 1 davon erklärt. 2 sind noch offen." in text


def test_its_counts_are_those_of_the_evidence(channels: list[Channel]) -> None:
    """A slot's outcome is the worst of its cells, of which the evidence has a row each."""
    on = date(2026, 11, 13)
    found = statement(YEAR, on, factories.ZONE, None)
    cells = Counter(row.outcome for row in rows(Filters(from_on=YEAR.begins_on, until_on=YEAR.due_on), on))

    assert {outcome: 3 * count for outcome, count in found.outcomes.items()} == cells
    assert (found.owed, found.explained) == (8, 1)


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_so_they_are_in_every_period_of_the_demo(
    app: Flask, clock_at: Callable[[Any], None], run: Callable[..., Any]
) -> None:
    clock_at("2026-11-22")
    assert run("seed-demo", "--until", "2026-11-22").exit_code == 0
    on, told = date(2026, 11, 22), 0
    units = [None, *(frozenset({key}) for key in db.session.scalars(select(Unit.id)))]
    for period in (slot for year in (2025, 2026) for n in (4, 2, 1) for slot in slots_of_year(year, n)):
        for unit_ids in units:
            cells: dict[Any, list[Outcome]] = {}
            asked = Filters(from_on=period.begins_on, until_on=period.due_on, unit_ids=unit_ids)
            for row in rows(asked, on):
                if row.outcome and row.due_on and period.begins_on <= row.due_on <= period.due_on:
                    cells.setdefault((row.channel_id, row.begins_on, row.due_on), []).append(row.outcome)
            counts = Counter(min(ones, key=WORST_FIRST.index) for ones in cells.values())
            outcomes = statement(period, on, factories.ZONE, unit_ids).outcomes
            assert counts == Counter(outcomes) - Counter({Outcome.COMING: outcomes.get(Outcome.COMING, 0)})
            told += counts.total()
    assert told > 300, "a slot is told with its quarter, half and year, of its unit and of all"


def test_what_was_made_up_after_the_period_is_told_apart(channels: list[Channel], sign_in: SignIn) -> None:
    text = said(sign_in("editor"), "2026-4-3")

    assert "14.07.2026 (für 2. Quartal 2026), 20.10.2026 (nachgeholt)" in text
    assert "1 von 2 Kanälen wurde mindestens einmal evaluiert." in text
    assert (
        "Von 2 geschuldeten Evaluierungen wurde keine rechtzeitig durchgeführt. 1 war verspätet. 1 wurde versäumt."
        in text
    )
    assert "Die Leitung hat das noch nicht erklärt." in text


def test_what_is_overdue_is_not_told_as_open(channels: list[Channel], clock_at: Any, sign_in: SignIn) -> None:
    clock_at("2026-10-13")  # before what made the third quarter up; its grace runs until 30 October
    text = said(sign_in("editor"), "2026-4-3")

    assert "Keine wurde versäumt. 2 sind überfällig." in text
    assert "noch offen" not in text
    assert "0 von 2 Kanälen wurden mindestens einmal evaluiert." in text


def test_without_a_choice_it_is_about_the_last_quarter_that_is_over(
    channels: list[Channel], sign_in: SignIn
) -> None:
    assert (
        "Evaluierung der Social-Media-Kanäle: 3. Quartal 2026"
        in sign_in("editor").get("/evidence/statement").text
    )


def test_it_names_nobody(channels: list[Channel], sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    text = said(auditor, "2026-1-1").replace(auditor.person.full_name, "")
    assert [name for name in ("Katrin Seidel", "Krank.", "Person ") if name in text] == []


def test_it_speaks_either_language_on_either_page(channels: list[Channel], sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    answer = auditor.raw.get(
        "/evidence/statement?period=2026-4-1&language=en", headers={"Accept-Language": "de"}
    )
    assert "Evaluation of the social media channels: Q1 2026" in answer.text
    assert "Anzeigen" in answer.text


def test_of_a_reader_limited_to_units_it_says_so(channels: list[Channel], sign_in: SignIn) -> None:
    text = said(sign_in("manager", units=[channels[1].unit]), "2026-1-1")
    assert "Dies betrifft die Einheit Süd." in text
    assert "Eins" not in text


@pytest.mark.both
def test_on_paper_it_is_noted_and_says_the_same(
    channels: list[Channel], sign_in: SignIn, tmp_path: Any
) -> None:
    auditor = sign_in("auditor")
    form = auditor.get("/evidence/statement?period=2026-1-1").form("/statement.pdf")
    answer = auditor.send(form.action, form.values)
    (tmp_path / "x.pdf").write_bytes(answer.get_data())
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)

    assert "an 3 Tagen evaluiert" in " ".join(text.split())
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    assert '"statement":"2026-1-1"' in entry.body
    assert sign_in("editor").send(form.action, form.values).status_code == 403


@pytest.mark.parametrize("period", ["2027-1-1", "2026-12-3", "2026-4-5", "x", "2026-4-4%00", "0-1-1"])
def test_what_is_no_period_that_has_begun_is_not_found(
    channels: list[Channel], sign_in: SignIn, period: str
) -> None:
    assert sign_in("auditor").raw.get(f"/evidence/statement?period={period}").status_code == 404


def test_before_anything_is_owed_it_says_so(
    app: Flask, clock_at: Callable[[Any], None], sign_in: SignIn
) -> None:
    clock_at("2026-10-13")
    factories.channel(since=None)
    assert "In diesem Zeitraum war kein Kanal zu evaluieren." in said(sign_in("auditor"), "2026-4-3")
    assert THIRD.n == 4
    assert Outcome.OPEN not in statement(THIRD, date(2026, 10, 13), factories.ZONE, None).outcomes
