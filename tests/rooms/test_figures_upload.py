"""Uploading figures: what a file would change is shown, accepted once, undone; a waiting file is its person's alone."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.figures import csv_sheet, xlsx_sheet
from tracker.models import Channel, Entry, Figures, FiguresUpload
from tracker.models.users import unit_limits

SignIn = Callable[..., Browser]
UPLOAD, UPLOADS = "/figures/upload", "/figures/uploads"
HEAD = "Unit;Platform;Channel;Period;Staff hours;Posts;Source and note"
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    """Two channels of a unit and one of another; its name begins as a spreadsheet's formulas do."""
    clock_at("2026-07-14")
    house, branch = factories.unit("Bildungshaus"), factories.unit("Göppingen")
    return [
        factories.channel(house, "Mastodon", "Hauptkanal"),
        factories.channel(house, "Instagram", "Ausbildung"),
        factories.channel(branch, "Instagram", "@bezirk"),
    ]


@pytest.fixture
def editor(sign_in: SignIn, channels: list[Channel]) -> Browser:
    return sign_in("editor", language="en")


def row(of: Channel, *cells: str, period: str = "2026-Q2") -> str:
    return ";".join([of.unit.name, of.platform, of.name, period, *cells])


def send(browser: Browser, *rows: str, name: str = "quartal.csv", expect: int = 200) -> Page:
    data = "\n".join([HEAD, *rows]).encode()
    return browser.post(UPLOAD, {"file": (io.BytesIO(data), name)}, expect)


def address(page: Page, deed: str) -> str:
    return page.form(f"/{deed}").action


def take_in(browser: Browser, page: Page, expect: int = 200, **more: Any) -> Page:
    form = page.form("/accept")
    return browser.post(form.action, form.filled(**more), expect)


def held() -> dict[tuple[str, date], tuple[Any, ...]]:
    db.session.rollback()
    rows = db.session.scalars(select(Figures).where(Figures.in_force()))
    return {(one.channel.name, one.ends_on): (one.hours, one.posts, one.note) for one in rows}


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(Figures)) or 0


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def newest() -> FiguresUpload:
    db.session.rollback()
    return db.session.scalars(select(FiguresUpload).order_by(FiguresUpload.id.desc())).first()  # type: ignore[return-value]


def test_a_file_is_shown_then_taken_in_and_one_entry_is_made(
    editor: Browser, channels: list[Channel]
) -> None:
    page = send(editor, row(channels[0], "12,5", "40", "Statistik"), row(channels[1], "", "7", ""))
    assert held() == {}
    assert deeds() == []
    take_in(editor, page)
    quarter = date(2026, 6, 30)
    assert held() == {
        ("Hauptkanal", quarter): (Decimal("12.50"), 40, "Statistik"),
        ("Ausbildung", quarter): (None, 7, ""),
    }
    assert deeds() == ["figures.upload"]


def test_only_what_is_new_or_changed_becomes_a_row(editor: Browser, channels: list[Channel]) -> None:
    take_in(editor, send(editor, row(channels[0], "12,5", "40", ""), row(channels[1], "1", "7", "")))
    page = send(
        editor, row(channels[0], "12,5", "", ""), row(channels[1], "", "8", ""), row(channels[2], "3", "", "")
    )
    take_in(editor, page)
    assert entries() == 4
    assert held()["Ausbildung", date(2026, 6, 30)] == (Decimal(1), 8, "")


def test_taking_in_twice_is_taking_in_once(editor: Browser, channels: list[Channel]) -> None:
    page = send(editor, row(channels[0], "12,5", "40", ""))
    for _again in range(2):
        take_in(editor, page)
    assert entries() == 1
    assert deeds() == ["figures.upload"]


def test_a_file_sent_twice_waits_once(editor: Browser, channels: list[Channel]) -> None:
    for _again in range(2):
        send(editor, row(channels[0], "12,5", "40", ""))
    assert db.session.scalar(select(func.count()).select_from(FiguresUpload)) == 1


def test_lines_with_mistakes_are_left_out_only_when_one_says_so(
    editor: Browser, channels: list[Channel]
) -> None:
    page = send(editor, row(channels[0], "12,5", "40", ""), row(channels[1], "zwölf", "7", ""))
    form = page.form("/accept")
    refused = editor.post(form.action, form.values, 422)
    assert refused.all("input", name="leave_out")[0].get("aria-invalid") == "true"
    assert held() == {}
    editor.post(form.action, form.filled(leave_out="y"))
    assert list(held()) == [("Hauptkanal", date(2026, 6, 30))]


def test_a_file_of_which_nothing_can_be_taken_in_offers_no_button(
    editor: Browser, channels: list[Channel]
) -> None:
    page = send(editor, row(channels[0], "-1", "40", ""))
    assert [one for one in page.all("form") if "/accept" in (one.get("action") or "")] == []
    editor.post(f"{UPLOADS}/{newest().id}/accept", {"state": ""}, 409)
    assert held() == {}


def test_of_many_mistakes_a_hundred_are_shown_and_the_rest_counted(
    editor: Browser, channels: list[Channel]
) -> None:
    page = send(editor, *[f"X;Y;Z;2026-Q2;{k};;" for k in range(130)])
    assert page.text.count("There is no channel") == 100
    assert "30 more" in page.text


def test_what_somebody_else_entered_meanwhile_is_shown_before_it_is_overwritten(
    editor: Browser, sign_in: SignIn, channels: list[Channel]
) -> None:
    page = send(editor, row(channels[0], "12,5", "40", ""))
    colleague = sign_in("editor", language="en")
    take_in(colleague, send(colleague, row(channels[0], "", "41", "")))
    again = take_in(editor, page, expect=409)
    assert "41" in again.text
    take_in(editor, again)
    assert held()["Hauptkanal", date(2026, 6, 30)] == (Decimal("12.50"), 40, "")


def test_undoing_brings_back_what_held_and_lets_newer_figures_stay(
    editor: Browser, channels: list[Channel]
) -> None:
    take_in(editor, send(editor, row(channels[0], "1", "1", "zuerst"), row(channels[1], "1", "1", "")))
    take_in(
        editor,
        send(
            editor,
            row(channels[0], "2", "2", ""),
            row(channels[1], "2", "2", ""),
            row(channels[2], "2", "", ""),
        ),
    )
    wrong = newest().id
    take_in(editor, send(editor, row(channels[1], "3", "3", "")))
    page = editor.get(f"{UPLOADS}/{wrong}/undo")
    for _again in range(2):
        editor.post(page.form("/undo").action, page.form("/undo").values)
    quarter = date(2026, 6, 30)
    assert held() == {
        ("Hauptkanal", quarter): (Decimal(1), 1, "zuerst"),
        ("Ausbildung", quarter): (Decimal(3), 3, ""),
    }
    assert entries() == 6
    assert deeds().count("figures.undo") == 1


def test_a_waiting_file_stays_for_its_person_and_nobody_else_finds_it(
    editor: Browser, sign_in: SignIn, channels: list[Channel]
) -> None:
    send(editor, row(channels[0], "12,5", "40", ""), name="mein <b>Quartal.csv")
    waiting = f"{UPLOADS}/{newest().id}"
    other, later = sign_in("manager", language="en"), sign_in(editor.person, language="en")
    assert "Quartal" in later.get(UPLOADS).text
    assert "Quartal" not in other.get(UPLOADS).text
    other.get(waiting, 404)
    for deed in ("accept", "discard", "undo"):
        other.post(f"{waiting}/{deed}", {"state": "x"}, 404)
    later.post(address(later.get(waiting), "discard"))
    assert db.session.scalar(select(func.count()).select_from(FiguresUpload)) == 0
    assert held() == {}


def test_a_unit_one_may_not_enter_does_not_exist_and_its_uploads_cannot_be_undone(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    whole = sign_in("editor", language="en")
    take_in(whole, send(whole, row(channels[0], "1", "", ""), row(channels[2], "2", "", "")))
    both = newest().id
    limited = sign_in("editor", units=[channels[0].unit], language="en")
    page = send(limited, row(channels[2], "9", "", ""))
    assert "There is no channel “Instagram @bezirk”" in page.text
    assert "@bezirk" not in limited.get(f"{UPLOADS}/{both}").text
    limited.get(f"{UPLOADS}/{both}/undo", 404)
    limited.post(f"{UPLOADS}/{both}/undo", expect=404)


def test_rights_lost_while_a_file_waits_are_lost_for_it_too(sign_in: SignIn, channels: list[Channel]) -> None:
    browser = sign_in("editor", units=[channels[0].unit, channels[2].unit], language="en")
    page = send(browser, row(channels[2], "9", "", ""))
    db.session.execute(unit_limits.delete().where(unit_limits.c.unit_id == channels[2].unit_id))
    db.session.commit()
    take_in(browser, page, expect=409)
    assert held() == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_filled_in_by_nobody_reads_back_without_a_change(
    editor: Browser, channels: list[Channel], kind: str
) -> None:
    take_in(
        editor, send(editor, row(channels[0], "12,5", "40", "=Statistik"), row(channels[2], "1", "1234", "-"))
    )
    before, count = held(), entries()
    data = editor.raw.get(f"/figures/template/{kind}?period=2026-4-2").data
    lines = (csv_sheet if kind == "csv" else xlsx_sheet).read(data).lines
    assert len(lines) == 4
    page = editor.post(UPLOAD, {"file": (io.BytesIO(data), f"t.{kind}")})
    assert "There is no channel" not in page.text
    assert [one for one in page.all("form") if "/accept" in (one.get("action") or "")] == []
    assert (held(), entries()) == (before, count)


def test_the_template_is_of_the_quarter_that_ended_last_and_begins_with_the_followers_known(
    editor: Browser, app: Flask, channels: list[Channel]
) -> None:
    data = f"{HEAD};Followers at the end\n{row(channels[0], '1', '', '', period='2026-Q1')};4321\n"
    take_in(editor, editor.post(UPLOAD, {"file": (io.BytesIO(data.encode()), "q1.csv")}))
    raw = editor.raw.get("/figures/template/csv").data
    assert raw.startswith(b"\xef\xbb\xbf")
    head, first = (line.split(";") for line in raw.decode("utf-8-sig").splitlines()[:2])
    filled = dict(zip(head, first, strict=True))
    assert "4321" in filled.values()
    assert first[2] == "Hauptkanal"
    assert "2026" in first[3]
    assert "2" in first[3]


@pytest.mark.parametrize("name", ["", "x" * 3000 + ".csv", "..\\..\\boot.csv", "a\0b.csv", "📊.csv"])
def test_any_name_of_a_file_will_do(editor: Browser, channels: list[Channel], name: str) -> None:
    page = send(editor, row(channels[0], "1", "", ""), name=name or " ")
    take_in(editor, page)
    assert len(newest().filename) <= 200


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\0" * 900, b"a;b\n" * 50_000])
def test_a_file_refused_is_said_at_the_field_and_leaves_nothing(editor: Browser, data: bytes) -> None:
    page = editor.post(UPLOAD, {"file": (io.BytesIO(data), "x.xlsx")}, 422)
    assert page.all("input", type="file")[0].get("aria-invalid") == "true"
    assert db.session.scalar(select(func.count()).select_from(FiguresUpload)) == 0


def test_a_note_with_signs_no_database_holds_is_cleaned(editor: Browser, channels: list[Channel]) -> None:
    page = send(editor, row(channels[0], "1", "", "a\x07b <script>alert(1)</script> 📊"))
    take_in(editor, page)
    assert held()["Hauptkanal", date(2026, 6, 30)][2] == "ab <script>alert(1)</script> 📊"


def test_every_page_of_an_upload_speaks_german(sign_in: SignIn, channels: list[Channel]) -> None:
    """The browser refuses each page on which something is left untranslated."""
    browser = sign_in("editor", language="de")
    browser.post(UPLOAD, {"file": (io.BytesIO(b"%PDF-1.7"), "x.pdf")}, 422)
    page = send(browser, row(channels[0], "1", "1,5", ""), row(channels[1], "9", "2", ""), "X;Y;Z;Q;-1;;")
    take_in(browser, page, 422)
    page = send(browser, row(channels[0], "1", "1", ""), row(channels[1], "9000", "2", ""))
    assert "Zeilen übernehmen" in page.text
    take_in(browser, page)
    assert "quartal.csv" in browser.get(UPLOADS).text
    browser.get(f"{UPLOADS}/{newest().id}/undo")


def test_a_file_with_several_periods_is_compared_with_itself(
    editor: Browser, channels: list[Channel]
) -> None:
    """The followers a period begins with are those the line before ended with: nothing to warn of."""
    factories.figures(channels[0], "2025-4-4", followers_end=5)
    head = "Unit;Platform;Channel;Period;Followers at the start;Followers at the end"
    lines = [
        row(channels[0], "100", "110", period="2026-Q1"),
        row(channels[0], "110", "120", period="2026-Q2"),
    ]
    page = editor.post(UPLOAD, {"file": (io.BytesIO("\n".join([head, *lines]).encode()), "zwei.csv")})
    assert "The period begins with 100 followers; the one before ended with 5." in page.text
    assert "The period begins with 110" not in page.text


def test_a_file_beyond_what_can_be_sent_is_called_a_file_and_leads_back(editor: Browser, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 3_000
    page = send(editor, "x" * 4_000, expect=413)
    assert "The file is too large." in page.text
    assert "at most 2 MB and 5,000 rows" in page.text
    assert page.link("Back to the upload") == UPLOAD


def test_the_list_of_uploads_asks_as_much_for_many_files_as_for_one(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    """And who is limited to a unit can undo what touches no other."""
    limited, counts = sign_in("editor", units=[channels[0].unit]), []
    shared = factories.upload_of_figures(channels[0], channels[2])
    for _once in range(2):
        mine = [factories.upload_of_figures(channels[1]) for _file in range(4)]
        said: list[str] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any, to: list[str] = said) -> None:
            to.append(statement)

        event.listen(db.engine, "before_cursor_execute", hear)
        page = limited.get(UPLOADS)
        event.remove(db.engine, "before_cursor_execute", hear)
        counts.append(len(said))
        assert f"{UPLOADS}/{mine[0].id}/undo" in page.html
        assert f"{UPLOADS}/{shared.id}/undo" not in page.html
    assert counts[0] == counts[1]
