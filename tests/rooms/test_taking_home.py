"""Files that are taken home: a workbook says the same as the CSV, with days as days; so for evidence and reminders."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import jsonschema
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import xlsx_file
from tracker.evidence.columns import COLUMNS, WORDS
from tracker.extensions import db
from tracker.json_file import schema
from tracker.models import Channel, Entry
from tracker.reminders.changes import remind
from tracker.rules.words import Criterion, Level
from tracker.settings import PROJECT

SignIn = Callable[..., Browser]
pytestmark = pytest.mark.both


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[str], None]) -> Channel:
    """Reviewed once in words that a spreadsheet could run, then overdue; a manager was told."""
    clock_at("2026-07-01")
    made = factories.channel(factories.unit("Zweigstelle Süd"), name="Kanal Süd", since=date(2026, 1, 1))
    factories.person("manager", name="Katrin Seidel")
    factories.closed_meeting(
        date(2026, 3, 17),
        {made: {Criterion.COST_BENEFIT: (Level.CLEAR, '=HYPERLINK("http://x")'),
                Criterion.LEGALITY: (Level.REMARK, "-3"), Criterion.STRATEGY: Level.CLEAR}},
    )  # fmt: skip
    remind(date(2026, 7, 1))
    db.session.commit()
    return made


def fetched(browser: Browser, url: str, **chosen: str) -> bytes:
    answer = browser.send(url, chosen)
    assert answer.status_code == 200, answer.text
    data: bytes = answer.get_data()
    return data


def sheets(data: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def table(data: bytes) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return lines[: lines.index([])]


def as_csv(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("url", ["/evidence/export", "/reminders/export"])
def test_a_workbook_has_the_rows_of_the_csv(channel: Channel, sign_in: SignIn, url: str) -> None:
    browser = sign_in("auditor")
    rows, *_matrix, parameters = sheets(fetched(browser, f"{url}.xlsx"))
    said = table(fetched(browser, f"{url}.csv"))
    assert rows[0] == said[0]
    assert len(rows) == len(said) > 1
    for row, line in zip(rows[1:], said[1:], strict=True):
        for value, text in zip(row, line, strict=True):
            assert as_csv(value) in {text, text.removeprefix("'"), text[:19]}
    assert parameters[-1] == ["Zeilen", f"{len(said) - 1} von {len(said) - 1} Zeilen"]
    assert len(str(dict(parameters)["Kopf des Journals: Prüfsumme"])) == 64


def test_days_are_days_numbers_numbers_and_formulas_text(channel: Channel, sign_in: SignIn) -> None:
    rows, _matrix, _parameters = sheets(fetched(sign_in("auditor", language="en"), "/evidence/export.xlsx"))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Held on"] == date(2026, 3, 17)
    assert first["Reviews a year"] == 4
    assert first["Reason"] == '=HYPERLINK("http://x")'
    assert first["Entered (Europe/Berlin)"].isoformat() == "2026-03-17T12:00:00"
    assert rows[2][rows[0].index("Reason")] == "-3"


def test_a_sheet_of_the_workbook_is_a_matrix_of_slots_and_criteria(channel: Channel, sign_in: SignIn) -> None:
    _rows, matrix, _parameters = sheets(fetched(sign_in("auditor"), "/evidence/export.xlsx"))
    assert matrix[0][3:] == ["Kriterium", "1. Quartal 2026", "2. Quartal 2026", "3. Quartal 2026"]
    assert [line[3] for line in matrix[1:]] == ["Kosten-Nutzen", "Rechtmäßigkeit", "Strategie"]
    assert matrix[2][4:] == ["eingehalten: Hinweis", "offen", "offen"]


@pytest.mark.parametrize("url", ["/evidence/export", "/reminders/export"])
def test_the_json_has_the_rows_of_the_csv_in_words_that_never_change(
    channel: Channel, sign_in: SignIn, url: str
) -> None:
    german, english = (
        json.loads(fetched(sign_in("auditor", language=one), f"{url}.json")) for one in ("de", "en")
    )
    assert german["rows"] == english["rows"]
    assert german["columns"] != english["columns"]
    assert german["facts"]["as_of"] == english["facts"]["as_of"] == "2026-07-01"
    assert len(german["facts"]["head"]["hash"]) == 64
    said = table(fetched(sign_in("auditor"), f"{url}.csv"))
    assert [one["title"] for one in german["columns"]] == [
        one.removesuffix(" (Europe/Berlin)") for one in said[0]
    ]
    assert german["written"] == len(german["rows"]) == len(said) - 1


def test_the_json_of_the_evidence_holds_to_its_published_schema(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    published = browser.raw.get("/evidence/schema.json").get_json()
    jsonschema.Draft202012Validator.check_schema(published)
    found = json.loads(fetched(browser, "/evidence/export.json"))
    jsonschema.validate(found, published)
    assert found["rows"][0]["reason"] == '=HYPERLINK("http://x")'
    assert found["rows"][0]["entered_at"] == "2026-03-17T11:00:00Z"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "rows": [{**found["rows"][0], "outcome": "perhaps"}]}, published)


def test_the_published_schema_is_the_one_in_the_docs(app: Flask) -> None:
    written = json.loads((PROJECT / "docs" / "evidence.schema.json").read_text(encoding="utf-8"))
    assert written == schema("evidence", COLUMNS, WORDS)


def test_the_export_of_reminders_follows_the_pages_filters_and_is_in_the_journal(
    channel: Channel, sign_in: SignIn
) -> None:
    browser = sign_in("auditor", language="en")
    page = browser.get("/reminders?told=yes")
    form = page.form("/reminders/export.csv")
    told = table(browser.send(form.action, form.values).get_data())
    assert [(line[0], line[5], line[7]) for line in told[1:]] == [("2026-07-01", "overdue", "Katrin Seidel")]
    assert len(table(fetched(browser, "/reminders/export.csv", told="no"))) == 1
    entries = list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))
    assert entries.count("evidence.export") == 2


def test_more_rows_than_a_sheet_holds_are_refused_in_one_sentence(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    page = sign_in("auditor").post("/evidence/export.xlsx", {})
    assert "Ein Blatt fasst höchstens 2 Zeilen." in page.text
    assert db.session.scalar(select(Entry.deed).where(Entry.deed == "evidence.export")) is None


def test_the_command_writes_a_workbook_too(channel: Channel, run: Callable[..., Any], tmp_path: Any) -> None:
    path = tmp_path / "nachweis.xlsx"
    assert run("export", "--format", "xlsx", "-o", str(path)).exit_code == 0
    assert len(sheets(path.read_bytes())) == 3


def test_who_may_not_export_is_offered_no_file(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("editor")
    assert "/reminders/export" not in browser.get("/reminders").html
    assert browser.send("/reminders/export.csv", {}).status_code == 403
