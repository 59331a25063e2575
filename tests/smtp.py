"""A real SMTP server on this machine, for tests: takes mail, or refuses it as told."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One mail as it came in."""

    sender: str
    to: list[str]
    content: bytes


@dataclass
class MailServer:
    """What came in, and what is to be answered. Answers are whole lines such as "550 5.1.1 no such mailbox"."""

    port: int  # on 127.0.0.1
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    recipients: dict[str, str] = field(default_factory=dict)
    content_answer: str = ""
    sender_answer: str = ""
    controller: Any = None

    def refuse_recipient(self, address: str, answer: str) -> None:
        """Answer so to this recipient."""
        self.recipients[address] = answer

    def refuse_content(self, answer: str) -> None:
        """Answer so to every mail, after it was transmitted."""
        self.content_answer = answer

    def refuse_sender(self, answer: str) -> None:
        """Answer so to MAIL FROM, whoever sends."""
        self.sender_answer = answer

    def accept(self) -> None:
        """Take everything again."""
        self.recipients, self.content_answer, self.sender_answer = {}, "", ""

    def stop(self) -> None:
        """Go away; a second time does nothing."""
        controller, self.controller = self.controller, None
        if controller is not None:
            controller.stop()

    async def handle_EHLO(  # the handler's names are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.content_answer:
            return self.content_answer
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return "250 taken"


def _asks_for(user: str, password: str) -> Any:
    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=right)

    return known


@dataclass(frozen=True)
class Guarded:
    """How a server guards itself: `tls` from the first byte, or `starttls`; a user and password to sign in with."""

    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    sign_in: tuple[str, str] | None = None


@contextmanager
def mail_server(guarded: Guarded = Guarded()) -> Iterator[MailServer]:
    """A server until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler = MailServer(port=free.getsockname()[1])
    options: dict[str, Any] = {"ssl_context": guarded.tls} if guarded.tls else {}
    if guarded.starttls:
        options |= {"tls_context": guarded.starttls, "require_starttls": True}
    if guarded.sign_in:
        options |= {
            "authenticator": _asks_for(*guarded.sign_in),
            "auth_required": True,
            "auth_require_tls": guarded.tls is None,
        }
    handler.controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **options)
    handler.controller.start()
    try:
        yield handler
    finally:
        handler.stop()


@contextmanager
def rude_server(*answers: str) -> Iterator[MailServer]:
    """A server that says these answers in turn, whatever it is told, and then hangs up; "..." says nothing any more.

    What it is sent after a "354" is kept as a mail, even where no answer follows.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MailServer(port=listening.getsockname()[1])
        done = Event()
        talking = Thread(target=_talk, args=(listening, server, answers, done))
        talking.start()
        try:
            yield server
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            talking.join()


def _talk(listening: socket.socket, server: MailServer, answers: tuple[str, ...], done: Event) -> None:
    with suppress(OSError):  # the listener was closed: the test is over
        while True:
            connection, _ = listening.accept()
            server.connections += 1
            with connection, connection.makefile("rb") as heard, suppress(OSError):
                for answer in answers:
                    if answer == "...":
                        done.wait()
                        break
                    connection.sendall(answer.encode() + b"\r\n")
                    if answer.startswith("354"):
                        content = b"".join(iter(heard.readline, b".\r\n"))
                        server.received.append(Received("", [], content))
                    else:
                        heard.readline()
