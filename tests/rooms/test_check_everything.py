"""Checking everything goes on while one is elsewhere: who asked sees how far it is, others see the same check."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, exports, journal, making, obligations, taking_home
from tracker.evidence import checking, queries
from tracker.extensions import db
from tracker.models import Export
from tracker.rules.words import Criterion

SignIn = Callable[..., Browser]
URL = "/journal/verify"


@pytest.fixture(autouse=True)
def _something_to_check(app: Flask, clock_at: Callable[[Any], None]) -> None:
    clock_at("2026-10-13")
    channel = factories.channel(since=None)
    obligations.begin(channel, date(2026, 1, 1), 4, frozenset(Criterion), "Konzept")
    db.session.commit()


def ask(who: Browser, head: str = "") -> str:
    """The address of the check that somebody asks for."""
    answer = who.send(URL, {"head": head})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def all_checks() -> list[Export]:
    db.session.expire_all()
    return list(db.session.scalars(select(Export).order_by(Export.id)))


def do() -> int:
    db.session.rollback()
    return making.make_waiting()


@pytest.mark.both
def test_a_check_is_asked_for_done_meanwhile_and_stays_readable(sign_in: SignIn) -> None:
    auditor, manager = sign_in("auditor"), sign_in("manager")
    url = ask(auditor, journal.head(db.session)[1])
    page = auditor.get(url)
    assert "Wartet, bis sie an der Reihe ist" in page.text
    assert "Sie können diese Seite inzwischen verlassen." in page.text

    assert do() == 1
    for who in (auditor, manager):
        page = who.get(url)
        assert "Alles in Ordnung" in page.text
        assert f"Veranlasst von {auditor.person.full_name}." in page.text
        assert "Bis dahin ist nichts verändert." in page.text
        assert url in who.get(URL).html
    assert "data-refresh" not in page.html, "nothing moves any more"


def test_the_bar_says_what_and_how_much(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    url = ask(auditor)
    exports.claim()
    maker = exports.Maker(all_checks()[0])
    assert "Wird geprüft" in auditor.get(url).text
    for what, count, said in (
        ("chain", 12_000, "1 von 2, die Kette: 12.000 von 48.000 Einträgen"),
        ("closed", 300, "2 von 2, das Abgeschlossene: mit 300 von 48.000 Einträgen verglichen"),
    ):
        db.session.rollback()
        maker.step(count, 48_000, what)
        for page in (auditor.get(url), auditor.get(URL)):
            assert said in page.text
            assert f'<progress value="{count}" max="48000">' in page.html


def test_two_who_ask_for_the_same_share_one_check_and_only_the_first_may_stop_it(sign_in: SignIn) -> None:
    auditor, manager = sign_in("auditor"), sign_in("manager")
    url = ask(auditor)
    assert ask(auditor) == url, "a form sent twice"
    page = manager.post(URL, {"head": ""})
    assert f"{auditor.person.full_name} hat dieselbe Prüfung schon veranlasst." in page.text
    assert f"{url}/cancel" not in page.html
    assert manager.send(f"{url}/cancel").status_code == 404
    assert [one.state for one in all_checks()] == ["waiting"]


def test_who_asks_for_another_check_has_one_at_a_time(sign_in: SignIn) -> None:
    auditor, manager = sign_in("auditor"), sign_in("manager")
    url = ask(auditor)
    page = auditor.post(URL, {"head": "a" * 64})
    assert "Ihre Prüfung läuft noch." in page.text
    assert ask(manager, "a" * 64) != url
    assert do() == 2
    assert ask(auditor) != url
    assert "nicht in der Kette" in manager.get(f"{URL}/{all_checks()[1].id}").text


@pytest.mark.both
def test_a_check_under_way_is_stopped_and_nothing_is_found_out(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = sign_in("auditor")
    url = ask(auditor)

    def stopped_meanwhile(_sought: str | None, step: Callable[[int, int, str], None]) -> None:
        assert "Wird geprüft" in auditor.get(url).text
        assert "Die Prüfung wurde abgebrochen." in auditor.post(f"{url}/cancel").text
        taking_home.begin_snapshot()
        step(1, 2, "chain")
        raise AssertionError("it went on")

    monkeypatch.setattr(queries, "verified", stopped_meanwhile)
    do()
    assert [(one.state, one.said) for one in all_checks()] == [("cancelled", "")]
    assert "Wurde abgebrochen" in auditor.get(url).text

    monkeypatch.undo()
    again = ask(auditor)
    do()
    assert "Alles in Ordnung" in auditor.post(f"{again}/cancel").text, "what was found stays"


def test_a_server_that_was_killed_begins_the_check_anew(sign_in: SignIn) -> None:
    url = ask(auditor := sign_in("auditor"))
    exports.claim()
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        assert do() == 1
    assert "Alles in Ordnung" in auditor.get(url).text


def test_a_check_that_fails_says_so(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> None:
        taking_home.begin_snapshot()
        raise RuntimeError("database disk image is malformed")

    url = ask(auditor := sign_in("auditor"))
    monkeypatch.setattr(queries, "verified", broken)
    do()
    page = auditor.get(url)
    assert "Die Prüfung konnte nicht beendet werden." in page.text
    assert "malformed" not in page.text


def test_a_check_is_no_file_and_no_entry_and_a_file_no_check(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    entries = journal.head(db.session)[0]
    url = ask(auditor)
    do()
    assert journal.head(db.session)[0] == entries
    key = all_checks()[0].id
    assert auditor.raw.get(f"/evidence/files/{key}").status_code == 404
    assert auditor.send(f"/evidence/files/{key}/cancel").status_code == 404
    assert "Noch keine Dateien" in auditor.get("/evidence/files").text
    auditor.send("/evidence/export.dossier")
    file = all_checks()[1].id
    assert auditor.raw.get(f"{URL}/{file}").status_code == 404
    assert auditor.send(f"{URL}/{file}/cancel").status_code == 404
    assert url.endswith(f"/{key}")


def test_who_is_limited_to_units_sees_no_check_at_all(sign_in: SignIn) -> None:
    url = ask(sign_in("auditor"))
    other = sign_in("auditor", units=[factories.unit()])
    for answer in (other.raw.get(url), other.send(URL), other.send(f"{url}/cancel")):
        assert answer.status_code == 404


def test_many_findings_are_kept_in_part_and_counted_in_full(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_KEPT", 2)
    found = queries.verified(None)
    db.session.rollback()
    key = checking.Key("review", 1)
    found.closed.add(*(checking.Finding(key, field, 3, 1) for field in ("legality", "strategy", "reason")))
    monkeypatch.setattr(queries, "verified", lambda *_given: taking_home.begin_snapshot() or found)
    url = ask(auditor := sign_in("auditor"))
    do()
    page = auditor.get(url)
    assert "Evaluierung 1 der Sitzung 1: „Rechtmäßigkeit“ ist nicht so, wie Eintrag 3 sagt." in page.text
    assert "Und 1 weitere" in page.text
