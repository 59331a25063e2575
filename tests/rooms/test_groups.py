"""A group of radio buttons or boxes says what is wrong with it where ARIA allows it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.models import Channel

pytestmark = pytest.mark.sqlite_only
SignIn = Callable[..., Browser]


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    clock_at("2026-10-13")
    return factories.channel(since=None)


def test_a_refused_group_of_radio_buttons_is_called_invalid_as_a_group(
    channel: Channel, sign_in: SignIn
) -> None:
    url = f"/channels/{channel.id}/change"
    browser = sign_in("manager")
    (asked,) = browser.get(url).all("fieldset")
    (refused,) = browser.post(url, {}, expect=422).all("fieldset")

    assert (asked.get("role"), asked.get("aria-invalid")) == ("radiogroup", None)
    assert (refused.get("role"), refused.get("aria-invalid")) == ("radiogroup", "true")
    assert refused.get("aria-describedby") == "what-error"
    assert [one.get("aria-invalid") for one in refused.iter("input")] == [None] * len(
        list(refused.iter("input"))
    )


def test_a_refused_group_of_boxes_is_not_but_its_boxes_are(app: Flask) -> None:
    class Boxes(FlaskForm):
        units = SelectMultipleField(
            "Units", choices=[SelectChoice("1", "One"), SelectChoice("2", "Two")],
            widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        )  # fmt: skip
        one = RadioField("One", choices=[SelectChoice("1", "One")])

    with app.test_request_context(method="POST", data={"units": "9"}):
        form = Boxes()
        assert not form.validate()
        page = Page(str(get_template_attribute("parts/field.html", "field")(form.units)))

    (group,) = page.all("fieldset")
    assert (group.get("role"), group.get("aria-invalid")) == (None, None)
    assert group.get("aria-describedby") == "units-error"
    assert [one.get("aria-invalid") for one in page.all("input")] == ["true", "true"]


def test_the_log_calls_the_boxes_of_who_was_present_invalid_not_their_group(
    channel: Channel, sign_in: SignIn
) -> None:
    meeting = factories.planned_meeting(date(2026, 10, 12), [channel])
    page = sign_in("manager").post(f"/meetings/{meeting.id}/close", {}, expect=422)

    (group,) = page.all("fieldset", id="present")
    boxes = group.findall(".//input[@name='present']")
    assert group.get("aria-invalid") is None
    assert group.get("aria-describedby") == "fault:present"
    assert boxes
    assert {one.get("aria-invalid") for one in boxes} == {"true"}
