"""The journal's pages: who did what when, in words, within which filters and for whom; one entry, checked."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests import factories
from tracker import journal
from tracker.extensions import db
from tracker.models import Channel, Entry, Meeting, Review
from tracker.rules.deeds import Deed

LAST = select(Entry).order_by(Entry.number.desc()).limit(1)


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """A channel of a unit, on 13 October 2026."""
    clock_at("2026-10-13")
    of = factories.unit("Bezirkskammer Süd")
    return factories.channel(of, platform="Facebook", name="IHK Süd", since=date(2026, 1, 1))


def note(deed: Deed, *things: Any, **more: Any) -> int:
    """An entry of its own; its number."""
    journal.note(db.session, deed, *things, **more)
    db.session.commit()
    return int(db.session.scalars(LAST).one().number)


def closing(of: Channel) -> tuple[Meeting, Review]:
    """A closed meeting, told as closing one tells it."""
    meeting = factories.closed_meeting(date(2026, 5, 12), [of])
    review = db.session.scalars(select(Review).where(Review.meeting_id == meeting.id)).one()
    key = f"channel-{of.id}"
    words = {
        f"{key}.legality": "remark (unchanged): Bildquellen fehlen.",
        f"{key}.decision": f"replace from 2026-07-01, successor channel {of.id}: Zu wenig Nutzen.",
        f"{key}.checks": "L01 v1 met\nL02 v2 partly (as on 2026-03-01): ohne Vertretung",
        f"{key}.action-1": "Bildquellen nachtragen; Jonas Brandt; 2026-06-24",
        "chair": "Katrin Seidel",
    }
    ids = {"held_on": "2026-05-12", f"review-of-channel-{of.id}": review.id}
    note(Deed.MEETINGS_CLOSE, meeting, ids=ids, words=words, unit_id=of.unit_id)
    return meeting, review


def numbers(page: Any) -> list[str]:
    """The numbers of the entries that a page lists."""
    return [words.removeprefix("Eintrag ") for words in page.words("th", scope="row")]


def test_the_journal_tells_who_did_what_newest_first(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("auditor")
    someone = factories.person("manager", name="Hanne Weiß")
    note(Deed.CONCEPT_LOAD, words={"filename": "konzept.toml"})
    words = {"text": "Umbau"}
    note(Deed.CHANNELS_EXPLAIN, channel, words=words, unit_id=channel.unit_id, by=someone)

    rows = browser.get("/journal").words("tr")

    assert "Hanne Weiß Versäumten Prüfzeitraum erklärt Kanal: Facebook IHK Süd Text Umbau" in rows[1]
    assert "das System Konzept geladen Datei konzept.toml" in rows[2]


def test_an_empty_journal_says_so(app: Flask, sign_in: Any) -> None:
    assert "Noch ist nichts vermerkt." in sign_in("admin").get("/journal").text


def test_the_journal_leads_to_the_log_of_sign_ins_whoever_may_read_it(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("auditor")
    browser.get(browser.get("/journal").link("Anmeldungen und Abweisungen"))
    assert "Anmeldungen und Abweisungen" not in sign_in("auditor", units=[channel.unit]).get("/journal").text


def test_what_a_meeting_decided_is_told_in_words_with_links(channel: Channel, sign_in: Any) -> None:
    meeting, review = closing(channel)

    page = sign_in("auditor").get("/journal")

    assert (
        "Facebook IHK Süd · Rechtmäßigkeit Hinweis (unverändert seit dem letzten Mal): Bildquellen fehlen."
        in page.text
    )
    assert "Entscheidung ersetzen ab 01.07.2026, Nachfolger: Facebook IHK Süd: Zu wenig Nutzen." in page.text
    assert "L01: erfüllt; L02: teilweise (Stand 01.03.2026), ohne Vertretung" in page.text
    assert "Maßnahme 1 Bildquellen nachtragen (Jonas Brandt, bis 24.06.2026)" in page.text
    assert page.link("12.05.2026") == f"/meetings/{meeting.id}"
    assert page.link("Facebook IHK Süd") == f"/channels/{channel.id}#review-{review.id}"


def test_before_and_after_stand_side_by_side_whichever_way_they_were_noted(
    channel: Channel, sign_in: Any
) -> None:
    words = {"before.legality": "clear", "after.legality": "remark: Impressum", "rate.after": "52",
             "before.strategy": "clear", "after.strategy": "clear"}  # fmt: skip
    ids = {"before": "2026-11-24", "due_on": "2026-12-15", "eigen": "x"}
    note(Deed.ACTIONS_MOVE, ids=ids, words=words)

    german, english = (sign_in("auditor", language=one).get("/journal").text for one in ("de", "en"))

    assert "Rechtmäßigkeit vorher ohne Beanstandung → nachher Hinweis: Impressum" in german
    assert "Legality before: clear → after: remark: Impressum" in english
    assert "vorher – → nachher 52" in german
    assert "1 Angabe wie vorher Strategie ohne Beanstandung (wie vorher)" in german
    assert "Frist: vorher 24.11.2026 → nachher 15.12.2026" in german
    assert "eigen: x" in german


def test_people_s_own_words_are_never_taken_for_words_of_the_rules(channel: Channel, sign_in: Any) -> None:
    words = {
        "text": "clear: so nicht",
        "reason": "remark: 2026-01-01",
        "legality": "cleared up",
        "note": "<b>met</b>",
    }
    note(Deed.CHANNELS_EXPLAIN, channel, words=words)

    said = sign_in("auditor").get("/journal").text

    for own in ("Text clear: so nicht", "remark: 2026-01-01", "cleared up", "<b>met</b>"):
        assert own in said


@pytest.mark.both
def test_the_journal_is_narrowed_to_deed_person_channel_days_number_and_words(
    channel: Channel, sign_in: Any, clock_at: Any
) -> None:
    someone = factories.person("manager", name="Hanne Weiß")
    other = factories.channel(name="Andere")
    note(Deed.CONCEPT_LOAD, words={"filename": "gestern.toml"})
    clock_at("2026-10-14")
    action = factories.action(channel, factories.contact(), date(2026, 11, 3))
    note(Deed.ACTIONS_FINISH, action, words={"note": "100% erledigt"})
    note(Deed.CHANNELS_ASSIGN, channel, by=someone)
    note(Deed.CHANNELS_ASSIGN, other)
    closing(channel)
    browser = sign_in("auditor")

    def asked(query: str) -> list[str]:
        return numbers(browser.get(f"/journal?{query}"))

    assert asked("deed=concept.load") == ["1"]
    assert asked(f"person={someone.id}") == ["3"]
    assert asked("person=system") == ["5", "4", "2", "1"]
    assert asked(f"channel={channel.id}") == ["5", "3", "2"]
    assert asked("from=2026-10-14") == ["5", "4", "3", "2"]
    assert asked("until=2026-10-13") == ["1"]
    assert asked("number=4") == ["4"]
    assert asked("text=100%25") == ["2"]
    assert asked("text=GESTERN") == ["1"]
    assert asked("text=0_e") == []


@pytest.mark.parametrize("query", ["from=2026-02-30", "from=0001-01-01", "from=2026-05-01&until=2026-04-01", "deed=x",
                                   "person=99", "channel=99", "number=0", "number=-1", "number=9999999999999",
                                   "number=٣", "text=" + "x" * 201])  # fmt: skip
def test_a_filter_that_is_not_right_is_named(channel: Channel, sign_in: Any, query: str) -> None:
    note(Deed.DEMO_SEED)
    page = sign_in("auditor").get(f"/journal?{query}", expect=422)
    assert numbers(page) == []
    assert len(page.all("p", class_="fault")) == 1


def test_entries_of_other_units_are_number_and_hash_only(channel: Channel, sign_in: Any) -> None:
    other = factories.channel(factories.unit("Anderswo"), name="Fremder Kanal")
    stranger = factories.person("manager", name="Fremde Person")
    note(Deed.CHANNELS_EXPLAIN, words={"text": "eigenes"}, unit_id=channel.unit_id)
    note(Deed.ACTIONS_ADD, other, words={"what": "fremdes"}, unit_id=other.unit_id, by=stranger)
    note(Deed.CONCEPT_LOAD, words={"filename": "aller.toml"})
    browser = sign_in("auditor", units=[channel.unit])

    page, one = browser.get("/journal"), browser.get("/journal/2")

    assert "eigenes" in page.text
    assert page.text.count("Ein Eintrag außerhalb Ihrer Einheiten.") == 2
    for hidden in ("fremdes", "aller.toml", "Fremder Kanal", "Fremde Person"):
        assert hidden not in page.text
        assert hidden not in one.text
    assert "actions.add" not in one.text
    assert db.session.get_one(Entry, 2).hash in one.text


def test_no_filter_tells_a_limited_reader_about_entries_of_other_units(
    channel: Channel, sign_in: Any
) -> None:
    other = factories.channel(factories.unit("Anderswo"), name="Fremder Kanal")
    stranger = factories.person("manager")
    note(Deed.ACTIONS_ADD, other, words={"what": "fremdes"}, unit_id=other.unit_id, by=stranger)
    browser = sign_in("auditor", units=[channel.unit])

    for query in ("deed=actions.add", "from=2026-10-13", "person=system", "number=1&deed=actions.add"):
        assert numbers(browser.get(f"/journal?{query}")) == []
    for query in (f"person={stranger.id}", f"channel={other.id}"):
        browser.get(f"/journal?{query}", expect=422)
    assert numbers(browser.get("/journal?text=fremdes")) == ["1"]  # words are not searched: nothing is asked
    assert numbers(browser.get("/journal?number=1")) == ["1"]  # that there is such a number is no secret


def test_an_old_journal_is_read_page_by_page_within_its_filters(channel: Channel, sign_in: Any) -> None:
    for _k in range(130):
        journal.note(db.session, Deed.DEMO_SEED)
    note(Deed.CONCEPT_LOAD)
    browser = sign_in("auditor")

    first = browser.get("/journal?deed=demo.seed")
    second = browser.get(first.link("Ältere Einträge"))

    assert (len(numbers(first)), len(numbers(second))) == (100, 30)
    assert numbers(browser.get(second.link("Neueste Einträge"))) == numbers(first)


def test_erased_words_say_so(channel: Channel, sign_in: Any) -> None:
    note(Deed.CONCEPT_LOAD, words={"filename": "geheim.toml"})
    db.session.execute(text("UPDATE journal_words SET salt = NULL, text = NULL"))
    browser = sign_in("auditor")

    assert "Datei gelöscht" in browser.get("/journal").text
    assert "stimmt überein" in browser.get("/journal/1").text


@pytest.mark.both
def test_an_entry_shows_its_exact_text_its_salts_its_neighbours_and_that_it_agrees(
    channel: Channel, sign_in: Any
) -> None:
    for k in range(3):
        note(Deed.CONCEPT_LOAD, words={"filename": f"{k}.toml"})
    first, entry = db.session.get_one(Entry, 1), db.session.get_one(Entry, 2)
    salt = db.session.scalar(text("SELECT salt FROM journal_words WHERE number = 2"))
    browser = sign_in("auditor")

    page = browser.get("/journal/2")

    for there in (
        entry.body,
        entry.hash,
        first.hash,
        salt,
        "1.toml",
        "Prüfsumme neu berechnet: stimmt überein.",
    ):
        assert str(there) in page.text
    assert page.link("Eintrag 1") == "/journal/1"
    assert page.link("Eintrag 3") == "/journal/3"
    assert "stimmt überein" in browser.get("/journal/1").text
    browser.get("/journal/4", expect=404)
    browser.get("/journal/999999999", expect=404)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE journal SET at = 'nie' WHERE number = 2", "Eine Spalte neben dem Text weicht von ihm ab."),
        ("UPDATE journal SET body = '{' WHERE number = 2", "Seine Prüfsumme ist nicht die seines Textes."),
        ("UPDATE journal_words SET text = 'x' WHERE number = 2", "Einige seiner Worte wurden verändert."),
        (
            "UPDATE journal_words SET text = NULL WHERE number = 2",
            "Einige seiner Worte sind nur halb gelöscht.",
        ),
        (
            "DELETE FROM journal_words WHERE number = 2",
            "Seine Worte sind nicht die, mit denen er geschrieben wurde.",
        ),
        ("DELETE FROM journal WHERE number = 1", "Er schließt nicht an den vorigen Eintrag an."),
    ],
)
@pytest.mark.own_database
def test_an_entry_that_somebody_changed_in_the_file_is_shown_with_what_is_wrong(
    channel: Channel, sign_in: Any, change: str, said: str
) -> None:
    for _k in range(2):
        note(Deed.CONCEPT_LOAD, words={"filename": "konzept.toml"})
    browser = sign_in("auditor")
    for lock in ("journal_update", "journal_delete", "journal_words_update", "journal_words_delete"):
        db.session.execute(text(f"DROP TRIGGER lock_{lock}"))
    db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    if "journal WHERE number = 1" in change:
        db.session.execute(text("DELETE FROM journal_words WHERE number = 1"))
    db.session.execute(text(change))
    db.session.commit()

    page = browser.get("/journal/2")

    assert "Dieser Eintrag wurde nachträglich verändert." in page.text
    assert said in page.text
    assert "2" in numbers(browser.get("/journal"))
