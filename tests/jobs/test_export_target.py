"""`flask export -o`: a file is replaced when it is whole; a pipe or device is written to, a link stays a link."""

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import factories

pytestmark = pytest.mark.sqlite_only
HEAD = b"\xef\xbb\xbf"


def export(run: Any, path: Path) -> Any:
    factories.organisation()
    return run("export", "--format", "csv", "-o", str(path))


def test_a_pipe_is_written_to_and_stays_a_pipe(app: Flask, run: Any, tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    result = export(run, pipe)
    assert (result.exit_code, stat.S_ISFIFO(pipe.stat().st_mode)) == (0, True), result.output
    reader.join(timeout=20)
    assert read[0].startswith(HEAD)


def test_a_link_stays_and_what_it_leads_to_is_replaced(app: Flask, run: Any, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "evidence.csv", tmp_path / "link.csv"
    target.write_text("older")
    link.symlink_to(target)
    assert export(run, link).exit_code == 0
    assert link.is_symlink()
    assert target.read_bytes().startswith(HEAD)
    assert [one.name for one in target.parent.iterdir()] == ["evidence.csv"]


def test_a_folder_is_refused_in_one_sentence(app: Flask, run: Any, tmp_path: Path) -> None:
    result = export(run, tmp_path)
    assert (result.exit_code, result.stderr) == (1, f"Cannot write {tmp_path}: Is a directory.\n")
