"""The application for `flask` and for any WSGI server."""

import os

from tracker.app import create_app
from tracker.first_person import sentence
from tracker.settings import SettingRefused
from tracker.starting import refuse_unsafe

try:
    app = create_app()
    if (
        os.environ.get("FLASK_RUN_FROM_CLI") != "true"
    ):  # a command serves nothing; `flask serve` asks for itself
        refuse_unsafe(app)
        if first := sentence(app):
            app.logger.warning(first)  # every process says the same
except SettingRefused as refused:
    raise SystemExit(str(refused)) from None
