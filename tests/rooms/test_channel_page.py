"""The register of channels, the life of one channel, and naming who is told about it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tracker import clock
from tracker.channels.life import years_of
from tracker.extensions import db
from tracker.models import Channel, Contact, Entry, Mail, Reminder, Review, Words
from tracker.rules.words import Criterion, Level, Outcome
from tracker.standings import standings

ON = date(2026, 10, 13)
ZONE = factories.ZONE


@pytest.fixture
def channel(app: Flask, clock_at: Any) -> Channel:
    """A channel that kept the first quarter with a remark, missed the second, and is overdue with the third."""
    clock_at(ON)
    made = factories.channel(factories.unit("Zweigstelle"), "Facebook", "Ausbildung", since=date(2026, 1, 1))
    remark = (Level.REMARK, "Der Themenplan fehlt.")
    ratings = {
        Criterion.COST_BENEFIT: Level.CLEAR,
        Criterion.LEGALITY: Level.CLEAR,
        Criterion.STRATEGY: remark,
    }
    factories.closed_meeting(date(2026, 3, 17), {made: ratings})
    return made


def test_every_slot_has_a_row_that_links_can_name(channel: Channel, sign_in: Any) -> None:
    page = sign_in("auditor", language="en").get(f"/channels/{channel.id}")

    rows = {k: page.words("tr", id=f"slot-2026-4-{k}")[0] for k in (1, 2, 3, 4)}
    assert "kept" in rows[1]
    assert "Der Themenplan fehlt." in rows[1]
    assert "missed" in rows[2]
    assert "The explanation by the management is missing." in rows[2]
    assert "overdue 13 days" in rows[3]
    assert "can be made up until 30 Oct 2026" in rows[3]
    assert "due in 79 days" in rows[4]


def test_the_timeline_says_what_it_draws(channel: Channel, sign_in: Any) -> None:
    page = sign_in("editor", language="en").get(f"/channels/{channel.id}")

    (drawing,) = page.all("{http://www.w3.org/2000/svg}svg", class_="timeline")
    assert drawing.get("aria-label") == (
        "2026: Q1 kept, Q2 missed, Q3 overdue, Q4 open; Review of 17 Mar 2026"
    )


def test_positions_on_the_timeline_are_parts_of_the_year(app: Flask) -> None:
    factories.channel(since=date(2026, 1, 1))
    (one,) = standings(ON, ZONE)
    (year,) = years_of(one, {}, [date(2026, 10, 20), date(2027, 1, 5)], ON)

    assert (year.at(date(2025, 5, 5)), year.at(date(2026, 1, 1)), year.at(date(2027, 1, 30))) == (
        "0.00%", "0.00%", "100.00%",
    )  # fmt: skip
    assert year.wide(date(2026, 1, 1), date(2026, 4, 1)) == "24.66%"
    assert year.planned == (date(2026, 10, 20),)


def test_a_day_typed_wrongly_does_not_make_a_page_of_a_thousand_years(app: Flask) -> None:
    factories.channel(since=date(1026, 1, 1))
    (one,) = standings(ON, ZONE)

    assert len(years_of(one, {}, [], ON)) == 30


def test_a_changed_cadence_leaves_no_slot_that_is_not_owed_over_one_that_is(app: Flask) -> None:
    changed = factories.channel(since=date(2026, 1, 1), until=date(2026, 6, 30))
    db.session.add(
        factories.Obligation(channel_id=changed.id, from_on=date(2026, 7, 1), reviews_per_year=12, cause="Konzept",
                             criteria=frozenset(Criterion), created_at=clock.now())
    )  # fmt: skip
    db.session.commit()
    (one,) = standings(ON, ZONE)

    (year,) = years_of(one, {}, [], ON)

    assert [row.slot.n for row in year.rows] == [4, 4, 12, 12, 12, 12, 12, 12]


def test_the_three_readings_stand_side_by_side(channel: Channel, sign_in: Any) -> None:
    page = sign_in("editor", language="en").get(f"/channels/{channel.id}")

    (readings,) = page.words("dl", class_="readings")
    assert "1 of 4 discharged" in readings
    assert "1 missed" in readings
    assert "no longer to be reached" in readings
    assert "1 of 4 still needed: 3, the next by 31 Dec 2026" in readings
    assert "210 days so far, since the last review" in readings


def test_a_correction_stands_beside_what_it_replaces(channel: Channel, sign_in: Any) -> None:
    first = db.session.scalars(select(Review)).one()
    second = Review(meeting_id=first.meeting_id, channel_id=channel.id, unit_name="Zweigstelle", platform="Facebook",
                    channel_name="Ausbildung", by_name="Katrin Seidel", replaces_id=first.id,
                    reason="Falsches Urteil abgetippt.")  # fmt: skip
    db.session.add(second)
    db.session.flush()
    second.closed_at = clock.now()
    db.session.commit()
    old, new = f"review-{first.id}", f"review-{second.id}"

    page = sign_in("auditor", language="en").get(f"/channels/{channel.id}")

    assert "replaced by the correction of 13 Oct 2026" in page.words("tr", id=old)[0]
    assert "Correction: Falsches Urteil abgetippt." in page.words("tr", id=new)[0]


def test_an_extra_review_says_so(channel: Channel, sign_in: Any) -> None:
    factories.closed_meeting(date(2026, 3, 25), [channel])

    assert (
        "extra: it discharges no slot"
        in sign_in("auditor", language="en").get(f"/channels/{channel.id}").text
    )


def test_reminders_told_are_listed(channel: Channel, sign_in: Any) -> None:
    contact = factories.contact(None, "Pressestelle", "presse@example.org")
    mail = Mail(kind="digest", state="sent", message_id="<1@example.org>", to_name="Pressestelle", language="de",
                to_address="presse@example.org", subject="Überfällig", written_at=clock.now(),
                next_try_at=clock.now(), sent_at=clock.now())  # fmt: skip
    db.session.add(mail)
    db.session.flush()
    db.session.add(
        Reminder(channel_id=channel.id, begins_on=date(2026, 7, 1), due_on=date(2026, 9, 30), stage="overdue",
                 contact_id=contact.id, owed_on=date(2026, 10, 1), told_on=date(2026, 10, 5), mail_id=mail.id)
    )  # fmt: skip
    db.session.commit()

    text = sign_in("auditor", language="en").get(f"/channels/{channel.id}").text

    assert "5 Oct 2026 (delayed, owed since 1 Oct 2026) overdue 30 Sep 2026 Pressestelle sent" in text


def test_a_channel_without_anything_has_a_page(app: Flask, sign_in: Any) -> None:
    bare = factories.channel(since=None)

    assert "Bisher war keine Evaluierung geschuldet." in sign_in("editor").get(f"/channels/{bare.id}").text


def test_a_channel_of_another_unit_does_not_exist(channel: Channel, sign_in: Any) -> None:
    factories.channel(own := factories.unit("Haupthaus"), "Mastodon", "Eigener")
    browser = sign_in("manager", units=[own], language="en")

    for path in ("", "/slots/2026-4-2", "/contact"):
        browser.get(f"/channels/{channel.id}{path}", expect=404)
    browser.get("/channels/99999999999999999999", expect=404)
    register = browser.get("/channels").text
    assert "Eigener" in register
    assert "1 channel" in register
    for foreign in ("Facebook", "Ausbildung", "Zweigstelle"):
        assert foreign not in register


def test_the_register_is_filtered_by_text_unit_standing_and_contact(channel: Channel, sign_in: Any) -> None:
    told = factories.contact(None, "Pressestelle", "presse@example.org")
    other = factories.channel(factories.unit("Haupthaus"), "XING", "Karriere", since=None, contact=told)
    browser = sign_in("editor", language="en")

    def found(query: str) -> set[int]:
        page = browser.get(f"/channels?{query}")
        links = {one.get("href") for one in page.all("a")}
        return {one.id for one in (channel, other) if f"/channels/{one.id}" in links}

    assert found("") == {channel.id, other.id}
    assert found("text=karriere+HAUPT") == {other.id}
    assert found("text=pressestelle") == {other.id}
    assert found(f"unit={channel.unit_id}") == {channel.id}
    assert found("standing=overdue") == {channel.id}
    assert found("contact=none") == {channel.id}
    assert found("text=gibtesnicht") == set()
    assert found("standing=unsinn&unit=x") == {channel.id, other.id}


def test_the_register_without_a_concept_says_where_channels_come_from(app: Flask, sign_in: Any) -> None:
    assert "Kanäle kommen mit dem Konzept" in sign_in("editor").get("/channels").text


def test_a_manager_names_a_person_and_the_journal_knows(channel: Channel, sign_in: Any) -> None:
    contact = factories.contact(factories.person("editor", "Jonas Brandt"))
    browser = sign_in("manager", language="en")
    form = browser.get(f"/channels/{channel.id}/contact").form("/contact")

    page = browser.post(f"/channels/{channel.id}/contact", form.filled(contact=str(contact.id)))

    assert "Responsible for the channel: Jonas Brandt." in page.text
    assert db.session.get(Channel, channel.id).contact_id == contact.id
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (entry.deed, entry.unit_id, entry.by_id) == ("channels.assign", channel.unit_id, browser.person.id)
    assert _words(entry) == {
        "contact.before": "–",
        "contact.after": "Jonas Brandt",
        "by": browser.person.full_name,
    }


def test_a_new_mailbox_is_made_and_a_mere_name_gets_its_address(channel: Channel, sign_in: Any) -> None:
    mere = factories.contact(None, "Kommunikation")
    browser = sign_in("manager", language="en")
    form = browser.get(f"/channels/{channel.id}/contact").form("/contact")

    browser.post(
        f"/channels/{channel.id}/contact",
        form.filled(contact="new", name="Kommunikation", email="komm@Example.org"),
    )

    db.session.expire_all()
    assert db.session.get(Channel, channel.id).contact_id == mere.id
    assert db.session.get(Contact, mere.id).email == "komm@example.org"
    told = db.session.scalars(select(Entry).order_by(Entry.number)).all()
    assert [one.deed for one in told] == ["mailboxes.change", "channels.assign"]
    assert _words(told[0])["address.after"] == "komm@example.org"


def test_names_of_mailboxes_are_compared_without_regard_to_case(channel: Channel, sign_in: Any) -> None:
    mere = factories.contact(None, "ÖFFENTLICHKEIT")
    factories.contact(factories.person("editor", "Jonas Brandt"))
    browser = sign_in("manager", language="en")
    url = f"/channels/{channel.id}/contact"
    new = browser.get(url).form("/contact").filled(contact="new", email="a@example.org")

    assert "the name of a person" in browser.post(url, {**new, "name": "jonas brandt"}, expect=422).text
    browser.post(url, {**new, "name": "Öffentlichkeit"})

    db.session.expire_all()
    assert db.session.get(Channel, channel.id).contact_id == mere.id


def test_who_manages_some_units_chooses_among_the_mailboxes_there_are(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("manager", units=[channel.unit], language="en")
    url = f"/channels/{channel.id}/contact"
    page = browser.get(url)

    assert "a new mailbox" not in page.text
    browser.post(url, {"contact": "new", "name": "Presse", "email": "a@example.org"}, expect=422)
    assert db.session.scalars(select(Contact)).all() == []


def test_a_deactivated_person_counts_as_nobody(channel: Channel, sign_in: Any) -> None:
    someone = factories.person("editor", "Jonas Brandt", active=False)
    channel.contact_id = factories.contact(someone).id
    db.session.commit()
    browser = sign_in("manager", language="en")

    assert "Jonas Brandt (nobody can be told)" in browser.get("/channels").text
    assert "Jonas Brandt (nobody can be told)" in browser.get(f"/channels/{channel.id}").text
    assert "Ausbildung" in browser.get("/channels?contact=none").text
    assert "without a responsible contact" in browser.get("/").text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"contact": "new", "name": "", "email": "a@example.org"}, "A new mailbox needs a name."),
        ({"contact": "new", "name": "Presse", "email": ""}, "This is not an e-mail address."),
        ({"contact": "new", "name": "Presse", "email": "presse@"}, "This is not an e-mail address."),
        (
            {"contact": "new", "name": "x" * 201, "email": "a@example.org"},
            "One line of at most 200 characters",
        ),
        ({"contact": "new", "name": "Vergeben", "email": "a@example.org"}, "a mailbox of this name already"),
        ({"contact": "4711", "name": "", "email": ""}, "Please choose one of the list."),
    ],
)
def test_what_is_no_contact_is_said_beside_the_field(
    channel: Channel, sign_in: Any, values: dict[str, str], said: str
) -> None:
    factories.contact(None, "Vergeben", "vergeben@example.org")
    browser = sign_in("manager", language="en")
    form = browser.get(f"/channels/{channel.id}/contact").form("/contact")

    page = browser.post(f"/channels/{channel.id}/contact", form.filled(**values), expect=422)

    assert said in page.text
    db.session.expire_all()
    assert db.session.get(Channel, channel.id).contact_id is None


def test_an_editor_cannot_assign(channel: Channel, sign_in: Any) -> None:
    browser = sign_in("editor", language="en")

    browser.get(f"/channels/{channel.id}/contact", expect=403)
    assert "/contact" not in browser.get(f"/channels/{channel.id}").html


def test_looking_changes_nothing(channel: Channel, sign_in: Any) -> None:
    sign_in("manager").get(f"/channels/{channel.id}")

    assert db.session.scalars(select(Entry)).all() == []
    assert standings(ON, ZONE)[0].ledger.lines[0].outcome is Outcome.KEPT


def _words(entry: Entry) -> dict[str, str]:
    rows = db.session.scalars(select(Words).where(Words.number == entry.number))
    return {one.field: one.text for one in rows}
