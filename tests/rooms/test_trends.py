"""Figures beside the log and on the channel's page: by quarter, with a table behind, a gap for what is unknown."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from tests.browsing import Browser
from tracker import clock, known_figures
from tracker.extensions import db
from tracker.models import Channel, Figures, FiguresUpload, HourlyRate
from tracker.rules.slots import slots_of_year
from tracker.trends import trends

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channel(clock_at: Callable[[str], None]) -> Channel:
    clock_at("2026-10-20")
    return factories.channel(platform="Facebook", name="Hauptkanal")


def entered(channel: Channel, quarter: int, upload: FiguresUpload | None = None, **values: Any) -> Figures:
    slot = slots_of_year(2026, 4)[quarter - 1]
    row = Figures(channel_id=channel.id, begins_on=slot.begins_on, ends_on=slot.due_on, entered_at=clock.now(),
                  by_name="Jonas", upload_id=upload.id if upload else None, **values)  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def followers(channel: Channel) -> list[int | None]:
    return [one.measured.followers_end for one in known_figures.of_channels([channel.id])[channel.id]]


def test_of_a_period_the_newest_entry_holds(channel: Channel) -> None:
    entered(channel, 1, followers_end=100)
    entered(channel, 2, followers_end=120)
    entered(channel, 1, followers_end=110)
    assert followers(channel) == [110, 120]


def test_an_upload_that_is_undone_gives_back_what_held_before(channel: Channel) -> None:
    upload = FiguresUpload(
        filename="q1.csv", uploaded_at=clock.now(), by_name="Jonas", accepted_at=clock.now()
    )
    db.session.add(upload)
    db.session.commit()
    entered(channel, 1, followers_end=100)
    entered(channel, 1, upload, followers_end=999)
    assert followers(channel) == [999]
    upload.undone_at = clock.now()
    db.session.commit()
    assert followers(channel) == [100]


def test_hours_cost_what_an_hour_cost_on_the_last_day_of_the_period(channel: Channel) -> None:
    for day, euros in ((date(2025, 1, 1), "40"), (date(2026, 5, 1), "50")):
        db.session.add(
            HourlyRate(from_on=day, euros=Decimal(euros), entered_at=clock.now(), by_name="Katrin")
        )
    entered(channel, 1, hours=Decimal("10.5"))
    entered(channel, 2, hours=Decimal(10))
    cost, *_rest = trends(known_figures.of_channels([channel.id])[channel.id])
    assert [point.value for point in cost.points] == [Decimal("420.00"), Decimal(500)]
    assert cost.points[1].words == "500\xa0€"
    assert cost.note == "teilweise unbekannt"


def test_the_rate_of_engagement_says_by_what_it_is_divided(channel: Channel) -> None:
    entered(channel, 1, interactions=42, reach=1500)
    entered(channel, 2, interactions=50, followers_end=1000)
    entered(channel, 3, interactions=60, followers_end=1000)
    engagement = trends(known_figures.of_channels([channel.id])[channel.id])[2]
    assert engagement.note == "Interaktionen je Follower"
    assert [point.value for point in engagement.points] == [None, Decimal(5), Decimal(6)]


def test_the_log_shows_the_trend_beside_the_verdicts(
    channel: Channel, sign_in: Callable[..., Browser]
) -> None:
    entered(channel, 2, followers_end=1200)
    entered(channel, 3, followers_end=1250)
    meeting = factories.planned_meeting(date(2026, 10, 20), [channel])
    page = sign_in().get(f"/meetings/{meeting.id}/log")
    assert "2. Quartal 2026 1.200, 3. Quartal 2026 1.250" in page.text


def test_the_channels_page_draws_them_with_a_table_behind(
    channel: Channel, sign_in: Callable[..., Browser]
) -> None:
    assert "Noch ist nichts eingetragen." in sign_in().get(f"/channels/{channel.id}").text
    entered(channel, 2, followers_end=1200)
    entered(channel, 3, followers_end=1250)
    page = sign_in().get(f"/channels/{channel.id}")
    assert "Dasselbe als Tabelle" in page.text
    assert "davor 1.200" in page.text


def test_figures_are_entered_beside_the_log_and_what_is_not_asked_there_stays(
    channel: Channel, sign_in: Callable[..., Browser]
) -> None:
    """Six fields in a form of their own, which answers in a new tab; the log's form has none of them."""
    entered(channel, 3, followers_end=1250, clicks=77, note="Statistik der Plattform", hours_estimated=True)
    meeting = factories.planned_meeting(date(2026, 10, 20), [channel])
    browser = sign_in()
    page = browser.get(f"/meetings/{meeting.id}/log")
    (form,) = [one for one in page.all("form") if one.get("id") == f"figures-{channel.id}"]
    assert form.get("target") == "_blank"
    beside = {
        one.get("name"): one.get("value") for one in page.all("input") if one.get("form") == form.get("id")
    }
    assert beside["followers_end"] == "1250"
    seen = next(one.get("value") for one in form.iter("input") if one.get("name") == "seen")
    browser.post(str(form.get("action")), {**beside, "hours": "12,5", "reach": "9.000", "seen": seen})
    (known,) = known_figures.of_channels([channel.id])[channel.id]
    assert (known.row.hours, known.row.reach, known.row.clicks) == (Decimal("12.5"), 9000, 77)
    assert (known.row.note, known.row.hours_estimated) == ("Statistik der Plattform", True)


def test_a_quarter_of_which_nothing_was_entered_is_a_gap(channel: Channel) -> None:
    for quarter in ("2023-4-1", "2025-4-4", "2026-4-1", "2026-4-3"):
        factories.figures(channel, quarter, followers_end=100)
    followers_chart = trends(known_figures.of_channels([channel.id])[channel.id])[1]
    assert [point.value for point in followers_chart.points] == [None] * 4 + [100, 100, None, 100]
    assert followers_chart.points[-2].label == "2. Quartal 2026"
    assert len(followers_chart.segments(40)) == 1


def test_a_cost_per_interaction_of_which_a_part_is_not_known_says_so(channel: Channel) -> None:
    entered(channel, 1, ad_spend=Decimal(10), interactions=100)
    per_interaction = trends(known_figures.of_channels([channel.id])[channel.id])[3]
    assert per_interaction.note == "Kosten teilweise unbekannt"
