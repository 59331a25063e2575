"""Two hundred people at once, and the server killed in between: no acknowledged write is lost, nothing else fails.

`python -m benchmarks.under_load [seconds]`, loopback only. Once with `flask serve` on SQLite, once with gunicorn and
four workers on PostgreSQL. Everybody has a browser of their own, reads pages, types into the log of a meeting and plans
others. After a third of the time the server is killed without warning and started again. Then what was acknowledged is
compared with what is stored, and the journal is checked. Ends with status 1 if anything is missing or failed.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.crowd import PATIENCE, Client, Seen, Server
from tests.postgres import running_server
from tracker import clock
from tracker.app import create_app
from tracker.extensions import db
from tracker.meetings import changes
from tracker.models import Channel, Draft, Meeting
from tracker.people.changes import create
from tracker.people.roles import add_role
from tracker.rules.words import Role
from tracker.settings import PROJECT

CLIENTS = 200
PEOPLE = 20
MEETINGS = 20
CONCEPT = PROJECT / "examples" / "ihk-region-stuttgart.toml"


def fill(app: Flask) -> list[tuple[str, int, int]]:
    """People and meetings beside the concept; of each client the cookie of a session, a meeting and a channel to log.

    Ten clients are one person, in ten browsers, each at another row.
    """
    people = [
        create(f"person{k}@example.org", f"Person {k}", f"Meerblick und Rosen {k}") for k in range(PEOPLE)
    ]
    for someone in people:
        add_role(someone, Role.MANAGER)
    meetings = [
        changes.plan(date(2026, 12, 1) + timedelta(days=k), None, f"Saal {k}", [], people[0])
        for k in range(MEETINGS)
    ]
    db.session.commit()
    sign: Any = app.session_interface
    signer = sign.get_signing_serializer(app)
    channels, now, found = list(db.session.scalars(select(Channel.id))), clock.now().timestamp(), []
    for k in range(CLIENTS):
        someone, meeting = people[k % PEOPLE], meetings[k % MEETINGS]
        session = {"_user_id": someone.fs_uniquifier, "_fresh": True, "identity": someone.fs_uniquifier,
                   "fs_cc": "set", "fs_paa": now}  # fmt: skip
        found.append((f"session={signer.dumps(session)}", meeting.id, channels[k // MEETINGS]))
    db.session.rollback()  # what was read here would keep SQLite from writing
    return found


def lost(seen: Seen) -> list[str]:
    """What was acknowledged and is not stored."""
    db.session.rollback()
    places = set(db.session.scalars(select(Meeting.place)))
    found = [f"the meeting in {place}" for place in sorted(seen.planned - places)]
    kept = set(db.session.scalars(select(Draft.value)))
    for nth, text in seen.typed.items():
        if not kept & {text, *seen.sent.get(nth, ())}:
            found.append(f"what client {nth} typed: {text}")
    return found


def measure(name: str, url: str, command: list[str], seconds: float) -> bool:
    """One server under load; whether nothing was lost and nothing failed."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = {"TRACKER_INSTANCE": folder, "TRACKER_PORT": str(port)}
        settings |= {"TRACKER_DATABASE_URL": url} if url else {}
        environment = {**os.environ, **settings}
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        for words in (["init"], ["load-concept", str(CONCEPT), "--since", "2026-01-01"]):
            subprocess.run(
                [*flask, *words], cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
        app = create_app({"DATABASE_URL": url} if url else {}, Path(folder))
        server = Server([one.format(port=port) for one in command], environment, port)
        with app.app_context(), _running(server):
            seen = _load(server, fill(app), seconds)
            missing = lost(seen)
            db.session.remove()
            db.engine.dispose()
            verify = subprocess.run([*flask, "verify"], cwd=PROJECT, env=environment, check=False,
                                    capture_output=True, text=True)  # fmt: skip
    _say(name, seen, server, seconds, missing, verify.returncode)
    return not (seen.bad or missing or verify.returncode)


def free_port() -> int:
    """Not one of those that connections leave from: whoever asks a port again and again while nobody listens there may
    be connected with itself at last, and the port is taken.
    """
    for port in range(20_000, 30_000):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise SystemExit("No port is free.")


@contextlib.contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.kill()


def _load(server: Server, people: list[tuple[str, int, int]], seconds: float) -> Seen:
    seen, began = Seen(), time.monotonic()
    clients = [Client(nth, *one, server, seen, began + seconds) for nth, one in enumerate(people)]
    for one in clients:
        one.start()
    threading.Event().wait(seconds / 3)
    server.kill_and_start()
    for one in clients:
        one.join(seconds + 2 * PATIENCE)
    return seen


def _say(name: str, seen: Seen, server: Server, seconds: float, missing: list[str], verified: int) -> None:
    away = sum(back - gone for gone, back in server.away)
    many, slow = len(seen.took), quantiles(seen.took, n=100)[98]
    print(f"{name}: {many:,} answers to {CLIENTS} clients in {seconds:.0f} s, {many / seconds:.0f} a second")
    print(f"  an answer took {median(seen.took):.1f} s, one in a hundred more than {slow:.1f} s")
    print(
        f"  killed once, away for {away:.1f} s; answers by code: {json.dumps(dict(sorted(seen.codes.items())))}"
    )
    print(f"  acknowledged: {len(seen.planned):,} meetings, texts of {len(seen.typed):,} clients; "
          f"told that there is another text: {seen.refused}")  # fmt: skip
    print(f"  lost: {missing or 'nothing'}; failed besides: {seen.bad[:5] or 'nothing'}")
    print(f"  flask verify ended with {verified}", flush=True)


def main() -> None:
    """Both servers, one after the other."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", "4", "--timeout", "120", "--bind", "127.0.0.1:{port}",
                "wsgi:app"]  # fmt: skip
    fine = measure("flask serve on SQLite", "", [*flask, "serve"], seconds)
    with running_server() as postgres:
        fine &= measure(
            "gunicorn with four workers on PostgreSQL", postgres.create("load"), gunicorn, seconds
        )
    raise SystemExit(0 if fine else 1)


if __name__ == "__main__":
    main()
