"""The template of figures: for a period or several, a line for each channel, under a name one understands."""

from collections.abc import Callable

import pytest

from tests import factories
from tests.browsing import Browser
from tracker.figures import csv_sheet, xlsx_sheet
from tracker.models import Channel

SignIn = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    clock_at("2026-07-14")
    house = factories.unit("Bildungshaus")
    return [factories.channel(house, "Mastodon", name) for name in ("Hauptkanal", "Zweitkanal")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_one_file_holds_several_periods_of_each_channel(
    sign_in: SignIn, channels: list[Channel], kind: str
) -> None:
    factories.figures(channels[0], "2025-4-4", posts=17)
    data = sign_in("editor", language="en").raw.get(f"/figures/template/{kind}?period=2026-4-2&count=4").data
    lines = [line.cells for line in (csv_sheet if kind == "csv" else xlsx_sheet).read(data).lines[1:]]
    quarters = ["Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026"]
    assert [(cells[2], cells[3]) for cells in lines] == [
        (one.name, quarter) for one in channels for quarter in quarters
    ]
    assert "17" in [str(cell).removesuffix(".0") for cell in lines[1]]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("period=2026-4-2", "kennzahlen-2026-Q2.csv"),
        ("period=2026-4-2&count=4", "kennzahlen-2025-Q3-2026-Q2.csv"),
        ("period=2026-4-2&count=8", "kennzahlen-2025-Q1-2026-Q2.csv"),  # run since then
        ("period=2026-12-6", "kennzahlen-2026-06.csv"),
        ("period=2025-2-2", "kennzahlen-2025-H2.csv"),
        ("period=2025-1-1", "kennzahlen-2025.csv"),
        ("period=other&from=2026-06-01&until=2026-06-15&count=4", "kennzahlen-2026-06-01_2026-06-15.csv"),
        ("period=2026-4-2&count=100000", "kennzahlen-2026-Q2.csv"),
    ],
)
def test_its_name_says_the_periods_in_the_language_of_the_person(
    sign_in: SignIn, channels: list[Channel], asked: str, name: str
) -> None:
    answer = sign_in("editor", language="de").raw.get(f"/figures/template/csv?{asked}")
    assert name in answer.headers["Content-Disposition"].replace('"', "").split("filename=")[1]


def test_periods_before_the_first_year_are_left_out(sign_in: SignIn, channels: list[Channel]) -> None:
    answer = sign_in("editor").raw.get("/figures/template/csv?period=1900-1-1&count=12")
    assert answer.status_code in {200, 302}


def test_days_that_are_no_period_lead_back_to_the_upload_with_a_sentence(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    editor = sign_in("editor", language="en")
    page = editor.get("/figures/template/csv?period=other&from=2026-02-30&until=2026-03-01")
    assert "This is not a period" in page.text


def test_the_upload_page_says_that_a_file_may_hold_several_periods(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    page = sign_in("editor", language="en").get("/figures/upload")
    assert "One file may hold several periods" in page.text
    assert [group.get("label") for group in page.all("optgroup")] == [
        "Quarters",
        "Months",
        "Half-years",
        "Years",
    ]
