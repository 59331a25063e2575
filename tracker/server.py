"""Web and timetable in one process, for one machine."""

import signal
import socket
from types import FrameType

import click
from flask import Flask
from waitress.server import create_server

from tracker.first_person import sentence
from tracker.scheduler import timetable
from tracker.settings import SettingRefused
from tracker.starting import refuse_unsafe

THREADS = 8
CONNECTIONS = 1000  # browsers keep theirs open between two pages; at the limit others would wait for minutes


def run(app: Flask, host: str | None = None, port: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then let the running jobs end. Ends with status 1 if the address is taken."""
    host, port = host or app.config["HOST"], app.config["PORT"] if port is None else port
    try:
        refuse_unsafe(app, host)
        scheduler = timetable(app)
    except SettingRefused as refused:
        raise SystemExit(_said(str(refused))) from None
    with _listening(host, port) as listening:
        server = create_server(
            app,
            sockets=[listening],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            ident=None,
            max_request_body_size=4
            * app.config["MAX_CONTENT_LENGTH"],  # what is little too large is told by a page
            clear_untrusted_proxy_headers=not app.config["PROXIES"],
        )
        signal.signal(signal.SIGTERM, _stop)
        click.echo(
            f"Open http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/ (Ctrl-C ends it)."
        )
        if first := sentence(app):
            click.echo(first)
        scheduler.start()
        try:
            server.run()
        finally:
            server.close()
            scheduler.shutdown()


def _listening(host: str, port: int) -> socket.socket:
    """The address is taken before anything else is started, so that nothing has to be taken back."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError, ValueError) as error:  # taken, out of range, or no name of a host
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0].rstrip(".")
        raise SystemExit(_said(f"Cannot listen on {host}:{port}: {reason}.")) from None


def _said(sentence: str) -> int:
    """One sentence on standard error; the exit status."""
    click.echo(sentence, err=True)
    return 1


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
