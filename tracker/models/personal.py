"""What every column of text holds: something personal, somebody's own words, a secret, or neither.

A new column of text must be decided upon here: a test compares this list with the tables. What follows from it:
personal columns get a pseudonym when the years of retention are over, own words are listed for erasure by hand.
"""

from collections.abc import Mapping
from enum import Enum, auto


class Keeps(Enum):
    """What a column of text may hold."""

    PERSONAL = auto()  # a name or an address
    OWN_WORDS = auto()  # what somebody wrote freely: it may name somebody
    CURRENT = auto()  # personal, but of the present: it goes with the account, or with what it belongs to
    PUBLISHED = auto()  # what the organisation has published: its concept, whom to tell of a barrier
    PLAIN = auto()


P, W, C, X, O = Keeps.PERSONAL, Keeps.OWN_WORDS, Keeps.CURRENT, Keeps.PUBLISHED, Keeps.PLAIN  # noqa: E741

KEEPS: Mapping[str, Mapping[str, Keeps]] = {
    "access": {"kind": O, "about": O},
    "action": {"what": W, "done_note": W},
    "action_change": {"kind": O, "note": W, "by_name": P},
    "action_reminder": {"week": O, "stands_in_for": P},
    "attendance": {"kind": O, "name": P},
    "channel": {"platform": O, "name": O},
    "check_answer": {"answer": O, "note": W},
    "check_item": {"key": O, "criterion": O},
    "check_wording": {
        "text_de": O, "text_en": O, "how_de": O, "how_en": O, "platforms": O, "unit_ids": O, "reason": W, "by_name": P,
    },
    "commitment": {"key": X, "text": X},
    "concept_text": {
        "purpose": X, "content": X, "audience": X, "responsible": X, "deputy": X, "provider": X, "address": X,
    },
    "concept_version": {"filename": X, "fingerprint": O, "reason": X},
    "contact": {"name": C, "email": C},
    "decision": {"decision": O, "reason": W},
    "draft": {"field": O, "value": C, "version": O},  # goes with its meeting: see tracker/retention/preview.py
    "explanation": {"text": W, "by_name": P},
    "export": {"form": O, "language": O, "asked": C, "state": O, "name": O, "said": O},
    "figures": {"by_name": P, "note": W},
    "figures_upload": {"filename": W, "by_name": P},
    "head_mail": {"month": O},
    "hourly_rate": {"by_name": P},
    "journal": {"body": O, "hash": O, "deed": O},
    "journal_words": {"field": O, "salt": C, "text": C},  # erased by the name of their field: see tracker/retention
    "mail": {
        "kind": O, "state": O, "message_id": O, "to_name": P, "to_address": P, "language": O, "subject": P, "text": P,
        "html": P, "calendar": P, "claimed_by": O, "last_words": P, "sent_to_file": P,
    },
    "meeting": {"place": O, "cause": W},
    "meeting_head": {"place": O, "chair": P, "minute_taker": P, "reason": W, "by_name": P, "by_roles": O},
    "obligation": {"criteria": O, "cause": W},
    "organisation": {
        "name": O, "timezone": O, "language": O, "holiday_region": O, "website": O, "stages": O,
        "accessibility_email": X, "enforcement_body": X, "imprint": O, "privacy_notice": O,
    },
    "rating": {"criterion": O, "level": O, "reason": W},
    "reminder": {"stage": O, "week": O, "stands_in_for": P},
    "review": {
        "reason": W, "unit_name": O, "platform": O, "channel_name": O, "by_name": P, "by_roles": O,
    },
    "role": {"name": O, "description": O, "permissions": O},
    "run": {"job": O, "words": O},
    "state_change": {"state": O, "cause": W},
    "token": {"name": C, "hash": O, "purpose": O},
    "tried": {"key": O},
    "unit": {"key": O, "name": O},
    "untold": {"stage": O, "week": O, "why": O, "who": P},
    "user": {
        "email": C, "full_name": C, "language": O, "password": C, "fs_uniquifier": O, "tf_primary_method": O,
        "tf_totp_secret": C, "mf_recovery_codes": C, "fs_webauthn_user_handle": C,
    },
    "webauthn": {"transports": O, "extensions": O, "device_type": O, "name": C, "usage": O},
}  # fmt: skip

FORMER = {"de": "ehemalige Person ", "en": "former person "}  # and a number
ERASED = {"de": "[gelöscht]", "en": "[erased]"}


def columns(table: str, keeps: Keeps) -> list[str]:
    """The columns of a table that hold this."""
    return [name for name, held in KEEPS[table].items() if held is keeps]
