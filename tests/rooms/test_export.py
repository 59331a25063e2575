"""The CSV that an auditor takes home: whole, readable in a German Excel, the same from page and command."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tracker import csv_file, journal
from tracker.evidence.columns import COLUMNS, Row
from tracker.extensions import db
from tracker.listing import Listing
from tracker.models import Channel, Entry
from tracker.rules.words import Criterion, Level

EMPTY = Row(unit="E", platform="P", channel="K", begins_on=date(2026, 1, 1), due_on=date(2026, 3, 31), n=4,
            criterion=Criterion.LEGALITY, outcome=None, level=None, reason="", held_on=None, entered_at=None,
            closed_at=None, days_late=None, marks=(), checked=None, checks=None, decision=None, decided_from=None,
            decision_reason="", explanation="", meeting_id=None, review_id=None, channel_id=1)  # fmt: skip


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """Until 13 October 2026: the first quarter kept with dangerous words, the second missed, the third overdue."""
    clock_at("2026-10-13")
    made = factories.channel(factories.unit("Zweigstelle Süd"), name="Kanal Süd", since=date(2026, 1, 1))
    factories.closed_meeting(
        date(2026, 3, 17),
        {made: {Criterion.COST_BENEFIT: (Level.CLEAR, "=HYPERLINK(1)"), Criterion.LEGALITY: (Level.REMARK, "a;b\r\nc"),
                Criterion.STRATEGY: Level.CLEAR}},
    )  # fmt: skip
    return made


def exported(browser: Any, **chosen: str) -> bytes:
    answer = browser.send("/evidence/export.csv", chosen)
    assert answer.status_code == 200
    data: bytes = answer.get_data()
    return data


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def rows_of(data: bytes) -> list[dict[str, str]]:
    lines = table(data)
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1 : lines.index([])]]


def head_and_rows(data: bytes) -> bytes:
    return data.split(b"\r\n\r\n")[0]


def cell_of(**values: Any) -> dict[str, str]:
    keyed = tuple(replace(one, title=one.key) for one in COLUMNS)
    listing = Listing("evidence", "Evidence", keyed, [EMPTY._replace(**values)], (), ZoneInfo("UTC"), str)
    (row,) = rows_of(b"".join(csv_file.pieces(listing)))
    return row


def test_the_file_opens_with_the_csv_module_and_says_when_it_is_whole(channel: Channel, sign_in: Any) -> None:
    data = exported(sign_in("auditor"))

    assert data.startswith(b"\xef\xbb\xbfEinheit;Plattform;Kanal;")
    assert b"sep=" not in data
    assert data.count(b"\n") == data.count(b"\r\n")
    lines = table(data)
    assert len(rows_of(data)) == 12
    assert lines[-1] == ["12 von 12 Zeilen"]
    first = rows_of(data)[0]
    assert (first["Prüfzeitraum von"], first["Prüfzeitraum bis (Frist)"]) == ("2026-01-01", "2026-03-31")
    assert first["Erfasst (Europe/Berlin)"] == "2026-03-17T12:00:00+01:00"
    assert (first["Kriterium"], first["Ausgang"], first["Tage verspätet"]) == (
        "Kosten-Nutzen",
        "eingehalten",
        "0",
    )


def test_formulas_are_defused_and_lines_stay_inside_quotes(channel: Channel, sign_in: Any) -> None:
    cost, legality, strategy, *_rest = rows_of(exported(sign_in("auditor")))

    assert cost["Begründung"] == "'=HYPERLINK(1)"
    assert legality["Begründung"] == "a;b\r\nc"
    assert strategy["Begründung"] == ""


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 711", "-3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]
)
def test_text_that_could_run_is_written_as_text(text: str) -> None:
    assert cell_of(reason=text)["reason"] == "'" + text
    assert cell_of(channel=text)["channel"] == "'" + text


@pytest.mark.parametrize("text", ["3", "a=b", "“=1”", "\u202e=1", "emoji 🙂", "NUL \0 byte", '"', ";"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert cell_of(reason=text)["reason"] == text


def test_a_number_is_a_number_even_below_zero() -> None:
    assert cell_of(days_late=-3)["days_late"] == "-3"


def test_a_long_text_with_a_lone_surrogate_does_not_stop_the_file() -> None:
    assert cell_of(reason="x" * 100_000 + "\ud800")["reason"].endswith("x\\ud800")


def test_the_trailer_names_what_was_asked_for_and_the_head_of_the_journal(
    channel: Channel, sign_in: Any
) -> None:
    before = journal.head(db.session)[0]
    data = exported(sign_in("auditor"), level="remark", **{"from": "2026-01-01", "until": "2026-06-30"})

    said = {line[0]: line[1] for line in table(data) if len(line) == 2}
    assert said["Zeitraum von"] == "2026-01-01"
    assert said["Zeitraum bis"] == "2026-06-30"
    assert said["Urteil"] == "Hinweis"
    assert said["Einheit"] == "alle"
    assert said["Zeitzone"] == "Europe/Berlin"
    assert said["Stand"] == "2026-10-13"
    head = (int(said["Kopf des Journals: Eintrag"]), said["Kopf des Journals: Prüfsumme"])
    assert head == journal.head(db.session)
    assert head[0] == before + 1, "the export's own entry stands before its first byte"
    assert table(data)[-1] == ["1 von 1 Zeilen"]


def test_an_export_of_nothing_is_a_whole_file_too(channel: Channel, sign_in: Any) -> None:
    data = exported(sign_in("auditor"), level="objection")

    assert rows_of(data) == []
    assert table(data)[-1] == ["0 von 0 Zeilen"]


def test_the_export_stands_in_the_journal_with_its_filters(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("auditor")
    exported(browser, outcome="missed")

    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (entry.deed, entry.by_id) == ("evidence.export", browser.person.id)
    assert '"outcome":"missed"' in entry.body
    assert '"format":"csv"' in entry.body


def test_page_and_command_write_the_same_rows_byte_for_byte(
    channel: Channel, sign_in: Any, run: Any, tmp_path: Path
) -> None:
    for language, spoken in (("de", ()), ("en", ("--language", "en"))):
        page = exported(sign_in("auditor", language=language))
        said = run("export", "--format", "csv", *spoken)
        file = tmp_path / f"{language}.csv"
        written = run("export", "--format", "csv", *spoken, "-o", str(file))

        assert (said.exit_code, written.exit_code) == (0, 0)
        assert head_and_rows(said.stdout_bytes) == head_and_rows(page)
        assert head_and_rows(file.read_bytes()) == head_and_rows(page)
        assert [one.name for one in tmp_path.glob(".*.csv-*")] == []
    assert table(page)[-1] == ["12 of 12 rows"]


def test_the_command_narrows_to_a_period(channel: Channel, run: Any) -> None:
    said = run("export", "--format", "csv", "--from", "2026-04-01", "--until", "2026-09-30")

    assert {row["Prüfzeitraum von"] for row in rows_of(said.stdout_bytes)} == {"2026-04-01", "2026-07-01"}
    assert db.session.scalars(select(Entry.deed)).all() == ["evidence.export"]


@pytest.mark.parametrize(
    "given", [("--from", "2026-02-30"), ("--from", "2026-05-01", "--until", "2026-04-30"), ("--until", "0")]
)
def test_wrong_days_are_refused_with_status_two(channel: Channel, run: Any, given: tuple[str, ...]) -> None:
    refused = run("export", "--format", "csv", *given)

    assert refused.exit_code == 2
    assert db.session.scalars(select(Entry.number)).all() == []


def test_a_file_that_cannot_be_written_is_one_sentence_and_no_entry(
    channel: Channel, run: Any, tmp_path: Path
) -> None:
    refused = run("export", "--format", "csv", "-o", str(tmp_path / "nowhere" / "x.csv"))

    assert refused.exit_code == 1
    assert refused.stderr.startswith("Cannot write")
    assert refused.stderr.count("\n") == 1
    assert db.session.scalars(select(Entry.number)).all() == []


def test_a_reader_of_one_unit_takes_home_that_unit_only(channel: Channel, sign_in: Any) -> None:
    other = factories.channel(factories.unit("Anderswo"))
    browser = sign_in("auditor", units=[channel.unit])

    data = exported(browser)

    assert {row["Einheit"] for row in rows_of(data)} == {"Zweigstelle Süd"}
    assert "Anderswo" not in data.decode()
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert entry.unit_id == channel.unit_id
    assert browser.send("/evidence/export.csv", {"channel": str(other.id)}).status_code == 422


def test_an_editor_reads_but_does_not_export(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("editor")

    assert "export.csv" not in browser.get("/evidence").html
    assert browser.send("/evidence/export.csv").status_code == 403
