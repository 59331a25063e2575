"""The application for `flask` and for any WSGI server."""

from tracker.app import create_app
from tracker.settings import SettingRefused

try:
    app = create_app()
except SettingRefused as refused:
    raise SystemExit(str(refused)) from None
