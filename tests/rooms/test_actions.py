"""Actions: the list, one of them, a new one, done and not done after all."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
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


def test_the_list_is_filtered_by_unit(sign_in: SignIn) -> None:
    one = agreed(what="Hier")
    agreed(what="Dort")
    assert one.channel is not None
    assert sign_in().get(f"/actions?unit={one.channel.unit_id}").words("th", scope="row") == ["Hier"]


def test_actions_of_other_units_do_not_exist(sign_in: SignIn) -> None:
    mine, other = agreed(what="Meine"), agreed(what="Fremde")
    assert mine.channel is not None
    browser = sign_in("editor", units=[mine.channel.unit])
    assert browser.get("/actions").words("th", scope="row") == ["Meine"]
    browser.get(f"/actions/{mine.id}")
    browser.get(f"/actions/{other.id}", expect=404)
    browser.post(f"/actions/{other.id}/finish", {"done_on": "2026-01-01"}, expect=404)
    browser.post(f"/actions/{other.id}/reopen", {}, expect=404)
    browser.get("/actions/99999999999999999999", expect=404)
    assert fresh(other).done_on is None


def test_done_is_noted_with_day_and_note_and_can_be_taken_back(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    action = agreed()
    browser = sign_in()
    form = browser.get(f"/actions/{action.id}").form("finish")
    assert form.values["done_on"] == "2026-05-04"
    page = browser.post(form.action, form.filled(note="Steht jetzt auf der Seite."))
    assert "Steht jetzt auf der Seite." in page.text
    assert fresh(action).done_on == date(2026, 5, 4)
    page = browser.post(page.form("reopen").action)
    assert fresh(action).done_on is None
    assert deeds() == ["actions.finish", "actions.reopen"]


def test_done_twice_is_noted_once(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    action = agreed()
    browser = sign_in()
    browser.post(f"/actions/{action.id}/finish", {"done_on": "2026-05-02"})
    browser.post(f"/actions/{action.id}/finish", {"done_on": "2026-05-03"})
    assert (fresh(action).done_on, deeds()) == (date(2026, 5, 2), ["actions.finish"])


def test_a_day_to_come_or_none_is_refused(sign_in: SignIn, clock_at: SetClock) -> None:
    clock_at("2026-05-04")
    action = agreed()
    browser = sign_in()
    for day in ("2026-05-05", "2026-02-30", "", "0001-01-01"):
        page = browser.post(f"/actions/{action.id}/finish", {"done_on": day, "note": "getippt"}, expect=422)
        assert "getippt" in page.text
    assert fresh(action).done_on is None


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
