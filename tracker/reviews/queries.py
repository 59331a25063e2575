"""What the page of the log shows besides what is typed: channels, last time, what a rating counts for, open actions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker import accounts, checks, concept_news, known_figures, language, mailboxes
from tracker.chart import Chart
from tracker.checks import Asked
from tracker.concept_news import News
from tracker.extensions import db
from tracker.histories import duties_by_channel
from tracker.models import (
    Action,
    AgendaLine,
    Channel,
    ConceptText,
    ConceptVersion,
    Figures,
    Meeting,
    Unit,
    User,
)
from tracker.reviews.counting import Counted, counts
from tracker.reviews.forms import RATING, Known, as_day
from tracker.reviews.reading import Carried, channels_in
from tracker.rules.ledger import Duty
from tracker.rules.periods import Period, last_ended
from tracker.rules.slots import slot_on
from tracker.rules.words import Criterion
from tracker.standings import Shown, ratings_by_channel
from tracker.trends import trends

FIGURES_SINCE = timedelta(days=3 * 366)  # more than the eight quarters that are drawn


@dataclass(frozen=True)
class Line:
    """A channel on the page. `last` is the newest rating of each criterion held before the meeting."""

    channel: Channel
    last: Mapping[Criterion, Shown]
    counts: tuple[Counted, ...]
    text: ConceptText | None
    actions: tuple[Action, ...]
    asked: Sequence[Asked]
    trends: Sequence[Chart]
    figures: Figures | None  # of the quarter that ended last
    next_on: date | None  # the first day of the slot after the meeting's, where a decision usually begins
    news: Sequence[News] = ()  # of the concept, since legality was rated last

    @property
    def key(self) -> str:
        """What the names of its fields begin with."""
        return f"channel-{self.channel.id}"

    @property
    def routine(self) -> dict[Criterion, Shown]:
        """What may be taken over without a look: not legality, where the concept says something else than then."""
        return {one: last for one, last in self.last.items() if not (self.news and one is Criterion.LEGALITY)}

    def concerned(self, asked: Asked) -> bool:
        """Whether the concept has changed in what an item asks about."""
        return any(asked.item.key in one.checks for one in self.news)


@dataclass(frozen=True)
class Group:
    """The channels of one unit."""

    unit: Unit
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Page:
    """Everything the page shows that nobody can change on it."""

    agenda: tuple[Group, ...]
    others: tuple[Group, ...]
    concept: ConceptVersion | None
    actions: tuple[Action, ...]  # open, of the channels shown and of none
    period: Period  # the quarter that ended last, whose figures are asked for

    @property
    def lines(self) -> list[Line]:
        """All channels in the order of the page."""
        return [line for group in (*self.agenda, *self.others) for line in group.lines]

    @property
    def on_agenda(self) -> list[Line]:
        """The channels of the agenda alone."""
        return [line for group in self.agenda for line in group.lines]

    @property
    def off_agenda(self) -> list[Line]:
        """The channels that may be logged as well."""
        return [line for group in self.others for line in group.lines]


def visible(units: Iterable[int] | None) -> list[Channel]:
    """The channels that a person limited to these units may log (None: all), in the concept's order."""
    query = select(Channel).options(joinedload(Channel.unit)).join(Channel.unit)
    if units is not None:
        query = query.where(Channel.unit_id.in_(list(units)))
    return list(db.session.scalars(query.order_by(Unit.position, Channel.position, Channel.id)))


def agenda_of(meeting: Meeting) -> frozenset[int]:
    """The channels on the meeting's agenda."""
    return frozenset(
        db.session.scalars(select(AgendaLine.channel_id).where(AgendaLine.meeting_id == meeting.id))
    )


def known(channels: Iterable[Channel], named: Iterable[int] = (), owning: Collection[int] = ()) -> Known:
    """What may be chosen on the page: of people those with an active account, and those already `named`.

    `owning` are contacts that an action was given to already.
    """
    chosen = or_(accounts.that_hold(), User.id.in_(list(named)))
    people = db.session.execute(
        select(User.id, User.full_name).where(chosen).order_by(User.full_name, User.id)
    )
    return Known(
        dict(people.all()),
        {one.id: one.name for one in mailboxes.able_to_act(owning)},
        {one.id: f"{one.platform} {one.name}, {one.unit.name}" for one in channels},
    )


def units_on(meeting: Meeting, values: Mapping[str, str]) -> set[int]:
    """The units of every row on the log: of the agenda, and of whatever is typed."""
    ids = agenda_of(meeting) | set(channels_in(values))
    return set(db.session.scalars(select(Channel.unit_id).where(Channel.id.in_(ids))))


def page(
    meeting: Meeting,
    channels: Sequence[Channel],
    values: Mapping[str, str],
    decided: Mapping[int, Sequence[Duty]] = MappingProxyType({}),
) -> Page:
    """The page for a meeting held on the day that is typed, else planned: its agenda, then what else owes something.

    `decided` are the obligations as the meeting's decisions will leave them, by channel.
    """
    held_on = as_day(values.get("held_on", "")) or meeting.planned_on
    on = max(held_on, language.today())
    duties, rated = duties_by_channel(), ratings_by_channel()
    number = concept_news.number_in_force(held_on)
    concept = db.session.scalars(select(ConceptVersion).where(ConceptVersion.number == number)).first()
    texts = {text.channel_id: text for text in concept.texts} if concept else {}
    actions = open_actions(channels)
    agenda, written = agenda_of(meeting), set(channels_in(values))
    first: list[Line] = []
    rest: list[Line] = []
    shown = [
        one
        for one in channels
        if one.id in agenda or one.id in written or any(duty.in_force(on) for duty in duties[one.id])
    ]
    asked = checks.asked(shown, held_on, before=held_on)
    page_period = last_ended(language.today())
    news = concept_news.since_last_legality(shown)
    figures = known_figures.of_channels([one.id for one in shown], since=held_on - FIGURES_SINCE)
    for channel in shown:
        duty = list(decided.get(channel.id, duties[channel.id]))
        line = Line(
            channel,
            _last(rated[channel.id], held_on),
            tuple(counts(duty, [shown for shown, _entered in rated[channel.id]], held_on, on)),
            texts.get(channel.id),
            tuple(one for one in actions if one.channel_id == channel.id),
            asked[channel.id],
            trends(figures[channel.id]),
            next((one.row for one in figures[channel.id] if _is_of(one.row, page_period)), None),
            _next_slot(duty, held_on),
            news.get(channel.id, ()),
        )
        (first if channel.id in agenda else rest).append(line)
    return Page(_grouped(first), _grouped(rest), concept, tuple(actions), page_period)


def _is_of(row: Figures, period: Period) -> bool:
    return (row.begins_on, row.ends_on) == (period.begins_on, period.ends_on)


def untouched(values: Mapping[str, str], lines: Iterable[Line]) -> list[tuple[Line, tuple[Criterion, ...]]]:
    """The criteria of which nothing is typed and that were rated before: what "unchanged" could be ticked for."""
    found = []
    for line in lines:
        typed = {one for one in Criterion for part in RATING if values.get(f"{line.key}.{one}.{part}")}
        if left := tuple(one for one in line.last if one not in typed):
            found.append((line, left))
    return found


def carried(channel_ids: Collection[int], held_on: date) -> dict[int, Carried]:
    """What these channels' rows can take over from before a day: last ratings, and whether an action is still open."""
    rated = ratings_by_channel()
    open_ones = set(db.session.scalars(select(Action.channel_id).where(Action.done_on.is_(None)).distinct()))
    channels = db.session.scalars(select(Channel).where(Channel.id.in_(channel_ids)))
    asked = checks.asked(channels, held_on, before=held_on)
    return {
        one: Carried(_last(rated[one], held_on), one in open_ones, asked.get(one, ())) for one in channel_ids
    }


def open_actions(channels: Iterable[Channel]) -> list[Action]:
    """Actions not yet done, of these channels and of none, the most urgent first."""
    ids = [one.id for one in channels]
    query = (
        select(Action)
        .options(joinedload(Action.owner), joinedload(Action.channel))
        .where(Action.done_on.is_(None), or_(Action.channel_id.is_(None), Action.channel_id.in_(ids)))
        .order_by(Action.due_on, Action.id)
    )
    return list(db.session.scalars(query))


def _grouped(lines: list[Line]) -> tuple[Group, ...]:
    return tuple(Group(unit, tuple(of)) for unit, of in groupby(lines, lambda line: line.channel.unit))


def _last(rated: Iterable[tuple[Shown, object]], held_on: date) -> dict[Criterion, Shown]:
    newest = {shown.criterion: shown for shown, _entered in rated if shown.held_on < held_on}
    return {one: newest[one] for one in Criterion if one in newest}


def _next_slot(duties: Iterable[Duty], day: date) -> date | None:
    n = next((one.n for one in duties if one.in_force(day)), None)
    return slot_on(day, n).due_on + timedelta(days=1) if n else None
