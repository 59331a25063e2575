"""Digests: render, build, send and note them, against a bare loop that builds and sends mails of the same size."""

import email
import smtplib
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP, default
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.filling import Size, filled
from benchmarks.sink import sink
from tracker import outbox
from tracker.extensions import db
from tracker.letter import bytes_of
from tracker.models import Mail, Organisation
from tracker.reminders.changes import remind
from tracker.reminders.owed import round_on

SINCE = date(2026, 1, 1)
OVERDUE_ON = date(2026, 4, 1)
ROUNDS = 5


def measure(count: int) -> tuple[float, float]:
    """Seconds for `count` digests on a fresh database, without deciding who is owed one; and the bare loop's."""
    size = Size(count, 1, SINCE, contacts=count)
    with sink() as port, filled(size, MAIL_HOST="127.0.0.1", MAIL_PORT=port) as app, app.app_context():
        deciding = seconds(lambda: round_on(OVERDUE_ON, db.session.get_one(Organisation, 1)))
        db.session.rollback()
        writing = seconds(_write_down)
        example = bytes_of(db.session.get_one(Mail, 1))
        db.session.rollback()
        sending = seconds(outbox.deliver)
        bare = seconds(lambda: _bare_loop(port, example, count))
    return writing - deciding + sending, bare


def seconds(deed: Callable[[], Any]) -> float:
    """How long something takes by the clock on the wall."""
    began = perf_counter()
    deed()
    return perf_counter() - began


def _write_down() -> None:
    remind(OVERDUE_ON)
    db.session.commit()


def _bare_loop(port: int, example: bytes, count: int) -> None:
    """What one would write without the app: the same parts, built and sent one by one over one connection."""
    read = email.message_from_bytes(example, policy=default)
    text, html, calendar = (part.get_content() for part in read.walk() if not part.is_multipart())
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for k in range(count):
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = "evaluierung@example.org", f"kanal{k}@example.org"
            mail["Subject"], mail["Message-ID"] = read["Subject"], f"<{k}@example.org>"
            mail.set_content(text)
            mail.add_alternative(html, subtype="html")
            mail.add_attachment(calendar, subtype="calendar", filename="frist.ics")
            connection.send_message(mail)


def main() -> None:
    """Print the ratios, each the median of several rounds."""
    few = [measure(100) for _ in range(ROUNDS)]
    many = [measure(1_000) for _ in range(ROUNDS)]
    as_fast = median(bare / ours for ours, bare in many)
    growth = median(ours for ours, _bare in many) / 10 / median(ours for ours, _bare in few)
    print(f"1,000 digests against a bare loop: {as_fast:.2f} as fast")
    print(f"One digest among 1,000 against one among 100: {growth:.2f} times the time")


if __name__ == "__main__":
    main()
