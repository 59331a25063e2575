"""Page: the year as a matrix, with the three readings of the promise for every channel."""

from typing import Any

from flask import render_template, request

from tracker import guard, language
from tracker.evidence import queries, stored
from tracker.evidence.filters import Filters
from tracker.evidence.views import room
from tracker.evidence.year import summed
from tracker.matrix import matrix
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion, Level
from tracker.rules.year import year_of
from tracker.standings import standings

CHANNELS_A_PAGE = 50


@room.get("/evidence/year")
@guard.allow(Deed.EVIDENCE_SEE)
def year() -> Any:
    """The year asked for, else this one; some channels a page. What is no choice narrows nothing."""
    on, zone, unit_ids = language.today(), language.zone(), guard.units_for(Deed.EVIDENCE_SEE)
    years = range(on.year, queries.first_year(unit_ids, on.year) - 1, -1)
    wanted = request.args.get("year", on.year, type=int)
    shown = wanted if wanted in years else on.year
    choices = queries.choices(unit_ids)
    known = dict(choices.units)
    unit_id = request.args.get("unit", type=int)
    unit_id = unit_id if unit_id in known else None
    platform = request.args.get("platform")
    platforms = dict(zip(choices.platforms, choices.platforms, strict=True))
    platform = platform if platform in platforms else None
    ids = stored.channel_ids(Filters(unit_id=unit_id, platform=platform, unit_ids=unit_ids))
    pages = max(1, -(-len(ids) // CHANNELS_A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    some = ids[(number - 1) * CHANNELS_A_PAGE : number * CHANNELS_A_PAGE]
    found = standings(on, zone, channel_ids=some) if some else []
    readings = {one.channel.id: year_of(one.ledger, shown) for one in found}
    shape = matrix(found, shown, on)
    return render_template(
        "evidence/year.html",
        year=shown,
        years=years,
        on=on,
        units=known,
        unit_id=unit_id,
        platforms=platforms,
        platform=platform,
        matrix=shape,
        readings=readings,
        sums=summed(readings.values()),
        unit_sums={
            group.unit.id: summed(readings[row.standing.channel.id] for row in group.rows)
            for group in shape.groups
        },
        chosen={"year": shown}
        | ({"unit": unit_id} if unit_id else {})
        | ({"platform": platform} if platform else {}),
        page=number,
        pages=pages,
        channels=len(ids),
        limited=unit_ids is not None,
        criteria=list(Criterion),
        levels=list(Level),
    )
