"""Changing what holds for the whole organisation. Never commits."""

from typing import Any

from tracker import journal
from tracker.extensions import db
from tracker.models import Contact, Organisation
from tracker.rules.deeds import Deed

PLAIN = (
    "name", "timezone", "language", "holiday_region", "website",
    "accessibility_email", "enforcement_body", "imprint", "privacy_notice",
)  # fmt: skip


def change(row: Organisation, values: dict[str, Any], fallback: Contact | None) -> bool:
    """Take over these values (of PLAIN) and who is told where nobody is responsible. False if all is so already.

    The journal keeps what stood there before and what stands there now, of what changed.
    """
    told = {name: (getattr(row, name), values[name]) for name in PLAIN}
    before = db.session.get(Contact, row.fallback_contact_id) if row.fallback_contact_id else None
    told["fallback"] = (before.name if before else None, fallback.name if fallback else None)
    words: dict[str, str | None] = {}
    for name, (old, new) in told.items():
        if old != new:
            words |= {f"{name}.before": old or "–", f"{name}.after": new or "–"}
    if not words:
        return False
    for name in PLAIN:
        setattr(row, name, values[name])
    row.fallback_contact_id = fallback.id if fallback else None
    journal.note(db.session, Deed.ORGANISATION_CHANGE, row, words=words)
    return True
