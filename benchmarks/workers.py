"""How many boards a second one, two and four web processes draw on one PostgreSQL: `python -m benchmarks.workers`.

Two minutes. Eight readers ask gunicorn for the board, each time drawn anew, over sockets that cost next to nothing: the
processes and the database have the cores to themselves. Every number of workers is measured three times, in turn.
"""

import os
import socket
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from flask_migrate import upgrade

from benchmarks.crowd import PATIENCE, Server
from benchmarks.exports import signed_in
from benchmarks.filling import Size, fill
from benchmarks.pages import ON
from benchmarks.under_load import free_port
from tests.postgres import running_server
from tracker import secret_files
from tracker.app import create_app

WORKERS = (1, 2, 4)
READERS, SECONDS, ROUNDS = 8, 8.0, 3


def ask(port: int, cookie: str, until: float, answers: list[float]) -> None:
    """Ask for the board again and again, each over a connection of its own; note when each answer was there."""
    asked = f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n".encode()
    while monotonic() < until:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            line.sendall(asked)
            first = line.recv(12)
            while line.recv(1 << 16):
                pass
        if first != b"HTTP/1.1 200":
            raise SystemExit(f"The board was not drawn: {first!r}")
        answers.append(monotonic())


def throughput(workers: int, environment: dict[str, str], cookie: str) -> float:
    """Boards a second, after a second to begin with."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        str(workers),
        "--bind",
        f"127.0.0.1:{port}",
        "wsgi:app",
    ]
    server = Server(command, environment, port)
    server.start()
    try:
        answers: list[float] = []
        begun = monotonic() + 2
        readers = [
            threading.Thread(target=ask, args=(port, cookie, begun + SECONDS, answers))
            for _ in range(READERS)
        ]
        for one in readers:
            one.start()
        for one in readers:
            one.join()
    finally:
        server.kill()
    return sum(begun <= at <= begun + SECONDS for at in answers) / SECONDS


def main() -> None:
    """Print boards a second for each number of workers, and how many times those of one."""
    with running_server() as postgres, tempfile.TemporaryDirectory() as folder:
        url = postgres.create("workers")
        environment = {**os.environ, "TRACKER_INSTANCE": folder, "TRACKER_DATABASE_URL": url}
        secret_files.make(Path(folder))
        app = create_app({"DATABASE_URL": url}, Path(folder))
        with app.app_context():
            upgrade()
            fill(Size(11, 8, ON, units=3, contacts=2))
            client: Any = signed_in(app, "editor")
        cookie = f"session={client.get_cookie('session').value}"
        found: dict[int, list[float]] = {one: [] for one in WORKERS}
        for _round in range(ROUNDS):
            for workers in WORKERS:
                found[workers].append(throughput(workers, environment, cookie))
    one = median(found[1])
    print(f"{os.cpu_count()} cores")
    for workers, rates in found.items():
        rate = median(rates)
        print(f"{workers} workers: {rate:.1f} boards a second ({min(rates):.1f} to {max(rates):.1f}), "
              f"{rate / one:.2f} times those of one")  # fmt: skip


if __name__ == "__main__":
    main()
