"""Setting the years; replacing what is past. Never commits."""

import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select, update

from tracker import journal, language
from tracker.extensions import db
from tracker.models import Contact, Mail, Organisation, Token, User, Words
from tracker.models.personal import FORMER
from tracker.retention import queries
from tracker.retention.people import ANEW, Pseudonyms, account_beside, distinct, former_accounts
from tracker.retention.preview import Preview, going, preview
from tracker.retention.queries import Past
from tracker.rules.deeds import Deed

EMPTIED = {"text", "html", "calendar", "sent_to_file"}  # of a mail: nothing of it stays


def set_years(organisation: Organisation, years: int | None) -> bool:
    """After how many years; None: never. False if it is so already."""
    before = organisation.retention_years
    if before == years:
        return False
    organisation.retention_years = years
    ids = {"years_before": before or 0, "years": years or 0}
    journal.note(db.session, Deed.RETENTION_SET, organisation, ids=ids)
    return True


def run(organisation: Organisation, past: Past) -> Preview:
    """Replace and erase what is past; what was done. Call it with the organisation's row locked.

    A person with an account has one pseudonym for ever; its number says nothing about whom it stands for. Files of
    mails go first: if the rest fails, their rows still name them, and the next run does it again.
    """
    done = preview(past)
    accounts = former_accounts(past)
    pseudonyms = Pseudonyms(past, accounts, organisation.pseudonyms)
    organisation.pseudonyms = pseudonyms.last
    _remove_files(past)
    _replace(past, pseudonyms)
    for one in accounts:
        _close(one, pseudonyms.number(one.full_name, one.id))
    for table, rows in going(past):
        db.session.execute(delete(table).where(rows))
    erased = queries.naming_words(past)
    db.session.execute(update(Words).where(Words.id.in_(erased)).values(salt=None, text=None))
    ids: dict[str, int | str] = {
        "until": past.day.isoformat(),
        "words": done.words,
        "accounts": done.accounts,
    }
    ids |= {f"{one.table}.{one.column}".rstrip("."): one.count for one in done.counts}
    journal.note(db.session, Deed.RETENTION_RUN, organisation, ids=ids)
    return done


def _word(number: int) -> str:
    return f"{FORMER[language.house_language()]}{number}"


def _remove_files(past: Past) -> None:
    mail = queries.table_of("mail")
    written = select(Mail.sent_to_file).where(queries.is_past(mail, past), Mail.sent_to_file.is_not(None))
    for name in db.session.scalars(written):
        (Path(current_app.instance_path) / "outbox" / Path(str(name)).name).unlink(missing_ok=True)


def _replace(past: Past, pseudonyms: Pseudonyms) -> None:
    for table, column in queries.personal():
        old = queries.is_past(table, past)
        if table.name == "mail" and column.name != "to_name":
            nothing = None if column.name in EMPTIED else ""
            db.session.execute(
                update(table).where(old, queries.not_yet(column)).values({column.name: nothing})
            )
            continue
        beside = account_beside(table, column)
        for name, account in distinct(table, column, past):
            theirs = (
                column == name if beside is None else (column == name) & beside.is_not_distinct_from(account)
            )
            number = pseudonyms.number(name, account, table.name in ANEW)
            db.session.execute(update(table).where(old, theirs).values({column.name: _word(number)}))


def _close(one: User, number: int) -> None:
    """An account that nobody uses any more says no longer whose it was."""
    contact = db.session.scalars(select(Contact).where(Contact.user_id == one.id)).first()
    if contact is not None:
        contact.name = _word(number)
    one.active = False
    one.full_name, one.email = _word(number), f"former-{number}@example.invalid"
    one.password = one.tf_primary_method = one.tf_totp_secret = one.mf_recovery_codes = None
    one.fs_webauthn_user_handle = one.tf_last_counter = None
    one.webauthn.clear()
    one.fs_uniquifier = secrets.token_hex(32)
    db.session.execute(update(Token).where(Token.user_id == one.id).values(name=""))
