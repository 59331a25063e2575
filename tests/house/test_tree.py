"""The house is kept: files stay small, say what they are for, and speak of the product alone."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
LONGEST = 250
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
MADE = {
    ".venv",
    ".git",
    "instance",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers", "service", "services"}
OTHER_WORDS = {"Evaluation", "Measure", "Status", "Event", "Task", "Notification", "Item"}
SOURCES = [*sorted(PROJECT.glob("tracker/**/*.py")), PROJECT / "wsgi.py"]
TEMPLATES = sorted(PROJECT.glob("templates/**/*.*"))


def kept_files() -> list[Path]:
    """What git keeps or would keep; where there is no git, all but what is made or hidden."""
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        shown = (path for path in PROJECT.rglob("*") if not set(path.relative_to(PROJECT).parts) & MADE)
        return [path for path in shown if path.is_file() and not path.name.endswith((".mo", ".pyc"))]
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_file_has_one_subject_says_it_first_and_stays_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(source)), "its first sentence should say its subject"
    assert not UNFINISHED.search(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_template_stays_small_and_is_finished(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONGEST
    assert not UNFINISHED.search(source)


def test_no_folder_of_python_lacks_its_readme() -> None:
    folders = {path.parent for path in SOURCES if path.parent != PROJECT}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_things_have_the_names_of_the_product() -> None:
    assert [
        path for path in SOURCES if EMPTY_NAMES & set(path.relative_to(PROJECT).with_suffix("").parts)
    ] == []
    classes = {
        node.name: path
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert OTHER_WORDS & set(classes) == set()


def test_rules_stand_on_the_standard_library_alone() -> None:
    strangers = set()
    for path in PROJECT.glob("tracker/rules/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            strangers |= {(path.name, name) for name in names if not _known_to_rules(name)}
    assert strangers <= {("workdays.py", "holidays")}


def _known_to_rules(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names or module.startswith("tracker.rules")


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    telling = re.compile(rb"(?<![\w.<])/(?:home/\w+|root|work)/")
    found = [path for path in kept_files() if telling.search(path.read_bytes())]
    assert found == []


def test_the_lock_names_no_registry() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
