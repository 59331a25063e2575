"""Page: the access log, who signed in and what was refused, for those who look after or audit the whole body."""

from typing import Any

from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from tracker import guard, language
from tracker.evidence import access_queries, access_words
from tracker.evidence.access_queries import Asked, Line
from tracker.evidence.forms import Choice, Day
from tracker.evidence.views import room
from tracker.rules.accounts import Attempt
from tracker.rules.deeds import Deed

NOBODY = "nobody"  # no account belongs to what was tried


class AccessForm(FlaskForm):
    """What the log is narrowed to. An address with these names stays valid."""

    class Meta:
        csrf = False  # it changes nothing

    kind = Choice(_l("What happened"))
    person = Choice(_l("Who"))
    on = Day(_l("Day"))

    def offer(self) -> None:
        """Fill the choices in the reader's language."""
        self.kind.offer([(kind.value, str(name)) for kind, name in access_words.ATTEMPTS.items()])
        people = [(str(key), name) for key, name in access_queries.people(self.person.data)]
        self.person.offer([(NOBODY, _("nobody who is known")), *people])

    @property
    def chosen(self) -> dict[str, str]:
        """What is not left open, as an address says it."""
        given = {field.name: field.data for field in self if field.data}
        return {name: data if isinstance(data, str) else data.isoformat() for name, data in given.items()}

    @property
    def asked(self) -> Asked:
        """The plain values, for a form without errors."""
        who = self.person.data
        return Asked(
            kind=Attempt(self.kind.data) if self.kind.data else None,
            user_id=int(who) if who and who != NOBODY else None,
            by_unknown=who == NOBODY,
            on=self.on.data,
        )


@room.get("/access")
@guard.allow(Deed.ACCESS_SEE)
def access() -> Any:
    """Sign-ins and refusals, newest first, a hundred a page."""
    form = AccessForm(request.args)
    form.offer()
    valid = form.validate()
    before = request.args.get("before", type=int)
    if before is not None and abs(before) > guard.LARGEST_ID:
        before = None
    lines: list[Line] = []
    older = None
    if valid:
        lines, older = access_queries.page(form.asked, before, language.zone())
    shown = render_template(
        "evidence/access.html",
        form=form,
        lines=lines,
        older=older,
        before=before,
        chosen=form.chosen if valid else {},
        empty_log=access_queries.is_empty(),
        days=current_app.config["ACCESS_LOG_DAYS"],
        attempts=access_words.ATTEMPTS,
        about=access_words.about,
        quiet=access_words.QUIET,
    )
    return shown, 200 if valid else 422
