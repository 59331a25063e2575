"""The form that changes how a channel is run: what, from when, how often, why."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from tracker.language import day
from tracker.rules.days import sensible
from tracker.rules.deciding import Course, Turn, state_on, turned
from tracker.rules.judgement import clean
from tracker.rules.obligating import RuleBroken, next_common_start
from tracker.rules.slots import CADENCES
from tracker.rules.words import ChannelState

TEXT_MAX = 4_000  # characters of a reason
STARTS_OFFERED = 4  # days for each other cadence
CADENCE = "cadence"
DEEDS = {
    ChannelState.DORMANT.value: _l("Let it rest: only legality stays owed"),
    ChannelState.CRISIS_ONLY.value: _l("Crisis communication only: only legality stays owed"),
    ChannelState.ACTIVE.value: _l("Take it up again: all its criteria are owed"),
    ChannelState.CLOSED.value: _l("Close it: nothing is owed from the first day without it"),
    CADENCE: _l("Review it more or less often"),
}

STAY_ACTIVE = _l("Leave it active: what is planned for that day or later is called off")


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


class ChangeForm(FlaskForm):
    """A new state from a day on, or a new cadence from a day that starts a slot of both."""

    what = RadioField(_l("What changes"), validate_choice=False)
    from_on = DateField(_l("From which day on"))
    cadence = SelectField(_l("How often, from when"), validate_choice=False)
    reason = TextAreaField(_l("Reason"), filters=[_cleaned])

    def offer(self, course: Course, today: date) -> None:
        """What can be changed on a channel that is run in this way, in the reader's language."""
        starts = list(_starts(course, today))
        running = state_on(course.states, today) is ChannelState.ACTIVE
        words = {**DEEDS, ChannelState.ACTIVE.value: STAY_ACTIVE} if running else DEEDS
        self.what.choices = [
            SelectChoice(deed, str(words[deed]))
            for deed in _deeds(course, today)
            if deed != CADENCE or starts
        ]
        self.cadence.choices = [
            SelectChoice("", _("please choose")),
            *(
                SelectChoice(
                    f"{n}:{start.isoformat()}", _("%(n)s × a year, from %(day)s on", n=n, day=day(start))
                )
                for n, start in starts
            ),
        ]

    def turn(self) -> Turn:
        """What the form asks for, once it is valid."""
        if self.what.data == CADENCE:
            n, _colon, start = str(self.cadence.data).partition(":")
            return Turn(date.fromisoformat(start), n=int(n))
        return Turn(self.from_on.data, ChannelState(self.what.data))

    def validate_what(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Please choose what changes."))

    def validate_from_on(self, field: Any) -> None:
        """Its own words for a day that does not exist; a new cadence brings a day of its own."""
        field.errors, typed = [], " ".join(field.raw_data or []).strip()
        if self.what.data == CADENCE:
            return
        if not typed:
            raise ValidationError(_("Please give the day."))
        if field.data is None:
            raise ValidationError(_("This is not a day of the calendar. Write it as 2026-10-20."))
        if not sensible(field.data):
            raise ValidationError(_("This day is too far away."))

    def validate_cadence(self, field: Any) -> None:
        chosen = self.what.data == CADENCE
        if chosen and (not field.data or field.data not in {choice.value for choice in field.choices}):
            raise ValidationError(_("Please choose one of the list."))

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please write why."))
        if len(field.data) > TEXT_MAX:
            raise ValidationError(
                _("At most %(n)s characters; these are %(have)s.", n=TEXT_MAX, have=len(field.data))
            )


def _deeds(course: Course, today: date) -> list[str]:
    """A channel that is closed can only be taken up again; one that is planned begins with the concept."""
    now = state_on(course.states, today)
    planned = any(one.from_on > today for one in course.states)
    if now is ChannelState.PLANNED:
        return []
    if now is ChannelState.CLOSED:
        return [ChannelState.ACTIVE.value]
    return [deed for deed in DEEDS if deed != now.value or (planned and now is ChannelState.ACTIVE)]


def _starts(course: Course, today: date) -> Iterable[tuple[int, date]]:
    """For each cadence the next days on which it may begin."""
    if not course.promises:
        return
    for n in CADENCES:
        start = today
        for _k in range(STARTS_OFFERED):
            old = next(
                (one.n for one in reversed(course.promises) if one.from_on <= start), course.promises[0].n
            )
            start = next_common_start(start, old, n)
            if n != old and _allowed(course, Turn(start, n=n), today):
                yield n, start


def _allowed(course: Course, wanted: Turn, today: date) -> bool:
    try:
        return turned(course, wanted, today) != course
    except RuleBroken:
        return False
