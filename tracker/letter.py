"""One mail as it goes over the wire: addresses, headers, and the parts side by side.

Built from the plain MIME classes: EmailMessage parses every header it is given, which costs many times as much as all
the rest of a mail (docs/performance.md).
"""

import re
import secrets
from binascii import b2a_qp
from email.header import Header
from email.headerregistry import Address
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from flask import current_app

from tracker.models import Mail
from tracker.rules.addresses import AddressRefused, clean_address

__all__ = ["AddressRefused", "bytes_of", "clean_address", "one_line", "sender"]
WIRE = compat32.clone(linesep="\r\n", mangle_from_=False)


def one_line(text: str) -> str:
    """Text for a header: whitespace and control characters, line breaks included, become single spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def sender() -> Address:
    """Who mails come from. ValueError with one sentence if the setting is no address."""
    name, address = parseaddr(current_app.config["MAIL_SENDER"])
    try:
        return Address(one_line(name), addr_spec=clean_address(address))
    except AddressRefused:
        raise ValueError("The setting MAIL_SENDER is not an e-mail address.") from None


def bytes_of(mail: Mail) -> bytes:
    """The mail as it is sent: plain text and HTML side by side, the calendar entry attached.

    UnicodeError where it holds what no mail can carry (half a character).
    """
    parts = [_text(mail.text or "", "plain")]
    if mail.html:
        parts.append(_text(mail.html, "html"))
    attached = _calendar(parts, mail.calendar) if mail.calendar else None
    whole: Any = _multipart("alternative", parts) if len(parts) > 1 else parts[0]
    if attached:
        whole = _multipart("mixed", [whole, attached])
    origin = sender()
    headers: dict[str, Header | str] = {
        "From": _address("From", origin.display_name, origin.addr_spec),
        "To": _address("To", mail.to_name, mail.to_address),
        "Subject": _words("Subject", one_line(mail.subject)),
        "Date": format_datetime(mail.written_at),
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    for header, words in headers.items():
        whole[header] = words
    return whole.as_bytes(policy=WIRE)


def _words(header: str, said: str) -> Header | str:
    return said if said.isascii() else Header(said, "utf-8", header_name=header)


def _address(header: str, name: str, address: str) -> Header | str:
    name = one_line(name)
    if name.isascii():
        return formataddr((name, address))
    made = Header(name, "utf-8", header_name=header)
    made.append(f"<{address}>", "us-ascii")
    return made


def _text(said: str, subtype: str, **about: str) -> MIMEBase:
    """A part of text; `about` are parameters of its type."""
    part = MIMENonMultipart("text", subtype, charset="utf-8", policy=WIRE, **about)
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = re.sub(r"\r\n?|\n", "\r\n", said)
    part.set_payload(b2a_qp(lines.encode(), istext=True).decode("ascii"))
    return part


def _multipart(subtype: str, parts: list[MIMEBase]) -> MIMEMultipart:
    for part in parts:
        del part["MIME-Version"]  # it is said once, by the whole
    return MIMEMultipart(subtype, f"={secrets.token_hex(16)}=", parts, policy=WIRE)


def _calendar(parts: list[MIMEBase], calendar: str) -> MIMEBase:
    """A calendar entry. One that asks for something (RFC 6047) also stands beside the text, where clients look for it.

    The part's `method` must be the entry's own, or clients show a file where they should show a meeting.
    """
    found = re.search(r"^METHOD:(\w+)\r?$", calendar, re.MULTILINE)
    method = found[1] if found else "PUBLISH"
    if method == "PUBLISH":
        file = _text(calendar, "calendar", method=method)
        file.add_header("Content-Disposition", "attachment", filename="frist.ics")
        return file
    parts.append(_text(calendar, "calendar", method=method))
    file = _text(calendar, "calendar")
    file.replace_header("Content-Type", "application/ics")
    file.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return file
