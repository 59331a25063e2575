"""What was posted and could not be taken, ready to be sent again: an expired form or session loses nothing typed.

Nothing of it is stored: it goes back to the browser it came from, in the page that says why it was not taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms.fields.core import UnboundField

TOKEN = "csrf_token"  # noqa: S105 - the name of the field


@dataclass(frozen=True)
class Line:
    """One posted field that says something: its label in the form, else its bare name, and the words."""

    label: str
    named: bool
    words: str


@dataclass(frozen=True)
class Unsent:
    """A form that was not taken: where it goes, all its fields, what they say, and what could not be kept."""

    address: str
    fields: list[tuple[str, str]]
    lines: list[Line]
    without_password: bool
    without_file: bool


def unsent() -> Unsent | None:
    """What this request posted; None where it posted nothing to a page of ours, or came from another site.

    Somebody else's page could post what it likes and hope for a careless click, so its words are never offered.
    """
    if request.method != "POST" or request.endpoint is None or _from_elsewhere():
        return None
    try:
        posted, files = request.form, request.files
    except HTTPException:  # too large to be read
        return None
    fields = [(name, one) for name, one in posted.items(multi=True) if name != TOKEN and not _secret(name)]
    labels = _labels({name for name, _one in fields})
    return Unsent(
        address=_address(),
        fields=fields,
        lines=[Line(labels.get(name, name), name in labels, one) for name, one in fields if one.strip()],
        without_password=any(map(_secret, posted)),
        without_file=any(one.filename for one in files.values()),
    )


def _from_elsewhere() -> bool:
    """Whether the browser says that the form stood on a page of another origin. Very old ones say nothing."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    return origin is not None and urlsplit(origin).netloc != request.host


def _secret(name: str) -> bool:
    return "password" in name.lower()


def _address() -> str:
    """The route's own address, never the letters of the request: it cannot lead to another site."""
    query = request.query_string.decode("ascii", "ignore")
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{path}?{query}" if query else path


def _labels(names: set[str]) -> dict[str, str]:
    """The labels that the fields had on the page: from the form of the same room that fits the names best."""
    view: Any = current_app.view_functions[str(request.endpoint)]
    room = view.__module__.rpartition(".")[0]
    best: dict[str, str] = {}
    for form in _below(FlaskForm):
        if form.__module__.rpartition(".")[0] != room:
            continue
        known = {name: str(label) for name in names if (label := _label(form, name)) is not None}
        best = known if len(known) > len(best) else best
    return best


def _below(form: Any) -> Iterator[Any]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)


def _label(form: Any, name: str) -> Any:
    field = getattr(form, name, None)
    if not isinstance(field, UnboundField):
        return None
    return field.args[0] if field.args else field.kwargs.get("label")
