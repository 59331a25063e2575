"""A command that cannot do its work says so in one sentence, in English, and exits non-zero."""

from pathlib import Path

import pytest

from tests.conftest import SETTINGS
from tracker.app import create_app
from tracker.extensions import db

COMMANDS = [
    ["load-concept", "examples/ihk-region-stuttgart.toml"],
    ["standings"],
    ["remind"],
    ["deliver"],
    ["verify"],
    ["export", "--format", "csv"],
    ["users", "create", "a@example.org", "--name", "Anna Admin"],
    ["roles", "add", "a@example.org", "admin"],
    ["seed-demo"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("folder", ["here", "not/there"])
def test_before_init_there_is_one_sentence_and_no_traceback(
    words: list[str], folder: str, tmp_path: Path
) -> None:
    place = tmp_path / folder
    if folder == "here":
        place.mkdir()
    app = create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{place / 'tracker.sqlite'}"}, place)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=words)
        db.session.remove()
        db.engine.dispose()
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "flask init" in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not (place / "tracker.sqlite").exists()
