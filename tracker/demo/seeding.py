"""Telling the demo's story until a day, with the clock set as it goes: a commit a day, nothing late by accident.

Each day that is told leaves an entry in the journal: seeding again goes on after the last one. Mails become .eml files
as on any machine without a mail server.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from tracker import clock, journal, mailboxes, outbox
from tracker.concept.changes import load
from tracker.concept.file import read_concept
from tracker.demo.chapters import Chapter, tuesday
from tracker.demo.figures import two_years
from tracker.demo.figures_told import happen
from tracker.demo.this_year import this_year
from tracker.demo.year_before import year_before
from tracker.extensions import db
from tracker.models import Contact, Entry, Organisation, Role, Unit, User
from tracker.people import changes as people
from tracker.people import roles
from tracker.reminders.changes import confirm, remind
from tracker.rules import words
from tracker.rules.deeds import Deed
from tracker.rules.slots import slot_on
from tracker.rules.workdays import Workdays
from tracker.settings import PROJECT

CONCEPT = PROJECT / "examples" / "ihk-region-stuttgart.toml"
ZONE = "Europe/Berlin"
MORNING, OPENING, EVENING = time(6), time(8), time(18)
NEAR = 31  # days
PASSWORDS = "demo-people.txt"


@dataclass(frozen=True)
class Figure:
    """Somebody of the story: address, name, role, and the units the role is limited to."""

    key: str
    email: str
    full_name: str
    role: words.Role
    units: tuple[str, ...] = ()


FIGURES = (
    Figure("sven", "sven.huber@example.org", "Sven Huber", words.Role.ADMIN),
    Figure("katrin", "katrin.seidel@example.org", "Katrin Seidel", words.Role.MANAGER),
    Figure("jonas", "jonas.brandt@example.org", "Jonas Brandt", words.Role.EDITOR),
    Figure("ayse", "ayse.demir@example.org", "Ayşe Demir", words.Role.EDITOR, ("bildungshaus",)),
    Figure("martin", "martin.kolb@example.org", "Martin Kolb", words.Role.EDITOR, ("boeblingen",)),
    Figure("petra", "petra.lang@example.org", "Petra Lang", words.Role.EDITOR, ("goeppingen",)),
    Figure("hanne", "hanne.weiss@example.org", "Dr. Hanne Weiß", words.Role.AUDITOR),
)


@dataclass(frozen=True)
class Seeded:
    """Until which day the story is told, whether this run told any of it, and the passwords by address."""

    until: date
    changed: bool
    passwords: Mapping[str, str]


class SeedRefused(ValueError):
    """The demo cannot be made here; the text is one sentence for the person at the terminal."""


Each = Callable[[Sequence[date]], AbstractContextManager[Iterable[date]]]


def seed(until: date, each: Each = nullcontext) -> Seeded:
    """Tell the story until a day, that day included, and commit. `each` may show how the days go by.

    The story covers the year of `until` and the one before; told further later on, it stays with those two years, and
    a day once told is not told again. Raises SeedRefused.
    """
    told = _told()
    _refuse(until, told is not None)
    year = until.year if told is None else told[1]
    begin = tuesday(year - 1, 1, 7) if told is None else told[0] + timedelta(days=1)
    if begin > until:
        return Seeded(told[0] if told else until, False, _passwords())
    now = clock.now()
    chapters: dict[date, list[Chapter]] = {}
    story = [*year_before(year - 1), *this_year(year), *two_years(year - 1)]
    for chapter in sorted(story, key=lambda one: (one.on, one.at)):
        chapters.setdefault(chapter.on, []).append(chapter)
    with each(_days(begin, until, chapters)) as days:
        for day in days:
            _live(day, chapters.get(day, []), min(now, clock.moment_on(day, ZONE, MORNING)), now)
            if day in chapters or day == until:
                with clock.set_to(min(now, clock.moment_on(day, ZONE, EVENING))):
                    ids: dict[str, int | str] = {"until": day.isoformat(), "story": year}
                    journal.note(db.session, Deed.DEMO_SEED, ids=ids)
                    db.session.commit()
    return Seeded(until, True, _passwords())


def seeded_until() -> date | None:
    """The last day told so far; None in a database without the demo."""
    told = _told()
    return told[0] if told else None


def _told() -> tuple[date, int] | None:
    """The last day told, and the year of the story."""
    query = (
        select(Entry.body).where(Entry.deed == Deed.DEMO_SEED.value).order_by(Entry.number.desc()).limit(1)
    )
    body = db.session.scalar(query)
    if body is None:
        return None
    ids = json.loads(body)["ids"]
    return date.fromisoformat(ids["until"]), int(ids["story"])


def _refuse(until: date, begun: bool) -> None:
    if db.session.scalar(select(Role.id).limit(1)) is None:
        raise SeedRefused("There are no roles yet; run `flask init` first.")
    if db.session.scalar(select(User.id).where(~User.is_demo).limit(1)) is not None:
        raise SeedRefused(
            "This database holds real people; the demo needs one of its own (TRACKER_INSTANCE)."
        )
    if not begun and db.session.get(Organisation, 1) is not None:
        raise SeedRefused(
            "This database holds a concept already; the demo needs one of its own (TRACKER_INSTANCE)."
        )
    if until > clock.today(ZONE):
        raise SeedRefused(f"{until} is yet to come; the demo ends today at the latest.")


def _days(begin: date, until: date, chapters: Iterable[date]) -> list[date]:
    """The days on which something may happen: those of the story, working days near a due date, and the last one."""
    workdays, told = Workdays("DE-BW"), {*chapters, begin, until}
    every = (begin + timedelta(days=k) for k in range((until - begin).days + 1))
    return [day for day in every if day in told or (_near_a_due_date(day) and workdays.is_workday(day))]


def _near_a_due_date(day: date) -> bool:
    """Whether the reminder engine can have something to say: a month before and after the end of a quarter."""
    slot = slot_on(day, 4)
    return min((slot.due_on - day).days, (day - slot.begins_on).days) <= NEAR


def _live(day: date, chapters: Iterable[Chapter], morning: datetime, now: datetime) -> None:
    """One day: the reminders of the morning, then what happens. Moments never lie after `now`."""
    if db.session.get(Organisation, 1) is None:
        with clock.set_to(min(now, clock.moment_on(day, ZONE, OPENING))):
            _begin(day)
            db.session.commit()
        return
    with clock.set_to(morning):
        told = remind(day)
        db.session.commit()
        if told:
            outbox.deliver()
    for chapter in chapters:
        with clock.set_to(min(now, clock.moment_on(day, ZONE, chapter.at))):
            happen(chapter)
            db.session.commit()


def _begin(day: date) -> None:
    """The first day: concept, people, mailbox, and the promise in force since the first of January."""
    load(read_concept(CONCEPT), CONCEPT.name, date(day.year, 1, 1))
    units = {unit.key: unit for unit in db.session.scalars(select(Unit))}
    passwords = {figure.email: secrets.token_urlsafe(12) for figure in FIGURES}
    for figure in FIGURES:
        made = people.create(figure.email, figure.full_name, passwords[figure.email], is_demo=True)
        roles.add_role(made, figure.role, [units[key] for key in figure.units])
    try:
        mailboxes.add("Kommunikation", "kommunikation@example.org")
        head_office, _new = mailboxes.add("Hauptgeschäftsführung", "hauptgeschaeftsfuehrung@example.org")
    except mailboxes.MailboxRefused as refused:
        raise SeedRefused(str(refused)) from refused
    organisation = db.session.get_one(Organisation, 1)
    manager = (
        select(Contact.id).join(User, Contact.user_id == User.id).where(User.full_name == "Katrin Seidel")
    )
    organisation.fallback_contact_id = db.session.scalars(manager).one()
    organisation.escalation_contact_id = head_office.id
    confirm()
    _keep(passwords)


def _file() -> Path:
    return Path(current_app.instance_path) / PASSWORDS


def _keep(passwords: Mapping[str, str]) -> None:
    """Readable by the owner only, so that a second run can print them again."""
    path = _file()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{email} {password}\n" for email, password in passwords.items())


def _passwords() -> dict[str, str]:
    path = _file()
    if not path.exists():
        return {}
    return dict(line.split(" ", 1) for line in path.read_text("ascii").splitlines())
