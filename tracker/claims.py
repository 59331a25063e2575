"""Which mails this process sends: some at a time are claimed in the database, so that no two processes send one."""

import secrets
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from tracker import clock, language
from tracker.extensions import db
from tracker.letter import bytes_of
from tracker.models import Mail

CLAIM_HOLDS = timedelta(minutes=10)  # afterwards whoever claimed it is taken for dead
CLAIMED_TOGETHER = 20  # so many mails at once: a claim costs as much for many as for one
CLOCK_WAS_WRONG = timedelta(hours=25)  # a moment farther ahead than any pause: the clock was set wrongly


@dataclass(frozen=True)
class Claimed:
    """A mail as plain values, taken along out of the transaction."""

    id: int
    claim: str
    claimed_at: datetime
    tries: int  # so far
    secret: bool  # its text is erased once it is sent
    file: str
    to_address: str
    message: bytes


def claims(limit: int | None) -> Generator[Claimed]:
    """What this process is to send, one by one. What it does not come to is free for others at once."""
    left = limit
    while left is None or left > 0:
        claimed = _claim(CLAIMED_TOGETHER if left is None else min(left, CLAIMED_TOGETHER))
        if not claimed:
            return
        try:
            while claimed and abs(clock.now() - claimed[0].claimed_at) < CLAIM_HOLDS / 2:
                left = None if left is None else left - 1
                yield claimed.popleft()
        finally:  # also where a slow server took so long that others might soon take the rest over
            if claimed:
                _release(claimed[0].claim)


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


def _claim(count: int) -> deque[Claimed]:
    """Take so many mails for this process, in one statement, and commit."""
    now, claim = clock.now(), secrets.token_hex(12)
    ready = _ready(now)
    oldest = select(Mail.id).where(ready).order_by(Mail.next_try_at, Mail.id).limit(count)
    first = oldest.with_for_update(skip_locked=True).cte("first")
    taken = db.session.scalars(
        update(Mail)
        .where(Mail.id.in_(select(first.c.id)), ready)
        .values(claimed_at=now, claimed_by=claim)
        .returning(Mail.id),
        execution_options={"synchronize_session": False},
    ).all()
    if not taken:
        db.session.rollback()
        return deque()
    mails = db.session.scalars(
        select(Mail).where(Mail.id.in_(taken)).order_by(Mail.next_try_at, Mail.id),
        execution_options={"populate_existing": True},
    )
    zone = language.zone()
    claimed = deque(
        Claimed(mail.id, claim, now, mail.tries, mail.kind == "account",
                f"{clock.day_of(mail.written_at, zone)}-{mail.id}", mail.to_address, _bytes_of(mail))
        for mail in mails
    )  # fmt: skip
    db.session.commit()
    return claimed


def _release(claim: str) -> None:
    """Let go of what was claimed and not come to."""
    kept = update(Mail).where(Mail.claimed_by == claim, Mail.state == "waiting")
    db.session.execute(
        kept.values(claimed_at=None, claimed_by=None), execution_options={"synchronize_session": False}
    )
    db.session.commit()


def _bytes_of(mail: Mail) -> bytes:
    """The finished mail; empty if it cannot be built, so that one bad row does not hold up all others."""
    try:
        return bytes_of(mail)
    except (ValueError, LookupError, MessageError):
        current_app.logger.exception("Mail %s cannot be built.", mail.id)
        return b""
