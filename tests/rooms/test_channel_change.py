"""Changing how a channel is run, on its page: asked with a reason, previewed, confirmed, kept with its cause."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Channel, Entry, Obligation, StateChange
from tracker.rules.words import ChannelState, Criterion

ALL, LEGALITY = frozenset(Criterion), frozenset({Criterion.LEGALITY})
BEGIN, NEXT = date(2026, 1, 1), date(2027, 1, 1)
SignIn = Callable[..., Browser]


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[str], None]) -> Channel:
    """On 17 November 2026 an active channel, reviewed four times a year."""
    clock_at("2026-11-17")
    return factories.channel(factories.unit("Zweigstelle"), platform="Xing", name="Karriere", since=BEGIN)


@pytest.fixture
def manager(sign_in: SignIn) -> Browser:
    return sign_in("manager", language="en")


def url(channel: Channel) -> str:
    return f"/channels/{channel.id}/change"


def asked(browser: Browser, channel: Channel, expect: int = 200, **values: Any) -> Page:
    """The answer to the form."""
    form = browser.get(url(channel)).form("/change")
    return browser.post(url(channel), form.filled(**{"reason": "Kaum Nutzen", **values}), expect=expect)


def confirmed(browser: Browser, page: Page, channel: Channel) -> Page:
    return browser.post(url(channel), page.form("/change").values)


def states() -> list[tuple[date, ChannelState, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(StateChange).order_by(StateChange.from_on))
    return [(one.from_on, one.state, one.cause) for one in rows]


def duties() -> list[tuple[date, date | None, int, frozenset[Criterion]]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Obligation).order_by(Obligation.from_on))
    return [(one.from_on, one.until_on, one.reviews_per_year, one.criteria) for one in rows]


def test_a_pause_is_previewed_and_then_holds_from_its_day_on(channel: Channel, manager: Browser) -> None:
    page = asked(manager, channel, what="dormant", from_on="2027-01-01")
    assert "From 1 Jan 2027 on: dormant (today: active)" in page.text
    assert "Is no longer owed: cost-benefit, strategy, from Q1 2027 on (due on 31 Mar 2027)" in page.text
    assert len(states()) == len(duties()) == 1, "nothing has happened yet"

    page = confirmed(manager, page, channel)

    assert states()[1:] == [(NEXT, ChannelState.DORMANT, "Kaum Nutzen")]
    assert duties() == [(BEGIN, date(2026, 12, 31), 4, ALL), (NEXT, None, 4, LEGALITY)]
    assert "active, dormant from 1 Jan 2027 on" in page.text
    row = page.words("tr")[[one.startswith("1 Jan 2027") for one in page.words("tr")].index(True)]
    assert "dormant" in row
    assert "legality" in row
    assert "Kaum Nutzen" in row


def test_the_state_of_the_page_is_that_of_the_day(
    channel: Channel, manager: Browser, clock_at: Callable[[str], None]
) -> None:
    confirmed(manager, asked(manager, channel, what="crisis_only", from_on="2027-01-01"), channel)
    assert "active, crisis only from" in manager.get(f"/channels/{channel.id}").text
    clock_at("2027-01-01")
    page = manager.get(f"/channels/{channel.id}")
    assert page.words("dl", class_="meta")[0].endswith("State crisis only")


def test_a_channel_at_rest_is_taken_up_again_with_all_it_owed(
    channel: Channel, manager: Browser, clock_at: Callable[[str], None]
) -> None:
    confirmed(manager, asked(manager, channel, what="dormant", from_on="2026-12-01"), channel)
    clock_at("2027-05-04")
    page = asked(manager, channel, what="active", from_on="2027-07-01", reason="Neue Ausbildungskampagne")
    assert "Becomes owed: cost-benefit, strategy, from Q3 2027 on" in page.text
    confirmed(manager, page, channel)
    assert duties()[-1] == (date(2027, 7, 1), None, 4, ALL)
    assert [state for _, state, _ in states()] == [
        ChannelState.ACTIVE,
        ChannelState.DORMANT,
        ChannelState.ACTIVE,
    ]


def test_closing_ends_what_is_owed_and_hints_at_what_is_left_to_do(
    channel: Channel, manager: Browser
) -> None:
    page = asked(manager, channel, what="closed", from_on="2026-12-15")
    assert "Is no longer owed: all three criteria, from Q4 2026 on (due on 31 Dec 2026)" in page.text
    assert "No action is agreed yet." in page.text
    assert page.link("Agree on actions") == f"/actions/add?channel={channel.id}"
    page = confirmed(manager, page, channel)
    assert duties() == [(BEGIN, date(2026, 12, 14), 4, ALL)]
    assert "nothing is owed" in page.text


def test_who_has_agreed_on_an_action_gets_no_hint(channel: Channel, manager: Browser) -> None:
    factories.action(channel, factories.contact(), date(2026, 12, 1))
    assert "No action is agreed yet." not in asked(manager, channel, what="closed", from_on="2026-12-15").text


def test_a_planned_rest_is_called_off(channel: Channel, manager: Browser) -> None:
    assert "Leave it active" not in manager.get(url(channel)).text
    confirmed(manager, asked(manager, channel, what="dormant", from_on="2027-01-01"), channel)
    page = asked(manager, channel, what="active", from_on="2027-01-01", reason="Doch nicht")
    assert "No longer holds: dormant from 1 Jan 2027 on" in page.text
    confirmed(manager, page, channel)
    assert [state for _, state, _ in states()] == [ChannelState.ACTIVE]
    assert [(n, criteria) for _, _, n, criteria in duties()] == [(4, ALL), (4, ALL)]


def test_a_new_cadence_begins_only_on_a_day_that_is_offered(channel: Channel, manager: Browser) -> None:
    offered = [one.get("value") for one in manager.get(url(channel)).all("option")]
    assert "12:2027-01-01" in offered
    assert "12:2027-04-01" in offered
    assert "1:2027-01-01" in offered
    assert not any(str(one).startswith(("4:", "12:2027-02", "12:2026")) for one in offered)

    page = asked(manager, channel, what="cadence", cadence="12:2027-01-01", from_on="")
    assert "Is no longer owed: all three criteria, from Q1 2027 on" in page.text
    assert "Becomes owed: all three criteria, from January 2027 on" in page.text
    confirmed(manager, page, channel)
    assert duties() == [(BEGIN, date(2026, 12, 31), 4, ALL), (NEXT, None, 12, ALL)]

    page = asked(manager, channel, what="cadence", cadence="2:2027-02-01", expect=422)
    assert "Please choose one of the list." in page.text


def test_the_journal_knows_who_changed_what(channel: Channel, manager: Browser) -> None:
    confirmed(manager, asked(manager, channel, what="dormant", from_on="2027-01-01"), channel)
    entries = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    assert [one.deed for one in entries] == ["obligations.end", "obligations.begin", "channels.change"]
    assert {one.by_id for one in entries} == {manager.person.id if manager.person else 0}
    assert {one.unit_id for one in entries} == {channel.unit_id}
    assert '"from":"2027-01-01"' in entries[-1].body
    assert "Nutzen" not in entries[-1].body


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"what": ""}, "Please choose what changes."),
        ({"what": "active"}, "Please choose what changes."),
        ({"what": "dormant", "from_on": ""}, "Please give the day."),
        ({"what": "dormant", "from_on": "2026-02-30"}, "This is not a day of the calendar."),
        ({"what": "dormant", "from_on": "<b>\x00"}, "This is not a day of the calendar."),
        ({"what": "dormant", "from_on": "0001-01-01"}, "This day is too far away."),
        ({"what": "dormant", "from_on": "9999-12-31"}, "This day is too far away."),
        ({"what": "dormant", "from_on": "2025-12-31"}, "This day is before the first day of the channel."),
        ({"what": "dormant", "from_on": "2026-09-30"}, "This day lies in a slot that has ended."),
        ({"what": "cadence", "cadence": ""}, "Please choose one of the list."),
        ({"what": "cadence", "cadence": "5:2027-01-01"}, "Please choose one of the list."),
        ({"what": "dormant", "reason": " \n\x00 "}, "Please write why."),
        ({"what": "dormant", "reason": "x" * 100_000}, "At most 4000 characters; these are 100000."),
    ],
)
def test_what_does_not_do_is_said_beside_the_field_and_stays_typed(
    channel: Channel, manager: Browser, values: dict[str, str], said: str
) -> None:
    page = asked(manager, channel, expect=422, **values)
    assert said in " ".join(page.words("p", class_="fault"))
    typed = page.form("/change").values
    for name in ("from_on", "reason"):
        if name in values and "\x00" not in values[name]:
            assert typed[name] == values[name]
    assert len(states()) == 1


def test_signs_of_any_kind_are_shown_as_text(channel: Channel, manager: Browser) -> None:
    page = asked(manager, channel, what="dormant", reason="<b>Kaum</b> Nutzen 🚧\r\nZweite Zeile")
    assert "<b>Kaum</b> Nutzen 🚧 Zweite Zeile" in page.text
    confirmed(manager, page, channel)
    assert states()[-1][2] == "<b>Kaum</b> Nutzen 🚧\nZweite Zeile"


def test_back_to_the_form_keeps_what_was_typed(channel: Channel, manager: Browser) -> None:
    page = asked(manager, channel, what="closed", from_on="2027-02-03")
    form = manager.post(url(channel), page.form("/change").filled(back="1")).form("/change")
    assert (form.values["what"], form.values["from_on"]) == ("closed", "2027-02-03")
    assert form.values["reason"] == "Kaum Nutzen"
    assert len(states()) == 1


def test_a_confirmation_sent_twice_changes_once(channel: Channel, manager: Browser) -> None:
    page = asked(manager, channel, what="dormant", from_on="2027-01-01")
    confirmed(manager, page, channel)
    again = confirmed(manager, page, channel)
    assert "Nothing changes" in again.text
    assert (len(states()), len(duties())) == (2, 2)


def test_a_channel_changed_meanwhile_is_asked_about_again(
    channel: Channel, manager: Browser, sign_in: SignIn
) -> None:
    page = asked(manager, channel, what="closed", from_on="2027-04-01")
    other = sign_in("manager", language="en")
    confirmed(other, asked(other, channel, what="dormant", from_on="2027-01-01"), channel)
    again = confirmed(manager, page, channel)
    assert "The channel was changed in the meantime." in again.text
    assert len(states()) == 2
    confirmed(manager, again, channel)
    assert [state for _, state, _ in states()][-1] is ChannelState.CLOSED


def test_a_closed_channel_can_only_be_taken_up_again(channel: Channel, manager: Browser) -> None:
    confirmed(manager, asked(manager, channel, what="closed", from_on="2026-11-17"), channel)
    page = manager.get(url(channel))
    assert [one.get("value") for one in page.all("input", type="radio")] == ["active"]
    confirmed(manager, asked(manager, channel, what="active", from_on="2026-11-17"), channel)
    assert [state for _, state, _ in states()] == [ChannelState.ACTIVE]


def test_after_a_planned_closing_it_is_not_put_to_rest(channel: Channel, manager: Browser) -> None:
    confirmed(manager, asked(manager, channel, what="closed", from_on="2027-01-01"), channel)
    page = asked(manager, channel, what="dormant", from_on="2027-02-01", expect=422)
    assert "The channel is closed before this day already." in page.text


def test_a_channel_that_is_only_planned_begins_with_the_concept(channel: Channel, manager: Browser) -> None:
    db.session.delete(db.session.scalars(select(StateChange)).one())
    db.session.delete(db.session.scalars(select(Obligation)).one())
    db.session.commit()
    page = manager.get(url(channel))
    assert "This channel is only planned" in page.text
    assert manager.send(url(channel), {"what": "closed", "reason": "x"}).status_code == 422


def test_german_says_it_too(channel: Channel, sign_in: SignIn) -> None:
    browser = sign_in("manager")
    page = asked(browser, channel, what="closed", from_on="2027-01-01")
    assert (
        "Wird nicht mehr geschuldet: alle drei Kriterien, ab 1. Quartal 2027 (fällig am 31.03.2027)"
        in page.text
    )
    confirmed(browser, page, channel)
    asked(browser, channel, what="dormant", from_on="2025-12-31", expect=422)


@pytest.mark.parametrize("role", ["editor", "auditor", "admin"])
def test_nobody_but_a_manager_changes_it(channel: Channel, sign_in: SignIn, role: str) -> None:
    browser = sign_in(role)
    browser.get(url(channel), expect=403)
    assert "/change" not in browser.get(f"/channels/{channel.id}").html


def test_a_manager_of_another_unit_does_not_find_it(channel: Channel, sign_in: SignIn) -> None:
    sign_in("manager", units=[factories.unit()]).get(url(channel), expect=404)
    sign_in("manager").get("/channels/99999999999/change", expect=404)
