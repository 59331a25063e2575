"""One mail as it goes over the wire: addresses, headers, and the parts side by side."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from flask import current_app

from tracker.models import Mail
from tracker.rules.addresses import AddressRefused, clean_address

__all__ = ["AddressRefused", "clean_address", "message_of", "one_line", "sender"]


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


def message_of(mail: Mail) -> EmailMessage:
    """The mail as it is sent: plain text and HTML side by side, the calendar entry attached."""
    body = EmailMessage(policy=SMTP)
    body["From"] = sender()
    body["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    body["Subject"] = mail.subject
    body["Date"] = mail.written_at
    body["Message-ID"] = mail.message_id
    body["Auto-Submitted"] = "auto-generated"
    body.set_content(mail.text or "", cte="quoted-printable")
    if mail.html:
        body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        _add_calendar(body, mail.calendar)
    body["Content-Language"] = mail.language
    return body


def _add_calendar(body: EmailMessage, calendar: str) -> None:
    """A calendar entry. One that asks for something (RFC 6047) also stands beside the text, where clients look for it.

    The part's `method` must be the entry's own, or clients show a file where they should show a meeting.
    """
    found = re.search(r"^METHOD:(\w+)\r?$", calendar, re.MULTILINE)
    method = found[1] if found else "PUBLISH"
    if method == "PUBLISH":
        body.add_attachment(calendar, subtype="calendar", cte="quoted-printable", filename="frist.ics",
                            params={"method": method})  # fmt: skip
        return
    body.add_alternative(calendar, subtype="calendar", cte="quoted-printable", params={"method": method})
    body.add_attachment(calendar.encode(), "application", "ics", filename="invite.ics")
