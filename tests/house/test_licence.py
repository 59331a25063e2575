"""The licence: its official text, untouched, and named where tools look for it."""

import hashlib
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# EUPL-1.2 in English, as the SPDX list has it
OFFICIAL = "d126070e53a97387b339cc1b4c794e9bc134df061d6cb5ab37cef0bfe986228a"


def test_the_text_of_the_licence_is_the_official_one() -> None:
    text = (PROJECT / "LICENSE").read_bytes()
    assert hashlib.sha256(text.rstrip(b"\n")).hexdigest() == OFFICIAL


def test_the_package_says_its_licence_and_takes_the_text_along() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert project["license-files"] == ["LICENSE"]
    assert "EUPL, version 1.2" in (PROJECT / "README.md").read_text("utf-8")
