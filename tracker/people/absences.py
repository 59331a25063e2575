"""Absences: who stands in for a person from when until when. Journalled by day and names; never commits."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import clock, journal
from tracker.extensions import db
from tracker.models import Absence, Contact, User
from tracker.rules.deeds import Deed

LONGEST = timedelta(days=366)


class AbsenceRefused(ValueError):
    """An absence that makes no sense; `field` is where, the text says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def of(someone: User, today: date) -> list[tuple[Absence, Contact]]:
    """The absences of today and to come, the first first, each with the deputy."""
    query = select(Absence, Contact).join(Contact, Absence.deputy_id == Contact.id)
    query = query.where(Absence.user_id == someone.id, Absence.until_on >= today)
    return [(absence, deputy) for absence, deputy in db.session.execute(query.order_by(Absence.from_on))]


def enter(someone: User, from_on: date, until_on: date, deputy: Contact, today: date) -> bool:
    """The person is stood in for on these days. False for the same absence sent again; raises AbsenceRefused."""
    if until_on < from_on:
        raise AbsenceRefused("until_on", _("The last day is before the first."))
    if until_on < today:
        raise AbsenceRefused("until_on", _("This day is past already."))
    if until_on - from_on > LONGEST:
        raise AbsenceRefused(
            "until_on", _("At most a year. Whoever is away longer hands over their channels.")
        )
    if deputy.user_id == someone.id:
        raise AbsenceRefused("deputy", _("Nobody stands in for themselves."))
    for other, _deputy in of(someone, today):
        if (other.from_on, other.until_on, other.deputy_id) == (from_on, until_on, deputy.id):
            return False
        if from_on <= other.until_on and other.from_on <= until_on:
            raise AbsenceRefused("from_on", _("These days overlap with another absence. End that one first."))
    made = Absence(
        user_id=someone.id, from_on=from_on, until_on=until_on, deputy_id=deputy.id, entered_at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    _note(someone, made, {"deputy": deputy.name})
    return True


def end(someone: User, absence: Absence, today: date) -> None:
    """The person is back: an absence that has begun ended yesterday, one still to come never was."""
    _note(someone, absence, {"ended": today.isoformat()})
    if absence.from_on >= today:
        db.session.delete(absence)
    else:
        absence.until_on = today - timedelta(days=1)
    db.session.flush()


def _note(someone: User, absence: Absence, words: dict[str, str | None]) -> None:
    ids: dict[str, int | str] = {"from": absence.from_on.isoformat(), "until": absence.until_on.isoformat()}
    journal.note(
        db.session, Deed.ABSENCES_ENTER, someone, ids=ids, words={"name": someone.full_name, **words}
    )
