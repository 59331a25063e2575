"""A board of very many channels says the same as one of few, although it reads less of them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.browsing import Browser
from tracker import clock
from tracker.board import queries
from tracker.extensions import db
from tracker.rules.words import Criterion, Level
from tracker.standings import outlines, standings

SignIn = Callable[..., Browser]
ON = date(2026, 11, 13)


@pytest.fixture
def channels(app: Flask, clock_at: Callable[[Any], None]) -> list[Any]:
    """Channels that were kept, late, missed, reviewed in part, closed, and entered long afterwards."""
    units = [factories.unit(name) for name in ("Haus", "Zweig")]
    made = [
        factories.channel(units[k % 2], "Mastodon", f"Konto {k}", since=date(2026, 1, 1)) for k in range(8)
    ]
    for day, of in ((date(2026, 3, 3), made), (date(2026, 7, 14), made[:4]), (date(2026, 9, 1), made[:2])):
        factories.closed_meeting(day, of)
    factories.closed_meeting(date(2026, 9, 15), {made[2]: {Criterion.LEGALITY: (Level.REMARK, "Ein Grund")}})
    clock_at(ON)
    factories.closed_meeting(date(2026, 6, 9), made[5:6], closed_at=clock.now())
    return made


def said(browser: Browser) -> str:
    return re.sub(r'name="csrf_token"[^>]*>', "", browser.get("/").html)


@pytest.mark.both
def test_it_says_the_same(channels: list[Any], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [sign_in("manager"), sign_in("editor", units=[channels[0].unit])]
    few = [said(one) for one in people]
    monkeypatch.setattr(queries, "more_channels_than", lambda *_: True)
    db.session.rollback()
    assert [said(one) for one in people] == few
    assert "verspätet" in few[0]
    assert "versäumt" in few[0]


@pytest.mark.both
def test_outcomes_and_standings_are_those_of_the_whole_reading(channels: list[Any]) -> None:
    for day in (date(2026, 2, 1), date(2026, 4, 30), date(2026, 8, 1), ON, date(2027, 1, 31)):
        whole = standings(day, "Europe/Berlin")
        brief = outlines(day)
        assert [one.channel.id for one in brief] == [one.channel.id for one in whole]
        for few, all_of_it in zip(brief, whole, strict=True):
            assert few.position == all_of_it.position
            assert [(line.slot, line.outcome, line.whole) for line in few.ledger.lines] == [
                (line.slot, line.outcome, line.whole) for line in all_of_it.ledger.lines
            ]
