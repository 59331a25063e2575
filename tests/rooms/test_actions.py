"""Actions: the list with its filters, who sees which, and a new one."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tracker import clock
from tracker.extensions import db
from tracker.models import Action, Channel, Entry

SignIn = Callable[..., Browser]
SetClock = Callable[..., None]


def agreed(
    channel: Channel | None = None, due_on: date = date(2026, 4, 30), what: str = "Impressum ergänzen"
) -> Action:
    made: Action = factories.action(channel or factories.channel(), factories.contact(), due_on, what)
    return made


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


def fresh(action: Action) -> Action:
    db.session.expire_all()
    return db.session.get_one(Action, action.id)


def test_without_actions_the_page_says_where_they_come_from(sign_in: SignIn) -> None:
    factories.organisation()
    assert "Noch keine Maßnahme" in sign_in("auditor").get("/actions").text


def test_open_ones_stand_first_by_due_date_and_overdue_ones_are_marked(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    done = agreed(due_on=date(2026, 1, 1), what="Erledigtes")
    done.done_on = date(2026, 2, 2)
    agreed(due_on=date(2026, 6, 1), what="Späteres")
    agreed(due_on=date(2026, 5, 3), what="Überfälliges")
    agreed(due_on=date(2026, 5, 4), what="Heutiges")
    db.session.commit()
    browser = sign_in("auditor")
    page = browser.get("/actions?state=all")
    assert page.words("th", scope="row") == ["Überfälliges", "Heutiges", "Späteres", "Erledigtes"]
    assert len(page.all("span", class_="outcome-overdue")) == 1
    assert browser.get("/actions").words("th", scope="row") == ["Überfälliges", "Heutiges", "Späteres"]
    assert browser.get("/actions?state=done").words("th", scope="row") == ["Erledigtes"]
    assert len(browser.get("/actions?state=nonsense&unit=x&page=-1").words("th", scope="row")) == 3


def listed(browser: Browser, query: str) -> list[str]:
    return browser.get(f"/actions?{query}").words("th", scope="row")


def test_the_list_is_filtered_by_unit_channel_owner_and_being_overdue(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    one, other = agreed(what="Hier", due_on=date(2026, 5, 3)), agreed(what="Dort", due_on=date(2026, 5, 4))
    assert one.channel is not None
    browser = sign_in("auditor")
    for query in (
        f"unit={one.channel.unit_id}",
        f"channel={one.channel_id}",
        f"owner={one.owner_id}",
        "state=overdue",
    ):
        assert listed(browser, query) == ["Hier"], query
    assert listed(browser, f"channel={other.channel_id}&state=overdue") == []
    for nonsense in ("owner=99", "channel=99999999999999999999", "unit=%00", "text=%00", "owner=me2"):
        assert len(listed(browser, nonsense)) == 2, nonsense


def test_the_list_is_searched_for_words_wherever_they_stand(sign_in: SignIn) -> None:
    one, other = agreed(what="Übersicht der Ämter"), agreed(what="100 % der Bilder")
    other.owner.name, other.done_note = "Pressestelle", "Steht"
    db.session.commit()
    browser = sign_in()
    for words in ("übersicht", "ÄMTER der", one.owner.name):
        assert listed(browser, f"text={words}") == ["Übersicht der Ämter"], words
    for words in ("pressestelle", "100 %25", "steht bilder"):
        assert listed(browser, f"text={words}") == ["100 % der Bilder"], words
    for words in ("%25%25", "_", "Bilder Ämter", "x" * 5_000):
        assert listed(browser, f"text={words}") == [], words
    assert browser.get("/actions?text=<b>%22").all("input", id="f-text")[0].get("value") == '<b>"'


def test_one_finds_what_is_ones_own(sign_in: SignIn) -> None:
    me = factories.person("editor")
    factories.action(factories.channel(), factories.contact(me), date(2099, 1, 1), "Meines")
    agreed(what="Anderes")
    browser = sign_in(me)
    page = browser.get("/actions")
    assert listed(browser, page.link("1 liegt bei Ihnen").partition("?")[2]) == ["Meines"]
    assert listed(sign_in("auditor"), "owner=me") == [], "who is no contact owns nothing"


def test_the_sentence_above_counts_what_one_may_see(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    mine, _other = agreed(due_on=date(2026, 5, 1)), agreed(due_on=date(2026, 5, 1))
    done = agreed(mine.channel)
    done.done_on = date(2026, 5, 2)
    assert mine.channel is not None
    said = sign_in("editor", units=[mine.channel.unit]).get("/actions").text
    assert "1 Maßnahme ist offen , davon 1 überfällig ; 1 ist erledigt" in said
    assert "2 Maßnahmen sind offen , davon 2 überfällig" in sign_in().get("/actions").text


def test_a_long_list_has_pages_which_keep_the_filter(sign_in: SignIn) -> None:
    channel, owner = factories.channel(), factories.contact()
    for k in range(51):
        db.session.add(Action(what=f"Nummer {k}", owner_id=owner.id, channel_id=channel.id, due_on=date(2099, 1, 1),
                              agreed_on=date(2026, 1, 1), created_at=clock.now()))  # fmt: skip
    db.session.commit()
    browser = sign_in()
    first = browser.get(f"/actions?channel={channel.id}&text=nummer")
    assert len(first.words("th", scope="row")) == 50
    assert browser.get(first.link("Weiter")).words("th", scope="row") == ["Nummer 50"]
    assert f"channel={channel.id}" in first.link("Weiter")
    assert len(listed(browser, "page=99999999999999999999")) == 1


def test_what_belongs_to_no_channel_is_seen_by_all_and_changed_by_few(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    unit, owner = factories.unit(), factories.person("editor")
    action = agreed()
    action.channel_id, action.owner_id = None, factories.contact(owner).id
    db.session.commit()
    limited = sign_in("editor", units=[unit])
    page = limited.get("/actions")
    assert "gesamte Organisation" in page.text
    assert "Erledigt melden" not in limited.get(f"/actions/{action.id}").text
    limited.post(f"/actions/{action.id}/finish", {"done_on": "2026-05-04"}, expect=403)
    assert "Erledigt melden" in sign_in(owner).get(f"/actions/{action.id}").text


def test_actions_of_other_units_do_not_exist(sign_in: SignIn) -> None:
    mine, other = agreed(what="Meine"), agreed(what="Fremde")
    assert mine.channel is not None
    browser = sign_in("editor", units=[mine.channel.unit])
    assert browser.get("/actions").words("th", scope="row") == ["Meine"]
    browser.get(f"/actions/{mine.id}")
    browser.get(f"/actions/{other.id}", expect=404)
    browser.post(f"/actions/{other.id}/finish", {"done_on": "2026-01-01"}, expect=404)
    browser.post(f"/actions/{other.id}/reopen", {"reason": "doch nicht"}, expect=404)
    browser.post(f"/actions/{other.id}/move", {"due_on": "2099-01-01", "reason": "später"}, expect=404)
    browser.get("/actions/99999999999999999999", expect=404)
    assert fresh(other).done_on is None


def test_an_auditor_changes_nothing(sign_in: SignIn) -> None:
    action = agreed()
    browser = sign_in("auditor")
    assert "Erledigt melden" not in browser.get(f"/actions/{action.id}").text
    browser.post(f"/actions/{action.id}/finish", {"done_on": "2026-01-01"}, expect=403)
    browser.get("/actions/add", expect=403)


def test_an_action_is_added_once_however_often_it_is_sent(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    channel, owner = factories.channel(), factories.contact(name="Presse")
    browser = sign_in()
    filled = {
        "channel": str(channel.id),
        "what": "<b>Bild</b> tauschen\x00",
        "owner": str(owner.id),
        "due_on": "2026-05-31",
    }
    page = browser.post("/actions/add", filled)
    assert "<b>Bild</b> tauschen" in page.words("h1")[0]
    browser.post("/actions/add", filled)
    made = db.session.scalars(select(Action)).one()
    assert (made.channel_id, made.owner_id, made.agreed_on) == (channel.id, owner.id, date(2026, 5, 4))
    assert deeds() == ["actions.add"]


def test_an_action_may_belong_to_no_channel_unless_one_is_limited_to_units(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    unit, owner = factories.unit(), factories.contact(email="presse@example.org")
    filled = {"channel": "none", "what": "Leitfaden", "owner": str(owner.id), "due_on": "2026-05-31"}
    sign_in("editor", units=[unit]).post("/actions/add", filled, expect=422)
    browser = sign_in()
    for _again in range(2):
        page = browser.post("/actions/add", filled)
    assert "Außerhalb einer Sitzung vereinbart, fällig am 31.05.2026" in page.text
    assert "Keine Nachricht erreicht" not in page.text
    assert db.session.scalars(select(Action)).one().channel_id is None


def test_who_has_no_address_may_own_an_action_and_the_page_says_what_that_means(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    channel, owner = factories.channel(), factories.contact(name="Pressestelle")
    browser = sign_in()
    form = browser.get(f"/actions/add?channel={channel.id}")
    assert "Pressestelle (ohne Adresse)" in form.words("option")
    assert form.form("add").values["channel"] == str(channel.id)
    filled = {"channel": str(channel.id), "what": "Bild", "owner": str(owner.id), "due_on": "2026-05-31"}
    assert "Keine Nachricht erreicht Pressestelle." in browser.post("/actions/add", filled).text


def test_an_action_lacking_something_is_refused_and_what_was_typed_stays(
    sign_in: SignIn, clock_at: SetClock
) -> None:
    clock_at("2026-05-04")
    channel, owner = factories.channel(), factories.contact()
    whole = {
        "channel": str(channel.id),
        "what": "Bild tauschen",
        "owner": str(owner.id),
        "due_on": "2026-05-31",
    }
    browser = sign_in()
    for name, value in (
        ("channel", ""), ("channel", "99"), ("what", " "), ("what", "x" * 100_000), ("owner", ""), ("owner", "x"),
        ("due_on", "2026-05-03"), ("due_on", "2026-02-30"), ("due_on", ""),
    ):  # fmt: skip
        page = browser.post("/actions/add", {**whole, name: value}, expect=422)
        marked = [one.get("id") for tag in ("input", "select", "textarea") for one in page.all(tag)
                  if one.get("aria-invalid")]  # fmt: skip
        assert marked == [name]
    assert db.session.scalar(select(func.count(Action.id))) == 0


def test_an_editor_adds_actions_to_channels_of_their_units_only(sign_in: SignIn) -> None:
    mine, other = factories.channel(), factories.channel(name="Fremder Kanal")
    owner = factories.contact()
    browser = sign_in("editor", units=[mine.unit])
    assert "Fremder Kanal" not in browser.get("/actions/add").text
    filled = {"channel": str(other.id), "what": "Bild", "owner": str(owner.id), "due_on": "2099-05-31"}
    browser.post("/actions/add", filled, expect=422)


def test_english_works_too(sign_in: SignIn) -> None:
    action = agreed()
    browser = sign_in(language="en")
    for url in ("", "/add", f"/{action.id}"):
        browser.get(f"/actions{url}")
