"""Pages: the whole life of one channel as a timeline."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from tracker import guard, language
from tracker.channels import timeline_told, timeline_words
from tracker.channels.timeline import Happening, by_years, pages
from tracker.channels.timeline_forms import TimelineForm
from tracker.channels.timeline_queries import life
from tracker.channels.views import find, room
from tracker.models import Channel
from tracker.rules.deeds import Deed
from tracker.rules.workdays import Workdays
from tracker.standings import standings


@room.get("/<int:channel_id>/life", endpoint="life")
@guard.allow(Deed.CHANNELS_SEE)
def whole_life(channel_id: int) -> Any:
    """Everything that ever happened with a channel, by day."""
    channel = find(channel_id, Deed.CHANNELS_SEE)
    form = TimelineForm(request.args)
    form.offer()
    valid = form.validate()
    cut = pages(by_years(_happenings(channel), form.asked)) if valid else [[]]
    wanted = request.args.get("page", 1, type=int)
    number = min(max(wanted, 1), len(cut))
    shown = render_template(
        "channels/timeline.html",
        channel=channel,
        form=form,
        years=cut[number - 1],
        count=sum(len(year.happenings) for page in cut for year in page),
        page=number,
        pages=len(cut),
        chosen={**form.chosen, "channel_id": channel_id} if valid else {"channel_id": channel_id},
        narrowed=bool(form.kind.data or form.from_on.data or form.until_on.data),
    )
    return shown, 200 if valid else 422


def _happenings(channel: Channel) -> Iterator[Happening]:
    today, zone, rows = language.today(), ZoneInfo(language.zone()), life(channel.id)
    (one,) = standings(today, zone.key, channel_id=channel.id)
    organisation = language.organisation()
    workdays = Workdays(organisation.holiday_region if organisation else "DE")
    may_explain = guard.may(Deed.CHANNELS_EXPLAIN, channel.unit_id)
    return chain(
        timeline_words.concept(rows),
        timeline_words.course(rows, channel.id, today),
        timeline_words.meetings(rows, one.ledger.discharging, today),
        timeline_words.corrections(rows, channel.id, zone),
        timeline_told.actions(rows, zone),
        timeline_told.reminders(rows, workdays),
        timeline_told.missed(rows, one.ledger, channel.id, may_explain),
        timeline_told.explanations(rows, zone),
        timeline_told.figures(rows, channel.id, zone),
    )
