"""The flask commands. Each does one deed, says one sentence, and exits non-zero with one sentence when it cannot.

One file a subject; a file named here brings a function `register(app)`.
"""

from importlib import import_module
from pathlib import Path

from flask import Flask

SUBJECTS = ("setup", "concept", "people", "reminders", "evidence", "demo", "standings")


def register(app: Flask) -> None:
    """Add every command to `flask`."""
    for subject in SUBJECTS:
        if (Path(__file__).parent / f"{subject}.py").exists():
            import_module(f"tracker.commands.{subject}").register(app)
