"""What a review looks at: the list and its items are read by everyone, changed by management, and never rewritten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker import asking, checks, clock
from tracker.extensions import db
from tracker.models import Channel, CheckItem, Commitment, ConceptVersion, Entry, Organisation, Words
from tracker.rules.checking import in_force
from tracker.rules.words import Criterion

SignIn = Callable[..., Browser]
TODAY = date(2026, 7, 14)
LIST, ADD, REQUIRED = "/checklist", "/checklist/add", "/checklist/required"
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def channels(clock_at: Callable[[str], None]) -> list[Channel]:
    """Two channels on Facebook, one of them of another unit, and one on XING."""
    clock_at("2026-07-14")
    house, branch = factories.unit("Bildungshaus"), factories.unit("Göppingen")
    return [
        factories.channel(house, "Facebook", "Hauptkanal"),
        factories.channel(branch, "Facebook", "Ausbildung"),
        factories.channel(house, "XING", "Seite"),
    ]


def url(item: CheckItem, deed: str = "") -> str:
    return f"/checklist/{item.id}" + (f"/{deed}" if deed else "")


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def said() -> dict[str, str]:
    return {one.field: one.text for one in db.session.scalars(select(Words)) if one.field != "by"}


def asked_of(channel: Channel, on: date = TODAY) -> list[str]:
    db.session.expire_all()
    return [one.wording.text_de for one in checks.asked([channel], on)[channel.id]]


def worded(browser: Browser, item: CheckItem, expect: int = 200, **typed: str | list[str]) -> Page:
    """A change as somebody sends it: the form with some of it typed anew, and a reason."""
    form = browser.get(url(item, "change")).form("change")
    return browser.post(url(item, "change"), form.filled(**{"reason": "Neue Rechtslage.", **typed}), expect)


def test_what_comes_with_the_app_is_listed_by_criterion(sign_in: SignIn, channels: list[Channel]) -> None:
    asking.ship()
    page = sign_in().get(LIST)
    assert page.words("h2")[:3] == ["Prüfpunkte zur Rechtmäßigkeit", "Leitfragen zu Kosten-Nutzen",
                                    "Leitfragen zur Strategie"]  # fmt: skip
    assert "Zur Rechtmäßigkeit werden bis zu 14 Prüfpunkte beantwortet." in page.text
    assert "gibt es 8 Leitfragen" in page.text
    assert "keine Rechtsberatung" in page.text
    assert len(page.all("tr", role="row")) == 3 + 15 + 3 + 5
    assert "Prüfpunkt hinzufügen" not in page.text


def test_nothing_asked_yet_is_said(sign_in: SignIn, channels: list[Channel]) -> None:
    assert "Noch wird nichts gefragt" in sign_in().get(LIST).text


def test_an_own_item_is_added_once_and_asked_where_it_says(sign_in: SignIn, channels: list[Channel]) -> None:
    browser = sign_in("manager")
    form = browser.get(ADD).form("add")
    typed = form.filled(
        text_de="  Neutral vor\nWahlen? ", text_en="Neutral before elections?", platforms=["Facebook"]
    )
    for _again in range(2):
        page = browser.post(ADD, typed)
    assert "steht schon in der Liste" in page.text
    item = db.session.scalars(select(CheckItem)).one()
    assert (item.key, item.criterion) == ("own.1", Criterion.LEGALITY)
    assert [asked_of(one) for one in channels] == [["Neutral vor Wahlen?"], ["Neutral vor Wahlen?"], []]
    assert asked_of(channels[0], TODAY - timedelta(days=1)) == []
    assert deeds() == ["checklist.change"]
    assert said()["where.after"] == "Facebook"
    listed = browser.get(LIST)
    assert "Facebook 2 von 3 Kanälen ab 14.07.2026" in listed.text
    assert "Prüfpunkte geändert" in sign_in("auditor").get("/journal").text


def test_a_new_wording_leaves_the_old_one_as_it_was(sign_in: SignIn, channels: list[Channel]) -> None:
    item = factories.check_item("Impressum mit drei Klicks")
    page = worded(sign_in("manager"), item, text_de="Impressum mit zwei Klicks", from_on="2026-08-01")
    assert "Bisherige Antworten behalten die Fassung" in page.text
    assert (page.words("del"), page.words("ins")) == (["drei"], ["zwei"])
    assert "geplant" in page.text
    assert "Neue Rechtslage." in page.text
    assert asked_of(channels[0], date(2026, 7, 31)) == ["Impressum mit drei Klicks"]
    assert asked_of(channels[0], date(2026, 8, 1)) == ["Impressum mit zwei Klicks"]
    assert said()["text_de.before"] == "Impressum mit drei Klicks"
    assert said()["reason"] == "Neue Rechtslage."
    assert "neu ab 01.08.2026" in sign_in().get(LIST).text


def test_what_stops_being_asked_somewhere_is_shown_first(sign_in: SignIn, channels: list[Channel]) -> None:
    item, browser = factories.check_item("Impressum"), sign_in("manager")
    page = worded(browser, item, platforms=["XING"], text_de="Impressum <b>")
    assert "Ab 14.07.2026 wird bei 2 von 3 Kanälen nicht mehr danach gefragt." in page.text
    assert "Facebook Hauptkanal, Bildungshaus" in page.text
    assert deeds() == []
    back = browser.post(url(item, "change"), {**page.form("change").values, "back": "1"})
    assert back.form("change").values["text_de"] == "Impressum <b>"
    assert back.form("change").values["platforms"] == "XING"
    factories.channel(channels[0].unit, "Facebook", "Noch einer")
    again = browser.post(url(item, "change"), page.form("change").values)
    assert "bei 3 von 4 Kanälen" in again.text, "what was confirmed was something else"
    browser.post(url(item, "change"), again.form("change").values)
    assert [asked_of(one) for one in channels] == [[], [], ["Impressum <b>"]]
    assert deeds() == ["checklist.change"]


def test_it_is_switched_by_unit_and_who_is_limited_sees_no_other_units(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    item, browser = factories.check_item("Impressum"), sign_in("manager")
    page = worded(browser, item, units=[str(channels[0].unit_id)])
    browser.post(url(item, "change"), page.form("change").values)
    assert [len(asked_of(one)) for one in channels] == [1, 0, 1]
    assert "nur in Bildungshaus" in browser.get(url(item)).text
    other = sign_in("editor", units=[channels[1].unit])
    seen = other.get(url(item))  # it was asked everywhere once
    assert "nur in 1 anderer Einheit" in seen.text
    assert "Bildungshaus" not in seen.text
    assert "0 von 1 Kanälen" in seen.text
    only = factories.check_item("Nur dort", unit_ids=frozenset({str(channels[0].unit_id)}))
    assert "Nur dort" not in other.get(LIST).text
    other.get(url(only), expect=404)
    assert "Nur dort" in sign_in("editor", units=[channels[0].unit]).get(LIST).text


def test_it_is_asked_no_longer_from_a_day_on_and_again_later(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    item, browser = factories.check_item("Impressum"), sign_in("manager")
    stop = url(item, "stop")
    page = browser.post(stop, browser.get(stop).form("stop").filled(from_on="2026-08-01", reason="Entfällt."))
    assert "bei 3 von 3 Kanälen nicht mehr" in page.text
    assert deeds() == []
    browser.post(stop, page.form("stop").values)
    assert "schon so" in browser.post(stop, page.form("stop").values).text
    assert (asked_of(channels[0]), asked_of(channels[0], date(2026, 8, 1))) == (["Impressum"], [])
    assert deeds() == ["checklist.change"]
    assert said()["reason"] == "Entfällt."
    worded(browser, item, from_on="2026-09-01")
    assert asked_of(channels[0], date(2026, 8, 31)) == []
    assert asked_of(channels[0], date(2026, 9, 1)) == ["Impressum"]


def test_what_has_ended_stands_apart_and_can_be_asked_again(sign_in: SignIn, channels: list[Channel]) -> None:
    item = factories.check_item("Impressum", until_on=date(2026, 7, 13))
    browser = sign_in("manager")
    listed = browser.get(LIST)
    assert "Nicht mehr gefragt" in listed.words("h2")
    assert "Wieder fragen" in browser.get(url(item)).text
    worded(browser, item)
    assert asked_of(channels[0]) == ["Impressum"]


def test_stopping_overrides_a_wording_that_is_only_planned(sign_in: SignIn, channels: list[Channel]) -> None:
    item, browser = factories.check_item("Impressum"), sign_in("manager")
    factories.wording(item, "Impressum neu", date(2026, 9, 1))
    stop = url(item, "stop")
    page = browser.post(stop, browser.get(stop).form("stop").filled(from_on="2026-08-01", reason="Entfällt."))
    browser.post(stop, page.form("stop").values)
    assert [asked_of(channels[0], date(2026, month, 1)) for month in (7, 8, 9, 12)] == [
        ["Impressum"],
        [],
        [],
        [],
    ]


def test_the_optional_item_is_switched_on(sign_in: SignIn, channels: list[Channel]) -> None:
    asking.ship()
    db.session.commit()
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "L15")).one()
    browser = sign_in("manager")
    assert "nirgends" in browser.get(url(item)).text
    page = browser.get(url(item, "change"))
    assert page.form("change").values["platforms"] == "*"
    worded(browser, item)
    assert any("Musik" in text for text in asked_of(channels[0]))


def test_a_commitment_keeps_the_words_of_the_concept_but_can_be_switched(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    item = factories.check_item("Nur Links, keine Plugins.", key="commitment.bookmarks")
    browser = sign_in("manager")
    page = browser.get(url(item))
    assert "Ihr Wortlaut folgt dem Konzept" in page.text
    assert "Nicht mehr fragen" not in page.text
    browser.get(url(item, "stop"), expect=404)
    assert "text_de" not in browser.get(url(item, "change")).form("change").values
    page = worded(browser, item, platforms=["XING"], text_de="Untergeschoben")
    browser.post(url(item, "change"), {**page.form("change").values, "text_de": "Untergeschoben"})
    assert [asked_of(one) for one in channels] == [[], [], ["Nur Links, keine Plugins."]]
    assert "Zusage" in browser.get(LIST).text


@pytest.mark.parametrize("text", ["Nur Links.", "Nur Links, keine Plugins."])
def test_a_commitment_that_was_left_out_and_comes_back_is_asked_again(
    channels: list[Channel], text: str
) -> None:
    """Worded anew and left out on one day, its newest wording is asked nowhere."""
    for number, said in enumerate(("Links.", "Nur Links.", "", text), start=1):
        version = ConceptVersion(number=number, since_on=TODAY, loaded_at=clock.now(), filename="",
                                 fingerprint=str(number), content={})  # fmt: skip
        version.commitments = [Commitment(key="links", text=said, position=1)] if said else []
        db.session.add(version)
        db.session.flush()
        asking.follow(version)
    assert asked_of(channels[0]) == [text]


def test_a_commitment_that_managers_ask_nowhere_stays_so(channels: list[Channel]) -> None:
    version = ConceptVersion(
        number=1, since_on=TODAY, loaded_at=clock.now(), filename="", fingerprint="1", content={}
    )
    version.commitments = [Commitment(key="links", text="Links.", position=1)]
    db.session.add(version)
    db.session.flush()
    asking.follow(version)
    item = db.session.scalars(select(CheckItem)).one()
    asking.stop(item, TODAY)
    asking.word(item, replace(asking.question(item.wordings[-1]), platforms=frozenset()), TODAY)
    version = ConceptVersion(
        number=2, since_on=TODAY, loaded_at=clock.now(), filename="", fingerprint="2", content={}
    )
    version.commitments = [Commitment(key="links", text="Nur Links.", position=1)]
    db.session.add(version)
    db.session.flush()
    asking.follow(version)
    assert asked_of(channels[0]) == []


def test_items_change_places(sign_in: SignIn, channels: list[Channel]) -> None:
    first, second, gone, third = (factories.check_item(text) for text in ("Eins", "Zwei", "Weg", "Drei"))
    gone.wordings[0].until_on = date(2026, 1, 1)
    prompt = factories.check_item("Ziel?", Criterion.STRATEGY)
    browser = sign_in("manager")
    form = browser.get(LIST).form(url(third, "move"))
    browser.post(url(third, "move"), {**form.values, "to": "up"})
    assert asked_of(channels[0]) == ["Eins", "Drei", "Zwei", "Ziel?"]
    assert "Reihenfolge geändert" in browser.post(url(second, "move"), {"to": "up", "seen": "99"}).text
    assert "schon so" in browser.post(url(first, "move"), {"to": "up"}).text
    assert "schon so" in browser.post(url(prompt, "move"), {"to": "down"}).text
    browser.post(url(first, "move"), {"to": "sideways"}, expect=400)
    assert asked_of(channels[0]) == ["Eins", "Drei", "Zwei", "Ziel?"]
    assert deeds() == ["checklist.change"]


def test_the_setting_is_turned_over_knowingly_and_only_once(sign_in: SignIn, channels: list[Channel]) -> None:
    browser, other = sign_in("manager"), sign_in("manager")
    form, same = browser.get(REQUIRED).form("required"), other.get(REQUIRED).form("required")
    assert "„Nicht zutreffend“ ist eine Antwort" in browser.get(REQUIRED).text
    browser.post(REQUIRED, form.values)
    assert "schon so" in other.post(REQUIRED, same.values).text
    assert db.session.get_one(Organisation, 1, populate_existing=True).checks_required
    assert "Alle Prüfpunkte müssen beantwortet sein" in sign_in().get(LIST).text
    assert said() == {"before": "nicht Geprüftes steht dem Abschluss nicht im Weg",
                      "after": "alle Prüfpunkte müssen beantwortet sein"}  # fmt: skip


def test_who_comes_second_sees_what_changed_and_keeps_what_was_typed(
    sign_in: SignIn, channels: list[Channel]
) -> None:
    item = factories.check_item("Impressum mit drei Klicks")
    first, second = sign_in("manager"), sign_in("manager")
    forms = [one.get(url(item, "change")).form("change") for one in (first, second)]
    typed = forms[0].filled(text_de="Impressum mit zwei Klicks", reason="So steht es im Gesetz.")
    first.post(url(item, "change"), typed)
    assert "schon so" in first.post(url(item, "change"), typed).text
    mine = forms[1].filled(text_de="Impressum mit einem Klick", reason="Besser.")
    page = second.post(url(item, "change"), mine, expect=409)
    assert (page.words("del"), page.words("ins")) == (["drei"], ["zwei"])
    assert page.form("change").values["text_de"] == "Impressum mit einem Klick"
    assert asked_of(channels[0]) == ["Impressum mit zwei Klicks"]
    second.post(url(item, "change"), page.form("change").values)
    assert asked_of(channels[0]) == ["Impressum mit einem Klick"]
    stop = second.get(url(item, "stop")).form("stop").filled(reason="Weg", seen="1:")
    assert "jemand anderes" in second.post(url(item, "stop"), stop, expect=409).text


BAD = [("text_de", ""), ("text_de", "\x00 \n"), ("text_de", "x" * 100_000), ("text_en", "x" * 501),
       ("how_de", "x" * 2_001), ("how_en", "x" * 100_000), ("from_on", ""), ("from_on", "2026-02-30"),
       ("from_on", "0001-01-01"), ("from_on", "9999-12-31"), ("from_on", "2026-07-13"),
       ("platforms", ["Myspace"]), ("units", ["999"]),
       ("units", ["<b>"])]  # fmt: skip


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("name", "value"), [*BAD, ("criterion", "x"), ("criterion", "")])
def test_an_item_that_cannot_be_is_refused_beside_the_field(
    sign_in: SignIn, channels: list[Channel], name: str, value: str | list[str]
) -> None:
    browser = sign_in("manager")
    form = browser.get(ADD).form("add").filled(**{"text_de": "Neutral?", "how_de": "😀 <i>", name: value})
    page = browser.post(ADD, form, expect=422)
    assert page.words("p", id=f"{name}-error") != []
    assert len(page.all("p", class_="fault")) == 1
    assert page.form("add").values["how_de"] == (value if name == "how_de" else "😀 <i>")
    assert (deeds(), db.session.scalars(select(CheckItem)).all()) == ([], [])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("name", "value"), [*BAD, ("reason", ""), ("reason", "x" * 4_001)])
def test_a_change_that_cannot_be_is_refused_beside_the_field(
    sign_in: SignIn, channels: list[Channel], name: str, value: str | list[str]
) -> None:
    item = factories.check_item("Impressum")
    page = worded(sign_in("manager"), item, 422, **{name: value})
    assert page.words("p", id=f"{name}-error") != []
    assert len(page.all("p", class_="fault")) == 1
    assert deeds() == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("name", "value"), [("reason", " "), ("from_on", "gestern"), ("from_on", "2026-07-13")]
)
def test_stopping_needs_a_day_to_come_and_a_reason(
    sign_in: SignIn, channels: list[Channel], name: str, value: str
) -> None:
    item, browser = factories.check_item("Impressum"), sign_in("manager")
    form = browser.get(url(item, "stop")).form("stop").filled(**{"reason": "Entfällt.", name: value})
    page = browser.post(url(item, "stop"), form, expect=422)
    assert len(page.all("p", class_="fault")) == 1
    assert deeds() == []


def test_nobody_else_changes_anything(sign_in: SignIn, channels: list[Channel]) -> None:
    item = factories.check_item("Impressum")
    limited = sign_in("manager", units=[channels[0].unit])
    assert "Prüfpunkt hinzufügen" not in limited.get(LIST).text
    for browser in (limited, sign_in("editor"), sign_in("auditor"), sign_in("admin")):
        for address in (ADD, REQUIRED, url(item, "change"), url(item, "stop"), url(item, "move")):
            browser.post(address, {"to": "up"}, expect=403)
    for number in ("999", "99999999999999999999"):
        sign_in("manager").get(f"/checklist/{number}/change", expect=404)


@pytest.mark.sqlite_only
def test_a_form_without_a_token_changes_nothing(app: Flask, sign_in: SignIn, channels: list[Channel]) -> None:
    item = factories.check_item("Impressum")
    app.config["WTF_CSRF_ENABLED"] = True
    for address in (ADD, REQUIRED, url(item, "change"), url(item, "stop"), url(item, "move")):
        assert sign_in("manager").send(address, {"text_de": "x"}).status_code == 400
    assert deeds() == []


def test_a_platform_without_channels_is_named(sign_in: SignIn, channels: list[Channel]) -> None:
    item = factories.check_item("Impressum", platforms=frozenset({"Twitter", "facebook"}))
    browser = sign_in("manager")
    assert "Auf Twitter gibt es keinen Kanal." in browser.get(LIST).text
    assert browser.get(url(item, "change")).form("change").values["platforms"] == ["Facebook", "Twitter"]


def test_english_works_too(sign_in: SignIn, channels: list[Channel]) -> None:
    asking.ship()
    commitment = factories.check_item("Nur Links.", key="commitment.links", until_on=TODAY)
    browser = sign_in("manager", language="en")
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "L04")).one()
    assert "The imprint is reached from the profile" in browser.get(LIST).text
    for address in (ADD, REQUIRED, url(item), url(item, "change"), url(item, "stop"), url(commitment)):
        browser.get(address)
    assert "2 of 3 channels are no longer asked" in worded(browser, item, platforms=["XING"]).text
    assert in_force(item.wordings, TODAY) is not None


def test_rewording_one_language_asks_about_the_other(sign_in: SignIn) -> None:
    item = factories.check_item("Impressum mit drei Klicks", text_en="Imprint within three clicks")
    browser = sign_in("manager", language="en")
    url = f"/checklist/{item.id}/change"
    form = browser.get(url).form("/change")
    typed = form.filled(text_de="Impressum mit zwei Klicks", reason="So will es das Gesetz.")
    page = browser.post(url, typed, 422)
    assert "This still says what was asked before." in page.text
    again = page.form("/change")
    assert "The change is written down." in browser.post(url, again.filled(still_fits="y")).text
    assert worded_now(item) == ("Impressum mit zwei Klicks", "Imprint within three clicks")


def test_a_tick_on_a_platform_means_that_platform_even_beside_everywhere(sign_in: SignIn) -> None:
    factories.channel(platform="YouTube")
    browser = sign_in("manager", language="en")
    form = browser.get("/checklist/add").form("/add")
    page = browser.post(
        "/checklist/add",
        form.filled(text_de="Untertitel?", criterion="legality", platforms=["*", "YouTube"]),
    )
    assert "YouTube" in page.text
    item = db.session.scalars(select(CheckItem).order_by(CheckItem.id.desc())).first()
    assert item is not None
    assert item.wordings[-1].platforms == {"YouTube"}


def worded_now(item: CheckItem) -> tuple[str, str]:
    db.session.expire_all()
    return item.wordings[-1].text_de, item.wordings[-1].text_en
