"""Whoever only reads waits for nobody who writes."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.browsing import Browser
from tracker.extensions import db

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("address", ["/", "/channels", "/meetings", "/evidence", "/account", "/journal"])
def test_a_page_is_read_while_somebody_writes(app: Flask, sign_in: Any, address: str) -> None:
    auditor: Browser = sign_in("auditor")
    began: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("BEGIN"):
            began.append(statement)

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        auditor.get(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert set(began) == {"BEGIN"}
