"""The application for `flask` and for any WSGI server."""

from tracker.app import create_app

app = create_app()
