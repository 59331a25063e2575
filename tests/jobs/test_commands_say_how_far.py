"""A long command says how far it is: a bar in a terminal, plain lines in a log; what goes into a pipe stays clean."""

import re
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests import factories
from tracker import clock, obligations
from tracker.commands import watched as module
from tracker.commands.watched import watched, watched_each
from tracker.evidence import rows
from tracker.extensions import db
from tracker.rules.words import Criterion
from tracker.settings import PROJECT

Run = Callable[..., Result]
NOON = datetime.fromisoformat("2026-10-13T10:00:00+00:00")
LINE = re.compile(r"[A-Z][A-Za-z ]+: (\d+ of \d+ [a-z ]+ \(\d+ %\)|\d+ %, [a-z.]+)")


class Terminal(StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def work(seconds: int, *, counted: bool = True, fail: bool = False) -> None:
    """Work that counts to a hundred in so many seconds of the test's clock."""
    with clock.set_to(NOON), watched("Checking", counted=counted) as step:
        for count in range(101):
            with clock.set_to(NOON + timedelta(seconds=seconds * count / 100)):
                step(count, 100, "entries")
            if fail and count == 50:
                raise KeyboardInterrupt


def test_a_log_gets_a_plain_line_every_ten_seconds_and_not_more(capsys: pytest.CaptureFixture[str]) -> None:
    work(35)
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "Checking: 29 of 100 entries (29 %)",
        "Checking: 58 of 100 entries (58 %)",
        "Checking: 87 of 100 entries (87 %)",
    ]
    assert said.out == ""


def test_what_is_over_soon_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work(9)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(0)
    assert sys.stderr.getvalue() == ""


def test_a_terminal_gets_a_bar_that_ends_whole_on_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(20)
    drawn = sys.stderr.getvalue()
    assert "Checking, entries" in drawn
    assert "50/100" in drawn
    assert "100/100" in drawn.split("\r")[-1]
    assert drawn.endswith("\n")
    assert capsys.readouterr().out == ""


def test_percents_are_one_bar_that_names_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(20, counted=False)
    last = sys.stderr.getvalue().split("\r")[-1]
    assert "100%" in last
    assert "entries" in last


def test_what_is_broken_off_is_not_drawn_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(KeyboardInterrupt):
        work(20, fail=True)
    drawn = sys.stderr.getvalue()
    assert "50/100" in drawn
    assert "100/100" not in drawn
    assert drawn.endswith("\n")


def test_of_a_list_a_thing_counts_once_the_next_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINE_EVERY", timedelta())
    with watched_each("Making", ["a", "b"], "days") as things:
        assert list(things) == ["a", "b"]
    assert capsys.readouterr().err.splitlines() == ["Making: 0 of 2 days (0 %)", "Making: 1 of 2 days (50 %)"]


@pytest.fixture
def talkative(app: Flask, clock_at: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Some channels; and a line is due at every step."""
    clock_at("2026-10-13")
    unit = factories.unit("Kammer")
    for nth in range(3):
        channel = factories.channel(unit, name=f"Kanal {nth}", since=None)
        obligations.begin(channel, date(2026, 1, 1), 4, frozenset(Criterion), "Konzept")
    db.session.commit()
    db.session.rollback()
    monkeypatch.setattr(module, "LINE_EVERY", timedelta())


@pytest.mark.sqlite_only
@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "pdf", "dossier"])
def test_an_export_counts_beside_its_pipe(
    talkative: None, run: Run, form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = run("export", "--format", form, "-o", str(tmp_path / "file"))
    assert said.exit_code == 0, said.output
    lines = said.stderr.splitlines()
    assert lines, "nothing was said"
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert said.stdout == ""
    if form == "csv":
        assert "CSV: 3 of 3 channels (100 %)" in lines
        assert run("export", "--format", form).stdout_bytes.startswith(b"\xef\xbb\xbf")


@pytest.mark.sqlite_only
def test_an_export_that_is_broken_off_leaves_what_was_there(
    talkative: None, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_given: Any) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "evidence.csv"
    target.write_text("what was there")
    monkeypatch.setattr(rows, "by_channel", interrupted)
    assert run("export", "--format", "csv", "-o", str(target)).exit_code == 1
    assert [path.name for path in tmp_path.glob("*evidence*")] == ["evidence.csv"]
    assert target.read_text() == "what was there"


@pytest.mark.sqlite_only
def test_verify_counts_both_parts_of_its_work(talkative: None, run: Run) -> None:
    said = run("verify")
    assert said.exit_code == 0, said.output
    assert said.stderr.splitlines() == [
        "Checking: 0 of 3 entries of the chain (0 %)",
        "Checking: 0 of 3 entries that closed something (0 %)",
    ]
    assert len(said.stdout.splitlines()) == 3


@pytest.mark.sqlite_only
def test_loading_a_concept_counts_its_channels(app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_EVERY", timedelta())
    said = run("load-concept", str(PROJECT / "examples" / "ihk-region-stuttgart.toml"))
    assert "Loading: 11 of 11 channels (100 %)" in said.stderr.splitlines()
    assert said.stdout.startswith("Loaded version 1 of the concept: 11 new channels")
