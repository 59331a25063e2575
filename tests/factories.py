"""Rows for tests, made as the app makes them: locked things are closed last."""

import itertools
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models import (
    Action,
    AgendaLine,
    Attendance,
    Channel,
    CheckItem,
    CheckWording,
    Contact,
    Figures,
    FiguresUpload,
    Meeting,
    MeetingHead,
    Obligation,
    Organisation,
    Rating,
    Review,
    Role,
    StateChange,
    Unit,
    User,
)
from tracker.models.users import unit_limits
from tracker.rules.slots import Slot
from tracker.rules.words import ChannelState, Criterion, Level

ZONE = "Europe/Berlin"
_numbers = itertools.count(1)
ALL = dict.fromkeys(Criterion, Level.CLEAR)


def organisation(**values: Any) -> Organisation:
    """The organisation; reminders are confirmed unless told otherwise."""
    found = db.session.get(Organisation, 1)
    if found is None:
        row = {"id": 1, "name": "IHK Beispiel", "timezone": ZONE, "language": "de", "holiday_region": "DE-BW",
               "reminders_confirmed_at": clock.now()}  # fmt: skip
        found = _saved(Organisation(**{**row, **values}))
    return found


def unit(name: str = "") -> Unit:
    """A unit; the organisation is made along with it."""
    organisation()
    k = next(_numbers)
    return _saved(Unit(key=f"unit-{k}", name=name or f"Kammer {k}", position=k))


def channel(
    of: Unit | None = None,
    platform: str = "Mastodon",
    name: str = "",
    since: date | None = date(2025, 1, 1),
    n: int = 4,
    criteria: Iterable[Criterion] = tuple(Criterion),
    contact: Contact | None = None,
    until: date | None = None,
) -> Channel:
    """An active channel with one obligation since a day (None: without any)."""
    of = of or unit()
    k = next(_numbers)
    made = _saved(
        Channel(unit_id=of.id, platform=platform, name=name or f"Kanal {k}", position=k,
                contact_id=contact.id if contact else None)
    )  # fmt: skip
    _saved(
        StateChange(channel_id=made.id, from_on=since or date(2025, 1, 1), state=ChannelState.ACTIVE, cause="Konzept",
                    created_at=clock.now())
    )  # fmt: skip
    if since is not None:
        _saved(
            Obligation(channel_id=made.id, from_on=since, until_on=until, reviews_per_year=n,
                       criteria=frozenset(criteria), cause="Konzept", created_at=clock.now())
        )  # fmt: skip
    return made


def person(
    role: str = "editor",
    name: str = "",
    units: Iterable[Unit] = (),
    language: str | None = "de",
    active: bool = True,
) -> User:
    """Someone with a role, perhaps limited to units. Password: "ein langes Passwort"."""
    k = next(_numbers)
    of_role = db.session.scalars(select(Role).where(Role.name == role)).one()
    made = _saved(
        User(email=f"person{k}@example.org", full_name=name or f"Person {k}", language=language, active=active,
             password="ein langes Passwort", fs_uniquifier=secrets.token_hex(16), created_at=clock.now(),
             roles=[of_role])
    )  # fmt: skip
    for of in units:
        db.session.execute(unit_limits.insert().values(user_id=made.id, role_id=of_role.id, unit_id=of.id))
    db.session.commit()
    return made


def contact(of: User | None = None, name: str = "", email: str | None = None) -> Contact:
    """A contact: of a person, a mailbox with an address, or a mere name (nobody can be told)."""
    k = next(_numbers)
    return _saved(
        Contact(
            name=name or (of.full_name if of else f"Postfach {k}"), user_id=of.id if of else None, email=email
        )
    )


def planned_meeting(on: date, channels: Iterable[Channel] = (), **values: Any) -> Meeting:
    """A meeting planned for a day with these channels on its agenda."""
    made = _saved(Meeting(planned_on=on, planned_at=clock.now(), **values))
    db.session.add_all(AgendaLine(meeting_id=made.id, channel_id=one.id) for one in channels)
    db.session.commit()
    return made


def closed_meeting(
    held_on: date,
    results: Mapping[Channel, Mapping[Criterion, Level | tuple[Level, str]]] | Iterable[Channel],
    closed_at: datetime | None = None,
) -> Meeting:
    """A closed meeting; channels without a mapping are rated clear throughout. Closed at noon of its day by default."""
    closed_at = closed_at or clock.moment_on(held_on, ZONE)
    rated = results if isinstance(results, Mapping) else dict.fromkeys(results, ALL)
    meeting = planned_meeting(held_on, rated)
    head = MeetingHead(meeting_id=meeting.id, version=1, held_on=held_on, chair="Katrin Seidel",
                       minute_taker="Jonas Brandt", by_name="Jonas Brandt", written_at=closed_at)  # fmt: skip
    head.attendance.append(Attendance(kind="present", name="Katrin Seidel"))
    reviews = [_review(meeting, of, ratings, closed_at) for of, ratings in rated.items()]
    db.session.add_all([head, *reviews])
    db.session.flush()
    for row in (*reviews, head):
        row.closed_at = closed_at
    db.session.flush()
    meeting.closed_at = closed_at
    db.session.commit()
    return meeting


def _review(meeting: Meeting, of: Channel, ratings: Mapping[Criterion, Any], closed_at: datetime) -> Review:
    review = Review(meeting_id=meeting.id, channel_id=of.id, unit_name=of.unit.name, platform=of.platform,
                    channel_name=of.name, by_name="Jonas Brandt")  # fmt: skip
    for criterion, verdict in ratings.items():
        level, reason = (
            verdict if isinstance(verdict, tuple) else (verdict, "" if verdict is Level.CLEAR else "Grund")
        )
        review.ratings.append(Rating(criterion=criterion, level=level, reason=reason, entered_at=closed_at))
    return review


def check_item(
    text: str = "Impressum ist da", criterion: Criterion = Criterion.LEGALITY, key: str = "", **values: Any
) -> CheckItem:
    """A question that reviews ask everywhere, from the beginning."""
    k = next(_numbers)
    item = _saved(CheckItem(key=key or f"own.{k}", criterion=criterion, position=k))
    wording(item, text, **values)
    return item


def wording(of: CheckItem, text: str, from_on: date = date(1990, 1, 1), **values: Any) -> CheckWording:
    """The next wording of an item."""
    k = len(of.wordings) + 1
    row = {"platforms": None, "unit_ids": None, "written_at": clock.now(), **values}
    made = _saved(CheckWording(item_id=of.id, number=k, from_on=from_on, text_de=text, **row))
    db.session.refresh(of)
    return made


def action(of: Channel, owner: Contact, due_on: date, what: str = "Impressum ergänzen") -> Action:
    """An open action on a channel."""
    return _saved(Action(what=what, owner_id=owner.id, due_on=due_on, channel_id=of.id, agreed_on=due_on,
                         created_at=clock.now()))  # fmt: skip


def figures(of: Channel, quarter: str = "2026-4-1", **values: Any) -> Figures:
    """The figures of a channel in a quarter, told by its key."""
    slot = Slot.of_key(quarter)
    row = {"entered_at": clock.now(), "by_name": "Jonas Brandt", **values}
    return _saved(Figures(channel_id=of.id, begins_on=slot.begins_on, ends_on=slot.due_on, **row))


def upload_of_figures(*of: Channel, quarter: str = "2026-4-1", **values: Any) -> FiguresUpload:
    """A file that was taken in, with figures of these channels."""
    now = clock.now()
    made = _saved(
        FiguresUpload(filename="kennzahlen.csv", uploaded_at=now, by_name="Jonas Brandt", accepted_at=now)
    )
    for one in of:
        figures(one, quarter, upload_id=made.id, **{"posts": 12, **values})
    return made


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row
