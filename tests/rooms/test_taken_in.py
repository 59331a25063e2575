"""What reviews ask comes with the app and with the concept: taken in once, never over what managers changed."""

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import Result
from sqlalchemy import func, select

from tests import factories
from tracker import asking, clock, language
from tracker.concept.changes import load
from tracker.concept.file import parse_concept
from tracker.extensions import db
from tracker.models import CheckItem, CheckWording, Commitment, ConceptVersion, Entry
from tracker.rules.checking import in_force
from tracker.rules.words import Criterion

BEGINNING, V2, V3 = date(1990, 1, 1), date(2026, 10, 1), date(2027, 1, 1)
CONCEPT = """[organisation]
name = "Stadt"
[evaluation]
reviews_per_year = 4
[[units]]
key = "s"
name = "Stadt"
[[channels]]
unit = "s"
platform = "Mastodon"
name = "Stadt"
"""
TEXTS = ("text_de", "text_en", "how_de", "how_en")
pytestmark = pytest.mark.usefixtures("app")


def taken_in(since: date | None, **commitments: str) -> None:
    """Load a concept with these commitments."""
    said = "".join(f'[[commitments]]\nkey = "{key}"\ntext = "{text}"\n' for key, text in commitments.items())
    load(parse_concept((CONCEPT + said).encode(), "konzept.toml"), "konzept.toml", since)
    db.session.commit()


def commitments(day: date) -> dict[str, str]:
    """What is asked of the concept's commitments on a day."""
    rows = db.session.scalars(select(CheckItem).where(CheckItem.key.startswith(asking.COMMITMENT)))
    found = {row.key.removeprefix(asking.COMMITMENT): in_force(row.wordings, day) for row in rows}
    return {key: wording.text_de for key, wording in found.items() if wording is not None}


def number(of: type[CheckItem] | type[CheckWording]) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def deeds() -> list[str]:
    return list(db.session.scalars(select(Entry.deed).order_by(Entry.number)))


@pytest.fixture(autouse=True)
def _in_july(clock_at: Callable[[str], None]) -> None:
    clock_at("2026-07-14")


def test_the_shipped_file_has_fifteen_items_and_eight_prompts_in_both_languages() -> None:
    found = asking.shipped()
    assert [one["key"] for one in found[Criterion.LEGALITY]] == [f"L{k:02}" for k in range(1, 16)]
    assert [one["key"] for one in found[Criterion.LEGALITY] if not one.get("asked", True)] == ["L15"]
    assert (len(found[Criterion.COST_BENEFIT]), len(found[Criterion.STRATEGY])) == (3, 5)
    everything = [one for listed in found.values() for one in listed]
    assert len({one["key"] for one in everything}) == len(everything)
    assert [one["key"] for one in everything if not all(one[name].strip() for name in TEXTS)] == []
    assert [
        one["key"]
        for one in everything
        if any(one[f"{kind}_de"] == one[f"{kind}_en"] for kind in ("text", "how"))
    ] == []
    assert [one["key"] for criterion in (Criterion.COST_BENEFIT, Criterion.STRATEGY) for one in found[criterion]
            if not one["text_de"].endswith("?") or not one["text_en"].endswith("?")] == []  # fmt: skip


def test_shipping_twice_changes_nothing_and_leaves_what_managers_wrote() -> None:
    asking.ship()
    db.session.commit()
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "L04")).one()
    factories.wording(item, "Impressum, eigene Worte", date(2026, 7, 1))
    assert asking.ship() == 0
    db.session.commit()
    assert (number(CheckItem), number(CheckWording)) == (23, 24)
    assert item.wordings[-1].text_de == "Impressum, eigene Worte"
    assert deeds() == ["checklist.change"]


def test_they_are_asked_from_the_beginning_and_the_optional_one_nowhere() -> None:
    asking.ship()
    rows = {row.key: in_force(row.wordings, BEGINNING) for row in db.session.scalars(select(CheckItem))}
    assert {row.from_on for row in rows.values() if row} == {BEGINNING}
    assert [key for key, row in rows.items() if row and row.platforms == frozenset()] == ["L15"]


def test_init_takes_them_in_once(run: Callable[..., Result]) -> None:
    for _again in range(2):
        assert run("init").exit_code == 0
    assert (number(CheckItem), deeds()) == (23, ["checklist.change"])


def test_an_installation_with_a_concept_but_no_items_gets_both_by_init(run: Callable[..., Result]) -> None:
    factories.organisation()
    version = ConceptVersion(
        number=3, since_on=V2, loaded_at=clock.now(), filename="k.toml", fingerprint="x", content={}
    )
    version.commitments = [Commitment(key="links", text="Nur Links.", position=1)]
    db.session.add(version)
    db.session.commit()
    for _again in range(2):
        run("init")
    assert commitments(date(2020, 1, 1)) == {"links": "Nur Links."}
    assert number(CheckItem) == 24


def test_the_first_concept_asks_its_commitments_from_the_beginning() -> None:
    taken_in(None, links="Nur Links.", imprint="Impressum ist da.")
    assert commitments(BEGINNING) == {"links": "Nur Links.", "imprint": "Impressum ist da."}
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "commitment.imprint")).one()
    assert item.criterion is Criterion.LEGALITY
    assert item.position == 17, "behind the shipped ones"
    assert item.wordings[0].text("en") == "Impressum ist da."


def test_loading_the_same_concept_twice_changes_nothing() -> None:
    for _again in range(2):
        taken_in(None, links="Nur Links.")
    assert (number(CheckItem), number(CheckWording)) == (24, 24)
    assert deeds() == ["obligations.begin", "checklist.change", "concept.load"]


def test_a_new_version_words_anew_adds_and_ends_from_its_day_on() -> None:
    taken_in(None, links="Nur Links.", imprint="Impressum ist da.", stays="Bleibt.")
    taken_in(V2, links="Nur Links, keine Plugins.", stays="Bleibt.", new="Kommt dazu.")
    assert commitments(date(2026, 9, 30)) == {
        "links": "Nur Links.",
        "imprint": "Impressum ist da.",
        "stays": "Bleibt.",
    }
    assert commitments(V2) == {"links": "Nur Links, keine Plugins.", "stays": "Bleibt.", "new": "Kommt dazu."}
    assert number(CheckWording) == 23 + 5


def test_a_commitment_that_comes_back_is_asked_again() -> None:
    taken_in(None, links="Nur Links.")
    taken_in(V2)
    taken_in(V3, links="Nur Links.")
    asked = [commitments(day) for day in (date(2026, 9, 30), V2, date(2026, 12, 31), V3)]
    assert asked == [{"links": "Nur Links."}, {}, {}, {"links": "Nur Links."}]


def test_one_planned_for_later_gives_way_to_a_version_that_leaves_it_out() -> None:
    taken_in(None, links="Nur Links.")
    taken_in(V3, links="Nur Links, keine Plugins.")
    taken_in(V2)
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "commitment.links")).one()
    for day in (V2, V3):
        found = in_force(item.wordings, day)
        assert found is None or found.platforms == frozenset()


def test_where_managers_switched_a_commitment_stays_when_its_words_change() -> None:
    taken_in(None, links="Nur Links.")
    item = db.session.scalars(select(CheckItem).where(CheckItem.key == "commitment.links")).one()
    factories.wording(
        item, "Nur Links.", language.today(), platforms=frozenset({"Mastodon"}), how_de="Fußzeile ansehen."
    )
    taken_in(V2, links="Nur Links, keine Plugins.")
    newest = in_force(item.wordings, V2)
    assert newest is not None
    assert (newest.text_de, newest.platforms, newest.how_de) == (
        "Nur Links, keine Plugins.", frozenset({"Mastodon"}), "Fußzeile ansehen.",
    )  # fmt: skip
