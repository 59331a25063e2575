"""A mail server that takes everything and keeps nothing, as a process of its own, so that it costs the measured nothing
but the wait.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink


@contextmanager
def sink() -> Iterator[int]:
    """Its port on this machine, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink", str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it says so when it listens
        yield port
    finally:
        process.terminate()
        process.communicate()


def main(port: int) -> None:
    """Serve until terminated."""
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
