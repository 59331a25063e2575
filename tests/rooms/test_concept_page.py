"""The concept page: the real concept loaded by command and by page, its gaps, and files that are refused."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from tests import factories
from tests.browsing import Browser
from tests.page import Page
from tracker import clock
from tracker.extensions import db
from tracker.models import (
    Channel,
    Commitment,
    ConceptVersion,
    Contact,
    Entry,
    Obligation,
    StateChange,
    Unit,
)
from tracker.rules.words import ChannelState

SignIn = Callable[..., Browser]
Run = Callable[..., Result]
SetClock = Callable[..., None]
EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"


def count(of: type) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def uploaded(
    browser: Browser, content: bytes, name: str = "konzept.toml", expect: int = 200, since: str = ""
) -> Page:
    return browser.post("/concept/load", {"file": (BytesIO(content), name), "since": since}, expect)


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "konzept.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def one_channel(more: str = "", n: int = 4) -> str:
    return (
        f'[organisation]\nname = "Stadt"\n[evaluation]\nreviews_per_year = {n}\n'
        '[[units]]\nkey = "s"\nname = "Stadt"\n'
        f'[[channels]]\nunit = "s"\nplatform = "Mastodon"\nname = "Stadt"\n{more}\n'
    )


def duties() -> list[tuple[date, date | None, int]]:
    rows = db.session.scalars(select(Obligation).order_by(Obligation.from_on))
    return [(row.from_on, row.until_on, row.reviews_per_year) for row in rows]


def test_the_real_concept_loads_by_command(run: Run, clock_at: SetClock) -> None:
    clock_at("2026-02-10")
    result = run("load-concept", str(EXAMPLE))
    assert result.exit_code == 0, result.output
    assert [count(one) for one in (Unit, Channel, Commitment, ConceptVersion, Obligation)] == [
        4,
        11,
        8,
        1,
        11,
    ]
    assert {row.from_on for row in db.session.scalars(select(Obligation))} == {date(2026, 1, 1)}


def test_loading_it_twice_changes_nothing(run: Run) -> None:
    run("load-concept", str(EXAMPLE))
    before = [count(one) for one in (Unit, Channel, Commitment, ConceptVersion, Obligation, Entry)]
    again = run("load-concept", str(EXAMPLE))
    assert (again.exit_code, "nothing was changed" in again.output) == (0, True)
    assert [count(one) for one in (Unit, Channel, Commitment, ConceptVersion, Obligation, Entry)] == before


def test_the_real_concept_loads_by_page_and_shows_its_gaps(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    empty = browser.get("/concept")
    assert "Noch kein Konzept" in empty.text
    page = uploaded(browser, EXAMPLE.read_bytes(), "ihk.toml")
    assert "Fassung 1 des Konzepts gilt" in page.text
    gaps = [words for words in page.words("th", scope="row") if not words.startswith("Fassung")]
    assert sum("Zielgruppe" in words for words in gaps) == 1
    assert sum("keine verantwortliche Person" in words for words in gaps) == 1
    assert sum("„Kommunikation“" in words for words in gaps) == 1
    assert sum("Anbieter" in words for words in gaps) == 1
    assert "9 Kanäle" in page.text
    assert sum("erwähnt" in words for words in gaps) == 1
    assert sum("überholt" in words for words in gaps) == 1
    assert sum("Vertretung" in words for words in gaps) == 1
    assert len(page.all("li", id="commitment-8")) == 1
    assert "11" in page.text
    assert "bereits geladen" in uploaded(browser, EXAMPLE.read_bytes()).text
    assert count(ConceptVersion) == 1


def test_a_gap_leads_to_where_a_contact_is_assigned_and_closes_with_a_mailbox(
    sign_in: SignIn, run: Run
) -> None:
    run("load-concept", str(EXAMPLE))
    browser = sign_in("manager")
    page = browser.get("/concept")
    assert page.link("Festlegen, wer erinnert wird").endswith("/contact")
    contact = db.session.scalars(select(Contact).where(Contact.name == "Kommunikation")).one()
    contact.email = "kommunikation@example.org"
    db.session.commit()
    assert "„Kommunikation“" not in browser.get("/concept").text


def test_a_broken_file_is_refused_whole_with_line_and_key(sign_in: SignIn, run: Run, tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("reviews_per_year = 4", "reviews_per_year = 5", 1)
    line = str(1 + text[: text.index("reviews_per_year = 5")].count("\n"))
    refused = run("load-concept", written(tmp_path, text))
    assert refused.exit_code == 1
    assert "reviews_per_year" in refused.output
    assert f" {line}," in refused.output
    page = uploaded(sign_in("manager"), text.encode(), expect=422)
    assert f"Zeile {line}, " in page.text
    assert count(Unit) == count(ConceptVersion) == 0


def test_what_is_no_text_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("admin")
    for content in (b"\xff\xfe\x00", b"[organisation", b"", b"\x00" * 10):
        uploaded(browser, content, expect=422)
    browser.post("/concept/load", {}, expect=422)
    assert count(ConceptVersion) == 0


def test_a_file_name_of_any_length_is_taken(sign_in: SignIn) -> None:
    uploaded(sign_in("manager"), one_channel().encode(), "C:\\Ablage\\" + "x" * 500 + ".toml")
    assert "\\" not in db.session.scalars(select(ConceptVersion.filename)).one()


def test_an_editor_reads_but_does_not_load(sign_in: SignIn, run: Run) -> None:
    run("load-concept", str(EXAMPLE))
    browser = sign_in("editor")
    assert "/concept/load" not in browser.get("/concept").html
    browser.get("/concept/load", expect=403)


def test_a_changed_file_makes_a_version_and_changes_what_is_owed_from_the_next_slot(
    sign_in: SignIn, run: Run, clock_at: SetClock, tmp_path: Path
) -> None:
    clock_at("2026-02-10")
    run("load-concept", written(tmp_path, one_channel()))
    result = run("load-concept", written(tmp_path, one_channel("reviews_per_year = 2")))
    assert result.exit_code == 0, result.output
    assert duties() == [(date(2026, 1, 1), date(2026, 6, 30), 4), (date(2026, 7, 1), None, 2)]
    browser = sign_in("auditor")
    page = browser.get("/concept")
    assert "frühere Fassung" in browser.get(page.link("Fassung 1")).text
    browser.get("/concept/versions/3", expect=404)
    browser.get("/concept/versions/99999999999999999999", expect=404)


def test_a_day_in_a_slot_that_has_ended_is_refused(
    sign_in: SignIn, run: Run, clock_at: SetClock, tmp_path: Path
) -> None:
    clock_at("2026-02-10")
    run("load-concept", written(tmp_path, one_channel()))
    clock_at("2026-05-10")
    changed = one_channel('state = "dormant"')
    assert run("load-concept", written(tmp_path, changed), "--since", "2026-02-01").exit_code == 1
    uploaded(sign_in("manager"), changed.encode(), expect=422, since="2026-02-01")
    assert (count(ConceptVersion), len(duties())) == (1, 1)


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_is_a_slip_of_the_pen_is_refused_beside_the_field(
    sign_in: SignIn, run: Run, tmp_path: Path, day: str
) -> None:
    refused = run("load-concept", written(tmp_path, one_channel()), "--since", day)
    assert (refused.exit_code, "1990 to 2199" in refused.output) == (2, True), refused.output
    page = uploaded(sign_in("manager"), one_channel().encode(), expect=422, since=day)
    assert page.words("p", id="since-error") == ["Das Jahr muss zwischen 1990 und 2199 liegen."]
    uploaded(sign_in("manager"), one_channel(f"opened_on = {day}").encode(), expect=422)
    assert count(ConceptVersion) == 0


def test_a_channel_closed_long_ago_does_not_stand_in_the_way_of_a_new_version(
    run: Run, clock_at: SetClock, tmp_path: Path
) -> None:
    clock_at("2026-02-10")
    closed = 'closed_on = 2026-02-20\nstate = "closed"'
    run("load-concept", written(tmp_path, one_channel()))
    run("load-concept", written(tmp_path, one_channel(closed)))
    assert duties() == [(date(2026, 1, 1), date(2026, 2, 19), 4)]
    clock_at("2026-11-10")
    result = run("load-concept", written(tmp_path, one_channel(closed, n=2)))
    assert result.exit_code == 0, result.output
    assert duties() == [(date(2026, 1, 1), date(2026, 2, 19), 4)]


def test_a_planned_channel_that_opens_owes_from_the_day_it_opened(
    run: Run, clock_at: SetClock, tmp_path: Path
) -> None:
    clock_at("2026-02-10")
    run("load-concept", written(tmp_path, one_channel('state = "planned"')))
    assert duties() == []
    clock_at("2026-04-20")
    run("load-concept", written(tmp_path, one_channel("opened_on = 2026-04-10")))
    assert duties() == [(date(2026, 4, 10), None, 4)]
    states = db.session.execute(select(StateChange.from_on, StateChange.state)).all()
    assert states == [(date(2026, 4, 10), ChannelState.ACTIVE)]


def test_a_channel_the_file_no_longer_has_is_named_and_not_closed(
    sign_in: SignIn, run: Run, tmp_path: Path
) -> None:
    run("load-concept", written(tmp_path, one_channel()))
    other = one_channel().replace('name = "Stadt"\n\n', 'name = "Archiv"\n\n')
    page = uploaded(sign_in("manager"), other.encode())
    assert "Mastodon Stadt" in page.text
    assert [row[1] for row in duties()] == [None, None]


def test_units_of_a_limited_person_bear_links_others_do_not(sign_in: SignIn, run: Run) -> None:
    run("load-concept", str(EXAMPLE))
    unit = db.session.scalars(select(Unit).order_by(Unit.position.desc())).first()
    assert unit is not None
    page = sign_in("editor", units=[unit]).get("/concept")
    linked = {one.get("href") for one in page.all("a") if (one.get("href") or "").startswith("/channels/")}
    ours = db.session.scalars(select(Channel.id).where(Channel.unit_id == unit.id))
    assert linked == {f"/channels/{one}" for one in ours}


def test_english_works_too(sign_in: SignIn, run: Run) -> None:
    factories.organisation()
    browser = sign_in("manager", language="en")
    browser.get("/concept")
    run("load-concept", str(EXAMPLE))
    browser.get("/concept")
    browser.get("/concept/load")


def test_a_channel_that_was_closed_since_has_no_gaps_any_more(
    sign_in: SignIn, run: Run, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-10-20")
    run("load-concept", str(EXAMPLE))
    browser = sign_in("manager")
    assert "9 Kanäle" in browser.get("/concept").text
    xing = db.session.scalars(select(Channel).where(Channel.platform == "XING")).first()
    assert xing is not None
    db.session.add(
        StateChange(channel_id=xing.id, from_on=date(2026, 10, 2), state=ChannelState.CLOSED, cause="Beschluss",
                    created_at=clock.now())
    )  # fmt: skip
    db.session.commit()
    assert "8 Kanäle" in browser.get("/concept").text
