"""The published concept: for everybody only once an admin has opened it, with the days of the last evaluation."""

from collections.abc import Callable
from datetime import date, time
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page, check_house_rules
from tracker import clock, obligations
from tracker.concept import publish_views
from tracker.extensions import db
from tracker.models import Channel, Entry, Organisation, User
from tracker.rules.deciding import Turn
from tracker.rules.words import ChannelState, Criterion, Level

SignIn = Callable[..., Browser]
Run = Callable[..., Result]
SetClock = Callable[..., None]
EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def loaded(run: Run, clock_at: SetClock) -> None:
    clock_at("2026-02-10")
    assert run("load-concept", str(EXAMPLE), "--since", "2026-01-01").exit_code == 0


def channel(platform: str = "Facebook", name: str = "IHK Region Stuttgart") -> Channel:
    return db.session.scalars(select(Channel).where(Channel.platform == platform, Channel.name == name)).one()


def opened() -> None:
    db.session.get_one(Organisation, 1).concept_public = True
    db.session.commit()


def stranger(app: Flask, url: str = "/concept/published", **headers: str) -> Page:
    answer = app.test_client().get(url, headers={"Accept-Language": "en", **headers})
    assert answer.status_code == 200, answer.status_code
    page = Page(answer.text)
    check_house_rules(page, "de")
    return page


def test_strangers_find_nothing_and_signed_in_people_a_preview(app: Flask, sign_in: SignIn) -> None:
    for url in ("/concept/published", "/concept/published.pdf"):
        assert app.test_client().get(url).status_code == 404
    page = sign_in("auditor").get("/concept/published")
    assert "Vorschau" in page.text
    assert sign_in("auditor").raw.get("/concept/published").headers["Cache-Control"] == "private, no-store"


def test_an_admin_opens_it_after_reading_what_becomes_public_and_closes_it_again(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("admin")
    page = browser.get("/concept/publish")
    assert "die Namen der verantwortlichen Personen" in page.text
    assert "http://tracker.example.org/concept/published" in page.text
    sent = page.form("/publish").filled()
    browser.post("/concept/publish", sent)
    assert "nichts geändert" in browser.post("/concept/publish", sent).text
    assert "IHK-Azubi-Guide" in stranger(app).text
    browser.post("/concept/publish", browser.get("/concept/publish").form("/publish").filled())
    assert app.test_client().get("/concept/published").status_code == 404
    deeds = list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))
    assert deeds.count("concept.publish") == 2
    browser.post("/concept/publish", {"public": "vielleicht"}, 400)
    browser.post("/concept/publish", {}, 400)


def test_only_admins_open_it(sign_in: SignIn) -> None:
    for role in ("editor", "manager", "auditor"):
        sign_in(role).get("/concept/publish", 403)
        assert '/concept/publish"' not in sign_in(role).get("/concept").html


def test_it_says_the_promise_and_the_last_days_of_closed_meetings(app: Flask) -> None:
    opened()
    assert stranger(app).text.count("noch nicht") == 2 * 11 * 3
    of = channel()
    factories.closed_meeting(date(2026, 1, 20), [of])
    clear = {Criterion.LEGALITY: (Level.OBJECTION, "Streng geheimer Grund")}
    factories.closed_meeting(date(2026, 2, 3), {of: clear})
    factories.planned_meeting(date(2026, 2, 9), [of], place="Geheimer Ort")
    page = stranger(app)
    assert "mindestens 4-mal im Jahr evaluiert: Kosten-Nutzen, Rechtmäßigkeit und Strategie" in page.text
    assert "Kosten-Nutzen 20.01.2026, Rechtmäßigkeit 03.02.2026, Strategie 20.01.2026" in page.text
    for inside in ("Geheim", "geheim", "Beanstandung", "Katrin", "Jonas", "ihk-region-stuttgart.toml"):
        assert inside not in page.html


def test_no_account_stands_on_it(app: Flask, sign_in: SignIn) -> None:
    opened()
    sign_in("manager")
    page = stranger(app)
    for person in db.session.scalars(select(User)):
        assert person.email not in page.html
        assert person.full_name not in page.html


def test_a_channel_that_was_closed_since_is_named_so(app: Flask) -> None:
    opened()
    of = channel("XING")
    obligations.turn(of, Turn(date(2026, 2, 10), ChannelState.CLOSED), "Beschluss", date(2026, 2, 10))
    db.session.commit()
    assert "geschlossen seit 10.02.2026" in stranger(app).text


def test_a_version_for_a_day_to_come_is_not_shown_before(
    app: Flask, run: Run, tmp_path: Path, clock_at: SetClock
) -> None:
    opened()
    path = tmp_path / "neu.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("rund 30.000", "etwa 30.000"), "utf-8")
    assert run("load-concept", str(path), "--since", "2026-04-01").exit_code == 0
    assert "rund 30.000" in stranger(app).text
    clock_at("2026-04-01")
    assert "etwa 30.000" in stranger(app).text


def test_what_the_concept_leaves_out_is_named_and_outdated_law_says_what_holds_today(app: Flask) -> None:
    opened()
    page = stranger(app)
    assert "Vertretung nicht genannt" in page.text
    assert "§ 5 TMG (heute: § 5 DDG)" in page.text
    assert "§§ 18–20 LDSG BW (heute" not in page.text


def test_another_language_changes_the_words_around_the_texts_and_not_the_texts(app: Flask) -> None:
    opened()
    answer = app.test_client().get("/concept/published?language=en")
    page = Page(answer.text)
    check_house_rules(page, "en")
    assert "at least 4 times a year" in page.text
    assert '<dd lang="de">18 bis 34 Jahre' in page.html
    assert '<dd class="gap">not named' in page.html
    assert "today: § 5 DDG" in page.text
    assert 'lang="de">18 bis' not in stranger(app, "/concept/published?language=tlh").html


def test_it_is_light_and_not_sent_again_unchanged(app: Flask) -> None:
    opened()
    client = app.test_client()
    first = client.get("/concept/published")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert len(first.data) < 40_000
    assert "script" not in first.text
    again = client.get("/concept/published", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    factories.closed_meeting(date(2026, 2, 3), [channel()])
    assert (
        client.get("/concept/published", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    )


@pytest.mark.sqlite_only
def test_the_pdf_says_the_same_and_is_accessible(app: Flask) -> None:
    opened()
    factories.closed_meeting(
        date(2026, 2, 3), [channel()], clock.moment_on(date(2026, 2, 3), factories.ZONE, time(17))
    )
    answer = app.test_client().get("/concept/published.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "Social-Media-Konzept" in text
    assert "03.02.2026" in text
    assert reader.metadata is not None
    assert "Social-Media-Konzept" in (reader.metadata.title or "")
    assert reader.trailer["/Root"]["/Lang"] == "de"
    known = publish_views._printed.cache_info().misses
    app.test_client().get("/concept/published.pdf")
    assert publish_views._printed.cache_info().misses == known
