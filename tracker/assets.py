"""The versions that pages name: of the app, and of what it looks like; and where its signs are."""

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask, current_app, g, url_for


def register(app: Flask) -> None:
    """What templates ask for, as globals: macros imported without context need it, too."""
    folders = (app.static_folder, app.template_folder, Path(__file__).parent / "translations")
    app.jinja_env.globals["asset_version"] = _version_of(Path(folder) for folder in folders if folder)
    app.jinja_env.globals["app_version"] = _app_version()
    app.jinja_env.globals["icons"] = _icons


def _version_of(folders: Iterable[Path]) -> str:
    """Changes when a page could look different, so that browsers may keep styles and scripts for a year."""
    digest = sha256(_app_version().encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".po"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def _app_version() -> str:
    """The version of the app; empty where it runs from a folder that was never installed."""
    try:
        return version("social-media-review-tracker")
    except PackageNotFoundError:
        return ""


def _icons() -> str:
    """The address of the signs, built once a request."""
    if "icons" not in g:
        g.icons = url_for("static", filename="icons.svg", v=current_app.jinja_env.globals["asset_version"])
    found: str = g.icons
    return found
