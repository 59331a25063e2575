"""A browser without a screen for tests of pages: every HTML page that comes back is checked for the house rules."""

from contextvars import copy_context
from typing import Any

from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page import Page, check_house_rules
from tracker.extensions import db
from tracker.models import User


class Client(FlaskClient):
    """Each request has an app context of its own, as on a server; what the test itself had open is committed first."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """Send one request; the test's clock stays set for it."""
        db.session.commit()
        return copy_context().run(self._open_alone, *args, **more)

    def _open_alone(self, *args: Any, **more: Any) -> TestResponse:
        _cv_app.set(None)
        return super().open(*args, **{"buffered": True, **more})  # a stream is read where it was made


class Browser:
    """Somebody's browser. `get` and `post` follow redirects; `raw` is the client beneath, for what is no page."""

    def __init__(self, client: FlaskClient, language: str = "de", person: User | None = None) -> None:
        self.raw = client
        self.language = language
        self.person = person

    def get(self, url: str, expect: int = 200) -> Page:
        """The page at an address."""
        return self._page(self.raw.get(url, headers=self._headers(), follow_redirects=True), expect)

    def post(self, url: str, data: Any = None, expect: int = 200) -> Page:
        """The page that answers a form."""
        return self._page(self.send(url, data, follow_redirects=True), expect)

    def send(self, url: str, data: Any = None, **more: Any) -> TestResponse:
        """The bare answer to a form."""
        return self.raw.post(url, data=data or {}, headers=self._headers(), **more)

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language}

    def _page(self, response: TestResponse, expect: int) -> Page:
        assert response.status_code == expect, (
            f"{response.status} from {response.request.path}: {_said(response)}"
        )
        page = Page(response.get_data(as_text=True))
        check_house_rules(page, self.language)
        return page


def _said(response: TestResponse) -> str:
    page = Page(response.get_data(as_text=True))
    return page.text[:600]
