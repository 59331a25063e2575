"""A file of figures as people send it: any encoding and separator is read or named, and what is no table is refused."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from flask import Flask
from flask_babel import force_locale

from tests import factories
from tracker.figures import csv_sheet, reading, xlsx_sheet
from tracker.figures.finding import Finder
from tracker.figures.reading import Found
from tracker.figures.sheet import Fault, FileRefused, Line, Sheet, is_zip, refuse_by_kind
from tracker.models import Channel

HEAD = "Unit;Platform;Channel;Period;Staff hours;Reach;Source and note"
ROW = "Bildungshaus;Mastodon;Hauptkanal;2026-Q1;12,5;1.234;Über die Plattform"
NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.fixture
def channels() -> list[Channel]:
    """One name on two platforms of a unit, and a channel of another unit."""
    house, branch = factories.unit("Bildungshaus"), factories.unit("Göppingen")
    return [
        factories.channel(house, "Mastodon", "Hauptkanal"),
        factories.channel(house, "Instagram", "Ausbildung"),
        factories.channel(branch, "Facebook", "Bezirk"),
    ]


def opened(data: bytes) -> Sheet:
    refuse_by_kind(data)
    return xlsx_sheet.read(data) if is_zip(data) else csv_sheet.read(data)


def refused(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        opened(data)
    return str(caught.value)


def read(text: str, channels: list[Channel]) -> Found:
    return reading.read(csv_sheet.read(text.encode()), Finder(channels))


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        write(book)
    return file.getvalue()


def one_sheet(*rows: list[object]) -> bytes:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Quartal")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, day if isinstance(value, date) else None)

    return workbook(write)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The packed file with one part put in or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_encoding_and_separator_is_understood(encoding: str, separator: str) -> None:
    rows = [HEAD.split(";"), ROW.split(";")]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    sheet = opened(text.encode(encoding))
    assert [line.number for line in sheet.lines] == [1, 2]
    assert list(sheet.lines[1].cells) == ROW.split(";")
    assert bool(sheet.said) is (encoding == "cp1252")


def test_a_line_has_the_number_that_it_has_in_the_file() -> None:
    text = f'{HEAD}\n\n{ROW[:-20]};"zwei\nZeilen"\n;;;;;;\n{ROW}\n'
    assert [line.number for line in opened(text.encode()).lines] == [1, 3, 6]


def test_a_quotation_mark_never_closed_is_named_with_its_line() -> None:
    assert "From line 2 on" in refused(f'{HEAD}\n"{ROW}\n'.encode() + b"x;y\n" * 20_000)


def test_a_quotation_mark_never_closed_takes_no_line_after_it_into_its_cell() -> None:
    open_note = ROW.replace("Über", '"Über')
    with pytest.raises(FileRefused, match="From line 2 on"):
        csv_sheet.read(f"{HEAD}\n{open_note}\n{ROW}\n{ROW}".encode())


def test_a_note_that_is_too_long_is_refused_and_not_cut(channels: list[Channel]) -> None:
    found = reading.read(csv_sheet.read(f"{HEAD}\n{ROW}{'x' * 2_000}".encode()), Finder(channels))
    assert not found.rows
    assert "At most 2000 characters" in found.refused[0].words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"a;b\n\0\0\0", "not a CSV or XLSX"),
        (b"a" * 2_000_001, "2 MB"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (("a;b\n" + "1;2\n" * 50_000).encode(), "5,000 rows"),
        (b";".join([b"a"] * 200), "100 columns"),
    ],
)
def test_what_is_no_table_of_figures_is_refused_in_one_sentence_or_two(data: bytes, words: str) -> None:
    assert words in refused(data)
    assert refused(data).count(". ") <= 1


def test_a_workbook_gives_numbers_days_and_the_name_of_what_was_not_read() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Quartal")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(4, 0, [12.5, " x "])
        book.add_worksheet("Rest").write(0, 0, "never read")

    sheet = opened(workbook(write))
    assert sheet.lines == [Line(1, ["a", "b"]), Line(5, [12.5, "x"])]
    assert "“Quartal”" in sheet.said[0]
    assert "Rest" in sheet.said[0]
    assert opened(one_sheet(["a"], [date(2026, 3, 31)])).lines[1].cells == [date(2026, 3, 31)]


def test_a_formula_counts_by_its_result_and_an_error_is_named() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_formula(1, 0, "=6*7", None, 42)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=1+1", None, "")

    whole, broken, never = opened(workbook(write)).lines[1].cells
    assert whole == 42
    assert isinstance(broken, Fault)
    assert "#DIV/0!" in broken.words
    assert isinstance(never, Fault)
    assert "no stored result" in never.words


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/vbaProject.bin", b"macros", "has macros"),
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
        ("xl/workbook.bin", b"", ".xlsb"),
        ("word/document.xml", b"<w/>", "text document"),
        ("xl/workbook.xml", b"<workbook/>", "no sheet"),
        ("xl/workbook.xml", b'<?xml version="1.0" encoding="UTF-99"?><workbook/>', "damaged"),
        ("xl/workbook.xml", b'<!DOCTYPE w [<!ENTITY e "e">]><w>&e;</w>', "damaged"),
        ("xl/media/bomb.bin", b"\0" * 40_000_000, "30 MB"),
    ],
)
def test_a_packed_file_that_is_more_or_else_than_a_table_is_refused(
    part: str, content: bytes, words: str
) -> None:
    data = with_part(one_sheet(["a"], [1]), part, content)
    assert len(data) < 100_000
    assert words in refused(data)


def test_a_bomb_is_noticed_by_what_comes_out_of_it_not_by_what_it_says() -> None:
    data = bytearray(with_part(one_sheet(["a"], [1]), "xl/zz.bin", b"\0" * 40_000_000))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # "unpacked, I have 100 bytes"
    tracemalloc.start()
    words = refused(bytes(data))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "30 MB" in words or "damaged" in words
    assert most < 80_000_000


@pytest.mark.parametrize("last", ['<row r="1048576"/>', '<row r="1048576"><c r="XFD1048576" s="1"/></row>'])
def test_a_million_empty_rows_take_neither_time_nor_memory(last: str) -> None:
    begin = f'<worksheet {NAMES}><dimension ref="A1:XFD1048576"/>'
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    xml = f"{begin}<sheetData>{cells}{last}</sheetData></worksheet>"
    data = with_part(one_sheet(["a"]), "xl/worksheets/sheet1.xml", xml.encode())
    began = time.monotonic()
    assert opened(data).lines == [Line(1, ["a"])]
    assert time.monotonic() - began < 2


def test_a_cell_far_down_is_refused_before_a_table_is_made_of_it() -> None:
    far = '<sheetData><row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>'
    xml = f"<worksheet {NAMES}>{far}</worksheet>"
    assert "line 900000" in refused(with_part(one_sheet(["a"]), "xl/worksheets/sheet1.xml", xml.encode()))


def test_a_row_is_read_whatever_the_order_and_the_language_of_its_headings(channels: list[Channel]) -> None:
    found = read("Reach,KANAL,platform,Zeitraum\n1.234,hauptkanal,MASTODON,Q1 2026\n", channels)
    assert found.refused == []
    assert found.rows[0].channel_id == channels[0].id
    assert (found.rows[0].period.begins_on, found.rows[0].period.ends_on) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
    )
    assert found.rows[0].values == {"reach": Decimal(1234)}


def test_all_mistakes_of_a_line_are_named_at_once_with_line_and_column(channels: list[Channel]) -> None:
    found = read(f"{HEAD};Farbe\nBildungshaus;Mastodon;Hauptkanal;2026-Q9;zwölf;-3;;rot\n{ROW}\n", channels)
    assert [(one.line, one.column) for one in found.refused] == [
        (2, "Period"),
        (2, "Staff hours"),
        (2, "Reach"),
    ]
    assert [row.line for row in found.rows] == [3]
    assert "Farbe" in found.warnings[0]


@pytest.mark.parametrize(
    "written", ["1e308", "12.345,67,8", "-1", "١٢٣", "<b>1</b>", "NaN", "1 2", "0x10", "9" * 400]
)
def test_what_is_no_figure_is_refused_and_never_guessed(written: str, channels: list[Channel]) -> None:
    found = read(f"Platform;Channel;Period;Posts\nMastodon;Hauptkanal;2026-Q1;{written}\n", channels)
    assert found.rows == []
    assert [(one.line, one.column) for one in found.refused] == [(2, "Posts")]


def test_a_channel_that_is_not_there_is_named_with_what_may_be_meant(channels: list[Channel]) -> None:
    head = "Platform;Channel;Period;Posts\n"
    renamed = read(f"{head}Twitter;Hauptkanal;2026-Q1;1\n", channels).refused[0].words
    typo = read(f"{head}Instagramm;Ausbildng;2026-Q1;1\n", channels).refused[0].words
    nothing = read(f"{head}Myspace;Qwertz;2026-Q1;1\n", channels).refused[0].words
    assert "Is “Mastodon Hauptkanal” of Bildungshaus meant?" in renamed
    assert "Is “Instagram Ausbildung”" in typo
    assert nothing == "There is no channel “Myspace Qwertz”."


def test_a_channel_one_may_not_enter_reads_like_one_that_is_not_there(channels: list[Channel]) -> None:
    row = "Platform;Channel;Period;Posts\nFacebook;Bezirk;2026-Q1;1\n"
    assert read(row, channels[:2]).refused[0].words == "There is no channel “Facebook Bezirk”."
    assert read(row, channels).refused == []


def test_a_channel_and_period_twice_in_a_file_are_both_refused(channels: list[Channel]) -> None:
    found = read(f"{HEAD}\n{ROW}\nBildungshaus;Instagram;Ausbildung;2026-Q1;1;;\n{ROW.replace('2026-Q1', '1. Quartal 2026')}\n", channels)  # fmt: skip # noqa: E501
    assert [row.line for row in found.rows] == [3]
    assert [(one.line, "lines 2, 4" in one.words) for one in found.refused] == [(2, True), (4, True)]


def test_a_cell_left_empty_changes_nothing_and_a_dash_says_unknown(channels: list[Channel]) -> None:
    found = read(f"{HEAD}\nBildungshaus;Mastodon;Hauptkanal;2026;–;;\n", channels)
    assert found.rows[0].values == {"hours": None}
    assert found.rows[0].period.days == 365


@pytest.mark.parametrize("days", ["01.04.2026;30.06.2026", "2026-04-01;2026-06-30"])
def test_a_period_may_stand_in_two_columns(days: str, channels: list[Channel]) -> None:
    found = read(f"Platform;Channel;From;Until;Posts\nMastodon;Hauptkanal;{days};7\n", channels)
    assert found.refused == []
    assert (found.rows[0].period.begins_on, found.rows[0].period.ends_on) == (
        date(2026, 4, 1),
        date(2026, 6, 30),
    )


def test_days_of_a_period_that_are_none_are_named(channels: list[Channel]) -> None:
    found = read("Platform;Channel;From;Until;Posts\nMastodon;Hauptkanal;2026-02-30;;7\n", channels)
    assert found.rows == []
    assert {one.line for one in found.refused} == {2}
