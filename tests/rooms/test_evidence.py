"""The evidence page and the journal page: what stands there, in which order, for whom."""

from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tracker import clock, journal, language
from tracker.evidence import words
from tracker.evidence.columns import Mark, Row
from tracker.evidence.filters import Filters
from tracker.evidence.rows import rows
from tracker.extensions import db
from tracker.models import Channel, Entry, Explanation, Rating, Review, ReviewDecision, Words
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion, Decision, Level, Outcome

pytestmark = pytest.mark.both
ON = date(2026, 10, 13)


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """A channel of four reviews a year since 2026, looked at on 13 October 2026."""
    clock_at("2026-10-13")
    return factories.channel(factories.unit("Zweigstelle Süd"), name="Kanal Süd", since=date(2026, 1, 1))


def found(**chosen: Any) -> list[Row]:
    return list(rows(Filters(**chosen), ON))


def told(row: Row) -> tuple[Any, ...]:
    return (
        row.begins_on and row.begins_on.month,
        row.criterion,
        row.outcome,
        row.level,
        row.days_late,
        row.marks,
    )


def correct(of: Channel, levels: dict[Criterion, Level], on: str = "2026-09-01") -> Review:
    """Replace the newest review of a channel, as a correction does."""
    older = db.session.scalars(
        select(Review).where(Review.channel_id == of.id).order_by(Review.id.desc())
    ).first()
    now = clock.moment_on(date.fromisoformat(on), factories.ZONE)
    entered = {one.criterion: one.entered_at for one in older.ratings}
    newer = Review(meeting_id=older.meeting_id, channel_id=of.id, replaces_id=older.id, reason="Versehen",
                   unit_name="E", platform="P", channel_name="K", by_name="B")  # fmt: skip
    newer.ratings += [
        Rating(criterion=c, level=level, reason="neu", entered_at=entered.get(c, now))
        for c, level in levels.items()
    ]
    db.session.add(newer)
    db.session.flush()
    newer.closed_at = now
    db.session.commit()
    return newer


def test_one_row_a_channel_slot_and_criterion_in_their_order(channel: Channel) -> None:
    factories.closed_meeting(date(2026, 3, 17), [channel])
    factories.closed_meeting(date(2026, 7, 14), [channel])

    lines = found()

    assert [(row.due_on, row.criterion) for row in lines] == [
        (due_on, criterion)
        for due_on in (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))
        for criterion in Criterion
    ]
    assert told(lines[0]) == (1, Criterion.COST_BENEFIT, Outcome.KEPT, Level.CLEAR, 0, ())
    assert told(lines[3]) == (4, Criterion.COST_BENEFIT, Outcome.LATE, Level.CLEAR, 14, ())
    assert told(lines[6]) == (7, Criterion.COST_BENEFIT, Outcome.OPEN, None, None, ())
    assert lines[0].held_on == date(2026, 3, 17)
    assert lines[0].closed_at == lines[0].entered_at == clock.moment_on(date(2026, 3, 17), factories.ZONE)


def test_slots_that_have_not_begun_and_cells_not_owed_have_no_row(channel: Channel, clock_at: Any) -> None:
    resting = factories.channel(channel.unit, criteria=[Criterion.LEGALITY], since=date(2026, 7, 1))

    assert max(row.begins_on for row in found() if row.begins_on) == date(2026, 10, 1)
    assert [told(row)[:3] for row in found(channel_id=resting.id)] == [
        (7, Criterion.LEGALITY, Outcome.OPEN),
        (10, Criterion.LEGALITY, Outcome.OPEN),
    ]


def test_an_extra_rating_is_a_row_of_its_own(channel: Channel) -> None:
    factories.closed_meeting(date(2026, 2, 3), [channel])
    factories.closed_meeting(date(2026, 3, 17), {channel: {Criterion.LEGALITY: (Level.REMARK, "Impressum")}})

    lines = [row for row in found(until_on=date(2026, 3, 31)) if row.criterion is Criterion.LEGALITY]

    assert [told(row) for row in lines] == [
        (1, Criterion.LEGALITY, Outcome.KEPT, Level.CLEAR, 0, ()),
        (1, Criterion.LEGALITY, None, Level.REMARK, None, (Mark.EXTRA,)),
    ]


def test_an_extra_rating_outside_every_slot_has_no_slot(channel: Channel) -> None:
    early = factories.channel(channel.unit, since=None)
    factories.closed_meeting(date(2026, 2, 3), {early: {Criterion.STRATEGY: Level.CLEAR}})

    (row,) = found(channel_id=early.id)

    assert (row.slot, row.marks, row.held_on) == (None, (Mark.EXTRA,), date(2026, 2, 3))
    assert found(channel_id=early.id, from_on=date(2026, 2, 4)) == []


def test_a_replaced_rating_stays_beside_the_one_that_replaced_it(channel: Channel) -> None:
    factories.closed_meeting(date(2026, 3, 17), {channel: dict.fromkeys(Criterion, (Level.CLEAR, "alt"))})
    correct(channel, {Criterion.COST_BENEFIT: Level.OBJECTION, Criterion.LEGALITY: Level.CLEAR})

    lines = found(until_on=date(2026, 3, 31))

    assert [(row.criterion, row.outcome, row.level, row.reason, row.marks) for row in lines] == [
        (Criterion.COST_BENEFIT, Outcome.KEPT, Level.OBJECTION, "neu", (Mark.CORRECTION,)),
        (Criterion.COST_BENEFIT, None, Level.CLEAR, "alt", (Mark.REPLACED,)),
        (Criterion.LEGALITY, Outcome.KEPT, Level.CLEAR, "neu", (Mark.CORRECTION,)),
        (Criterion.LEGALITY, None, Level.CLEAR, "alt", (Mark.REPLACED,)),
        (Criterion.STRATEGY, Outcome.MISSED, None, "", ()),
        (Criterion.STRATEGY, None, Level.CLEAR, "alt", (Mark.REPLACED,)),
    ]


def test_what_was_entered_late_or_afterwards_is_marked(channel: Channel) -> None:
    late = clock.moment_on(date(2026, 4, 1), factories.ZONE)
    factories.closed_meeting(date(2026, 3, 17), {channel: {Criterion.LEGALITY: Level.CLEAR}}, closed_at=late)
    afterwards = datetime.combine(date(2026, 8, 20), time(9), clock.now().tzinfo)
    factories.closed_meeting(
        date(2026, 6, 17), {channel: {Criterion.LEGALITY: Level.CLEAR}}, closed_at=afterwards
    )

    first, second = (row for row in found(criterion=Criterion.LEGALITY) if row.held_on)

    assert first.marks == (Mark.LATE_ENTERED,)
    assert second.marks == (Mark.LATE_ENTERED, Mark.ENTERED_AFTERWARDS)


def test_fourteen_days_are_not_late_yet(channel: Channel) -> None:
    factories.closed_meeting(
        date(2026, 3, 17), [channel], closed_at=clock.moment_on(date(2026, 3, 31), factories.ZONE)
    )

    assert found()[0].marks == ()


def test_decision_and_explanation_stand_beside_the_rating(channel: Channel) -> None:
    factories.closed_meeting(date(2026, 3, 17), [channel])
    newer = correct_with_decision(channel)
    db.session.add(Explanation(channel_id=channel.id, begins_on=date(2026, 4, 1), due_on=date(2026, 6, 30),
                               text="Umbau.", by_name="Hanne Weiß", at=clock.now()))  # fmt: skip
    db.session.commit()

    lines = found()

    assert (lines[0].decision, lines[0].decided_from, lines[0].review_id) == (
        Decision.CLOSE,
        date(2027, 1, 1),
        newer.id,
    )
    (missed, *_others) = (row for row in lines if row.outcome is Outcome.MISSED)
    assert missed.explanation == "Umbau. (Hanne Weiß, 2026-10-13)"


def correct_with_decision(of: Channel) -> Review:
    older = db.session.scalars(select(Review).where(Review.channel_id == of.id)).one()
    newer = Review(meeting_id=older.meeting_id, channel_id=of.id, replaces_id=older.id, reason="Entscheidung fehlte",
                   unit_name="E", platform="P", channel_name="K", by_name="B")  # fmt: skip
    newer.ratings += [
        Rating(criterion=c, level=Level.CLEAR, reason="", entered_at=older.closed_at) for c in Criterion
    ]
    newer.decision = ReviewDecision(decision=Decision.CLOSE, from_on=date(2027, 1, 1), reason="zu teuer")
    db.session.add(newer)
    db.session.flush()
    newer.closed_at = clock.now()
    db.session.commit()
    return newer


def test_filters_narrow(channel: Channel) -> None:
    other = factories.channel(factories.unit(), platform="Podcast", since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), {channel: {Criterion.LEGALITY: (Level.REMARK, "Impressum")}})

    assert {row.channel for row in found(unit_id=channel.unit_id)} == {"Kanal Süd"}
    assert {row.channel for row in found(unit_ids=frozenset({other.unit_id}))} == {other.name}
    assert {row.platform for row in found(platform="Podcast")} == {"Podcast"}
    assert [row.reason for row in found(level=Level.REMARK)] == ["Impressum"]
    assert {row.outcome for row in found(outcome=Outcome.MISSED)} == {Outcome.MISSED}
    assert {row.due_on for row in found(from_on=date(2026, 3, 31), until_on=date(2026, 4, 1))} == {
        date(2026, 3, 31),
        date(2026, 6, 30),
    }


def test_the_page_shows_rows_marks_and_the_head_of_the_journal(channel: Channel, sign_in: Any) -> None:
    factories.closed_meeting(
        date(2026, 3, 17), {channel: {Criterion.LEGALITY: (Level.REMARK, "Impressum fehlt")}}
    )
    journal.note(db.session, Deed.CONCEPT_LOAD)
    db.session.commit()

    page = sign_in("auditor").get("/evidence")

    assert "12 von 12 Zeilen" in page.text
    assert "Impressum fehlt" in page.text
    assert "13 Tage über der Frist" in page.text
    assert "Das Journal hat 1 Eintrag." in page.text
    assert journal.head(db.session)[1] in page.text


def test_the_page_speaks_english(channel: Channel, sign_in: Any) -> None:
    page = sign_in("auditor", language="en").get("/evidence?outcome=missed")

    assert "6 of 6 rows" in page.text
    assert "The explanation by the management is missing" in page.text


def test_filters_stand_in_the_address_and_go_along_with_the_export(channel: Channel, sign_in: Any) -> None:
    page = sign_in("auditor").get("/evidence?from=2026-01-01&until=2026-06-30&criterion=legality")

    assert "2 von 2 Zeilen" in page.text
    sent = page.form("export.csv").values
    assert (sent["from"], sent["until"], sent["criterion"]) == ("2026-01-01", "2026-06-30", "legality")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-02-30", "Diesen Tag gibt es im Kalender nicht."),
        ("until=0000-01-01", "Diesen Tag gibt es im Kalender nicht."),
        ("from=2026-05-01&until=2026-04-30", "Der letzte Tag liegt vor dem ersten."),
        ("level=great", "Diese Auswahl gibt es nicht."),
        ("outcome=coming", "Diese Auswahl gibt es nicht."),
        ("unit=99999999999999999999", "Diese Auswahl gibt es nicht."),
        ("channel=%00", "Diese Auswahl gibt es nicht."),
        ("platform=<script>", "Diese Auswahl gibt es nicht."),
    ],
)
@pytest.mark.sqlite_only
def test_wrong_filters_are_named(channel: Channel, sign_in: Any, query: str, sentence: str) -> None:
    page = sign_in("auditor").get(f"/evidence?{query}", expect=422)

    assert sentence in " ".join(page.words("p", class_="fault"))
    assert "export.csv" not in page.html


def test_nothing_found_is_said(channel: Channel, sign_in: Any) -> None:
    page = sign_in("auditor").get("/evidence?level=objection")

    assert "Mit diesen Filtern war nichts geschuldet" in page.text


def test_many_rows_come_in_pages(channel: Channel, sign_in: Any) -> None:
    for _k in range(3):
        factories.channel(channel.unit, n=12, since=date(2025, 12, 1))  # ten months of 2026 and December 2025

    page = sign_in("auditor").get("/evidence?page=2")

    assert "11 von 111 Zeilen" in page.text.replace("\xa0", " ")
    assert "100 von 111 Zeilen" in sign_in("auditor").get("/evidence?page=-5").text
    assert "11 von 111 Zeilen" in sign_in("auditor").get("/evidence?page=999").text


def test_another_unit_appears_nowhere(channel: Channel, sign_in: Any) -> None:
    other = factories.channel(factories.unit("Anderswo"), platform="Podcast", name="Fremd")
    browser = sign_in("auditor", units=[channel.unit])

    page = browser.get("/evidence")

    assert not any(word in page.html for word in ("Anderswo", "Podcast", "Fremd"))
    browser.get(f"/evidence?channel={other.id}", expect=422)


def test_every_deed_that_leaves_an_entry_has_words() -> None:
    assert set(Deed) - words.SILENT == set(words.DEEDS)
    assert set(Mark) == set(words.MARKS)
    assert language.LANGUAGES == ("de", "en")


def test_verify_says_what_it_found(app: Flask, run: Any) -> None:
    journal.note(db.session, Deed.CONCEPT_LOAD, words={"filename": "konzept.toml"})
    db.session.commit()
    digest = journal.head(db.session)[1]
    db.session.commit()

    plain, known, unknown = (
        run("verify"),
        run("verify", "--head", digest.upper()),
        run("verify", "--head", "f" * 64),
    )

    assert (plain.exit_code, known.exit_code, unknown.exit_code) == (0, 0, 1)
    assert plain.stdout.splitlines() == [
        f"1 entries, consistent. Head: {digest}",
        "0 rows compared with their entries: heads, reviews, explanations, obligations.",
        "Not compared with an earlier head.",
    ]
    assert "as entry 1" in known.stdout
    assert "not in the chain" in unknown.stderr


@pytest.mark.sqlite_only
def test_verify_ends_with_one_when_the_chain_or_a_lock_is_broken(channel: Channel, run: Any) -> None:
    journal.note(db.session, Deed.CONCEPT_LOAD)
    db.session.commit()
    db.session.execute(db.text("DROP TRIGGER lock_journal_update"))
    db.session.execute(db.text("UPDATE journal SET deed = 'demo.seed'"))
    db.session.commit()

    found_out = run("verify")

    assert found_out.exit_code == 1
    assert "Broken at entry 1: its column deed differs from its text." in found_out.stdout
    assert "lock_journal_update" in found_out.stderr


def test_marks_decisions_and_texts_narrow_the_rows(channel: Channel) -> None:
    factories.closed_meeting(
        date(2026, 3, 17),
        {
            channel: {
                Criterion.LEGALITY: (Level.REMARK, "Das Impressum fehlt."),
                Criterion.STRATEGY: Level.CLEAR,
            }
        },
    )
    correct(channel, {Criterion.LEGALITY: Level.CLEAR, Criterion.STRATEGY: Level.CLEAR})
    assert {row.reason for row in found(mark=Mark.REPLACED)} == {"Das Impressum fehlt.", ""}
    assert [row.criterion for row in found(text="impressum")] == [Criterion.LEGALITY]
    assert found(text="Datenschutz") == []
    assert found(decision=Decision.CLOSE) == []


def test_a_year_is_one_click_and_keeps_the_other_filters(channel: Channel, sign_in: Any) -> None:
    page = sign_in("auditor").get("/evidence?criterion=legality&text=%20Impressum%20%20fehlt")
    year = page.link("2026")
    assert "from=2026-01-01" in year
    assert "until=2026-12-31" in year
    assert "criterion=legality" in year
    assert page.all("input", name="text")[0].get("value") == "Impressum fehlt"


def test_what_was_sought_stands_in_the_journal_as_words_that_can_be_erased(
    channel: Channel, sign_in: Any
) -> None:
    answer = sign_in("auditor").send("/evidence/export.csv", {"text": "Frau Beispiel"})
    assert "Frau Beispiel" in answer.text
    entry = db.session.scalars(select(Entry).where(Entry.deed == "evidence.export")).one()
    assert "Beispiel" not in entry.body
    said = db.session.scalars(select(Words).where(Words.number == entry.number, Words.field == "text")).one()
    assert said.text == "Frau Beispiel"
