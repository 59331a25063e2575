"""What looks like a slip in the figures of a period, in words with the numbers. It warns and blocks nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from tracker.figures.columns import title
from tracker.rules import indicators
from tracker.rules.indicators import Hint, Measured
from tracker.rules.periods import Period
from tracker.trends import decimal, whole


@dataclass(frozen=True)
class Around:
    """The periods beside one: that which ended the day before it, the one most alike in length; and those inside it."""

    before: Measured | None
    within: tuple[Measured, ...]


def around(period: Period, known: Iterable[Measured]) -> Around:
    """What is known of one channel around a period."""
    all_of = list(known)
    eve = period.begins_on - timedelta(days=1) if period.begins_on > date.min else None
    ended = [one for one in all_of if one.ends_on == eve]
    before = min(
        ended, key=lambda one: abs((one.ends_on - one.begins_on).days + 1 - period.days), default=None
    )
    within = tuple(
        one
        for one in all_of
        if period.begins_on <= one.begins_on
        and one.ends_on <= period.ends_on
        and (one.begins_on, one.ends_on) != (period.begins_on, period.ends_on)
    )
    return Around(before, within)


def said(of: Measured, beside: Around, today: date) -> list[str]:
    """The hints of a period as sentences."""
    found = [] if of.ends_on < today else [_("This period is not over yet.")]
    months = [one for one in beside.within if (one.ends_on - one.begins_on).days < 31]
    hints = indicators.hints(of, beside.before, _covering(of, months))
    return found + [_words(hint, of, beside.before) for hint in hints]


def _covering(of: Measured, parts: Sequence[Measured]) -> Sequence[Measured]:
    """The months of a period, if all of them are there."""
    days = sum((one.ends_on - one.begins_on).days + 1 for one in parts)
    return parts if days == (of.ends_on - of.begins_on).days + 1 else ()


def _words(hint: Hint, of: Measured, before: Measured | None) -> str:
    match hint:
        case Hint.MANY_HOURS:
            return _("%(hours)s hours are more than a whole post in this period.", hours=decimal(of.hours))
        case Hint.FOLLOWERS_HALVED:
            return _("The followers fell by more than half, from %(before)s to %(after)s.",
                     before=whole(indicators.followers_before(of, before)), after=whole(of.followers_end))  # fmt: skip
        case Hint.FOLLOWERS_JUMP:
            return _("The period begins with %(now)s followers; the one before ended with %(before)s.",
                     now=whole(of.followers_start), before=whole(before.followers_end if before else None))  # fmt: skip
        case Hint.MORE_INTERACTIONS_THAN_REACH:
            return _("%(interactions)s interactions are more than the %(reach)s people reached.",
                     interactions=whole(of.interactions), reach=whole(of.reach))  # fmt: skip
        case Hint.REACH_ABOVE_IMPRESSIONS:
            return _("A reach of %(reach)s is more than the %(impressions)s impressions.",
                     reach=whole(of.reach), impressions=whole(of.impressions))  # fmt: skip
        case Hint.REACH_SUMMED:
            return _("The reach of %(reach)s is exactly the sum of the months. It counts people once: take the "
                     "platform's own figure for the whole period.", reach=whole(of.reach))  # fmt: skip
        case Hint.ZERO_MAY_BE_UNKNOWN:
            names = ", ".join(title(name) for name in indicators.doubtful_zeros(of))
            return _(
                "0 is entered although something was posted: %(names)s. What is not known stays empty.",
                names=names,
            )
