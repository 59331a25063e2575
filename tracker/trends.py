"""What the figures of a channel came to over the quarters, as charts: the same on its page and beside the log."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import format_currency, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import language
from tracker.chart import Chart, Point
from tracker.known_figures import Known, quarters
from tracker.rules import indicators
from tracker.rules.indicators import Measured, Variant
from tracker.rules.slots import slot_on

CURRENCY = "EUR"
Words = Callable[[Decimal | int | None], str]
VARIANTS = {
    Variant.BY_REACH: _l("interactions by reach"),
    Variant.BY_FOLLOWERS: _l("interactions by followers"),
    Variant.BY_IMPRESSIONS: _l("interactions by impressions"),
}


def trends(known: Sequence[Known]) -> list[Chart]:
    """Cost, followers, engagement and cost per interaction over the last eight quarters; empty without any."""
    series = quarters(known)
    if not series:
        return []
    labels = [language.slot_name(slot_on(one.ends_on, 4)) for one in series]
    variant = indicators.variant_of(series)
    costs = [indicators.total_cost(one) for one in series]
    partly = _("parts of it unknown") if any(one and not one.complete for one in costs) else ""

    def chart(
        title: str, value: Callable[[Measured], Decimal | int | None], words: Words, note: str = ""
    ) -> Chart:
        points = [
            Point(label, found, words(found)) for label, found in zip(labels, map(value, series), strict=True)
        ]
        return Chart(title, points, note)

    return [
        chart(_("Cost"), cost_of, euros, partly),
        chart(_("Followers"), lambda one: one.followers_end, whole),
        chart(
            _("Engagement rate"),
            lambda one: indicators.engagement(one, variant),
            percent,
            str(VARIANTS[variant]),
        ),
        chart(
            _("Cost per interaction"),
            indicators.cost_per_interaction,
            euros,
            partly and _("parts of the cost unknown"),
        ),
    ]


def cost_of(one: Measured) -> Decimal | None:
    """The total cost as far as it is known, in euros."""
    cost = indicators.total_cost(one)
    return cost.euros if cost else None


def euros(value: Decimal | int | None) -> str:
    """An amount as it is read; a dash for what is not known. From a hundred euros on without cents."""
    if value is None:
        return "–"
    form = "#,##0\xa0¤" if language.german() else "¤#,##0"
    if abs(Decimal(value)) < 100:
        form = form.replace("#,##0", "#,##0.00")
    return str(format_currency(Decimal(value), CURRENCY, form, currency_digits=False))


def whole(value: Decimal | int | None) -> str:
    """A whole number as it is read; a dash for what is not known."""
    if value is None:
        return "–"
    return str(format_decimal(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)))


def decimal(value: Decimal | int | None) -> str:
    """A number with up to two decimals as it is read; a dash for what is not known."""
    return "–" if value is None else str(format_decimal(round(Decimal(value), 2)))


def cents(value: Decimal | int | None) -> str:
    """A number with two decimals, so that those below each other align; a dash for what is not known."""
    return "–" if value is None else str(format_decimal(Decimal(value), "#,##0.00"))


def percent(value: Decimal | int | None) -> str:
    """A percentage with one decimal as it is read; a dash for what is not known."""
    if value is None:
        return "–"
    said = format_decimal(Decimal(value), "#,##0.0")
    return f"{said}\xa0%" if language.german() else f"{said}%"
