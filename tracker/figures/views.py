"""Pages: all channels of a period compared, one channel and period, entering its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import guard, known_figures, language
from tracker.extensions import db
from tracker.figures import changes, comparing, hints, indicating, periods, queries
from tracker.figures.columns import BENEFITS, COSTS, WORDS
from tracker.figures.forms import FiguresForm, typed
from tracker.figures.indicating import ENGAGEMENT, Indicator
from tracker.figures.periods import OTHER, PeriodRefused
from tracker.known_figures import Known
from tracker.models import Channel
from tracker.narrowing import cut
from tracker.rules.deeds import Deed
from tracker.rules.indicators import Measured, total_cost
from tracker.rules.periods import Period, last_ended
from tracker.trends import euros, trends

room = Blueprint("figures", __name__, url_prefix="/figures")


@dataclass(frozen=True)
class Line:
    """A channel of the comparison; `share` is how far its bar goes, in percent of the longest."""

    channel: Channel
    known: Known | None
    value: Decimal | None
    share: str


@room.get("")
@guard.allow(Deed.FIGURES_SEE)
def index() -> Any:
    """The channels of a period, by one indicator."""
    period, wrong = asked_period()
    units = guard.units_for(Deed.FIGURES_SEE)
    channels = queries.run_in(period, units)
    known = queries.around([one.id for one in channels], period)
    held = {one.id: queries.of_period(known[one.id], period) for one in channels}
    measured = [one.measured for one in held.values() if one]
    offered = indicating.comparable(measured)
    by = offered.get(request.args.get("by", ""), offered[ENGAGEMENT])
    lines, page, pages = cut(_lines(channels, held, by), request.args)
    return render_template(
        "figures/index.html",
        period=period,
        wrong=wrong,
        lines=lines,
        page=page,
        pages=pages,
        total=len(channels),
        by=by,
        offered=offered,
        entered=len(measured),
        waiting=len(queries.waiting(guard.signed_in().id)),
        incomplete=[one for one in held.values() if one and _incomplete(one)],
        is_incomplete=_incomplete,
        **of_periods(),
    )


def _lines(channels: Sequence[Channel], held: Mapping[int, Known | None], by: Indicator) -> list[Line]:
    """The largest first; what is not known last, in the order of the concept."""
    values = {one.id: _value(by, held[one.id]) for one in channels}
    most = max((value for value in values.values() if value is not None), default=Decimal(0))

    def share(value: Decimal | None) -> str:
        return f"{value / most * 100:.1f}%" if value is not None and value > 0 else "0%"

    found = [Line(one, held[one.id], values[one.id], share(values[one.id])) for one in channels]
    return sorted(found, key=lambda one: (one.value is None, -(one.value or 0)))


def _value(by: Indicator, held: Known | None) -> Decimal | None:
    value = by.value(held.measured) if held else None
    return None if value is None else Decimal(value)


def _incomplete(one: Known) -> bool:
    cost = total_cost(one.measured)
    return cost is not None and not cost.complete


def asked_period() -> tuple[Period, str]:
    """The period of the address, else the quarter that ended last; and what is wrong with the address."""
    given = request.args.get("period", "")
    default = last_ended(language.today())
    try:
        if given == OTHER:
            days = [date.fromisoformat(request.args.get(name, "")) for name in ("from", "until")]
            return periods.checked(*days), ""
        if not given:
            return default, ""
        found = Period.of_key(given)
        return periods.checked(found.begins_on, found.ends_on), ""
    except PeriodRefused as refused:
        return default, str(refused)
    except ValueError:
        return default, _("This is not a period. Choose one, or give two days.")


def of_periods() -> dict[str, Any]:
    """What every page with a choice of periods needs."""
    return {
        "offered_periods": periods.offered(language.today()),
        "period_words": periods.words,
        "OTHER": OTHER,
    }


@room.get("/channels/<int:channel_id>")
@guard.allow(Deed.FIGURES_SEE)
def show(channel_id: int) -> Any:
    """The figures of one channel and period, with the period before, hints, and who entered what."""
    channel, (period, wrong) = find(channel_id, Deed.FIGURES_SEE), asked_period()
    known = known_figures.of_channels([channel_id])[channel_id]
    held = queries.of_period(known, period)
    beside = hints.around(period, [one.measured for one in known])
    measured = [one for one in (held.measured if held else None, beside.before) if one]
    return render_template(
        "figures/show.html",
        channel=channel,
        period=period,
        wrong=wrong,
        held=held,
        before=beside.before,
        before_words=_words_of(beside.before),
        hints=hints.said(held.measured, beside, language.today()) if held else [],
        incomplete=held is not None and _incomplete(held),
        indicators=indicating.all_of(measured),
        costs=COSTS,
        benefits=BENEFITS,
        entries=_told(channel_id, period),
        known_periods=[queries.period_of(one.row) for one in reversed(known)],
        say=comparing.say,
        euros=euros,
        trends=trends(known),
        title_of=WORDS,
        **of_periods(),
    )


def _told(channel_id: int, period: Period) -> list[dict[str, Any]]:
    """Every entry with what it changed against the one that held before it; the newest first."""
    told, before = [], comparing.values_of(None)
    for row in reversed(queries.entries(channel_id, period)):
        after = comparing.values_of(row)
        undone = row.upload is not None and row.upload.undone_at is not None
        told.append({"row": row, "undone": undone, "differences": comparing.differences(before, after)})
        before = before if undone else after
    return told[::-1]


@room.route("/channels/<int:channel_id>/enter", methods=["GET", "POST"])
@guard.allow(Deed.FIGURES_ENTER)
def enter(channel_id: int) -> Any:
    """Enter or change the figures of a channel and period; what somebody else entered meanwhile is shown, not lost."""
    by, asks = guard.signed_in(), request.method == "POST"
    channel = find(channel_id, Deed.FIGURES_ENTER, lock=asks)
    period, wrong = asked_period()
    if wrong:
        flash(wrong, "warn")
        return redirect(url_for("figures.show", channel_id=channel_id))
    known = known_figures.of_channels([channel_id])[channel_id]
    held = queries.of_period(known, period)
    before = comparing.values_of(held.row if held else None)
    beside = hints.around(period, [one.measured for one in known])
    form = FiguresForm() if asks else FiguresForm(data=typed(_proposed(before, held, beside)))
    if not form.validate_on_submit():
        return _enter_page(channel, period, form, held, beside), 422 if form.errors else 200
    shown = comparing.values_of(queries.shown(channel_id, period, form.seen.data or ""))
    typed_now = comparing.clean(form.values(shown))
    after = {key: before[key] if typed_now[key] == shown[key] else typed_now[key] for key in typed_now}
    if held is not None and held.row.by_id != by.id:
        meanwhile = [one for one in comparing.differences(after, before) if before[one.key] != shown[one.key]]
        if meanwhile:
            form.show(after)
            return _enter_page(channel, period, form, held, beside, meanwhile), 409
    if held is None and not any(form[one.key].number is not None for one in (*COSTS, *BENEFITS)):
        form.hours.errors = [_("Please enter at least one figure. What is not known stays empty.")]
        return _enter_page(channel, period, form, held, beside), 422
    row = changes.enter(channel, period, before, after, by)
    if row is None:
        flash(_("It is so already. Nothing was changed."), "info")
    else:
        db.session.commit()
        flash(_("The figures are saved."), "info")
    return redirect(url_for("figures.show", channel_id=channel_id, period=period.key), 303)


def _proposed(before: comparing.Values, held: Known | None, beside: hints.Around) -> dict[str, Any]:
    """Where nothing is entered yet, a period begins with the followers that the one before ended with."""
    found = dict(before)
    if held is None and beside.before is not None:
        found["followers_start"] = beside.before.followers_end
    return found


def _words_of(one: Measured | None) -> str:
    return periods.words(Period(one.ends_on, one.begins_on)) if one else ""


def _seen(held: Known | None) -> str:
    return str(held.row.id) if held else "none"


def _enter_page(
    channel: Channel,
    period: Period,
    form: FiguresForm,
    held: Known | None,
    beside: hints.Around,
    meanwhile: Any = (),
) -> str:
    return render_template(
        "figures/enter.html",
        channel=channel,
        period=period,
        form=form,
        held=held,
        seen=_seen(held),
        meanwhile=meanwhile,
        before=beside.before,
        before_words=_words_of(beside.before),
        rate=known_figures.rate_on(known_figures.rates(), period.ends_on),
        euros=euros,
        say=comparing.say,
        title_of=WORDS,
        period_words=periods.words,
    )


def find(channel_id: int, deed: Deed, *, lock: bool = False) -> Channel:
    """The channel, or 404 if there is none that the person may do `deed` with."""
    found = queries.channel(channel_id, lock=lock)
    if found is None:
        abort(404)
    guard.require(deed, [found.unit_id])
    return found
