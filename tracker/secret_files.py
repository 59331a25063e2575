"""The secrets of an installation: one file each under `secrets/`, for its owner only, one key a line, the last in use.

What was signed or encrypted with an older line can still be read. SECURITY_PASSWORD_SALT is part of every password's
digest and never changes.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from tracker.settings import SettingRefused

NAMES = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "SECOND_FACTOR_KEY", "RECOVERY_CODES_KEY")
CAN_CHANGE = ("SECRET_KEY", "SECOND_FACTOR_KEY", "RECOVERY_CODES_KEY")


def read(instance: Path) -> dict[str, str]:
    """The secrets of this installation; empty where `flask init` has not run yet. Raises SettingRefused."""
    folder = instance / "secrets"
    try:
        return {
            name: (folder / name).read_text("ascii").strip() for name in NAMES if (folder / name).exists()
        }
    except (OSError, UnicodeError):
        raise SettingRefused(f"The secrets in {folder} cannot be read.") from None


def keep_private() -> None:
    """From now on, what this process writes can be read by its owner only: the database holds personal data."""
    os.umask(0o077)


def make(instance: Path) -> bool:
    """Make what is missing, readable by the owner only. True if anything was made."""
    folder = instance / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [name for name in NAMES if not (folder / name).exists()]
    for name in missing:
        _write(folder / name, [_fresh()])
    return bool(missing)


def add(instance: Path) -> None:
    """A new line in each file that can change: from the next start on it is the one in use."""
    for name in CAN_CHANGE:
        path = instance / "secrets" / name
        lines = path.read_text("ascii").split()
        _write(path, [*lines, f"{number(lines[-1]) + 1}.{_fresh()}"])


def keep_newest(instance: Path) -> None:
    """Forget all lines but the last."""
    for name in CAN_CHANGE:
        path = instance / "secrets" / name
        _write(path, path.read_text("ascii").split()[-1:])


def made_once(instance: Path, name: str) -> str:
    """A secret that is not kept for ever, made if there is none: several processes at once get the same."""
    path = instance / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = path.with_name(f"{name}.{secrets.token_hex(4)}")
        _write(mine, [_fresh()])
        with suppress(FileExistsError):  # another process was faster
            os.link(mine, path)
        mine.unlink()
    return path.read_text("ascii").strip()


def number(line: str) -> int:
    """Which key it is, from 1: what was encrypted with it says so."""
    return int(line.partition(".")[0]) if "." in line else 1


def _fresh() -> str:
    return secrets.token_urlsafe(48)


def _write(path: Path, lines: list[str]) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines))
    beside.replace(path)
