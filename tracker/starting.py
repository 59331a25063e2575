"""What must not be when pages are served: secrets that others can read, made-up people where others come."""

import os
import stat
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tracker.extensions import db
from tracker.models import User
from tracker.settings import SettingRefused


def refuse_unsafe(app: Flask, host: str = "") -> None:
    """Raises SettingRefused if this installation must not be served; `host` is where it will listen, if we listen."""
    folder = Path(app.instance_path)
    for path in sorted((folder / "secrets").glob("*")) if os.name == "posix" else []:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingRefused(f"Others can read the secret {path}. Close it with: chmod 600 {path}")
    if reached_by_others(app, host) and (someone := _demo_person(app)):
        raise SettingRefused(
            f"This installation has people of the demo ({someone}), and others reach it at {app.config['BASE_URL']}. "
            "Make a new one with `flask init` in an instance folder of its own, for it has no passwords that are known."
        )


def reached_by_others(app: Flask, host: str = "") -> bool:
    """Whether anybody but this machine comes here, as far as the settings tell."""
    return bool(app.config["PROXIES"]) or not (_is_here(host or app.config["HOST"]) and _links_here(app))


def _links_here(app: Flask) -> bool:
    return _is_here(urlsplit(app.config["BASE_URL"]).hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _demo_person(app: Flask) -> str | None:
    with app.app_context():
        try:
            return db.session.scalar(select(User.email).where(User.is_demo).limit(1))
        except SQLAlchemyError:
            return None  # there is no database yet, or it is away: its pages say so
        finally:
            db.session.remove()
