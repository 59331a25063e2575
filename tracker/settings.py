"""Every setting, with its default and one comment.

Order of precedence: this file, then `config.py` in the instance folder, then the environment (`TRACKER_` + name).
"""

import os
from collections.abc import Callable
from email.utils import getaddresses
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tracker.rules.addresses import AddressRefused, clean_address

PROJECT = Path(__file__).resolve().parent.parent


class Settings:
    """The defaults. A value from the environment is converted to the type named here."""

    DATABASE_URL: str = ""  # empty: SQLite file tracker.sqlite in the instance folder
    BASE_URL: str = (
        ""  # what links in mails start with, never taken from a request; empty: this machine and PORT
    )
    HOST: str = "127.0.0.1"  # where `flask serve` listens
    PORT: int = 5000
    DEBUG_LANGUAGE: str = ""  # forces one language on every page, for tests and pictures
    TRUSTED_HOSTS: str = ""  # comma separated host names; empty: any
    PROXIES: int = 0  # how many proxies stand before the app and say X-Forwarded-For, -Proto and -Host
    SECURE_COOKIES: bool = False  # true where BASE_URL begins with https, or if set
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
    BACKUP_AT: str = "03:30"  # organisation's local time of the daily backup; not between 02:00 and 03:00
    BACKUPS_KEPT: int = 7  # daily backups that are kept; 0: none is made
    BACKUP_FOLDER: str = ""  # where they are; empty: backups/ in the instance folder
    EXPORT_DAYS: int = 7  # days that a file made in the background is kept
    MAX_CONTENT_LENGTH: int = 4_000_000  # bytes of one request
    ACCESS_LOG_DAYS: int = 90  # days that sign-ins and refusals are kept in the access log
    RATELIMIT_SIGN_IN: str = "10 per minute; 40 per hour; 200 per day"  # sign-ins refused, from one machine
    RATELIMIT_ACCOUNT: str = (
        "10 per 10 minutes; 30 per hour"  # the same for one account; not where it signed in before
    )
    RATELIMIT_MAIL: str = (
        "5 per 10 minutes; 20 per day"  # mails with a link to set a password, from one machine
    )
    RATELIMIT_TOKEN: str = "30 per hour"  # pulls with a private token from one machine  # noqa: S105 - no password
    SSO_ISSUER: str = (
        ""  # OpenID Connect: the address of the house's sign-in; empty: none. Needs the extra "sso"
    )
    SSO_CLIENT_ID: str = ""
    SSO_CLIENT_SECRET: str = ""
    LOCAL_SIGN_IN: bool = True  # false: nobody signs in with a password but LOCAL_SIGN_IN_OF
    LOCAL_SIGN_IN_OF: str = ""  # the address of one admin, for the day on which the house's sign-in is away


class SettingRefused(ValueError):
    """A setting has a value that cannot be used; its text is one sentence for the person at the terminal."""


def instance_folder() -> Path:
    """The folder of this installation: TRACKER_INSTANCE, else `instance/` beside the package."""
    try:
        return Path(os.environ.get("TRACKER_INSTANCE") or PROJECT / "instance").expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise SettingRefused(f"TRACKER_INSTANCE is no folder: {str(error).rstrip('.')}.") from None


def read_settings(instance: Path) -> dict[str, Any]:
    """All settings as plain values. Raises SettingRefused for a value of the wrong type, or of no use."""
    kinds = get_type_hints(Settings)
    if instance.is_file():
        raise SettingRefused(f"The instance folder {instance} is a file.")
    values: dict[str, Any] = {name: getattr(Settings, name) for name in kinds}
    values.update(_from_file(instance, kinds))
    for name in kinds:
        given = os.environ.get("TRACKER_" + name)
        if given is not None:
            values[name] = _converted(f"TRACKER_{name}", given, kinds[name])
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{instance / 'tracker.sqlite'}"
    if not values["BASE_URL"]:
        values["BASE_URL"] = f"http://127.0.0.1:{values['PORT'] if 0 < values['PORT'] < 65536 else 5000}"
    for name, (is_usable, wanted) in USABLE.items():
        if not is_usable(values[name]):
            raise SettingRefused(f"The setting {name} must be {wanted}.")
    if not values["LOCAL_SIGN_IN"] and not (values["SSO_ISSUER"] and values["LOCAL_SIGN_IN_OF"]):
        raise SettingRefused("Without LOCAL_SIGN_IN, both SSO_ISSUER and LOCAL_SIGN_IN_OF must be set.")
    if values["SSO_ISSUER"] and not values["SSO_CLIENT_ID"]:
        raise SettingRefused("With SSO_ISSUER, SSO_CLIENT_ID must be set.")
    return values


def _from_file(instance: Path, kinds: dict[str, type]) -> dict[str, Any]:
    path = instance / "config.py"
    found: dict[str, Any] = {}
    try:
        exec(compile(_read(path), str(path), "exec"), found)  # noqa: S102 - the admin's own file, like Flask's
    except OSError as error:
        raise SettingRefused(f"The file {path} cannot be read: {error.strerror or error}.") from None
    except SyntaxError as error:
        raise SettingRefused(f"The file {path} cannot be used: line {error.lineno}: {error.msg}.") from None
    except Exception as error:  # noqa: BLE001 - whatever the admin's own file may raise
        raise SettingRefused(f"The file {path} cannot be used: {type(error).__name__}: {error}.") from None
    mine = {name: value for name, value in found.items() if name.isupper()}
    return {name: _of_kind(name, value, kinds.get(name)) for name, value in mine.items()}


def _read(path: Path) -> bytes:
    """Nothing where there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _of_kind(name: str, value: Any, kind: type | None) -> Any:
    """A value of config.py, where there is a setting of that name; text is read as in the environment."""
    if kind is None or type(value) is kind:
        return value
    if isinstance(value, str):
        return _converted(f"{name} in config.py", value, kind)
    raise SettingRefused(f"{name} in config.py must be {KINDS[kind]}, not {value!r}.")


KINDS: dict[type, str] = {bool: "true or false", int: "a whole number", str: "text"}


def _converted(name: str, given: str, kind: type) -> Any:
    """`name` says where it was given."""
    if kind is bool and given.lower() in {"1", "true", "yes", "on"}:
        return True
    if kind is bool and given.lower() in {"0", "false", "no", "off", ""}:
        return False
    try:
        given.encode()
        return {int: int, str: str}[kind](given)
    except (ValueError, KeyError):
        raise SettingRefused(f"{name} must be {KINDS[kind]}, not {given!r}.") from None


def _is_database(url: str) -> bool:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    if parsed.drivername == "sqlite":
        return parsed.host is None
    return parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}


def _is_address_of_pages(url: str) -> bool:
    try:
        parsed = urlsplit(url)
        parsed.port  # noqa: B018 - it is only read when asked for
    except ValueError:
        return False
    named = bool(parsed.hostname) and not any(sign.isspace() for sign in url)
    return parsed.scheme in {"http", "https"} and named and not parsed.query and not parsed.fragment


def _is_sender(text: str) -> bool:
    """One address and no more: what follows it would be dropped without a word."""
    try:
        ((_name, address),) = getaddresses([text])
        return text.isprintable() and bool(clean_address(address))
    except (ValueError, AddressRefused):
        return False


def _is_limit(text: str) -> bool:
    try:
        return all(one.amount > 0 for one in parse_many(text))
    except ValueError:
        return False


# What a value must be to be of any use, beyond its type. Neither passwords nor addresses with them are said aloud.
USABLE: dict[str, tuple[Callable[[Any], bool], str]] = {
    "DATABASE_URL": (_is_database, "an address like sqlite:////path/file or postgresql://user@host/name"),
    "BASE_URL": (_is_address_of_pages, "an address like https://tracker.example.org"),
    "SSO_ISSUER": (lambda url: not url or _is_address_of_pages(url), "an address like https://login.example.org/house"),
    "PORT": (lambda port: 0 <= port < 2**16, "a port, from 0 to 65535"),
    "MAIL_PORT": (lambda port: 0 < port < 2**16, "a port, from 1 to 65535"),
    "MAIL_SENDER": (_is_sender, "one e-mail address"),
    "ACCESS_LOG_DAYS": (lambda days: 0 < days < 3660, "a number of days, from 1 to 3659"),
    "BACKUPS_KEPT": (lambda count: 0 <= count < 1000, "a number of backups, from 0 to 999"),
    "PROXIES": (lambda count: 0 <= count < 10, "a number of proxies, from 0 to 9"),
    **dict.fromkeys(("RATELIMIT_SIGN_IN", "RATELIMIT_ACCOUNT", "RATELIMIT_MAIL", "RATELIMIT_TOKEN"),
                    (_is_limit, "one or more limits like 10 per minute; 60 per hour")),
    "MAIL_TIMEOUT": (lambda seconds: seconds > 0, "a number of seconds above 0"),
}  # fmt: skip
