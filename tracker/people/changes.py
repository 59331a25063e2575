"""Adding people, changing their name, address, language, days and password, deactivating them. Never commits."""

import secrets

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_security.utils import hash_password, verify_password
from sqlalchemy import func, select

from tracker import account_mail, clock, journal, tokens
from tracker.extensions import db, security
from tracker.language import today
from tracker.models import Contact, User
from tracker.people import queries
from tracker.people.days import ALWAYS, Days, check, days_of
from tracker.people.roles import PersonRefused, hold, keep_an_admin
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean
from tracker.rules.words import Role

NAME_MAX = 200


def create(
    email: str,
    full_name: str,
    password: str | None,
    language: str | None = None,
    is_demo: bool = False,
    command: str = "",
    days: Days = ALWAYS,
) -> User:
    """A new person without a role, and the contact by which others name them. PersonRefused says what is wrong.

    Without a password they cannot sign in until they have set one: see invite().
    `command` is the one on the server's command line that does it, if it is one. The account holds on `days`.
    """
    hold()
    check(days)
    full_name, email = _name(full_name), _address(email, None)
    person = User(
        email=email,
        full_name=full_name,
        language=language,
        password=hash_password(_password(password, names=(full_name, email))) if password else None,
        active=True,
        from_on=days.from_on,
        until_on=days.until_on,
        is_demo=is_demo,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    _contact(person)
    words = {"name": full_name, "email": email, "command": command, **_in_words(days)}
    journal.note(db.session, Deed.USERS_CREATE, person, words=words)
    return person


def change(
    person: User, full_name: str, email: str, language: str | None, days: Days, own: bool = False
) -> bool:
    """Another name, address, language (None: as the browser says) or other days. False if all is so already.

    `own`: it is one's own account. PersonRefused says what is wrong.
    """
    check(days, person, own)
    new = {
        "name": _name(full_name),
        "email": _address(email, person),
        "language": language,
        **_in_words(days),
    }
    old = {
        "name": person.full_name,
        "email": person.email,
        "language": person.language,
        **_in_words(days_of(person)),
    }
    words: dict[str, str] = {}
    for field, value in new.items():
        if value != old[field]:
            words |= {f"{field}.before": old[field] or "–", f"{field}.after": value or "–"}
    if not words:
        return False
    _rename_contact(person, str(new["name"]), str(new["email"]))
    person.full_name, person.email, person.language = str(new["name"]), str(new["email"]), language
    person.from_on, person.until_on = days.from_on, days.until_on
    journal.note(db.session, Deed.PEOPLE_CHANGE, person, words={"name": str(old["name"]), **words})
    if new["email"] != old["email"]:
        _end_links(person, own)
    return True


def set_password(person: User, password: str) -> bool:
    """A new first password; the sessions and private tokens of the person end. False if it is theirs already."""
    password = _password(password, person)
    if person.password and verify_password(password, person.password):
        return False
    person.password = hash_password(password)
    person.fs_uniquifier = secrets.token_hex(32)  # what sessions are known by
    tokens.revoke_all(person, today())
    words = {"name": person.full_name, "password.after": "•••"}
    journal.note(db.session, Deed.PEOPLE_CHANGE, person, words=words)
    return True


def invite(person: User) -> str:
    """Send somebody without a password a link to set the first one; the link. Earlier links work no longer."""
    person.fs_uniquifier = secrets.token_hex(32)
    journal.note(
        db.session, Deed.PEOPLE_INVITE, person, words={"name": person.full_name, "email": person.email}
    )
    return account_mail.invite(person)


def set_active(person: User, active: bool) -> bool:
    """Deactivate or activate; the sessions of whoever is deactivated end at once. False if it is so already."""
    if person.active == active:
        return False
    if not active and person.has_role(Role.ADMIN.value):
        keep_an_admin(person)
    person.active = active
    if not active:
        person.fs_uniquifier = secrets.token_hex(32)  # sessions do not come back with the account
    deed = Deed.PEOPLE_ACTIVATE if active else Deed.PEOPLE_DEACTIVATE
    journal.note(db.session, deed, person, words={"name": person.full_name})
    return True


def _end_links(person: User, own: bool) -> None:
    """What was mailed to the address before opens nothing any more; who was invited there is invited anew.

    Sessions end as well, for they are known by the same; but not one's own, in which the address was changed.
    """
    if person.password is None and queries.invited_at(person):
        invite(person)
    elif not own:
        person.fs_uniquifier = secrets.token_hex(32)


def _in_words(days: Days) -> dict[str, str | None]:
    """As the journal keeps them."""
    told = {"from_on": days.from_on, "until_on": days.until_on}
    return {name: day.isoformat() if day else None for name, day in told.items()}


def _name(given: str) -> str:
    name = " ".join(clean(given).split())
    if not name or len(name) > NAME_MAX:
        raise PersonRefused("full_name", _("Please give a name of at most 200 characters."))
    return name


def _address(given: str, person: User | None) -> str:
    """The address as it is kept, if it is one and nobody else has it."""
    try:
        email = validate_email(given.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise PersonRefused("email", _("This is not an e-mail address.")) from None
    taken = select(User.id).where(func.lower(User.email) == email.lower())
    if db.session.scalar(taken.where(User.id != person.id) if person else taken):
        raise PersonRefused("email", _("Somebody with this address is here already."))
    return email


def _password(given: str, person: User | None = None, names: tuple[str, ...] = ()) -> str:
    """The password in the form in which the sign-in page compares it: an ä has several spellings in bytes."""
    normal: str
    wrong, normal = security.password_util.validate(given, False, user=person, names=names)
    if wrong:
        raise PersonRefused("password", wrong[0])
    return normal


def _contact(person: User) -> None:
    """A contact of the same name that is no more than a name becomes this person's; else a new one is made."""
    found = db.session.scalars(select(Contact).where(Contact.name == person.full_name)).first()
    if found is None:
        db.session.add(Contact(name=person.full_name, user_id=person.id))
    elif found.user_id is None and found.email is None:
        found.user_id = person.id
    else:
        db.session.add(Contact(name=_with_address(person.full_name, person.email), user_id=person.id))


def _rename_contact(person: User, full_name: str, email: str) -> None:
    """The name by which others name the person follows theirs, unless the concept gave it another one."""
    found = db.session.scalars(select(Contact).where(Contact.user_id == person.id)).first()
    if found is None or found.name not in {person.full_name, _with_address(person.full_name, person.email)}:
        return
    taken = select(Contact.id).where(Contact.name == full_name, Contact.id != found.id)
    found.name = _with_address(full_name, email) if db.session.scalar(taken) else full_name


def _with_address(full_name: str, email: str) -> str:
    return f"{full_name} ({email})"[:NAME_MAX]
