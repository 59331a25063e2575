"""The translations a page is spoken from, looked for once a language; and what is remembered of words, by language."""

from typing import Any

from flask import Flask
from flask_babel import get_locale, get_translations

_CATALOGUES: dict[str, Any] = {}


def spoken() -> str:
    """The language that is spoken now; empty where none is, so that nothing said there is remembered for another."""
    locale = get_locale()
    return locale.language if locale else ""


def catalogue() -> Any:
    """The translations of the language that is spoken now."""
    now = spoken()
    if now not in _CATALOGUES:
        _CATALOGUES[now] = get_translations()
    return _CATALOGUES[now]


def register(app: Flask) -> None:
    """The templates' gettext."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda said: catalogue().ugettext(said),
        lambda one, more, count: catalogue().ungettext(one, more, count),
        newstyle=True,
        pgettext=lambda context, said: catalogue().upgettext(context, said),
        npgettext=lambda context, one, more, count: catalogue().unpgettext(context, one, more, count),
    )
