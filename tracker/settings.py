"""Every setting, with its default and one comment.

Order of precedence: this file, then `config.py` in the instance folder, then the environment (`TRACKER_` + name).
"""

import os
import secrets
from pathlib import Path
from typing import Any, get_type_hints

PROJECT = Path(__file__).resolve().parent.parent


class Settings:
    """The defaults. A value from the environment is converted to the type named here."""

    DATABASE_URL: str = ""  # empty: SQLite file tracker.sqlite in the instance folder
    BASE_URL: str = "http://127.0.0.1:5000"  # what links in mails start with; never taken from a request
    HOST: str = "127.0.0.1"  # where `flask serve` listens
    PORT: int = 5000
    DEBUG_LANGUAGE: str = ""  # forces one language on every page, for tests and pictures
    TRUSTED_HOSTS: str = ""  # comma separated host names; empty: any
    SECURE_COOKIES: bool = False  # set to true behind TLS
    MAIL_HOST: str = ""  # empty: mails are written as .eml files below the instance folder
    MAIL_PORT: int = 25
    MAIL_STARTTLS: bool = False
    MAIL_TLS: bool = False  # implicit TLS, usually port 465
    MAIL_USER: str = ""
    MAIL_PASSWORD: str = ""
    MAIL_SENDER: str = "evaluierung@example.org"  # the From of every mail
    MAIL_TIMEOUT: int = 20  # seconds
    REMIND_AT: str = "06:00"  # organisation's local time of the daily run; not between 02:00 and 03:00
    DELIVER_EVERY: int = 1  # minutes between two deliveries
    MAX_CONTENT_LENGTH: int = 4_000_000  # bytes of one request
    RATELIMIT_SIGN_IN: str = "10 per minute"  # sign-ins tried from one address


class SettingRefused(ValueError):
    """A setting has a value that cannot be used; its text is one sentence for the person at the terminal."""


def instance_folder() -> Path:
    """The folder of this installation: TRACKER_INSTANCE, else `instance/` beside the package."""
    return Path(os.environ.get("TRACKER_INSTANCE") or PROJECT / "instance").expanduser().resolve()


def read_settings(instance: Path) -> dict[str, Any]:
    """All settings as plain values. Raises SettingRefused for a value of the wrong type."""
    kinds = get_type_hints(Settings)
    values: dict[str, Any] = {name: getattr(Settings, name) for name in kinds}
    values.update(_from_file(instance / "config.py"))
    for name in kinds:
        given = os.environ.get("TRACKER_" + name)
        if given is not None:
            values[name] = _converted(name, given, kinds[name])
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{instance / 'tracker.sqlite'}"
    return values


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    found: dict[str, Any] = {}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), found)  # noqa: S102 - the admin's own file, like Flask's
    return {name: value for name, value in found.items() if name.isupper()}


def _converted(name: str, given: str, kind: type) -> Any:
    if kind is bool:
        if given.lower() in {"1", "true", "yes", "on"}:
            return True
        if given.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingRefused(f"TRACKER_{name} must be true or false, not {given!r}.")
    try:
        return kind(given)
    except ValueError:
        raise SettingRefused(f"TRACKER_{name} must be a whole number, not {given!r}.") from None


SECRET_NAMES = ("SECRET_KEY", "SECURITY_PASSWORD_SALT")


def read_secrets(instance: Path) -> dict[str, str]:
    """The secrets of this installation; empty where `flask init` has not run yet."""
    folder = instance / "secrets"
    return {
        name: (folder / name).read_text("ascii").strip() for name in SECRET_NAMES if (folder / name).exists()
    }


def make_secrets(instance: Path) -> bool:
    """Make what is missing under `secrets/`, readable by the owner only. True if anything was made."""
    folder = instance / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = False
    for name in SECRET_NAMES:
        path = folder / name
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            made = True
    return made
