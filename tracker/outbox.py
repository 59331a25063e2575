"""The outbox's verbs: put() a mail as a row, deliver() what waits. Any number of processes may deliver.

A row is claimed in the database and committed, sent outside of any transaction, and what became of it is noted in a
commit of its own. A crash between sending and noting repeats one mail with the same Message-ID; none is ever lost.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from tracker import clock, journal, language
from tracker.extensions import db
from tracker.letter import clean_address, message_of, one_line, sender
from tracker.models import Contact, Mail
from tracker.rules.deeds import Deed
from tracker.transport import Refused, Unreachable, transport

KINDS = ("digest", "invitation", "minutes", "head", "account", "test")
PAUSES = tuple(
    timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)
)  # refused after the last one: given up
WHILE_AWAY = 4  # so many tries count while no mail at all can be sent: every two hours, for ever
CLAIM_HOLDS = timedelta(minutes=10)  # afterwards whoever claimed it is taken for dead
CLOCK_WAS_WRONG = timedelta(hours=25)  # a moment farther ahead than any pause: the clock was set wrongly


@dataclass(frozen=True)
class Delivered:
    """What one round came to. `waiting`: put off for a pause; `failed`: why the round was broken off, or empty."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    failed: str = ""


@dataclass(frozen=True)
class Claimed:
    """A mail as plain values, taken along out of the transaction."""

    id: int
    claim: str
    file: str
    to_address: str
    message: bytes


def link(endpoint: str, **values: Any) -> str:
    """The address of a page for use in a mail: begins with the setting BASE_URL, never with a request's host."""
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def put(
    *,
    kind: str,
    to_name: str,
    to_address: str,
    language: str,
    subject: str,
    text: str,
    html: str | None = None,
    calendar: str | None = None,
    contact: Contact | None = None,
) -> Mail:
    """Write a mail into the outbox; the caller commits. Its Message-ID is made here, once. Raises AddressRefused."""
    if kind not in KINDS:
        raise ValueError(f"not a kind of mail: {kind!r}")
    now = clock.now()
    mail = Mail(
        kind=kind,
        message_id=f"<{secrets.token_hex(12)}@{sender().domain}>",
        to_name=one_line(to_name)[:200],
        to_address=clean_address(to_address),
        language=language,
        subject=one_line(subject)[:500],
        text=text,
        html=html,
        calendar=calendar,
        contact_id=contact.id if contact else None,
        written_at=now,
        next_try_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def deliver(limit: int | None = None) -> Delivered:
    """Send what waits, at most `limit` mails. Commits: once for each claim, once for each outcome."""
    db.session.rollback()  # whatever was only read before must not keep a transaction open while a server thinks
    folder = Path(current_app.instance_path) / "outbox"
    way = transport(current_app.config, folder, sender().addr_spec)
    sent = waiting = given_up = 0
    failed = ""
    try:
        while not failed and (limit is None or sent + waiting + given_up < limit):
            claimed = _claim()
            if claimed is None:
                break
            try:
                if not claimed.message:
                    raise Refused("The mail could not be built.", for_good=True)
                file = way.send(claimed.file, claimed.to_address, claimed.message)
            except (Refused, Unreachable) as error:
                failed = str(error) if isinstance(error, Unreachable) else ""
                over = _note_failure(claimed, error)
                waiting, given_up = waiting + (not over), given_up + over
            else:
                sent += _note_sent(claimed, file)
    finally:
        way.close()
    return Delivered(sent, waiting, given_up, failed)


def _ready(now: datetime) -> ColumnElement[bool]:
    """Waiting, its pause over, claimed by nobody who may still be alive. A mail never tried is always due."""
    return and_(
        Mail.state == "waiting",
        or_(Mail.tries == 0, Mail.next_try_at <= now, Mail.next_try_at > now + CLOCK_WAS_WRONG),
        or_(
            Mail.claimed_at.is_(None),
            Mail.claimed_at < now - CLAIM_HOLDS,
            Mail.claimed_at > now + CLAIM_HOLDS,
        ),
    )


def _claim() -> Claimed | None:
    """Take one mail for this process, in one statement, and commit. None if nothing is ready."""
    now, claim = clock.now(), secrets.token_hex(12)
    ready = _ready(now)
    first = select(Mail.id).where(ready).order_by(Mail.next_try_at, Mail.id).limit(1)
    one = first.with_for_update(skip_locked=True).scalar_subquery()
    taken = db.session.scalars(
        update(Mail).where(Mail.id == one, ready).values(claimed_at=now, claimed_by=claim).returning(Mail.id),
        execution_options={"synchronize_session": False},
    ).first()
    mail = db.session.get(Mail, taken, populate_existing=True) if taken is not None else None
    if mail is None:
        db.session.rollback()
        return None
    written_on = clock.day_of(mail.written_at, language.zone())
    claimed = Claimed(mail.id, claim, f"{written_on}-{mail.id}", mail.to_address, _bytes_of(mail))
    db.session.commit()
    return claimed


def _bytes_of(mail: Mail) -> bytes:
    """The finished mail; empty if it cannot be built, so that one bad row does not hold up all others."""
    try:
        return message_of(mail).as_bytes()
    except (ValueError, LookupError, MessageError):
        current_app.logger.exception("Mail %s cannot be built.", mail.id)
        return b""


def _ours(claimed: Claimed) -> Mail | None:
    """The row, locked, while the claim is still ours; None if another process took it over in the meantime."""
    still = select(Mail).where(
        Mail.id == claimed.id, Mail.claimed_by == claimed.claim, Mail.state == "waiting"
    )
    mail = db.session.scalars(still.with_for_update()).first()
    if mail is None:
        db.session.rollback()
        return None
    mail.tries += 1
    mail.claimed_at = mail.claimed_by = None
    return mail


def _note_sent(claimed: Claimed, file: str | None) -> bool:
    mail = _ours(claimed)
    if mail is None:
        return False
    mail.state, mail.sent_at, mail.sent_to_file, mail.last_words = "sent", clock.now(), file, ""
    if mail.kind == "account":
        mail.text = mail.html = None  # its link is a secret
    journal.note(
        db.session, Deed.MAIL_SENT, mail, ids={"tries": mail.tries}, words={"address": mail.to_address}
    )
    db.session.commit()
    return True


def _note_failure(claimed: Claimed, error: Refused | Unreachable) -> bool:
    """Put off for the next pause, or given up. True if given up.

    Only what the server refused is given up. Where no mail at all can be sent it is the installation's fault: the mail
    waits as long as it takes, and afterwards still has tries left.
    """
    mail = _ours(claimed)
    if mail is None:
        return False
    mail.last_words = one_line(str(error))
    if isinstance(error, Unreachable):
        mail.tries = min(mail.tries, WHILE_AWAY)
    over = isinstance(error, Refused) and (error.for_good or mail.tries > len(PAUSES))
    if over:
        mail.state = "given_up"
        journal.note(db.session, Deed.MAIL_GIVEN_UP, mail, ids={"tries": mail.tries},
                     words={"address": mail.to_address, "said": mail.last_words})  # fmt: skip
    else:
        mail.next_try_at = clock.now() + PAUSES[mail.tries - 1]
    db.session.commit()
    return over


def try_again(mail_id: int) -> Mail | None:
    """Let a mail that was given up wait again, like a new one; the caller commits. None if it is not given up."""
    given_up = select(Mail).where(Mail.id == mail_id, Mail.state == "given_up")
    mail = db.session.scalars(
        given_up.with_for_update(), execution_options={"populate_existing": True}
    ).first()
    if mail is None:
        return None
    journal.note(db.session, Deed.OUTBOX_RETRY, mail, ids={"tries": mail.tries},
                 words={"address": mail.to_address, "said": mail.last_words})  # fmt: skip
    mail.state, mail.tries, mail.next_try_at = "waiting", 0, clock.now()
    return mail
