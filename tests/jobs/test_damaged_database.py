"""A SQLite file that is none any more: every command says so in one sentence."""

from pathlib import Path

import pytest

from tests.conftest import SETTINGS
from tests.jobs.test_commands_speak_plainly import COMMANDS
from tracker.app import create_app
from tracker.extensions import db


@pytest.mark.parametrize("words", [*COMMANDS, ["init"], ["serve"], ["scheduler"]], ids=" ".join)
def test_a_damaged_file_is_named_without_a_traceback(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "tracker.sqlite"
    path.write_bytes(b"no database at all, but long enough to be taken for the head of one" * 100)
    app = create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{path}"}, tmp_path)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=words)
        db.session.remove()
        db.engine.dispose()
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.exception
    assert "file is not a database" in result.output
    assert len(result.output.strip().splitlines()) == 1
