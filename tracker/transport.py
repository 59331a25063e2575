"""How a finished mail leaves the house: over one SMTP connection, or as an .eml file where no server is configured.

Nothing here knows the database, so that no transaction is open while a mail server thinks.
"""

import os
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

MAILS_PER_CONNECTION = 50  # servers hang up on longer rounds
SETUP_REFUSALS = frozenset({530, 534, 535, 538})  # sign-in is missing or wrong: no fault of the mail
TOO_LARGE = 552  # the one answer to the sender's address that concerns this mail: its size goes along


class Refused(Exception):
    """The server said no to this mail; with `for_good` (5xx) it is not tried again. Its text is the server's words."""

    def __init__(self, words: str, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


class Unreachable(Exception):
    """No mail at all can be sent now: no connection, no encryption, no sign-in, no such sender.

    Its text says what happened.
    """


class Transport(Protocol):
    """What deliver() needs: send one mail, and be closed at the end of the round."""

    def send(self, name: str, to_address: str, message: bytes) -> str | None:
        """Send the finished bytes. Returns the name of the file, if it became one. Raises Refused or Unreachable."""

    def close(self) -> None:
        """End the round."""


def transport(config: Mapping[str, Any], folder: Path, sender: str) -> Transport:
    """By the settings: a mail server, or files below `folder`."""
    return Server(config, sender) if config["MAIL_HOST"] else Files(folder)


class Files:
    """Mails as .eml files: written whole or not at all, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, name: str, to_address: str, message: bytes) -> str:
        """Write `name`.eml; the same mail again replaces its own file."""
        path = self.folder / f"{name}.eml"
        half = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError as error:
            raise Unreachable(f"The file {path.name} could not be written: {error.strerror}") from error
        return path.name

    def close(self) -> None:
        """Nothing is kept open."""


class Server:
    """One connection for many mails, with STARTTLS, TLS, user and password as the settings say."""

    def __init__(self, config: Mapping[str, Any], sender: str) -> None:
        self.config = config
        self.sender = sender
        self.connection: smtplib.SMTP | None = None
        self.sent = 0

    def send(self, name: str, to_address: str, message: bytes) -> None:
        """Hand one mail to the server."""
        if self.sent >= MAILS_PER_CONNECTION:
            self.close()
        connection = self.connection or self._connect()
        try:
            connection.sendmail(self.sender, [to_address], message)
        except smtplib.SMTPRecipientsRefused as error:
            self._refused(*next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:
            self._sender_refused(error)
        except smtplib.SMTPResponseException as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(f"The connection to the mail server broke: {said(error)}") from error
        self.sent += 1

    def reach(self) -> None:
        """Go as far as before a mail, and go away again. Raises Unreachable."""
        self._connect()
        self.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self.config["MAIL_HOST"], self.config["MAIL_PORT"]
        timeout, own_name = self.config["MAIL_TIMEOUT"], self.sender.rpartition("@")[2]
        try:
            if self.config["MAIL_TLS"]:
                secure = ssl.create_default_context()
                made: smtplib.SMTP = smtplib.SMTP_SSL(host, port, own_name, timeout=timeout, context=secure)
            else:
                made = smtplib.SMTP(host, port, own_name, timeout=timeout)
            self.connection, self.sent = made, 0
            if self.config["MAIL_STARTTLS"]:
                made.starttls(context=ssl.create_default_context())
            if self.config["MAIL_USER"]:
                made.login(self.config["MAIL_USER"], self.config["MAIL_PASSWORD"])
            made.ehlo_or_helo_if_needed()
        except (
            OSError,
            OverflowError,
            ValueError,
            smtplib.SMTPException,
        ) as error:  # also a port or host of no kind
            self.close()
            raise Unreachable(f"The mail server {host}:{port} does not take mail: {said(error)}") from error
        return made

    def _sender_refused(self, error: smtplib.SMTPSenderRefused) -> None:
        """Whom mail comes from is a setting: as long as the server does not take it, it takes no mail at all."""
        if error.smtp_code == TOO_LARGE:
            self._refused(error.smtp_code, error.smtp_error)
        self.close()
        raise Unreachable(f"The mail server takes no mail from {self.sender}: {said(error)}") from error

    def _refused(self, code: int, words: bytes | str) -> None:
        """421 and a missing sign-in concern the server, other codes this mail."""
        text = f"{code} {_plain(words)}"
        if code == 421 or code in SETUP_REFUSALS:
            self.close()
            raise Unreachable(text)
        raise Refused(text, for_good=500 <= code < 600)

    def close(self) -> None:
        """Say goodbye if the server still listens."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def said(error: BaseException) -> str:
    """What went wrong, in the words of the server where it spoke."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(error) or type(error).__name__


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
