"""Web and timetable in one process, for one machine."""

import signal
import sys
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from tracker.scheduler import timetable

THREADS = 8


def run(app: Flask, host: str | None = None, port: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then let the running jobs end. Ends with status 1 if the address is taken."""
    host, port = host or app.config["HOST"], app.config["PORT"] if port is None else port
    scheduler = timetable(app)
    try:
        server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        click.echo(f"Cannot listen on {host}:{port}: {reason}.", err=True)
        sys.exit(1)
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"Open {_address(server, host)} (Ctrl-C ends it).")
    scheduler.start()
    try:
        server.run()
    finally:
        server.close()
        scheduler.shutdown()


def _address(server: Any, host: str) -> str:
    """Where to look, with the port that was really taken."""
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
