"""Setting the years; replacing what is past; erasing one text. Never commits."""

import secrets
from random import SystemRandom

from sqlalchemy import or_, select, update

from tracker import journal, language
from tracker.extensions import db
from tracker.models import Contact, Organisation, User, Words
from tracker.models.personal import ERASED, FORMER
from tracker.retention import queries
from tracker.retention.queries import Past, Preview
from tracker.rules.deeds import Deed

EMPTIED = {"text", "html", "calendar"}  # of a mail: nothing of it stays
WITHOUT = {"subject", "last_words", "to_address"}


def set_years(organisation: Organisation, years: int | None) -> bool:
    """After how many years; None: never. False if it is so already."""
    before = organisation.retention_years
    if before == years:
        return False
    organisation.retention_years = years
    ids = {
        "before": before if before is not None else "never",
        "after": years if years is not None else "never",
    }
    journal.note(db.session, Deed.RETENTION_SET, organisation, ids=ids)
    return True


def run(organisation: Organisation, past: Past) -> Preview:
    """Replace and erase what is past; what was done. Call it with the organisation's row locked.

    A person has one pseudonym in all tables of one run; its number says nothing about whom it stands for.
    """
    done = queries.preview(past)
    accounts = queries.former_accounts(past)
    names = _names(past) | {one.full_name for one in accounts}
    mixed = sorted(names)
    SystemRandom().shuffle(mixed)
    first = organisation.pseudonyms + 1
    numbers = {name: number for number, name in enumerate(mixed, start=first)}
    organisation.pseudonyms += len(mixed)
    _replace(past, numbers)
    for one in accounts:
        _close(one, numbers[one.full_name])
    erased = queries.naming_words(past)
    db.session.execute(update(Words).where(Words.id.in_(erased)).values(salt=None, text=None))
    ids: dict[str, int | str] = {
        "until": past.day.isoformat(),
        "words": done.words,
        "accounts": done.accounts,
    }
    ids |= {f"{one.table}.{one.column}": one.count for one in done.counts}
    journal.note(db.session, Deed.RETENTION_RUN, organisation, ids=ids)
    return done


def _word(number: int) -> str:
    return f"{FORMER[language.house_language()]}{number}"


def _names(past: Past) -> set[str]:
    found: set[str] = set()
    for table, column in queries.personal():
        if table.name != "mail" or column.name == "to_name":
            values = select(column).distinct().where(queries.is_past(table, past), queries.not_yet(column))
            found |= set(db.session.scalars(values))
    return found


def _replace(past: Past, numbers: dict[str, int]) -> None:
    for table, column in queries.personal():
        old = queries.is_past(table, past)
        if table.name == "mail" and column.name != "to_name":
            nothing = None if column.name in EMPTIED else ""
            db.session.execute(
                update(table).where(old, queries.not_yet(column)).values({column.name: nothing})
            )
            continue
        present = select(column).distinct().where(old, queries.not_yet(column))
        for name in list(db.session.scalars(present)):
            change = update(table).where(old, column == name).values({column.name: _word(numbers[name])})
            db.session.execute(change)


def _close(one: User, number: int) -> None:
    """An account that nobody uses any more says no longer whose it was."""
    contact = db.session.scalars(select(Contact).where(Contact.user_id == one.id)).first()
    if contact is not None and contact.name == one.full_name:
        contact.name = _word(number)
    one.full_name, one.email = _word(number), f"former-{number}@example.invalid"
    one.password = one.tf_primary_method = one.tf_totp_secret = one.mf_recovery_codes = None
    one.fs_webauthn_user_handle = one.tf_last_counter = None
    one.webauthn.clear()
    one.fs_uniquifier = secrets.token_hex(32)


def erase(past: Past, table: str, column: str, key: int) -> bool:
    """Put the sign for erased words in the place of one text, and erase it from the journal. False if there is none."""
    said = queries.text_of(past, table, column, key)
    if said is None:
        return False
    of = queries.table_of(table)
    db.session.execute(update(of).where(of.c.id == key).values({column: ERASED[language.house_language()]}))
    entries = queries.entries_about(of, key)
    if entries is not None:
        told = or_(Words.text == said, Words.text.contains(f": {said}", autoescape=True))
        db.session.execute(update(Words).where(Words.number.in_(entries), told).values(salt=None, text=None))
    journal.note(db.session, Deed.RETENTION_ERASE, ids={"table": table, "column": column, "row": key})
    return True
