"""The evidence of reminding as a file: the same lines as the page, with what was asked for in words."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import language, taking_home
from tracker.extensions import db
from tracker.listing import Column, Kind, Listing
from tracker.models import Channel
from tracker.outbox import BECAME
from tracker.reminders import told_queries
from tracker.reminders.told_queries import Asked
from tracker.rules.deeds import Deed
from tracker.taking_home import Form

COLUMNS = (
    Column("day", _l("Day"), Kind.DAY),
    Column("unit", _l("Unit"), Kind.TEXT),
    Column("platform", _l("Platform"), Kind.TEXT),
    Column("channel", _l("Channel"), Kind.TEXT),
    Column("due_on", _l("Due"), Kind.DAY),
    Column("stage", _l("Occasion"), Kind.WORD),
    Column("what", _l("Action"), Kind.TEXT),
    Column("who", _l("Who"), Kind.TEXT),
    Column("stands_in_for", _l("Stands in for"), Kind.TEXT),
    Column("why", _l("Not told, because"), Kind.WORD),
    Column("state", _l("What became of the mail"), Kind.WORD),
    Column("last_words", _l("Words of the mail server"), Kind.TEXT),
    Column("mail_id", _l("Mail no."), Kind.NUMBER),
)


def export(form: Form, asked: Asked, on: date, spoken: str) -> Iterator[bytes]:
    """All lines asked for, in pieces of a file. It commits; see taking_home.take()."""

    def made(zone: ZoneInfo) -> Listing:
        return listing(asked, on, zone)

    ids = {"channel": asked.channel_id} if asked.channel_id is not None else {}
    return taking_home.take(form, made, Deed.EVIDENCE_EXPORT, {**ids, "of": "reminders"}, on, spoken)


def listing(asked: Asked, on: date, zone: ZoneInfo) -> Listing:
    """The lines asked for with everything a file says beside them."""
    parameters = (*_in_words(asked), *taking_home.circumstances(on, zone))
    facts = taking_home.facts(on, {"channel": asked.channel_id} if asked.channel_id is not None else {})
    lines = told_queries.lines(asked)
    return Listing("reminders", _("Reminders"), COLUMNS, lines, parameters, zone, word, facts=facts)


def word(value: StrEnum | str) -> str:
    """A stage, a reason, or a state of a mail, in the reader's language."""
    return str(BECAME[value]) if value in BECAME else language.word(value)


def _in_words(asked: Asked) -> tuple[tuple[str, str], ...]:
    everything = _("all")
    channel = db.session.get(Channel, asked.channel_id) if asked.channel_id else None
    told = {None: everything, True: _("told"), False: _("not told")}[asked.told]
    return (
        (_("Period from"), asked.from_on.isoformat() if asked.from_on else everything),
        (_("Period until"), asked.until_on.isoformat() if asked.until_on else everything),
        (_("Channel"), f"{channel.platform} {channel.name}" if channel else everything),
        (_("Occasion"), language.word(asked.stage) if asked.stage else everything),
        (_("Told"), told),
    )
