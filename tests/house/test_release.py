"""A release is an archive of what is committed: the same bytes for the same commit, and it runs without git."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("git") or not (PROJECT / ".git").exists(), reason="a release is made where git is"
    ),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release, with the packages of this environment instead of fetching them anew."""
    made = [packed(tmp_path_factory.mktemp("dist")) for _ in range(2)]
    assert made[0].read_bytes() == made[1].read_bytes()
    folder = tmp_path_factory.mktemp("elsewhere")
    with tarfile.open(made[0]) as archive:
        archive.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    assert made[0].name == f"{found.name}.tar.gz"
    (found / "tracker/static/only-here.txt").write_text("of the release")
    (found / ".venv").mkdir()
    (found / ".venv/bin").symlink_to(Path(sys.executable).parent)
    (found / ".venv/.complete").touch()
    return found


def packed(folder: Path) -> Path:
    subprocess.run(["make", "release", f"DIST={folder}"], cwd=PROJECT, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def without_git() -> dict[str, str]:
    """An environment in which a release is tried: git finds nothing above the folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TRACKER_", "MAKE", "PYTEST"))
    }
    return {**kept, "GIT_DIR": "/dev/null"}


def test_a_release_has_what_one_needs_and_nothing_of_this_machine(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    assert {
        "README.md",
        "LICENSE",
        "THIRD-PARTY.md",
        "Makefile",
        "requirements.lock",
        "wsgi.py",
        "tests",
    } <= names
    assert not names & {".git", "instance", "dist"}


@pytest.fixture
def running(unpacked: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`make run` in the folder of the release, on a free port; ended with all it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        ["make", "run"], cwd=unpacked, env={**without_git(), "TRACKER_PORT": str(port)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        yield process, port
        os.killpg(process.pid, signal.SIGTERM)


def test_make_run_tells_the_demo_and_answers_in_german(
    running: tuple["subprocess.Popen[str]", int], unpacked: Path
) -> None:
    process, port = running
    said = ""
    for line in process.stdout or ():
        said += line
        if line.startswith(f"Open http://127.0.0.1:{port}/"):
            break
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/login", headers={"Accept-Language": "de"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert "Anmelden" in answer.read().decode(), said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/only-here.txt", timeout=30) as answer:
        assert answer.read() == b"of the release", "it is not this folder that answers"


def test_make_test_finds_the_tests(unpacked: Path) -> None:
    found = subprocess.run(
        [".venv/bin/pytest", "-q", "--collect-only", "-m", "not slow"],
        cwd=unpacked, env=without_git(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-2000:]
    assert "tests/rules/test_promise.py" in found.stdout
