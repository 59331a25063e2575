"""The dossier: checked where nothing of the app is, and whoever changes something in it is found out."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tracker import exports, making
from tracker.dossier.contents import checker
from tracker.evidence import export
from tracker.evidence.chain import START
from tracker.evidence.filters import Filters
from tracker.extensions import db
from tracker.models import Channel, Export, Unit, User
from tracker.reviews import changes
from tracker.reviews.logged import Attendee, LoggedHead, LoggedMeeting, LoggedRating, LoggedRow
from tracker.rules.words import Criterion, Level

ON = date(2026, 10, 13)


def logged(on: date, channels: list[Channel], by: User) -> None:
    """A meeting closed as the page closes it, so that the journal tells what it found."""
    meeting = factories.planned_meeting(on, channels)
    ratings = {
        Criterion.COST_BENEFIT: LoggedRating(Level.CLEAR, "Aufwand stabil"),
        Criterion.LEGALITY: LoggedRating(Level.REMARK, "Impressum prüfen"),
        Criterion.STRATEGY: LoggedRating(Level.CLEAR),
    }
    head = LoggedHead(on, "Katrin Seidel", "Jonas Brandt", (Attendee("Jonas Brandt", by.id),))
    changes.close(meeting, LoggedMeeting(head, tuple(LoggedRow(one.id, ratings) for one in channels)), by)
    db.session.commit()


@dataclass
class Taken:
    """A dossier, unpacked, and the head of the journal that somebody wrote down then."""

    folder: Path
    head: str

    def check(self, head: str | None = None) -> tuple[int, str]:
        """What verify.py says, run by a Python that knows nothing but its standard library."""
        given = ["--head", head] if head else []
        found = subprocess.run([sys.executable, "-I", "-S", "verify.py", *given], cwd=self.folder, env={},
                               capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
        assert not found.stderr, found.stderr
        return found.returncode, found.stdout

    def lines(self, name: str) -> list[str]:
        return (self.folder / name).read_text("utf-8").splitlines(keepends=True)

    def write(self, name: str, lines: list[str]) -> None:
        (self.folder / name).write_text("".join(lines), "utf-8")

    def refresh(self, *names: str) -> None:
        """A fresh MANIFEST.sha256 for these files, as a forger would make it."""
        listed = dict(
            line.split("  ")[::-1]
            for line in (self.folder / "MANIFEST.sha256").read_text().split("\n")
            if line
        )
        for name in names:
            listed[name] = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        self.write("MANIFEST.sha256", [f"{listed[name]}  {name}\n" for name in sorted(listed)])


def made(by: User, filters: Filters, language: str, folder: Path) -> Taken:
    row = export.ask(exports.DOSSIER, filters, ON, language, by)
    db.session.commit()
    assert making.make_waiting() == 1
    db.session.expire_all()
    assert row.state == "done", row.said
    with zipfile.ZipFile(exports.folder() / row.name) as archive:
        archive.extractall(folder)
    head = row.said
    db.session.rollback()
    return Taken(folder, head)


@pytest.fixture
def two_units(app: Flask, clock_at: Callable[[Any], None]) -> list[Unit]:
    clock_at(ON)
    units = [factories.unit("Kammer"), factories.unit("Zweigstelle")]
    channels = [factories.channel(one, name=f"Kanal {one.name}", since=date(2026, 1, 1)) for one in units]
    someone = factories.person("manager", name="Katrin Seidel")
    logged(date(2026, 3, 17), channels, someone)
    logged(date(2026, 6, 16), channels[:1], someone)
    return units


@pytest.fixture
def auditor(two_units: list[Unit]) -> User:
    return factories.person("auditor", name="Hanne Weiß")


@pytest.fixture
def taken(auditor: User, tmp_path: Path) -> Taken:
    return made(auditor, Filters(), "en", tmp_path / "dossier")


@pytest.mark.sqlite_only
def test_without_a_head_it_is_consistent_and_not_compared(taken: Taken) -> None:
    status, said = taken.check()

    assert status == 0
    assert "Consistent, not compared" in said
    assert "9 ratings compared with the journal, 0 not comparable" in said
    assert "Nothing differs." in said


def test_with_the_head_of_its_day_or_an_earlier_one_nothing_differs(taken: Taken) -> None:
    earlier = json.loads(taken.lines("journal.jsonl")[1])["hash"]

    status, said = taken.check(taken.head)
    assert (status, "is not proven by it" in said) == (0, False)
    status, said = taken.check(earlier)
    assert "What came after that head, the files of this dossier as well, is not proven by it." in said
    assert (status, "The head is entry 2: unchanged from entry 1 up to it." in said) == (0, True)


def test_it_holds_every_kind_of_file(taken: Taken) -> None:
    names = {path.relative_to(taken.folder).as_posix() for path in taken.folder.rglob("*") if path.is_file()}

    assert names >= {
        "README.txt", "verify.py", "MANIFEST.sha256", "dossier.json", "evidence.csv", "evidence.xlsx", "evidence.json",
        "evidence.schema.json", "evidence.pdf", "reminders.csv", "reminders.json", "actions.csv", "journal.jsonl",
        "minutes/2026-03-17-1.pdf", "minutes/2026-06-16-2.pdf",
    }  # fmt: skip
    assert taken.lines("evidence.csv")[-1].strip() == "24 of 24 rows"


@pytest.mark.sqlite_only
def test_it_speaks_german_too(auditor: User, tmp_path: Path) -> None:
    status, said = made(auditor, Filters(), "de", tmp_path / "dossier").check()

    assert (status, said.splitlines()[-1]) == (0, "Keine Abweichung.")
    assert "In sich stimmig, nicht verglichen" in said


@pytest.mark.sqlite_only
def test_the_check_is_short_and_needs_nothing(app: Flask) -> None:
    with app.test_request_context():
        source = checker()

    assert source.count("\n") < 150
    assert "tracker" not in source
    assert "import flask" not in source


@pytest.mark.sqlite_only
def test_one_byte_changed_in_any_file_is_named(taken: Taken) -> None:
    names = sorted(p.relative_to(taken.folder).as_posix() for p in taken.folder.rglob("*") if p.is_file())
    for name in (name for name in names if name not in {"MANIFEST.sha256", "verify.py"}):
        whole = (taken.folder / name).read_bytes()
        middle = len(whole) // 2
        (taken.folder / name).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        status, said = taken.check()
        assert (status, f"File changed: {name}" in said) == (1, True), name
        (taken.folder / name).write_bytes(whole)
    assert taken.check()[0] == 0


Forgery = Callable[[Taken], None]


def _drop_a_row(taken: Taken) -> None:
    whole = json.loads((taken.folder / "evidence.json").read_text("utf-8"))
    del whole["rows"][0]
    whole["written"] -= 1
    (taken.folder / "evidence.json").write_text(json.dumps(whole), "utf-8")
    taken.refresh("evidence.json")


def _soften_a_rating(taken: Taken) -> None:
    text = (
        (taken.folder / "evidence.json").read_text("utf-8").replace('"level":"remark"', '"level":"clear"', 1)
    )
    (taken.folder / "evidence.json").write_text(text, "utf-8")
    taken.refresh("evidence.json")


def _change_words(taken: Taken) -> None:
    lines = taken.lines("journal.jsonl")
    taken.write("journal.jsonl", [line.replace("Impressum prüfen", "Impressum gut") for line in lines])
    taken.refresh("journal.jsonl")


def _reorder(taken: Taken) -> None:
    first, second, *rest = taken.lines("journal.jsonl")
    taken.write("journal.jsonl", [second, first, *rest])
    taken.refresh("journal.jsonl")


def _drop_an_entry(taken: Taken) -> None:
    taken.write("journal.jsonl", taken.lines("journal.jsonl")[1:])
    taken.refresh("journal.jsonl")


def _cut_the_end(taken: Taken) -> None:
    taken.write("journal.jsonl", taken.lines("journal.jsonl")[:-1])
    taken.refresh("journal.jsonl")


def _take_a_file_away(taken: Taken) -> None:
    (taken.folder / "evidence.pdf").unlink()


def _add_a_file(taken: Taken) -> None:
    (taken.folder / "evidence-2.pdf").write_bytes(b"%PDF")


def _erase_by_half(taken: Taken) -> None:
    lines = [json.loads(line) for line in taken.lines("journal.jsonl")]
    next(one for one in lines if one["words"])["words"][0][1] = None
    taken.write("journal.jsonl", [json.dumps(one, ensure_ascii=False) + "\n" for one in lines])
    taken.refresh("journal.jsonl")


def _hide_the_past(taken: Taken) -> None:
    """Everything before a head that the auditor knows is invented, and that head stands there without its text."""
    lines = [json.loads(line) for line in taken.lines("journal.jsonl")]
    lines[0] = {"number": 1, "hash": lines[0]["hash"]}
    taken.write("journal.jsonl", [json.dumps(one, ensure_ascii=False) + "\n" for one in lines])
    taken.refresh("journal.jsonl")


def _erase_what_hurts(taken: Taken) -> None:
    lines = [json.loads(line) for line in taken.lines("journal.jsonl")]
    lines[0]["words"] = [[field, None, None] for field, _salt, _said in lines[0]["words"]]
    taken.write("journal.jsonl", [json.dumps(one, ensure_ascii=False) + "\n" for one in lines])
    taken.refresh("journal.jsonl")


def _end_the_list_otherwise(taken: Taken) -> None:
    path = taken.folder / "MANIFEST.sha256"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0c")


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (_drop_a_row, ("Files exchanged", "Missing in evidence.json: review 1, cost_benefit")),
        (_soften_a_rating, ("Files exchanged", "Not as in the journal: review 1, legality")),
        (_change_words, ("Journal, entry 1: the words were changed",)),
        (_reorder, ("Journal, entry 1: is missing or stands in the wrong place",)),
        (_drop_an_entry, ("Journal, entry 1: is missing or stands in the wrong place",)),
        (_cut_the_end, ("The end of the journal is missing.",)),
        (_take_a_file_away, ("File missing: evidence.pdf",)),
        (_add_a_file, ("File not listed: evidence-2.pdf",)),
        (_hide_the_past, ("Entry 1 stands without its text",)),
        (_erase_what_hurts, ("Texts of the journal are erased, and no entry says so.",)),
        (_end_the_list_otherwise, ("MANIFEST.sha256",)),
        (_erase_by_half, ("Journal, entry 1: the words were changed",)),
    ],
)  # fmt: skip
def test_a_forgery_with_a_fresh_list_of_files_is_named(
    taken: Taken, forge: Forgery, named: tuple[str, ...]
) -> None:
    forge(taken)
    status, said = taken.check()

    assert status == 1
    assert [one for one in named if one not in said] == []


@pytest.mark.sqlite_only
def test_everything_written_anew_is_found_by_a_head_from_elsewhere(taken: Taken) -> None:
    """The forger changes a rating everywhere, and computes all hashes, the seal and the list of files again."""
    entries = [json.loads(line) for line in taken.lines("journal.jsonl")]
    earlier = entries[0]["hash"]
    text = (taken.folder / "evidence.json").read_text("utf-8").replace('"level":"remark"', '"level":"clear"')
    (taken.folder / "evidence.json").write_text(text, "utf-8")
    taken.refresh("evidence.json")
    listed = [one for one in taken.lines("MANIFEST.sha256") if not one.endswith("journal.jsonl\n")]
    previous = START
    for entry in entries:
        entry["words"] = [
            [name, salt, said.replace("remark", "clear")] for name, salt, said in entry["words"]
        ]
        body = json.loads(entry["body"]) | {"previous": previous}
        body["words"] = {
            name: hashlib.sha256((salt + said).encode()).hexdigest() for name, salt, said in entry["words"]
        }
        if body["deed"] == "dossier.seal":
            body["ids"]["manifest"] = hashlib.sha256("".join(listed).encode()).hexdigest()
        entry["body"] = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        entry["hash"] = previous = hashlib.sha256(entry["body"].encode()).hexdigest()
    taken.write("journal.jsonl", [json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries])
    taken.refresh("journal.jsonl")

    assert taken.check()[0] == 0, "alone it is consistent"
    for head in (taken.head, earlier):
        status, said = taken.check(head)
        assert (status, "Head not in the chain: written anew or cut." in said) == (1, True)


@pytest.mark.sqlite_only
def test_who_is_limited_to_units_takes_home_the_others_entries_by_hash_only(
    two_units: list[Unit], tmp_path: Path
) -> None:
    mine = factories.person("auditor", name="Hanne Weiß", units=[two_units[0]])
    taken = made(mine, Filters(unit_ids=frozenset({two_units[0].id})), "en", tmp_path / "dossier")

    status, said = taken.check(taken.head)
    assert (status, "1 entries of other units: only number and hash" in said) == (0, True)
    assert "3 ratings compared with the journal, 3 not comparable" in said, "one meeting was of both units"
    assert all(
        "Zweigstelle" not in line for name in ("evidence.csv", "journal.jsonl") for line in taken.lines(name)
    )


@pytest.mark.sqlite_only
def test_what_is_no_head_is_not_taken_for_one(taken: Taken) -> None:
    given = [sys.executable, "-I", "-S", "verify.py", "--head", taken.head[:8]]
    found = subprocess.run(given, cwd=taken.folder, env={}, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert "--head" in found.stderr.splitlines()[-1]


@pytest.mark.sqlite_only
def test_a_folder_that_is_no_dossier_is_one_sentence(taken: Taken, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    shutil.copy(taken.folder / "verify.py", empty)

    status, said = Taken(empty, "").check()
    assert (status, said.count("Cannot be read:")) == (1, 1)


@pytest.mark.sqlite_only
def test_whoever_is_no_longer_active_gets_no_file(auditor: User) -> None:
    row: Export = export.ask(exports.DOSSIER, Filters(), ON, "de", auditor)
    auditor.active = False
    db.session.commit()
    making.make_waiting()
    db.session.expire_all()

    assert (row.state, row.said) == ("failed", "Das Konto der anfordernden Person ist nicht mehr aktiv.")
    assert list(exports.folder().iterdir()) == []
