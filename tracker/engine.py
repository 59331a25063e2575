"""The heartbeat of the reminder engine: every run of a job is noted, and its absence is noticed."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models import Organisation, Run

LATE_AFTER = timedelta(days=1, hours=1)

NO_ORGANISATION, NOTHING_OWED, HELD, NOBODY = "no_organisation", "nothing_owed", "held", "nobody"
NO_WORKDAY = "no_workday"


def ran(job: str, began_at: datetime, count: int, words: str = "") -> Run:
    """Note that a job ran. `words` is one of the reasons above for telling nobody, or a sentence of its own."""
    run = Run(job=job, began_at=began_at, ended_at=clock.now(), count=count, words=words)
    db.session.add(run)
    return run


def last_run(job: str = "remind", now: datetime | None = None) -> Run | None:
    """The newest run of a job until `now`; runs dated later (a run for a day to come) do not count as alive."""
    query = select(Run).where(Run.job == job, Run.began_at <= (now or clock.now()))
    return db.session.scalars(query.order_by(Run.began_at.desc(), Run.id.desc()).limit(1)).first()


def engine_is_late(now: datetime) -> bool:
    """Whether reminders were not looked at for more than a day and an hour. Without an organisation there are none."""
    if db.session.get(Organisation, 1) is None:
        return False
    return is_late(last_run(now=now), now)


def is_late(run: Run | None, now: datetime) -> bool:
    """Whether the newest run is more than a day and an hour ago."""
    return run is None or now - run.began_at > LATE_AFTER


def sentence(run: Run) -> str:
    """What a run did, in the language of the page."""
    if run.words == HELD:
        told = _("%(n)s reminders wait for confirmation; nothing was sent.", n=run.count)
    elif run.words == NOTHING_OWED:
        told = _("Nobody had to be reminded.")
    elif run.words == NO_WORKDAY:
        told = _("Nobody works on this day; nobody was reminded.")
    elif run.words == NOBODY:
        told = _("Reminders are owed, but there is nobody to tell.")
    elif run.words == NO_ORGANISATION:
        told = _("No concept has been loaded yet.")
    elif run.job == "remind":
        told = ngettext("%(num)d reminder was written.", "%(num)d reminders were written.", run.count)
    else:
        told = ngettext("%(num)d mail was sent.", "%(num)d mails were sent.", run.count)
    return str(told)
