"""The statement in words: a title, one paragraph, one table; for the page, for copying, and for paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import language
from tracker.evidence.statement import Line, Statement
from tracker.rules.slots import Slot
from tracker.rules.words import Decision, Outcome

TOLD = (Outcome.KEPT, Outcome.LATE, Outcome.MISSED, Outcome.OPEN, Outcome.COMING)


@dataclass(frozen=True)
class Sheet:
    """Everything in the language of now."""

    title: str
    paragraph: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """As one copies it: the table with tabs, as spreadsheets and word processors take it."""
        lines = ["\t".join(row) for row in (self.heads, *self.rows)]
        return "\n".join((self.title, "", self.paragraph, "", *lines)) + "\n"


def sheet(said: Statement, organisation: str, units: Sequence[str]) -> Sheet:
    """The statement in words; `units` are those it is limited to."""
    period = language.slot_name(said.period)
    return Sheet(
        title=_("Evaluation of the social media channels: %(period)s", period=period),
        paragraph=" ".join(one for one in _sentences(said, organisation, units, period) if one),
        heads=(_("Unit"), _("Channel"), _("Reviewed on"), _("Slots"), _("Decision")),
        rows=tuple(_rows(said)),
    )


def _sentences(said: Statement, organisation: str, units: Sequence[str], period: str) -> list[str]:
    return [
        _("%(organisation)s, %(period)s.", organisation=organisation, period=period),
        ngettext(
            "This concerns the unit %(units)s.",
            "This concerns the units %(units)s.",
            len(units),
            units=", ".join(units),
        )
        if units
        else "",
        _still_running(said),
        *_reviewed(said),
        *_owed(said),
        _decided(said),
        _agreed(said),
    ]


def _still_running(said: Statement) -> str:
    if said.on > said.period.due_on:
        return ""
    until = language.day(said.period.due_on)
    return _("As of %(day)s; the period runs until %(until)s.", day=language.day(said.on), until=until)


def _reviewed(said: Statement) -> list[str]:
    if not said.lines:
        return [_("In this period no channel had to be reviewed.")]
    if not said.meetings:
        return [_("In this period no channel was reviewed.")]
    days = ", ".join(language.day(day) for day in said.meetings)
    criteria = ", ".join(map(language.word, said.criteria))
    held = ngettext(
        "The channels were evaluated on %(num)d day (%(days)s).",
        "The channels were evaluated on %(num)d days (%(days)s).",
        len(said.meetings),
        days=days,
    )
    return [
        held,
        ngettext(
            "The one channel was evaluated at least once.",
            "All %(num)d channels were evaluated at least once.",
            len(said.lines),
        )
        if said.evaluated == len(said.lines)
        else ngettext(
            "%(num)d of %(n)s channels was evaluated at least once.",
            "%(num)d of %(n)s channels were evaluated at least once.",
            said.evaluated,
            n=len(said.lines),
        ),
        _("Criteria: %(criteria)s.", criteria=criteria),
    ]


def _owed(said: Statement) -> list[str]:
    if not said.owed:
        return []
    kept, late, missed = (said.outcomes.get(one, 0) for one in (Outcome.KEPT, Outcome.LATE, Outcome.MISSED))
    overdue = said.overdue
    left = said.outcomes.get(Outcome.OPEN, 0) + said.outcomes.get(Outcome.COMING, 0)
    return [
        _in_time(kept, said.owed),
        ngettext("%(num)d was late.", "%(num)d were late.", late) if late else "",
        ngettext("%(num)d was missed.", "%(num)d were missed.", missed) if missed else _("None was missed."),
        _explained(missed, said.explained) if missed else "",
        _afterwards(said.afterwards) if said.afterwards else "",
        ngettext("%(num)d is overdue.", "%(num)d are overdue.", overdue) if overdue else "",
        ngettext("%(num)d is still open.", "%(num)d are still open.", left) if left else "",
    ]


def _in_time(kept: int, owed: int) -> str:
    if kept == owed:
        return ngettext(
            "The one review owed was held in time.", "All %(num)d reviews owed were held in time.", owed
        )
    if owed == 1:
        return _("The one review owed was not held in time.")
    if not kept:
        return _("Of %(n)s reviews owed, none was held in time.", n=owed)
    return ngettext(
        "Of %(n)s reviews owed, %(num)d was held in time.",
        "Of %(n)s reviews owed, %(num)d were held in time.",
        kept,
        n=owed,
    )


def _afterwards(count: int) -> str:
    return ngettext(
        "%(num)d of those held was entered only after it had counted as missed.",
        "%(num)d of those held were entered only after they had counted as missed.",
        count,
    )


def _explained(missed: int, explained: int) -> str:
    if not explained:
        return _("The management has not explained this yet.")
    if explained == missed:
        return _("The management has explained it.")
    return _("The management has explained %(k)s of them.", k=explained)


def _decided(said: Statement) -> str:
    found = [f"{language.word(one)}: {', '.join(named)}" for one, named in said.decisions.items()]
    return _("Decisions: %(decisions)s.", decisions="; ".join(found)) if found else ""


def _agreed(said: Statement) -> str:
    if not said.agreed:
        return ""
    if said.done == said.agreed:
        return ngettext(
            "One action was agreed, and it is done.",
            "%(num)d actions were agreed, and all are done.",
            said.agreed,
        )
    agreed = ngettext("One action was agreed.", "%(num)d actions were agreed.", said.agreed)
    done = ngettext("%(num)d of them is done.", "%(num)d of them are done.", said.done)
    return f"{agreed} {done}" if said.done else agreed


def _rows(said: Statement) -> Iterator[tuple[str, ...]]:
    """A row a channel; what many channels share is put into words once."""
    known: dict[int, tuple[str, str]] = {}
    for line in said.lines:
        if id(line.outcomes) not in known:
            known[id(line.outcomes)] = (", ".join(_days(line)) or "–", _outcomes(line))
        decided = ", ".join(_decision(one, day) for one, day in line.decisions)
        yield line.unit, line.channel, *known[id(line.outcomes)], decided or "–"


def _days(line: Line) -> list[str]:
    late = [
        _("%(day)s (made up in part)", day=language.day(day))
        if in_part
        else _("%(day)s (made up)", day=language.day(day))
        for day, in_part in line.made_up
    ]
    return [_day(day, line.for_before.get(day)) for day in line.days] + late


def _day(day: date, slot: Slot | None) -> str:
    if slot is None:
        return language.day(day)
    return _("%(day)s (for %(slot)s)", day=language.day(day), slot=language.slot_name(slot))


def _outcomes(line: Line) -> str:
    counted = [(line.outcomes.get(one, 0), language.word(one)) for one in TOLD]
    counted.insert(TOLD.index(Outcome.OPEN), (line.overdue, _("overdue")))
    found = [(count, word) for count, word in counted if count]
    if line.owed == 1:
        return found[0][1]
    return ", ".join(f"{count} {word}" for count, word in found) or "–"


def _decision(decision: Decision, from_on: date | None) -> str:
    word = language.word(decision)
    return _("%(decision)s from %(day)s", decision=word, day=language.day(from_on)) if from_on else word
