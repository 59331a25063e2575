"""Changing the concept as text: a new version with day and reason, and nothing but the words is touched."""

import tomllib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, func, select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tests.rooms.form import LogForm
from tracker import clock, concept_news
from tracker.concept.wording import field_of
from tracker.extensions import db
from tracker.models import (
    Channel,
    CheckItem,
    ConceptText,
    ConceptVersion,
    Entry,
    MeetingHead,
    Obligation,
    Organisation,
    Rating,
    Review,
    StateChange,
    Words,
)
from tracker.rules.concept_changed import CHECKS, Part, changed_parts, checks_concerned
from tracker.rules.words import Criterion, Level

SignIn = Callable[..., Browser]
Run = Callable[..., Result]
SetClock = Callable[..., None]
EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"
SHIPPED = Path(__file__).parents[2] / "tracker" / "checklist" / "shipped.toml"


@pytest.fixture
def loaded(run: Run, clock_at: SetClock) -> None:
    """The example concept, in force since the first of January 2026; today is the tenth of February."""
    clock_at("2026-02-10")
    assert run("load-concept", str(EXAMPLE), "--since", "2026-01-01").exit_code == 0


def channel(platform: str = "Twitter", name: str = "IHK Region Stuttgart") -> Channel:
    return db.session.scalars(select(Channel).where(Channel.platform == platform, Channel.name == name)).one()


def address(of: Channel) -> str:
    return f"/concept/channels/{of.id}/change"


def change(browser: Browser, url: str, expect: int = 200, **typed: str) -> Page:
    """Type, see what changes, and make it so."""
    form = browser.get(url).form("/change")
    preview = browser.post(url, form.filled(since="2026-02-10", reason="Beschluss der Leitung", **typed))
    return browser.post(url, preview.form("/change").filled(), expect)


def newest() -> ConceptVersion:
    db.session.expire_all()
    return db.session.scalars(select(ConceptVersion).order_by(ConceptVersion.number.desc()).limit(1)).one()


def text_of(of: Channel, number: int) -> ConceptText:
    query = select(ConceptText).join(ConceptVersion, ConceptText.version_id == ConceptVersion.id)
    return db.session.scalars(
        query.where(ConceptVersion.number == number, ConceptText.channel_id == of.id)
    ).one()


def owed() -> list[Any]:
    db.session.expire_all()
    duties = select(Obligation.id, Obligation.channel_id, Obligation.from_on, Obligation.until_on,
                    Obligation.reviews_per_year, Obligation.criteria)  # fmt: skip
    states = select(StateChange.id, StateChange.channel_id, StateChange.from_on, StateChange.state)
    return [tuple(row) for query in (duties, states) for row in db.session.execute(query)]


def last_entry() -> tuple[str, dict[str, str]]:
    entry = db.session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).one()
    words = db.session.scalars(select(Words).where(Words.number == entry.number))
    return entry.deed, {one.field: one.text or "" for one in words if one.field != "by"}


def judged_by(of: Channel, number: int, held_on: date = date(2026, 2, 3)) -> Review:
    """A closed review of legality that keeps the version it judged, as closing a meeting writes it."""
    factories.organisation()
    meeting = factories.planned_meeting(held_on, [of])
    at = clock.moment_on(held_on, factories.ZONE)
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=held_on, chair="Katrin Seidel",
                       minute_taker="Jonas Brandt", by_name="Jonas Brandt", written_at=at)  # fmt: skip
    review = Review(meeting_id=meeting.id, channel_id=of.id, unit_name=of.unit.name, platform=of.platform,
                    channel_name=of.name, by_name="Jonas Brandt", concept_number=number)  # fmt: skip
    review.ratings.append(Rating(criterion=Criterion.LEGALITY, level=Level.CLEAR, reason="", entered_at=at))
    db.session.add_all([head, review])
    db.session.flush()
    review.closed_at = head.closed_at = at
    db.session.flush()
    meeting.closed_at = at
    db.session.commit()
    return review


@pytest.mark.usefixtures("loaded")
def test_a_text_is_changed_on_a_page_and_becomes_a_version(sign_in: SignIn) -> None:
    of, before, browser = channel("YouTube"), owed(), sign_in("manager")
    url = address(of)
    form = browser.get(url)
    assert "Überblick über alle Videos der Kammer" in form.text
    sent = form.form("/change").filled(
        audience="Betriebe & <b>Auszubildende</b> 🦣", since="2026-02-09", reason="Lücke geschlossen"
    )
    preview = browser.post(url, sent)
    assert newest().number == 1
    assert [piece for piece in preview.words("ins") if "Auszubildende" in piece]
    page = browser.post(url, preview.form("/change").filled())
    made = newest()
    assert (made.number, made.since_on, made.reason, made.filename) == (
        2,
        date(2026, 2, 9),
        "Lücke geschlossen",
        "",
    )
    assert made.by_id == browser.person.id
    assert text_of(of, 2).audience == "Betriebe & <b>Auszubildende</b> 🦣"
    assert text_of(of, 1).audience is None
    assert text_of(of, 2).purpose == text_of(of, 1).purpose
    assert owed() == before
    assert "Lücke geschlossen" in page.text
    assert last_entry() == (
        "concept.change",
        {"channel": "YouTube IHK Region Stuttgart", "reason": "Lücke geschlossen"},
    )


@pytest.mark.usefixtures("loaded")
def test_nothing_else_is_touched(sign_in: SignIn) -> None:
    """Neither what was changed elsewhere since the file was loaded, nor who is told."""
    of = channel()
    row = db.session.get_one(Organisation, 1)
    row.name, row.language, of.contact = "IHK Neu", "en", None
    db.session.commit()
    names = db.session.execute(select(Channel.id, Channel.platform, Channel.name)).all()
    change(sign_in("manager"), address(of), content="Nur noch Meldungen")
    db.session.expire_all()
    assert (row.name, row.language, of.contact) == ("IHK Neu", "en", None)
    assert db.session.execute(select(Channel.id, Channel.platform, Channel.name)).all() == names


@pytest.mark.usefixtures("loaded")
def test_another_responsible_name_links_nobody_who_was_not_and_keeps_who_is_told(sign_in: SignIn) -> None:
    of = channel()
    told = of.contact.name if of.contact else ""
    change(sign_in("manager"), address(of), responsible="Pressestelle")
    db.session.expire_all()
    assert of.contact is not None
    assert (of.contact.name, text_of(of, 2).responsible) == (told, "Pressestelle")


@pytest.mark.usefixtures("loaded")
def test_a_renamed_platform_keeps_the_channel_and_old_reviews_the_old_name(sign_in: SignIn) -> None:
    of, before, browser = channel(), owed(), sign_in("manager")
    review = judged_by(of, 1)
    count = db.session.scalar(select(func.count()).select_from(Channel))
    change(browser, address(of), platform="X")
    db.session.expire_all()
    assert (of.platform, of.name, review.platform) == ("X", "IHK Region Stuttgart", "Twitter")
    assert db.session.scalar(select(func.count()).select_from(Channel)) == count
    assert owed() == before
    deed, words = last_entry()
    assert (deed, words["channel.before"], words["channel.after"]) == (
        "concept.change", "Twitter IHK Region Stuttgart", "X IHK Region Stuttgart",
    )  # fmt: skip
    assert "X IHK Region Stuttgart" in browser.get("/journal").text
    browser.get(f"/meetings/{review.meeting_id}")
    assert "Twitter" in browser.get("/concept/versions/1/compare/2").text


@pytest.mark.usefixtures("loaded")
def test_a_name_that_another_channel_of_the_unit_has_is_refused_beside_the_field(sign_in: SignIn) -> None:
    browser, url = sign_in("manager"), address(channel())
    form = browser.get(url).form("/change")
    page = browser.post(url, form.filled(platform="  faceBook ", since="2026-02-10", reason="x"), 422)
    assert page.words("p", id="platform-error")
    unknown = factories.channel(channel().unit, platform="Threads", name="IHK Region Stuttgart")
    page = browser.post(url, form.filled(platform="threads", since="2026-02-10", reason="x"), 422)
    assert unknown.platform in page.words("p", id="platform-error")[0]
    page = browser.post(url, form.filled(platform="", since="2026-02-10", reason="x"), 422)
    assert page.words("p", id="platform-error")
    assert newest().number == 1


@pytest.mark.usefixtures("loaded")
def test_identical_text_changes_nothing_and_says_so(sign_in: SignIn) -> None:
    browser, url = sign_in("manager"), address(channel())
    sent = browser.get(url).form("/change").filled(since="2026-02-10", reason="ohne Grund")
    page = browser.post(url, sent, 422)
    assert "Es wurde nichts geändert" in page.text
    assert "ohne Grund" in page.html
    assert newest().number == 1


@pytest.mark.usefixtures("loaded")
def test_a_form_sent_twice_makes_one_version(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    for url, typed in (
        (address(channel()), {"deputy": "Vorzimmer"}),
        ("/concept/general/change", {"added": "Neu."}),
    ):
        sent = browser.get(url).form("/change").filled(since="2026-02-10", reason="Grund", **typed)
        confirmed = browser.post(url, sent).form("/change").filled()
        browser.post(url, confirmed)
        number = newest().number
        assert "schon gemacht" in browser.post(url, confirmed).text
        assert newest().number == number


@pytest.mark.usefixtures("loaded")
def test_two_at_once_are_shown_both_texts_and_lose_nothing(sign_in: SignIn) -> None:
    url = address(channel())
    slow, fast = sign_in("manager"), sign_in("manager")
    sent = (
        slow.get(url)
        .form("/change")
        .filled(purpose="Meins", deputy="Ich", since="2026-02-10", reason="Grund A")
    )
    change(fast, url, purpose="Ihres", audience="Alle")
    page = slow.post(url, sent, 409)
    again = page.form("/change").values
    assert "Ihres" in page.text
    assert (again["purpose"], again["deputy"], again["audience"], again["reason"]) == (
        "Meins",
        "Ich",
        "Alle",
        "Grund A",
    )
    preview = slow.post(url, again)
    slow.post(url, preview.form("/change").filled())
    said = text_of(channel(), 3)
    assert (said.purpose, said.deputy, said.audience) == ("Meins", "Ich", "Alle")


@pytest.mark.usefixtures("loaded")
def test_a_version_that_changed_another_channel_is_in_nobodys_way(sign_in: SignIn) -> None:
    slow, url = sign_in("manager"), address(channel())
    sent = slow.get(url).form("/change").filled(deputy="Ich", since="2026-02-10", reason="Grund")
    change(sign_in("manager"), address(channel("YouTube")), deputy="Sie")
    slow.post(url, slow.post(url, sent).form("/change").filled())
    assert (text_of(channel(), 3).deputy, text_of(channel("YouTube"), 3).deputy) == ("Ich", "Sie")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "day", ["2026-02-30", "0001-01-01", "9999-12-31", "", "2026-02-11", "2025-12-31", "gestern"]
)
def test_a_day_that_cannot_be_comes_back_with_all_that_was_typed(sign_in: SignIn, day: str) -> None:
    browser, url = sign_in("manager"), address(channel())
    sent = browser.get(url).form("/change").filled(purpose="Neu", since=day, reason="Grund")
    page = browser.post(url, sent, 422)
    assert page.words("p", id="since-error")
    assert page.form("/change").values["purpose"] == "Neu"


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("purpose", "x" * 100_000),
        ("address", "javascript:alert(1)"),
        ("address", "kein Link"),
        ("responsible", "y" * 201),
        ("content", "links \u202e herum"),
        ("reason", ""),
        ("reason", "z" * 5_000),
    ],
)
def test_what_a_concept_cannot_say_is_refused_beside_its_field(
    sign_in: SignIn, field: str, typed: str
) -> None:
    browser, url = sign_in("manager"), address(channel())
    sent = browser.get(url).form("/change").filled(**{"since": "2026-02-10", "reason": "Grund", field: typed})
    page = browser.post(url, sent, 422)
    assert page.words("p", id=f"{'text-content' if field == 'content' else field}-error")
    assert page.form("/change").values[field] == typed
    assert newest().number == 1


@pytest.mark.usefixtures("loaded")
def test_signs_that_no_database_holds_are_left_out(sign_in: SignIn) -> None:
    change(sign_in("manager"), address(channel()), purpose="a\x00b\r\nc\x85d")
    assert text_of(channel(), 2).purpose == "ab\nc\nd"


@pytest.mark.usefixtures("loaded")
def test_an_expired_form_keeps_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    url = address(channel())
    page = sign_in("manager").post(url, {"purpose": "Nicht verlieren", "seen": "1", "csrf_token": "alt"}, 400)
    assert page.form("/change").values["purpose"] == "Nicht verlieren"
    assert newest().number == 1


@pytest.mark.usefixtures("loaded")
def test_who_may_not_finds_no_form(sign_in: SignIn) -> None:
    url = address(channel())
    for role in ("editor", "auditor", "admin"):
        browser = sign_in(role)
        browser.get(url, 403)
        assert url not in browser.get("/concept").html
    sign_in("manager", units=[channel().unit]).get(url, 403)
    manager = sign_in("manager")
    manager.get("/concept/channels/999999/change", 404)
    manager.get(f"/concept/channels/{factories.channel().id}/change", 404)  # the concept does not describe it


@pytest.mark.usefixtures("loaded")
def test_the_general_part_is_changed_and_the_checklist_follows(sign_in: SignIn) -> None:
    browser, url, before = sign_in("manager"), "/concept/general/change", owed()
    form = browser.get(url).form("/change")
    first = next(name for name in form.values if name.startswith("commitment_"))
    sent = form.filled(legal_references="§ 5 DDG\n\n§§ 18–20 LDSG BW ", added="Zahlen werden veröffentlicht.",
                       since="2026-02-10", reason="Recht geändert", **{first: ""})  # fmt: skip
    page = browser.post(url, browser.post(url, sent).form("/change").filled())
    assert "überholt" not in page.text
    content = newest().content
    assert content["organisation"]["legal_references"] == ["§ 5 DDG", "§§ 18–20 LDSG BW"]
    assert len(content["commitments"]) == 8
    assert content["commitments"][-1]["text"] == "Zahlen werden veröffentlicht."
    keys = set(db.session.scalars(select(CheckItem.key)))
    assert f"commitment.{content['commitments'][-1]['key']}" in keys
    assert owed() == before
    assert last_entry()[1]["reason"] == "Recht geändert"


@pytest.mark.usefixtures("loaded")
def test_a_meeting_logged_later_judged_the_version_of_its_day(sign_in: SignIn) -> None:
    """What was changed after the meeting is to be looked at in the next one."""
    of, browser = channel(), sign_in("manager")
    change(browser, address(of), audience="Betriebe")
    meeting = factories.planned_meeting(date(2026, 2, 9), [of])
    form = LogForm(browser, meeting).head().rate(of)
    assert "Betriebe" not in browser.get(f"/meetings/{meeting.id}/log").text
    assert form.confirm().status_code == 303
    assert db.session.scalars(select(Review.concept_number)).one() == 1
    assert [news.part for news in concept_news.since_last_legality([of])[of.id]] == [Part.AUDIENCE]


@pytest.mark.usefixtures("loaded")
def test_a_new_commitment_is_another_one_than_that_which_was_taken_out(sign_in: SignIn) -> None:
    """Else the checklist would ask it where, and how, the other one was asked."""
    manager, url = sign_in("manager"), "/concept/general/change"
    change(manager, url, added="Zahlen werden veröffentlicht.")
    taken_out = newest().content["commitments"][-1]["key"]
    change(manager, url, **{field_of(taken_out): ""})
    change(manager, url, added="Anfragen werden binnen zwei Tagen beantwortet.")
    assert newest().content["commitments"][-1]["key"] != taken_out


@pytest.mark.usefixtures("loaded")
def test_two_at_once_in_the_general_part(sign_in: SignIn) -> None:
    slow, fast, url = sign_in("manager"), sign_in("manager"), "/concept/general/change"
    form = slow.get(url).form("/change")
    fields = [name for name in form.values if name.startswith("commitment_")]
    sent = form.filled(
        since="2026-02-10", reason="Grund", **{fields[0]: "Anders gesagt.", fields[1]: "Auch dies."}
    )
    change(fast, url, **{fields[0]: "", fields[2]: "Von ihr."})
    again = slow.post(url, sent, 409).form("/change").values
    assert [again[name] for name in fields[:3]] == ["Anders gesagt.", "Auch dies.", "Von ihr."]
    slow.post(url, slow.post(url, again).form("/change").filled())
    assert [one["text"] for one in newest().content["commitments"]][:2] == ["Auch dies.", "Von ihr."]
    assert "Anders gesagt." in [one["text"] for one in newest().content["commitments"]]


@pytest.mark.usefixtures("loaded")
def test_versions_are_compared_and_say_who_made_them_and_why(sign_in: SignIn) -> None:
    browser, of = sign_in("manager"), channel()
    change(browser, address(of), purpose="Kurzinformationen für Medien.", platform="X")
    change(browser, "/concept/general/change", data_protection_officer="Intern")
    page = sign_in("auditor").get("/concept/versions/1/compare/3")
    assert "Intern" in " ".join(page.words("ins"))
    assert any("eingefügt" in words for words in page.words("ins"))
    assert "X IHK Region Stuttgart" in page.text
    assert "entfallen" not in " ".join(page.words("h3"))
    listed = browser.get("/concept")
    assert "Beschluss der Leitung" in listed.text
    assert browser.person.full_name in listed.text
    assert "Was sich geändert hat" in browser.get("/concept/versions/2").text
    assert "Was sich geändert hat" not in browser.get("/concept/versions/1").text
    assert "dasselbe" in browser.get("/concept/versions/2/compare/2").text
    browser.get("/concept/versions/1/compare/9", 404)
    sign_in("auditor", language="en").get("/concept/versions/1/compare/3")


@pytest.mark.usefixtures("loaded")
def test_a_file_with_a_renamed_platform_is_held_back_until_it_is_said_what_is_meant(
    sign_in: SignIn, run: Run, tmp_path: Path
) -> None:
    data = EXAMPLE.read_text("utf-8").replace('platform = "Twitter"', 'platform = "X"')
    browser, of = sign_in("manager"), channel()
    page = browser.post("/concept/load", {"file": (BytesIO(data.encode()), "neu.toml")}, 422)
    assert "X IHK Region Stuttgart" in page.text
    assert page.link("umbenennen").endswith(f"/concept/channels/{of.id}/change")
    path = tmp_path / "neu.toml"
    path.write_text(data, "utf-8")
    assert run("load-concept", str(path)).exit_code == 1
    assert newest().number == 1
    change(browser, address(of), platform="X")
    before = owed()
    assert run("load-concept", str(path)).exit_code == 0
    assert owed() == before
    back = browser.post("/concept/load", {"file": (BytesIO(EXAMPLE.read_bytes()), "alt.toml"), "as_new": "y"})
    assert "nicht mehr in der Datei" in back.text


@pytest.mark.usefixtures("loaded")
def test_a_changed_text_asks_for_a_legality_check_and_says_why(sign_in: SignIn) -> None:
    of, browser = channel(), sign_in("manager")
    judged_by(of, 1)
    assert concept_news.since_last_legality([of, channel("YouTube")]) == {}
    change(browser, address(of), platform="X", audience="Medien")
    change(browser, address(channel("YouTube")), audience="Alle")
    found = concept_news.since_last_legality(list(db.session.scalars(select(Channel))))
    assert {key: [one.part for one in news] for key, news in found.items()} == {
        of.id: [Part.PLATFORM, Part.AUDIENCE]
    }
    meeting = factories.planned_meeting(date(2026, 3, 10), [of])
    for url in (f"/meetings/{meeting.id}", f"/channels/{of.id}"):
        page = browser.get(url)
        assert "Seit der Bewertung der Rechtmäßigkeit am 03.02.2026" in page.text
        assert page.link("Fassungen 1 und 3").endswith("/concept/versions/1/compare/3")
    judged_by(of, 3, date(2026, 2, 10))
    assert concept_news.since_last_legality([of]) == {}


@pytest.mark.usefixtures("loaded")
def test_what_changed_is_asked_in_as_many_statements_for_one_channel_as_for_all(sign_in: SignIn) -> None:
    channels = list(db.session.scalars(select(Channel)))
    for one in channels:
        judged_by(one, 1)
    change(sign_in("manager"), "/concept/general/change", data_protection_officer="Intern")
    channels = list(db.session.scalars(select(Channel)))
    counts = []
    for listed in (channels[:1], channels):
        said: list[str] = []

        def hear(*happened: Any, said: list[str] = said) -> None:
            said.append(happened[2])

        event.listen(db.engine, "before_cursor_execute", hear)
        assert len(concept_news.since_last_legality(listed)) == len(listed)
        event.remove(db.engine, "before_cursor_execute", hear)
        counts.append(len(said))
    assert counts == [5, 5]


def test_what_differs_is_told_part_by_part() -> None:
    then = {Part.PURPOSE: "Ein  Zweck\n", Part.AUDIENCE: None, Part.DEPUTY: "A", Part.CONTENT: "weg"}
    now = {Part.PURPOSE: "Ein Zweck", Part.AUDIENCE: "", Part.DEPUTY: "B", Part.PROVIDER: "Stadt"}
    assert changed_parts(then, now) == (Part.DEPUTY,)
    assert checks_concerned([Part.DEPUTY, Part.RESPONSIBLE]) == ("L03", "L14")


def test_every_part_names_checks_that_are_shipped() -> None:
    shipped = {one["key"] for one in tomllib.loads(SHIPPED.read_text("utf-8"))["legality"]}
    assert set(CHECKS) == set(Part)
    assert {key for keys in CHECKS.values() for key in keys} <= shipped
