"""The report as a PDF: the rows of the evidence, the years, what stands beside them, and the marks of its standards."""

import io
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
from tracker.evidence import report
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import Channel, Entry
from tracker.reminders.changes import remind
from tracker.rules.words import Criterion, Level

SignIn = Callable[..., Browser]
ON = date(2026, 10, 13)
STRANGE = "Zeile eins\n" + "lang " * 400 + "עברית 🙂 =HYPERLINK(1)"


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[Any], None]) -> Channel:
    """The first quarter kept with strange words, the second missed, the third overdue and told; an action agreed."""
    clock_at(ON)
    made = factories.channel(factories.unit("Zweigstelle Süd"), name="Kanal Süd", since=date(2026, 1, 1))
    katrin = factories.person("manager", name="Katrin Seidel")
    factories.closed_meeting(
        date(2026, 3, 17), {made: {Criterion.LEGALITY: (Level.REMARK, STRANGE), Criterion.COST_BENEFIT: Level.CLEAR,
                                   Criterion.STRATEGY: Level.CLEAR}}
    )  # fmt: skip
    factories.action(made, factories.contact(katrin), date(2026, 10, 6), "Impressum ergänzen")
    remind(ON)
    db.session.commit()
    return made


def taken(browser: Browser, **chosen: str) -> PdfReader:
    answer = browser.send("/evidence/export.pdf", chosen)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return PdfReader(io.BytesIO(answer.get_data()))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.both
def test_it_says_what_the_page_says_and_is_noted(channel: Channel, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    text = text_of(taken(auditor))
    found = list(rows(Filters(), ON))

    assert f"{len(found)} von {len(found)} Zeilen" in text
    assert "lang lang lang" in text
    assert "=HYPERLINK(1)" in text
    for part in ("Zweigstelle Süd", "Mastodon Kanal Süd", "1. Quartal 2026", "Hinweis", "versäumt", "überfällig",
                 "17.03.2026", "1 von 4 erfüllt", "Impressum ergänzen", "Katrin Seidel", "fehlt",
                 "Unterschrift der Revision"):  # fmt: skip
        assert part in text, part
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    assert '"format":"pdf"' in entry.body


def test_it_is_an_archive_file_that_everybody_can_read(channel: Channel, sign_in: SignIn) -> None:
    reader = taken(sign_in("auditor", language="en"))
    catalogue = reader.trailer["/Root"]
    marks = catalogue["/Metadata"].get_data().decode()

    assert "pdfuaid:part" in marks
    assert "<pdfaid:part>2</pdfaid:part>" in marks
    assert catalogue["/Lang"] == "en"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "Evidence of the reviews" in text_of(reader)
    assert "Page 1 of" in text_of(reader)


def test_where_single_rows_are_picked_the_years_are_left_out(channel: Channel, sign_in: SignIn) -> None:
    text = text_of(taken(sign_in("auditor"), level="remark"))

    assert "1 von 1 Zeilen" in text
    assert "Die Jahre" not in text
    assert "Urteil Hinweis" in text


def test_of_nothing_it_is_a_report_of_nothing(channel: Channel, sign_in: SignIn) -> None:
    text = text_of(taken(sign_in("auditor"), level="objection"))

    assert "0 von 0 Zeilen" in text
    assert "Mit diesen Filtern war nichts geschuldet" in text


def test_what_nobody_would_read_is_refused_in_one_sentence(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MOST_ROWS", 5)
    page = sign_in("auditor").post("/evidence/export.pdf", {})

    assert "Ein Bericht fasst höchstens 5 Zeilen." in page.text
    assert "evidence.export" not in db.session.scalars(select(Entry.deed)).all()


def test_who_is_limited_to_units_reads_nothing_of_others(channel: Channel, sign_in: SignIn) -> None:
    factories.channel(factories.unit("Anderswo"), name="Fremd")
    text = text_of(taken(sign_in("auditor", units=[channel.unit])))

    assert "Zweigstelle Süd" in text
    assert "Anderswo" not in text
    assert clock.today(factories.ZONE) == ON
