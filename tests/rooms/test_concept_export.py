"""The concept written as TOML: read back it is the same, whatever it says, by command and by page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browsing import Browser
from tracker.concept.file import parse_concept, read_concept
from tracker.concept.schema import (
    ConceptFile,
    FileChannel,
    FileCommitment,
    FileContacts,
    FileMention,
    FileOrganisation,
    FileUnit,
)
from tracker.concept.writing import checked, to_toml
from tracker.rules.slots import CADENCES
from tracker.rules.words import ChannelState, Criterion

SignIn = Callable[..., Browser]
Run = Callable[..., Result]
EXAMPLE = Path(__file__).parents[2] / "examples" / "ihk-region-stuttgart.toml"

SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)) | st.sampled_from("äöüßÄ„“\"'\\#=[]{}\t")  # fmt: skip


def taken(text: str) -> str:
    """As reading a file takes a text: NFC, without blanks around."""
    import unicodedata  # noqa: PLC0415

    return unicodedata.normalize("NFC", text).strip()


def names(most: int = 40) -> st.SearchStrategy[str]:
    return st.text(SIGNS, min_size=1, max_size=most).map(taken).filter(bool)


TEXTS = st.text(SIGNS | st.just("\n"), min_size=1, max_size=200).map(taken).filter(bool)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
ADDRESSES = st.sampled_from([None, "https://social.example.org/@stadt", "http://münchen.example/?a=b&c=ü"])


@st.composite
def concepts(draw: st.DrawFn) -> ConceptFile:
    keys = draw(
        st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), min_size=1, max_size=3, unique=True)
    )
    units = tuple(FileUnit(key, f"{draw(names())} {k}"[:200]) for k, key in enumerate(keys))
    channels = []
    for k in range(draw(st.integers(1, 4))):
        opened, closed = sorted([draw(DAYS), draw(DAYS)])
        channels.append(
            FileChannel(
                platform=draw(names()),
                name=f"{draw(names())} {k}",
                unit=draw(st.sampled_from(keys)),
                **{key: draw(st.none() | names()) for key in ("responsible", "deputy", "provider")},
                **{key: draw(st.none() | TEXTS) for key in ("purpose", "content", "audience")},
                address=draw(ADDRESSES),
                reviews_per_year=draw(st.none() | st.sampled_from(CADENCES)),
                opened_on=draw(st.sampled_from([None, opened])),
                closed_on=draw(st.sampled_from([None, closed])),
                state=draw(st.none() | st.sampled_from(ChannelState)),
            )
        )
    lists = st.lists(names(), max_size=3).map(tuple)
    return ConceptFile(
        organisation=FileOrganisation(
            draw(names()),
            timezone=draw(st.sampled_from([None, "Europe/Berlin"])),
            language=draw(st.sampled_from([None, "de", "en"])),
            holiday_region=draw(st.sampled_from([None, "DE-BW"])),
            website=draw(ADDRESSES),
            platforms=draw(lists),
            legal_references=draw(lists),
        ),
        reviews_per_year=draw(st.sampled_from(CADENCES)),
        criteria=tuple(one for one in Criterion if draw(st.booleans())) or tuple(Criterion),
        units=units,
        channels=tuple(channels),
        commitments=tuple(FileCommitment(f"c-{k}", draw(TEXTS)) for k in range(draw(st.integers(0, 3)))),
        mentions=tuple(FileMention(draw(names()), draw(names())) for _ in range(draw(st.integers(0, 2)))),
        contacts=FileContacts(draw(st.none() | names()), draw(lists)),
    )


@settings(max_examples=60, deadline=None)
@given(concepts())
def test_whatever_a_concept_says_is_read_back_unchanged(concept: ConceptFile) -> None:
    again = parse_concept(to_toml(concept).encode(), "konzept.toml")
    assert again == concept
    assert (again.fingerprint, again.warnings) == (concept.fingerprint, ())


def test_the_example_is_read_back_unchanged() -> None:
    concept = read_concept(EXAMPLE)
    assert checked(concept).fingerprint == concept.fingerprint


def test_a_text_of_many_kinds_of_signs_is_read_back_unchanged() -> None:
    text = 'Er sagte: "ja"\n\nC:\\Ablage\\neu\n\'\'\' und """ und # kein Kommentar\n\tÄÖÜ ß 🦣 é'
    concept = read_concept(EXAMPLE)
    changed = replace(concept, channels=(replace(concept.channels[0], purpose=text), *concept.channels[1:]))
    assert checked(changed).channels[0].purpose == text


@pytest.mark.sqlite_only
def test_the_command_writes_what_loading_takes_as_known(run: Run, tmp_path: Path) -> None:
    assert run("export-concept").exit_code == 1  # nothing was loaded yet
    run("load-concept", str(EXAMPLE))
    path = tmp_path / "zurück.toml"
    written = run("export-concept", str(path))
    assert written.exit_code == 0, written.output
    assert "nothing was changed" in run("load-concept", str(path)).output
    assert run("export-concept").stdout == path.read_text("utf-8")


@pytest.mark.sqlite_only
def test_the_command_takes_an_earlier_version_and_names_one_that_is_not_there(
    run: Run, tmp_path: Path
) -> None:
    run("load-concept", str(EXAMPLE))
    changed = tmp_path / "neu.toml"
    changed.write_text(EXAMPLE.read_text("utf-8").replace("rund 30.000", "etwa 30.000"), "utf-8")
    run("load-concept", str(changed))
    assert "rund 30.000" in run("export-concept", "--version", "1").stdout
    assert "etwa 30.000" in run("export-concept", "--version", "2").stdout
    missing = run("export-concept", "--version", "3")
    assert (missing.exit_code, "no version 3" in missing.output) == (1, True), missing.output
    nowhere = run("export-concept", str(tmp_path / "gibt es nicht" / "x.toml"))
    assert nowhere.exit_code == 1
    assert "Traceback" not in nowhere.output


@pytest.mark.sqlite_only
def test_the_command_overwrites_nothing_unless_told(run: Run, tmp_path: Path) -> None:
    run("load-concept", str(EXAMPLE))
    path = tmp_path / "konzept.toml"
    path.write_text("meine Arbeit", "utf-8")
    refused = run("export-concept", str(path))
    assert (refused.exit_code, "--force" in refused.output) == (1, True), refused.output
    assert len(refused.output.splitlines()) == 1
    assert path.read_text("utf-8") == "meine Arbeit"
    assert run("export-concept", str(path), "--force").exit_code == 0
    assert read_concept(path) == read_concept(EXAMPLE)


@pytest.mark.sqlite_only
def test_the_page_offers_the_file_of_each_version(sign_in: SignIn, run: Run) -> None:
    run("load-concept", str(EXAMPLE))
    browser = sign_in("auditor")
    address = browser.get("/concept").link("Als Datei (TOML)")
    answer = browser.raw.get(address)
    assert answer.mimetype == "application/toml"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert parse_concept(answer.data, "konzept.toml") == read_concept(EXAMPLE)
    assert browser.raw.get("/concept/versions/7.toml").status_code == 404
