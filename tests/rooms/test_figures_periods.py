"""Periods as files write them, channels as files name them, and cells where nobody would look for one."""

import io
import zipfile
from collections.abc import Iterator

import pytest
import xlsxwriter
from flask import Flask
from flask_babel import force_locale

from tests import factories
from tracker import language
from tracker.figures import periods, xlsx_sheet
from tracker.figures.finding import ChannelUnknown, Finder
from tracker.figures.periods import PeriodRefused
from tracker.figures.sheet import FileRefused

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>7</v></c></row>{}</sheetData></worksheet>'
)
FAR = 'r="XFD1048576"'
pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2026-Q3", "2026-4-3"), ("Q3 2026", "2026-4-3"), ("q3/2026", "2026-4-3"), ("3. Quartal 2026", "2026-4-3"),
        ("quarter 3 2026", "2026-4-3"), ("H2 2026", "2026-2-2"), ("III/2026", None),
        ("1. Halbjahr 2026", "2026-2-1"), ("2026 H2", "2026-2-2"),
        ("half-year 2 2026", "2026-2-2"), ("Jahr 2026", "2026-1-1"), ("2026", "2026-1-1"), ("2026-07", "2026-12-7"),
        ("07/2026", "2026-12-7"), ("Juli 2026", "2026-12-7"), ("März 2026", "2026-12-3"), ("mar 2026", "2026-12-3"),
        ("01.07.2026 – 30.09.2026", "2026-4-3"), ("2026-07-01 bis 2026-08-15", "2026-07-01_2026-08-15"),
        ("2026-07-01/2026-08-15", "2026-07-01_2026-08-15"), ("1.7.2026-15.8.2026", "2026-07-01_2026-08-15"),
        ("Q5 2026", None), ("2026-13", None), ("2026-02-30 – 2026-03-31", None), ("2026-09-30 – 2026-07-01", None),
        ("2026-01-01 – 2027-06-30", None), ("0001", None), ("9999", None), ("", None), ("bald", None),
        ("9" * 5000, None), ("01.07.2026", None),
    ],
)  # fmt: skip
def test_a_period_is_understood_or_refused(written: str, key: str | None) -> None:
    if key is not None:
        assert periods.read(written).key == key
        return
    with pytest.raises(PeriodRefused):
        periods.read(written)


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_what_pages_and_templates_call_a_period_is_understood(spoken: str) -> None:
    with force_locale(spoken):
        for key in ("2026-4-1", "2026-12-5", "2026-2-2", "2026-1-1", "2026-07-01_2026-08-15"):
            period = periods.Period.of_key(key)
            assert periods.read(periods.safe_words(period)) == period


def test_of_a_platform_renamed_meanwhile_the_others_of_that_name_are_told() -> None:
    unit = factories.unit("Kammer")
    finder = Finder([factories.channel(unit, platform, "IHK") for platform in ("Facebook", "Twitter")])
    with pytest.raises(ChannelUnknown, match="there are: Facebook, Twitter"):
        finder.find("Kammer", "X", "IHK")
    with pytest.raises(ChannelUnknown, match="Is “Facebook IHK” of Kammer meant"):
        finder.find("Kammer", "Facebok", "IHK")
    with pytest.raises(ChannelUnknown, match=r"no channel “LinkedIn Beruf”\.$"):
        finder.find("Kammer", "LinkedIn", "Beruf")


@pytest.mark.parametrize(
    "cell",
    ["<v></v>", "<v> </v>", "<is><t></t></is>", "<v/>"],
)
@pytest.mark.parametrize("kind", ["", 't="str"', 't="s"', 't="b"', 't="e"', 't="inlineStr"'])
def test_an_empty_cell_at_the_end_of_the_sheet_costs_nothing(cell: str, kind: str) -> None:
    """The library alone would ask for 512 GB, and take the whole server down with it."""
    sheet = SHEET.format(f'<row r="1048576"><c {FAR} {kind}>{cell}</c></row>')
    assert [line.cells for line in xlsx_sheet.read(packed(sheet)).lines] == [[7.0]]


@pytest.mark.parametrize("cell", ["<v>1</v>", "<f>A1</f>", '<f t="shared"/>'])
def test_a_cell_that_holds_something_there_is_named(cell: str) -> None:
    with pytest.raises(FileRefused, match="line 1048576"):
        xlsx_sheet.read(packed(SHEET.format(f'<row r="1048576"><c {FAR}>{cell}</c></row>')))


def test_elements_in_each_other_without_end_are_refused() -> None:
    with pytest.raises(FileRefused, match="damaged"):
        xlsx_sheet.read(packed(SHEET.format("<row>" * 100_000 + "</row>" * 100_000)))


def packed(sheet: str) -> bytes:
    """A workbook with this sheet."""
    made, file = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("A").write(0, 0, "text")
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return file.getvalue()
