"""A crowd of people with browsers, and a server that can be killed under them."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from random import Random
from urllib.parse import urlencode

from tracker.settings import PROJECT

READ = (
    "/",
    "/channels",
    "/channels/{channel}",
    "/meetings",
    "/meetings/{meeting}/log",
    "/evidence",
    "/actions",
    "/concept",
)
AMONG_TEN = (6, 9)  # so many read, so many have read or typed; the rest plan a meeting
PATIENCE = 60  # seconds for one answer


@dataclass
class Seen:
    """What the clients saw together."""

    took: list[float] = field(default_factory=list)  # seconds until an answer was there, of those that came
    codes: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(
        default_factory=list
    )  # answers of 500 and above, and connections that failed, with when
    typed: dict[int, str] = field(default_factory=dict)  # by client: the last text that was acknowledged
    sent: dict[int, set[str]] = field(
        default_factory=dict
    )  # by client: sent after that, and not acknowledged
    planned: set[str] = field(default_factory=set)
    refused: int = 0  # texts that found another one in their place, and were not taken


class Server:
    """A server as a process group of its own, to be killed."""

    def __init__(self, command: list[str], environment: dict[str, str], port: int) -> None:
        self.command, self.environment, self.port = command, environment, port
        self.away: list[tuple[float, float]] = []

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the server
        self.process = subprocess.Popen(
            self.command, cwd=PROJECT, env=self.environment, stdout=self.said, stderr=self.said,
            start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), contextlib.closing(self.connection()) as connection:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return
            if self.process.poll() is not None:
                self.said.seek(0)
                raise SystemExit(f"The server ended by itself: {self.said.read().decode()}")
            threading.Event().wait(0.1)
        raise SystemExit("The server does not answer.")

    def connection(self) -> http.client.HTTPConnection:
        """A connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def kill(self) -> None:
        """Without warning."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_and_start(self) -> None:
        """And note for how long it was away."""
        gone = time.monotonic()
        self.away.append((gone, float("inf")))
        self.kill()
        self.start()
        self.away[-1] = (gone, time.monotonic())

    def was_away(self, began: float, ended: float) -> bool:
        """Whether it was away at any moment of a request."""
        return any(began <= back and gone <= ended for gone, back in self.away)


class Client(threading.Thread):
    """One person with a browser."""

    def __init__(
        self, nth: int, cookie: str, meeting: int, channel: int, server: Server, seen: Seen, until: float
    ) -> None:
        super().__init__(daemon=True)
        self.nth, self.cookie, self.meeting, self.channel = nth, cookie, meeting, channel
        self.server, self.seen, self.until = server, seen, until
        self.chance, self.page, self.count = Random(nth), "", 0
        self.shown: dict[str, object] = {}
        self.connection = server.connection()

    def run(self) -> None:
        """Read, type, plan, until the time is over."""
        while time.monotonic() < self.until:
            dice = self.chance.randrange(10)
            if dice < AMONG_TEN[0] or not self.page:
                path = self.chance.choice(READ) if self.page else READ[4]
                code, text = self.ask("GET", path.format(channel=self.channel, meeting=self.meeting))
                if code == 200 and path == READ[4]:
                    self.page = text
                    self.shown = json.loads(unescape(self.hidden("shown")))
            elif dice < AMONG_TEN[1]:
                self.type()
            else:
                self.plan()

    def type(self) -> None:
        """A reason in the log of the meeting, as the page saves it by itself."""
        self.count += 1
        text = f"Grund {self.nth}-{self.count}"
        self.seen.sent.setdefault(self.nth, set()).add(text)
        name = f"channel-{self.channel}.strategy.reason"
        asked = {
            "csrf_token": self.hidden("csrf_token"),
            "person": self.hidden("person"),
            "shown": json.dumps(self.shown),
            name: text,
        }
        code, said = self.ask("POST", f"/meetings/{self.meeting}/draft", asked)
        if code == 200:
            answer = json.loads(said)
            self.shown |= answer["shown"]
            if name in answer["refused"]:  # the page says so, with what it found there
                self.seen.refused += 1
            else:
                self.seen.typed[self.nth] = text
                self.seen.sent[self.nth].clear()

    def plan(self) -> None:
        """A meeting some day, told apart by its place."""
        self.count += 1
        place = f"Raum {self.nth}-{self.count}"
        on = date(2027, 1, 1) + timedelta(days=self.chance.randrange(300))
        code, _said = self.ask(
            "POST", "/meetings/plan", {"csrf_token": self.hidden("csrf_token"), "on": on.isoformat(), "place": place,
                                       "form_id": place, "channels": str(self.channel)},
        )  # fmt: skip
        if code == 303:
            self.seen.planned.add(place)

    def hidden(self, name: str) -> str:
        """A hidden field of the page of the log."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.page)
        return found[1] if found else ""

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """One request; 0 where the connection failed."""
        headers = {
            "Cookie": self.cookie,
            "Accept": "application/json" if path.endswith("draft") else "text/html",
        }
        body = urlencode(data) if data else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
            code = answer.status
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                if cookie.startswith("session="):
                    self.cookie = cookie.partition(";")[0]
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            code, text = 0, type(error).__name__
            threading.Event().wait(0.05)
        ended = time.monotonic()
        if code:
            self.seen.took.append(ended - began)
        self.seen.codes[code] += 1
        if (code == 0 or code >= 500) and not self.server.was_away(began, ended):
            self.seen.bad.append(f"{method} {path}: {code} {text[:200]}")
        return code, text
