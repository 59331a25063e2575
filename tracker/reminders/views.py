"""Pages: the outbox, one mail, what would go out today; deliver at once, confirm the first run; /healthz."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from tracker import clock, engine, guard, health, language
from tracker.extensions import db
from tracker.models import Mail
from tracker.outbox import Delivered, deliver, try_again
from tracker.reminders import changes, queries
from tracker.reminders.digest import Composed, compose, place
from tracker.reminders.letters import Letter, Round
from tracker.reminders.owed import round_on
from tracker.rules.deeds import Deed
from tracker.rules.reminding import is_delayed
from tracker.rules.workdays import Workdays

room = Blueprint("reminders", __name__)

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


@room.get("/outbox")
@guard.allow(Deed.OUTBOX_SEE)
def outbox() -> Any:
    """All mails, newest first."""
    run = engine.last_run()
    return render_template(
        "reminders/outbox.html",
        page=queries.mails(request.args.get("page", 1, type=int), guard.units_for(Deed.OUTBOX_SEE)),
        configured=bool(current_app.config["MAIL_HOST"]),
        run=run,
        run_words=engine.sentence(run) if run else "",
        late=engine.engine_is_late(clock.now()),
        unconfirmed=_unconfirmed(),
    )


@room.get("/outbox/<int:mail_id>")
@guard.allow(Deed.OUTBOX_SEE)
def mail(mail_id: int) -> Any:
    """One mail: what became of it, what it reminded of, and its text."""
    return render_template(
        "reminders/mail.html",
        mail=_mail(mail_id),
        reminders=queries.reminders_of(mail_id),
        is_delayed=_delayed,
        place=place,
    )


@room.get("/outbox/<int:mail_id>/html")
@guard.allow(Deed.OUTBOX_SEE)
def mail_html(mail_id: int) -> Any:
    """The mail as a mail program shows it, in a page that may load nothing and run nothing."""
    found = _mail(mail_id)
    if found.kind == "account" or not found.html:
        abort(404)
    return Response(found.html, mimetype="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


def _mail(mail_id: int) -> Mail:
    return queries.mail(mail_id, guard.units_for(Deed.OUTBOX_SEE)) or abort(404)


@room.post("/outbox/deliver")
@guard.allow(Deed.OUTBOX_DELIVER)
def deliver_now() -> Any:
    """Send what waits, without waiting for the timetable."""
    came = deliver()
    if came.failed:
        flash(_("The mail server could not be used: %(words)s", words=came.failed), "bad")
    elif came == Delivered():
        flash(_("Nothing was ready to be sent."), "info")
    else:
        flash(
            _("%(sent)s sent, %(waiting)s put off, %(given_up)s given up.", sent=came.sent, waiting=came.waiting,
              given_up=came.given_up), "info",
        )  # fmt: skip
    return redirect(url_for("reminders.outbox"))


@room.post("/outbox/test")
@guard.allow(Deed.OUTBOX_TEST)
def test() -> Any:
    """Write a mail to the person who asks, send it at once, and say what the server said."""
    written = changes.test_mail(guard.signed_in())
    db.session.commit()
    deliver()
    sent = db.session.get_one(Mail, written.id, populate_existing=True)
    if sent.sent_to_file:
        flash(
            _("No mail server is set up: the test mail was written as %(file)s.", file=sent.sent_to_file),
            "info",
        )
    elif sent.state == "sent":
        flash(_("The mail server took the test mail to %(address)s.", address=sent.to_address), "info")
    else:
        said = sent.last_words or _("The mail server could not be reached.")
        flash(_("The test mail was not sent: %(words)s", words=said), "bad")
    return redirect(url_for("reminders.outbox"), 303)


@room.post("/outbox/<int:mail_id>/retry")
@guard.allow(Deed.OUTBOX_DELIVER)
def retry(mail_id: int) -> Any:
    """A mail that was given up waits again: after its address, or the server, was put right."""
    _mail(mail_id)
    if try_again(mail_id) is None:
        flash(_("This mail is not given up; nothing was changed."), "warn")
    else:
        db.session.commit()
        flash(_("The mail waits again. It leaves with the next delivery."), "info")
    return redirect(url_for("reminders.outbox"))


@room.get("/reminders/preview")
@guard.allow(Deed.OUTBOX_SEE)
def preview() -> Any:
    """What would go out today, and what would not and why. Writes nothing."""
    organisation, on = language.organisation(), language.today()
    found, works = Round([], []), True
    if organisation is not None:
        found = round_on(on, organisation, guard.units_for(Deed.OUTBOX_SEE))
    written: list[tuple[Letter, Composed]] = []
    if organisation is not None:
        workdays = Workdays(organisation.holiday_region)
        works = workdays.is_workday(on)
        written = [(letter, compose(letter, on, organisation, workdays)) for letter in found.letters]
    return render_template(
        "reminders/preview.html",
        written=written,
        untold=found.untold,
        place=place,
        on=on,
        works=works,
        unconfirmed=_unconfirmed(),
    )


@room.post("/reminders/confirm")
@guard.allow(Deed.REMINDERS_CONFIRM)
def confirm() -> Any:
    """Let reminders go out from now on, and write those that are owed today."""
    if changes.confirm():
        told = changes.remind(language.today())
        db.session.commit()
        said = ngettext(
            "Confirmed. %(num)d reminder was written.",
            "Confirmed. %(num)d reminders were written.",
            len(told),
        )
        flash(said, "info")
    return redirect(url_for("reminders.preview"))


def _delayed(owed_on: date, told_on: date) -> bool:
    organisation = language.organisation()
    return organisation is not None and is_delayed(owed_on, told_on, Workdays(organisation.holiday_region))


def _unconfirmed() -> bool:
    organisation = language.organisation()
    return organisation is not None and organisation.reminders_confirmed_at is None


@room.get("/healthz")
@guard.public
def healthz() -> Any:
    """For a watch from outside: 200, or 503 with the names of the parts that are ill."""
    return _health([one.part for one in health.findings(health.WATCHED) if not one.well])


@room.errorhandler(DBAPIError)
def _database_away(error: DBAPIError) -> Any:
    """/healthz answers even where a request cannot begin without its database; every other page fails as usual."""
    if request.endpoint != "reminders.healthz":
        raise error
    db.session.rollback()
    return _health(["database"])


def _health(ill: list[str]) -> Any:
    answer = jsonify({"status": "ill", "parts": ill} if ill else {"status": "ok"})
    answer.status_code = 503 if ill else 200
    return answer
