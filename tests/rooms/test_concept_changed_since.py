"""Where the concept says something else than when legality was rated, nothing takes that verdict along unseen."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tests.rooms.form import LogForm
from tracker import clock
from tracker.extensions import db
from tracker.models import Channel, CheckItem, Draft, Meeting

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]
SignIn = Callable[..., Browser]


@pytest.fixture
def renamed(clock_at: Callable[[str], None]) -> Channel:
    """Rated in July, with its checklist, as Twitter; called X since."""
    clock_at("2026-07-14")
    return factories.channel(factories.unit("Bildungshaus"), "Twitter", "News")


@pytest.fixture
def items(renamed: Channel) -> tuple[CheckItem, CheckItem]:
    """The imprint, which a new platform concerns, and accessibility, which it does not."""
    return factories.check_item("Impressum", key="L01"), factories.check_item("Barrierefreiheit", key="L09")


@pytest.fixture
def meeting(renamed: Channel, items: object, sign_in: SignIn, clock_at: Callable[[str], None]) -> Meeting:
    """In October, after the platform was renamed."""
    july = factories.planned_meeting(date(2026, 7, 14), [renamed])
    form = LogForm(sign_in(), july).head().rate(renamed)
    for item in items:
        form.fill(renamed, **{f"check-{item.id}": "met"})
    assert form.confirm().status_code == 303
    renamed.platform = "X"
    db.session.commit()
    clock_at("2026-10-20")
    return factories.planned_meeting(date(2026, 10, 20), [renamed])


def kept(part: str) -> list[str]:
    """The fields of the log with a value that have this in their name."""
    db.session.expire_all()
    return sorted(row.field for row in db.session.scalars(select(Draft)) if part in row.field and row.value)


def test_the_log_says_why_and_which_items_are_to_be_looked_at(
    meeting: Meeting, items: tuple[CheckItem, CheckItem], renamed: Channel, sign_in: SignIn
) -> None:
    page = sign_in().get(f"/meetings/{meeting.id}/log?asked=channel-{renamed.id}")
    assert page.text.count("Hier hat sich das Konzept geändert") == 1
    [concerned] = page.words("li", class_="check", **{"data-concerned": ""})
    assert concerned.startswith("Impressum")


def test_the_rest_taken_over_unchanged_leaves_legality_open(
    meeting: Meeting, renamed: Channel, sign_in: SignIn
) -> None:
    LogForm(sign_in(), meeting).save(unchanged=f"channel-{renamed.id}")
    assert kept(".unchanged") == ["cost_benefit.unchanged", "strategy.unchanged"]


def test_the_page_that_takes_everything_over_ticks_all_but_legality(
    meeting: Meeting, sign_in: SignIn
) -> None:
    page = sign_in().get(f"/meetings/{meeting.id}/log/unchanged")
    assert "bitte die Rechtmäßigkeit neu prüfen" in page.text
    boxes = {
        str(one.get("value")).rpartition(".")[2]: one.get("checked") is not None
        for one in page.all("input", name="cell")
    }
    assert boxes == {"cost_benefit": True, "legality": False, "strategy": True}


def test_the_rest_confirmed_as_last_time_leaves_the_items_concerned_open(
    meeting: Meeting, items: tuple[CheckItem, CheckItem], renamed: Channel, sign_in: SignIn
) -> None:
    LogForm(sign_in(), meeting).save(confirm=f"channel-{renamed.id}")
    assert kept("check-") == [f"check-{items[1].id}"]


def test_closing_says_what_is_taken_over_although_the_concept_changed_and_what_is_unchecked(
    meeting: Meeting, renamed: Channel, sign_in: SignIn
) -> None:
    form = LogForm(sign_in(), meeting).head().fill(renamed, legality__unchanged=["", "1"])
    asked = Page(form.press_close().text)
    assert "X News : Die Rechtmäßigkeit wird unverändert übernommen, obwohl" in asked.text
    assert "X News : 2 Prüfpunkte sind nicht geprüft" in asked.text
    assert "Prüfpunkte: 0 von 2 geprüft" in asked.text


def test_the_next_meeting_proposes_the_channel_and_the_board_names_it(
    meeting: Meeting, renamed: Channel, sign_in: SignIn
) -> None:
    browser = sign_in("manager")
    assert "Konzept geändert: Rechtmäßigkeit" not in browser.get("/").text  # it is on the agenda already
    meeting.cancelled_at = clock.now()
    db.session.commit()
    assert "Konzept geändert: Rechtmäßigkeit eines Kanals neu bewerten" in browser.get("/").text
    page = browser.get("/meetings/plan")
    assert "Konzept geändert: Rechtmäßigkeit neu zu bewerten" in page.text
    [box] = page.all("input", name="channels", value=str(renamed.id))
    assert box.get("checked") is not None
