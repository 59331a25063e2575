"""Files that are made in the background: asked for, waited for, taken, thrown away; and never left lying about."""

import errno
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, has_request_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.browsing import Browser
from tracker import clock, csv_file, exports, making
from tracker.evidence import export, rows
from tracker.extensions import db
from tracker.models import Channel, Entry, Export, unit_limits

SignIn = Callable[..., Browser]
ON = date(2026, 10, 13)


@pytest.fixture
def channel(app: Flask, clock_at: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> Channel:
    """One channel; and already a workbook of it is said to take long."""
    clock_at(ON)
    made = factories.channel(factories.unit("Zweigstelle Süd"), name="Kanal Süd", since=date(2026, 1, 1))
    factories.closed_meeting(date(2026, 3, 17), [made])
    monkeypatch.setattr(export, "MANY_CHANNELS", 0)
    return made


def newest() -> Export:
    db.session.expire_all()
    return db.session.scalars(select(Export).order_by(Export.id.desc()).limit(1)).one()


def made() -> Export:
    db.session.rollback()
    making.make_waiting()
    return newest()


@pytest.mark.both
def test_a_long_file_is_asked_for_made_and_taken(channel: Channel, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.post("/evidence/export.xlsx", {"platform": channel.platform})
    assert "wartet, bis sie an der Reihe ist" in page.text
    assert f"Plattform: {channel.platform}" in page.text
    assert db.session.scalars(select(Entry.deed).order_by(Entry.number.desc())).first() == "evidence.export"

    row = made()
    page = auditor.get("/evidence/files")
    assert "fertig" in page.text
    answer = auditor.raw.get(f"/evidence/files/{row.id}")
    assert answer.status_code == 200
    assert answer.get_data()[:2] == b"PK"
    assert answer.headers["Content-Disposition"].endswith("-2026-10-13.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_nobody_else_gets_it_and_it_cannot_be_taken_before_it_is_there(
    channel: Channel, sign_in: SignIn
) -> None:
    auditor, other = sign_in("auditor"), sign_in("auditor")
    auditor.send("/evidence/export.dossier", {})
    url = f"/evidence/files/{newest().id}"
    assert auditor.raw.get(url).status_code == 404
    made()
    assert auditor.raw.get(url).status_code == 200
    assert other.raw.get(url).status_code == 404
    assert other.send(f"{url}/cancel", {}).status_code == 404
    assert "Noch keine Dateien" in other.get("/evidence/files").text


def test_whose_units_have_become_fewer_cannot_take_what_was_made_before(
    channel: Channel, sign_in: SignIn
) -> None:
    auditor = sign_in("auditor")
    auditor.send("/evidence/export.xlsx", {})
    row = made()
    only = {
        "user_id": auditor.person.id,
        "role_id": auditor.person.roles[0].id,
        "unit_id": factories.unit().id,
    }
    db.session.execute(unit_limits.insert().values(only))
    db.session.commit()
    assert auditor.raw.get(f"/evidence/files/{row.id}").status_code == 404


@pytest.mark.both
def test_a_file_under_way_can_be_stopped(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = sign_in("auditor")
    auditor.send("/evidence/export.xlsx", {})
    key = newest().id
    by_channel = rows.by_channel

    def stopped_meanwhile(*given: Any) -> Iterator[Any]:
        with db.engine.begin() as somebody_else:
            somebody_else.execute(Export.__table__.update().values(state="cancelled"))
        clock_later.append(clock.set_to(clock.now() + timedelta(seconds=5)))
        clock_later[0].__enter__()
        yield from by_channel(*given)

    clock_later: list[Any] = []
    monkeypatch.setattr(rows, "by_channel", stopped_meanwhile)
    row = made()
    clock_later[0].__exit__(None, None, None)

    assert (row.id, row.state, row.size) == (key, "cancelled", None)
    assert list(exports.folder().iterdir()) == []


def test_a_file_can_be_thrown_away(channel: Channel, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    auditor.send("/evidence/export.xlsx", {})
    row = made()
    page = auditor.post(f"/evidence/files/{row.id}/cancel", {})
    assert "Die Datei wurde verworfen." in page.text
    assert auditor.raw.get(f"/evidence/files/{row.id}").status_code == 404
    assert list(exports.folder().iterdir()) == []


def test_after_its_days_a_file_goes_away_with_what_was_asked(
    channel: Channel, sign_in: SignIn, clock_at: Callable[[Any], None]
) -> None:
    auditor = sign_in("auditor")
    auditor.send("/evidence/export.xlsx", {"text": "Impressum"})
    made()
    clock_at("2026-10-21")
    row = made()
    assert (row.state, row.asked) == ("expired", "{}")
    assert list(exports.folder().iterdir()) == []


def test_what_a_killed_maker_began_is_begun_anew(
    channel: Channel, sign_in: SignIn, clock_at: Callable[[Any], None]
) -> None:
    sign_in("auditor").send("/evidence/export.xlsx", {})
    key = exports.claim()
    (exports.folder() / f"{newest().name}.part").write_bytes(b"half")
    assert made().state == "running", "it may still be alive"
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        row = made()
    assert (row.id, row.state) == (key, "done")
    assert [path.name for path in exports.folder().iterdir()] == [row.name]


@pytest.mark.both
def test_a_maker_taken_for_dead_that_lives_on_stops_and_harms_nothing(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in("auditor").send("/evidence/export.xlsx", {})
    exports.claim()
    slow = exports.Maker(newest())
    db.session.rollback()
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        assert made().state == "done"
        db.session.rollback()
        with pytest.raises(exports.Cancelled):
            slow.step(1, 2, "channels")
    slow.failed("zu spät")
    assert newest().state == "done"


def test_a_full_disk_is_said_and_nothing_is_left(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    auditor = sign_in("auditor")
    auditor.send("/evidence/export.xlsx", {})
    monkeypatch.setattr(making.xlsx_file, "write", full)
    assert made().state == "failed"
    assert "No space left on device" in auditor.get("/evidence/files").text
    assert list(exports.folder().iterdir()) == []

    monkeypatch.setattr(export, "MANY_CHANNELS", 300)
    page = auditor.post("/evidence/export.xlsx", {})
    assert "No space left on device" in page.text


def test_a_download_begins_before_everything_is_read_and_may_be_broken_off(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.closed_meeting(date(2026, 6, 16), [channel])
    read = []
    real = rows.by_channel

    def counted(*given: Any) -> Iterator[Any]:
        for found in real(*given):
            for row in found:
                read.append(row)
                yield [row]

    monkeypatch.setattr(rows, "by_channel", counted)
    monkeypatch.setattr(csv_file, "PIECE", 2)
    auditor = sign_in("auditor")

    def take_one_piece() -> None:
        _cv_app.set(None)
        answer = FlaskClient.open(auditor.raw, "/evidence/export.csv", method="POST")
        next(answer.iter_encoded())
        answer.close()

    db.session.commit()
    copy_context().run(take_one_piece)
    noted = db.session.scalars(select(Entry.deed)).all()
    db.session.rollback()
    assert "evidence.export" in noted
    assert len(read) < 5
    monkeypatch.setattr(rows, "by_channel", real)
    assert "12 von 12 Zeilen" in auditor.get("/evidence").text, "the next page is as if nothing had been"


def test_a_download_that_nobody_reads_ends_its_snapshot_within_the_request(
    channel: Channel, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []
    real = rows.by_channel

    def told(*given: Any) -> Iterator[Any]:
        try:
            yield from real(*given)
        finally:
            ended.append(has_request_context())

    monkeypatch.setattr(rows, "by_channel", told)
    monkeypatch.setattr(csv_file, "PIECE", 2)
    auditor = sign_in("auditor")

    def take_nothing() -> None:
        _cv_app.set(None)
        FlaskClient.open(auditor.raw, "/evidence/export.csv", method="POST").close()

    db.session.commit()
    copy_context().run(take_nothing)
    assert ended == [True]


def test_an_editor_has_no_files(channel: Channel, sign_in: SignIn) -> None:
    editor = sign_in("editor")
    assert editor.raw.get("/evidence/files").status_code == 403
    assert "/evidence/files" not in editor.get("/evidence").html
