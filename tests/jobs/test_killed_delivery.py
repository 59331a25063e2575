"""Whoever delivers may be killed at any point: no mail is lost, and one that comes twice is recognisably the same."""

import email
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.smtp import MailServer, mail_server
from tracker import clock, outbox
from tracker.extensions import db
from tracker.models import Mail
from tracker.settings import PROJECT

pytestmark = pytest.mark.slow
KILLS = 50
MAILS = 120


class Murderous(MailServer):
    """A real mail server that kills whoever delivers, at the next step of the conversation that it was told."""

    victim = 0
    steps = 0

    def _step(self) -> None:
        self.steps -= 1
        if self.steps == 0 and self.victim:
            with suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self._step()
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(self, *given):
        self._step()
        return await super().handle_MAIL(*given)

    async def handle_RCPT(self, *given):
        self._step()
        return await super().handle_RCPT(*given)

    async def handle_DATA(self, *given):
        answer = await super().handle_DATA(*given)
        self._step()  # taken, but the answer may never arrive
        return answer


@contextmanager
def deliverer(app, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.deliverer", database, str(folder), str(port)],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def write(count: int) -> None:
    for k in range(count):
        outbox.put(kind="digest", to_name="Jo", to_address=f"jo{k}@example.org", language="de",
                   subject=f"Nachricht {k}", text="Hallo\n")  # fmt: skip
    db.session.commit()


def ids(server: MailServer) -> Counter[str]:
    return Counter(str(email.message_from_bytes(one.content)["Message-ID"]) for one in server.received)


def states() -> dict[str, int]:
    found = dict(db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all())
    db.session.remove()  # an open transaction would keep the others from writing
    return found


def test_fifty_kills_lose_nothing_and_repeat_at_most_one_recognisable_mail_each(app, tmp_path, monkeypatch):
    chance, moment, killed = random.Random(20260401), clock.now(), 0
    monkeypatch.setattr("tests.smtp.MailServer", Murderous)
    write(MAILS)
    db.session.remove()
    with mail_server() as server, deliverer(app, tmp_path, server.port) as process:
        while killed < KILLS and states().get("waiting"):
            moment += timedelta(minutes=11)  # whoever held a claim is taken for dead by now
            server.steps = chance.randint(1, 9)
            process.stdin.write(f"{moment.isoformat()}\n")
            server.victim = int(process.stdout.readline())
            killed += int(process.stdout.readline()) == -signal.SIGKILL
        server.victim = 0
        while states().get("waiting"):
            moment += timedelta(minutes=11)
            process.stdin.write(f"{moment.isoformat()}\n")
            process.stdout.readline()
            assert process.stdout.readline().strip() == "0"
        came = ids(server)
    known = set(db.session.scalars(select(Mail.message_id)))
    assert killed >= KILLS // 2
    assert states() == {"sent": MAILS}
    assert set(came) == known
    assert sum(came.values()) - len(known) <= killed


def test_four_processes_and_five_hundred_mails(app, tmp_path):
    write(500)
    db.session.remove()
    with mail_server() as server:
        moment = clock.now().isoformat()
        processes = []
        for _ in range(4):
            made = deliverer(app, tmp_path, server.port)
            processes.append((made, made.__enter__()))
        for _made, process in processes:
            process.stdin.write(f"{moment}\n")
        for made, process in processes:
            process.stdout.readline()
            assert process.stdout.readline().strip() == "0"
            made.__exit__(None, None, None)
        came = ids(server)
    assert set(came.values()) == {1}
    assert len(came) == 500
    assert states() == {"sent": 500}
