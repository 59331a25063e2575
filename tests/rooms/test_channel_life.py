"""The whole life of one channel: everything that happened, by day, each kind once, narrowed and quick."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories
from tracker import clock
from tracker.channels.timeline import Asked, Happening, Kind, by_years, pages
from tracker.extensions import db
from tracker.models import (
    ActionChange,
    ActionReminder,
    Channel,
    ConceptText,
    ConceptVersion,
    Explanation,
    Mail,
    MeetingHead,
    Rating,
    Reminder,
    Review,
    Untold,
)
from tracker.rules.words import Criterion, Level, Stage, WhyUntold

QUARTER = (date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """A channel of four reviews a year since 2026, on 13 October 2026; its second quarter was missed."""
    clock_at("2026-10-13")
    of = factories.unit("Bezirkskammer Süd")
    return factories.channel(of, platform="Facebook", name="IHK Süd", since=date(2026, 1, 1))


def at(day: date) -> datetime:
    """Half past midnight in Berlin: in UTC that is the day before."""
    return clock.moment_on(day, factories.ZONE, time(0, 30))


def saved(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.commit()


def version(number: int, since_on: date, of: Channel | None, purpose: str = "") -> None:
    """A version of the concept, and what it says on the channel if it knows it."""
    made = ConceptVersion(number=number, since_on=since_on, loaded_at=clock.now(), filename="k.toml",
                          fingerprint=str(number), reason="Beschluss", content={})  # fmt: skip
    saved(made)
    if of is not None:
        saved(ConceptText(version_id=made.id, channel_id=of.id, purpose=purpose))


def mail(state: str = "sent") -> Mail:
    row = Mail(kind="digest", state=state, message_id=f"<{state}@x>", to_name="K", to_address="k@example.org",
               language="de", subject="S", written_at=clock.now(), next_try_at=clock.now())  # fmt: skip
    saved(row)
    return row


def correct(meeting_id: int, of: Channel, on: date) -> None:
    """A correction that turns legality into a remark."""
    older = db.session.query(Review).filter_by(meeting_id=meeting_id, channel_id=of.id).one()
    newer = Review(meeting_id=meeting_id, channel_id=of.id, replaces_id=older.id, reason="Nachprüfung", unit_name="E",
                   platform="P", channel_name="K", by_name="Ayşe Demir")  # fmt: skip
    newer.ratings += [
        Rating(criterion=one.criterion, reason="Untertitel fehlen" if one.criterion is Criterion.LEGALITY else "",
               level=Level.REMARK if one.criterion is Criterion.LEGALITY else one.level, entered_at=one.entered_at)
        for one in older.ratings
    ]  # fmt: skip
    saved(newer)
    newer.closed_at = at(on)
    db.session.commit()


def told(page: Any) -> list[str]:
    """The happenings of a page, each from its day to its last word."""
    return [words for words in page.words("li") if page and words[:2].isdigit() and words[2] == "."]


def the(page: Any, words: str) -> str:
    """The one happening with these words."""
    (found,) = [one for one in told(page) if words in one]
    return str(found)


def test_a_life_tells_everything_that_happened_on_its_day(channel: Channel, sign_in: Any) -> None:
    version(1, date(2026, 1, 1), channel, "Ausbildung")
    version(2, date(2026, 2, 1), channel, "Ausbildung")  # nothing new on the channel
    version(3, date(2026, 3, 1), channel, "Fachkräfte")
    version(4, date(2026, 4, 1), None)
    meeting = factories.closed_meeting(
        date(2026, 3, 17), {channel: {Criterion.LEGALITY: (Level.CLEAR, "in Ordnung")}}
    )
    correct(meeting.id, channel, date(2026, 5, 1))
    head = MeetingHead(meeting_id=meeting.id, version=2, held_on=date(2026, 3, 18), chair="Katrin Seidel",
                       minute_taker="Jonas Brandt", by_name="Jonas Brandt", reason="Tag verschrieben",
                       written_at=clock.now())  # fmt: skip
    saved(head)
    head.closed_at = at(date(2026, 5, 2))
    factories.planned_meeting(date(2026, 12, 8), [channel])
    owner = factories.contact(name="Pressestelle")
    action = factories.action(channel, owner, date(2026, 11, 3))
    action.agreed_on = date(2026, 3, 17)
    saved(ActionChange(action_id=action.id, kind="moved", note="Urlaub", from_on=date(2026, 10, 1),
                       at=at(date(2026, 9, 1)), by_name="Martin Kolb"))  # fmt: skip
    slot = {"channel_id": channel.id, "begins_on": QUARTER[0], "due_on": QUARTER[1]}
    sent, lost = mail(), mail("given_up")
    katrin = factories.contact(name="Katrin Seidel")
    saved(
        Reminder(**slot, stage=Stage.OVERDUE, contact_id=owner.id, owed_on=date(2026, 7, 1), told_on=date(2026, 7, 6),
                 mail_id=lost.id),
        Reminder(**slot, stage=Stage.OVERDUE, contact_id=katrin.id, owed_on=date(2026, 7, 1),
                 told_on=date(2026, 7, 6), mail_id=sent.id, stands_in_for="Jonas Brandt"),
        Untold(**slot, stage=Stage.ESCALATION, why=WhyUntold.NOBODY, noted_on=date(2026, 7, 14)),
        ActionReminder(action_id=action.id, week="2026-W41", contact_id=owner.id, told_on=date(2026, 10, 5),
                       mail_id=sent.id),
        *(Explanation(channel_id=channel.id, begins_on=QUARTER[0], due_on=QUARTER[1], text=words, by_name="Hanne Weiß",
                      at=at(day)) for words, day in (("Umbau", date(2026, 8, 3)), ("Nachtrag", date(2026, 8, 4)))),
    )  # fmt: skip
    factories.figures(channel, "2026-4-1", entered_at=at(date(2026, 4, 7)))

    page = sign_in("auditor").get(f"/channels/{channel.id}/life?order=oldest")

    assert "01.01.2026 Konzept, Fassung 1: der Kanal wird beschrieben Zweck Ausbildung" in the(
        page, "Fassung 1:"
    )
    assert "01.03.2026" in the(page, "Zweck vorher Ausbildung → nachher Fachkräfte")
    assert "01.04.2026" in the(page, "Fassung 4: der Kanal wird nicht mehr beschrieben")
    assert not any("Fassung 2" in one for one in told(page))
    assert "4 × im Jahr" in the(page, "01.01.2026 Prüfpflicht beginnt")
    assert "Rechtmäßigkeit ohne Beanstandung: in Ordnung" in the(page, "18.03.2026 Evaluiert")
    corrected = the(page, "01.05.2026 Evaluierung vom 18.03.2026 berichtigt")
    assert "Begründung Nachprüfung" in corrected
    assert "vorher ohne Beanstandung: in Ordnung → nachher Hinweis: Untertitel fehlen" in corrected
    assert "vorher 17.03.2026 → nachher 18.03.2026" in the(page, "02.05.2026 Kopf der Sitzung")
    assert "Frist 01.10.2026" in the(page, "17.03.2026 Maßnahme vereinbart")
    assert "Frist vorher 01.10.2026 → nachher 03.11.2026 Begründung Urlaub" in the(
        page, "01.09.2026 Maßnahme verschoben"
    )
    reminded = the(page, "06.07.2026 Erinnert: überfällig")
    assert "Pressestelle (Nachricht aufgegeben), Katrin Seidel (für Jonas Brandt)" in reminded
    assert "fällig seit 01.07.2026" in reminded
    assert "niemanden mit" in the(page, "14.07.2026 Nicht erinnert: Eskalation")
    assert "Impressum ergänzen" in the(page, "05.10.2026 An eine Maßnahme erinnert")
    assert "Umbau (Hanne Weiß" in the(page, "31.07.2026 Versäumt: 2. Quartal 2026")
    assert "Umbau" in the(page, "03.08.2026 Erklärung der Leitung: 2. Quartal 2026")
    assert "Nachtrag" in the(page, "04.08.2026 Erklärung der Leitung ergänzt: 2. Quartal 2026")
    assert "Jonas Brandt" in the(page, "07.04.2026 Kennzahlen eingetragen: 1. Quartal 2026")
    assert "08.12.2026 Sitzung geplant" in told(page)[-1]


def test_a_life_asks_managers_for_the_explanation_that_is_missing(channel: Channel, sign_in: Any) -> None:
    address = f"/channels/{channel.id}/life?kind=missed"
    manager, editor = sign_in("manager").get(address), sign_in("editor").get(address)

    missed = the(manager, "Versäumt: 2. Quartal 2026")

    assert "Erklärung der Leitung fehlt Erklären" in missed
    assert manager.link("Erklären") == f"/channels/{channel.id}/slots/2026-4-2"
    assert "Erklärung der Leitung fehlt" in editor.text
    assert not [
        one for one in editor.all("a") if "/slots/" in (one.get("href") or "") and "Erkl" in (one.text or "")
    ]


def test_a_life_is_narrowed_and_turned_round(channel: Channel, sign_in: Any) -> None:
    for day in (date(2026, 2, 3), date(2026, 8, 4)):
        factories.closed_meeting(day, [channel])
    browser = sign_in("editor")

    def days(query: str) -> list[str]:
        return [one[:10] for one in told(browser.get(f"/channels/{channel.id}/life?{query}"))]

    assert days("kind=meeting") == ["04.08.2026", "03.02.2026"]
    assert days("kind=meeting&order=oldest") == ["03.02.2026", "04.08.2026"]
    assert days("kind=meeting&kind=course&until=2026-02-03") == ["03.02.2026", "01.01.2026"]
    assert days("kind=meeting&from=2026-02-04") == ["04.08.2026"]
    assert days("kind=meeting&page=99") == days("kind=meeting&page=-1") == ["04.08.2026", "03.02.2026"]
    assert days("kind=figures") == []


@pytest.mark.parametrize("query", ["from=2026-02-30", "until=0001-01-01", "from=9999-01-01", "kind=x", "order=x",
                                   "from=2026-05-01&until=2026-04-01", "kind=%00"])  # fmt: skip
def test_a_filter_of_a_life_that_is_not_right_is_named(channel: Channel, sign_in: Any, query: str) -> None:
    page = sign_in("editor").get(f"/channels/{channel.id}/life?{query}", expect=422)
    assert told(page) == []
    assert len(page.all("p", class_="fault")) == 1


def test_the_life_of_a_channel_of_another_unit_is_not_found(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("editor", units=[factories.unit("Anderswo")])
    browser.get(f"/channels/{channel.id}/life", expect=404)


def test_a_channel_leads_to_its_life_and_its_life_to_the_journal(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("auditor")
    page = browser.get(browser.get(f"/channels/{channel.id}").link("Ganzer Verlauf"))
    browser.get(page.link("Seine Einträge im Journal"))


@contextmanager
def counted() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_thirty_years_ask_the_database_no_more_than_one(
    channel: Channel, sign_in: Any, clock_at: Any
) -> None:
    clock_at("2056-10-13")
    browser, address = sign_in("editor"), f"/channels/{channel.id}/life"
    factories.closed_meeting(date(2026, 2, 3), [channel])
    factories.action(channel, factories.contact(), date(2026, 3, 1))
    with counted() as before:
        browser.get(address)
    for year in range(2027, 2057):
        factories.closed_meeting(date(year, 2, 3), [channel])
        factories.action(channel, factories.contact(), date(year, 3, 1))
        for quarter in range(1, 5):
            factories.figures(channel, f"{year}-4-{quarter}")
    with counted() as after:
        page = browser.get(address)

    assert len(after) == len(before)
    assert len(page.words("h2")) < 31  # whole years of some hundred happenings a page
    assert page.link("Weiter")


def test_pages_are_cut_between_years() -> None:
    days = [date(year, 1, 1) + timedelta(days=k) for year in (2024, 2025, 2026) for k in range(60)]
    years = by_years((Happening(day, Kind.FIGURES, "", "") for day in days), Asked())

    assert [[one.year for one in page] for page in pages(years, most=130)] == [[2026, 2025], [2024]]
    assert [[one.year for one in page] for page in pages(years, most=1)] == [[2026], [2025], [2024]]
    assert pages([]) == [[]]


def test_what_happened_on_one_day_keeps_its_order() -> None:
    day = date(2026, 1, 1)
    both = [Happening(day, kind, "", "") for kind in (Kind.FIGURES, Kind.CONCEPT)]

    oldest, newest = (by_years(both, Asked(newest_first=turned))[0].happenings for turned in (False, True))

    assert [one.kind for one in oldest] == [Kind.CONCEPT, Kind.FIGURES]
    assert [one.kind for one in newest] == [Kind.FIGURES, Kind.CONCEPT]
