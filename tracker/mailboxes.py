"""Contacts: who can be chosen to act, and the one place where a contact gets an address of its own.

Naming a mailbox is always journalled and never commits.

A mailbox needs no account, and it is told about whatever its name is responsible for, in every unit. So naming one is a
deed of its own, wherever it is done: whoever may add mailboxes (management and administration, not limited to units)
may also do it while naming who is responsible for a channel; everybody else chooses among those that are there.
"""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import accounts, journal
from tracker.extensions import db
from tracker.models import Contact, Organisation, User
from tracker.rules.deeds import Deed
from tracker.rules.words import Role


class MailboxRefused(ValueError):
    """A mailbox of that name cannot be made; the text says why, in the reader's language."""


def add(name: str, email: str) -> tuple[Contact, bool]:
    """A mailbox of this name: a new one, or the mere name that the concept mentions, which gets an address.

    Names are compared without regard to case. True if something changed. Raises MailboxRefused where the name belongs
    to a person, or to a mailbox with another address.
    """
    db.session.get(Organisation, 1, with_for_update=True)  # two who take the same name queue up
    rows = db.session.scalars(select(Contact))
    found = next((one for one in rows if one.name.casefold() == name.casefold()), None)
    if found is None:
        found = Contact(name=name, email=email)
        db.session.add(found)
        db.session.flush()
        journal.note(db.session, Deed.MAILBOXES_ADD, found, words={"name": name, "email": email})
        return found, True
    if found.user_id is not None:
        raise MailboxRefused(_("This is the name of a person. Take another name for the mailbox."))
    if found.email == email:
        return found, False
    if found.email is not None:
        raise MailboxRefused(_("There is a mailbox of this name already, with another address."))
    return found, change_address(found, email)


def change_address(mailbox: Contact, email: str | None) -> bool:
    """Mail to this name goes to another address; None: nobody is told any more. False if it is so already."""
    if mailbox.email == email:
        return False
    words = {"name": mailbox.name, "address.before": mailbox.email or "–", "address.after": email or "–"}
    mailbox.email = email
    journal.note(db.session, Deed.MAILBOXES_CHANGE, mailbox, words=words)
    return True


def able_to_act(named: Collection[int] = ()) -> list[Contact]:
    """Whom something can be given to, by name: people who may change things, mailboxes, and names of the concept.

    Auditors and admins only look; they are offered only where they are `named` already.
    """
    rows = db.session.scalars(select(Contact).options(joinedload(Contact.user).selectinload(User.roles)))
    known = [one for one in rows if one.id in named or one.user is None or _acts(one.user)]
    return sorted(known, key=lambda one: one.name.casefold())


def _acts(user: User) -> bool:
    return accounts.holds(user) and any(role.name in {Role.EDITOR, Role.MANAGER} for role in user.roles)
