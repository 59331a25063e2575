"""create_app(): read it top to bottom."""

import gc
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import (
    access_log,
    away,
    catalogue,
    commands,
    form_words,
    frame,
    guard,
    headers,
    journal,
    language,
    secret_files,
)
from tracker.account import library_words, limits, password_pages, second_factor_pages, single_sign_on
from tracker.account.sign_in import SignInForm
from tracker.extensions import babel, compress, csrf, db, limiter, listen_to, migrate, security
from tracker.models import Role, User, WebAuthn
from tracker.settings import PROJECT, instance_folder, read_settings

ROOMS = ("account", "actions", "board", "calendar", "channels", "checklist", "concept", "evidence", "figures",
         "help", "meetings", "organisation", "people", "reminders", "retention", "reviews")  # fmt: skip

YOUNG_OBJECTS = (
    50_000  # before rubbish is looked for: a round over thousands of channels makes few rings, many objects
)


def create_app(overrides: dict[str, Any] | None = None, instance: Path | None = None) -> Flask:
    """The app of one installation. `overrides` are settings by name; `instance` replaces TRACKER_INSTANCE."""
    folder = instance or instance_folder()
    app = Flask("tracker", instance_path=str(folder), template_folder=str(PROJECT / "templates"))
    app.config.from_mapping(read_settings(folder))
    app.config.from_mapping(secret_files.read(folder))
    app.config.update(overrides or {})
    app.config.update({**_derived(app.config), **(overrides or {})})
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}

    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        listen_to(db.engine)
    _journal_once()
    migrate.init_app(app, db, directory=str(PROJECT / "migrations"), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    compress.init_app(app)
    babel.init_app(app, locale_selector=language.chosen, timezone_selector=language.zone)
    guard.begin(app)
    limiter.init_app(app)
    _sign_in(app)

    access_log.register(app)
    catalogue.register(app)
    language.register(app)
    form_words.register(app)
    frame.register(app)
    away.register(app)
    guard.register(app)
    headers.register(app)
    for room in ROOMS:
        _open(app, room)
    commands.register(app)
    gc.set_threshold(YOUNG_OBJECTS)
    return app


def _open(app: Flask, room: str) -> None:
    """A room's pages: views.py has its blueprint, further files named …_views.py add to it."""
    folder = Path(__file__).parent / room
    for more in sorted(folder.glob("*_views.py")):
        import_module(f"tracker.{room}.{more.stem}")
    if (folder / "views.py").exists():
        app.register_blueprint(import_module(f"tracker.{room}.views").room)


def _derived(config: Any) -> dict[str, Any]:
    """What the libraries want to be told, said once here."""
    keys = (config.get("SECRET_KEY") or "").split()
    secure = config["SECURE_COOKIES"] or config["BASE_URL"].startswith("https:")
    return {
        "SECURE_COOKIES": secure,
        "SQLALCHEMY_DATABASE_URI": _driver(config["DATABASE_URL"]),
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # what stands in the log names nobody
        "SECRET_KEY": keys[-1]
        if keys
        else os.urandom(32),  # commands work before `flask init`; sessions do not
        "SECRET_KEY_FALLBACKS": keys[:-1],
        "SECURITY_PASSWORD_SALT": config.get("SECURITY_PASSWORD_SALT") or "set by flask init",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "COMPRESS_MIMETYPES": [
            "text/css",
            "text/javascript",
            "image/svg+xml",
            "text/html",
        ],  # tracker/small.py
        "COMPRESS_STREAMS": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br", "deflate"],
        "COMPRESS_BR_LEVEL": 5,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a meeting may take an afternoon
        "MAX_FORM_MEMORY_SIZE": config["MAX_CONTENT_LENGTH"],
        "MAX_FORM_PARTS": 5_000,
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
        "TRUSTED_HOSTS": [h.strip() for h in config["TRUSTED_HOSTS"].split(",") if h.strip()] or None,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_CLI_USERS_NAME": None,  # our own commands also write the journal
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
        "SECURITY_SCRIPT_NONCE_KEY": "csp_nonce",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": False,
        **password_pages.settings(),
        **second_factor_pages.settings(config),
        **single_sign_on.settings(config),
        **library_words.settings(),
    }


def _driver(url: str) -> str:
    """The address with the driver that we ship: psycopg 3."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _sign_in(app: Flask) -> None:
    from flask_security.datastore import SQLAlchemyUserDatastore  # noqa: PLC0415 - reads the mapped classes

    store = SQLAlchemyUserDatastore(db, User, Role, WebAuthn)
    password_pages.prepare()
    security.init_app(app, store, register_blueprint=True, login_form=SignInForm, **password_pages.FORMS,
                      **second_factor_pages.FORMS)  # fmt: skip
    security.i18n_domain = library_words.Words(app)  # type: ignore[no-untyped-call]
    security.want_json(lambda _request: False)  # pages for people only
    limits.register(app)
    password_pages.register(app)
    second_factor_pages.register(app)
    single_sign_on.register(app)


_listening = False


def _journal_once() -> None:
    """One listener for all apps of the process: tests make several."""
    global _listening  # noqa: PLW0603
    if not _listening:
        journal.listen_to(db.session.session_factory)
        _listening = True
