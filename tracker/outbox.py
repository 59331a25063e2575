"""The outbox's verbs: put() a mail as a row, deliver() what waits. Any number of processes may deliver.

Some rows are claimed in the database and committed; each is sent outside of any transaction, and what became of it is
noted in a commit of its own. A crash between sending and noting repeats one mail with the same Message-ID; none is ever
lost.
"""

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Table, select, update

from tracker import clock, journal
from tracker.claims import Claimed, claims
from tracker.extensions import db
from tracker.letter import clean_address, one_line, sender
from tracker.models import Contact, Mail
from tracker.rules.deeds import Deed
from tracker.transport import Refused, Unreachable, transport

KINDS = ("digest", "invitation", "minutes", "head", "account", "test")
PAUSES = tuple(
    timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)
)  # refused after the last one: given up
BECAME = {  # the words for Mail.became
    "waiting": _l("waiting"),
    "sent": _l("sent"),
    "filed": _l("written as a file"),
    "given_up": _l("given up"),
}
MAILS = cast(Table, Mail.__table__)
WHILE_AWAY = 4  # so many tries count while no mail at all can be sent: every two hours, for ever


@dataclass(frozen=True)
class Delivered:
    """What one round came to. `waiting`: put off for a pause; `failed`: why the round was broken off, or empty."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    failed: str = ""


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
        contact=contact,
        written_at=now,
        next_try_at=now,
    )
    db.session.add(mail)
    return mail


def deliver(limit: int | None = None) -> Delivered:
    """Send what waits, at most `limit` mails. Commits: once for each claim, once for each outcome."""
    db.session.rollback()  # whatever was only read before must not keep a transaction open while a server thinks
    folder = Path(current_app.instance_path) / "outbox"
    way = transport(current_app.config, folder, sender().addr_spec)
    sent = waiting = given_up = 0
    failed = ""
    with closing(way), closing(claims(limit)) as mine:
        for claimed in mine:
            try:
                if not claimed.message:
                    raise Refused("The mail could not be built.", for_good=True)
                file = way.send(claimed.file, claimed.to_address, claimed.message)
            except (Refused, Unreachable) as error:
                over = _note_failure(claimed, error)
                waiting, given_up = waiting + (not over), given_up + over
                if isinstance(error, Unreachable):
                    failed = str(error)
                    break
            else:
                sent += _note_sent(claimed, file)
    return Delivered(sent, waiting, given_up, failed)


def _settle(claimed: Claimed, deed: Deed | None, words: dict[str, str], tries: int, **values: Any) -> bool:
    """Note and commit what became of a mail. False if another process took it over in the meantime."""
    ours = update(MAILS).where(
        Mail.id == claimed.id, Mail.claimed_by == claimed.claim, Mail.state == "waiting"
    )
    values |= {"tries": tries, "claimed_at": None, "claimed_by": None}
    if db.session.connection().execute(ours.values(values)).rowcount == 0:
        db.session.rollback()
        return False
    if deed:
        journal.note(db.session, deed, ids={"mail": claimed.id, "tries": tries},
                     words={"address": claimed.to_address, **words})  # fmt: skip
    db.session.commit()
    return True


def _note_sent(claimed: Claimed, file: str | None) -> bool:
    erased = {"text": None, "html": None} if claimed.secret else {}
    words = {"filename": file} if file else {}
    return _settle(claimed, Deed.MAIL_SENT, words, claimed.tries + 1, state="sent", sent_at=clock.now(),
                   sent_to_file=file, last_words="", **erased)  # fmt: skip


def _note_failure(claimed: Claimed, error: Refused | Unreachable) -> bool:
    """Put off for the next pause, or given up. True if given up.

    Only what the server refused is given up. Where no mail at all can be sent it is the installation's fault: the mail
    waits as long as it takes, and afterwards still has tries left.
    """
    said, tries = one_line(str(error)), claimed.tries + 1
    if isinstance(error, Refused) and (error.for_good or tries > len(PAUSES)):
        return _settle(claimed, Deed.MAIL_GIVEN_UP, {"said": said}, tries, state="given_up", last_words=said)
    if isinstance(error, Unreachable):
        tries = min(tries, WHILE_AWAY)
    _settle(claimed, None, {}, tries, last_words=said, next_try_at=clock.now() + PAUSES[tries - 1])
    return False


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
