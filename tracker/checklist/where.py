"""Where an item is asked, in words, and how many channels that is."""

from collections.abc import Collection, Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from tracker import language, standings
from tracker.asking import NOWHERE
from tracker.extensions import db
from tracker.models import Channel, CheckWording, Unit
from tracker.rules.checking import Placed, asks, in_force
from tracker.rules.deciding import state_on
from tracker.rules.words import ChannelState

NOT_RUN = frozenset({ChannelState.PLANNED, ChannelState.CLOSED})


def words(asked: Placed, names: dict[int, str]) -> str:
    """Such as "everywhere", "nowhere", "Facebook, XING" or "Facebook; only in Town". `names`: the units one may see."""
    if NOWHERE in {asked.platforms, asked.unit_ids}:
        return _("nowhere")
    said = [", ".join(sorted(asked.platforms, key=str.casefold))] if asked.platforms is not None else []
    if asked.unit_ids is not None:
        seen = [name for key, name in names.items() if str(key) in asked.unit_ids]
        more = len(asked.unit_ids) - len(seen)
        seen += [ngettext("%(num)d other unit", "%(num)d other units", more)] if more else []
        said.append(_("only in %(units)s", units=", ".join(seen)))
    return "; ".join(said) or _("everywhere")


def unit_names(only: Collection[int] | None = None) -> dict[int, str]:
    """The units by id, in their order (or `only` of these)."""
    rows = db.session.execute(select(Unit.id, Unit.name).order_by(Unit.position, Unit.id))
    return {key: name for key, name in rows if only is None or key in only}


def platforms_in_use() -> list[str]:
    """The platforms that channels are on, each once, by name."""
    found = {name.casefold(): name for name in db.session.scalars(select(Channel.platform).distinct())}
    return sorted(found.values(), key=str.casefold)


def channels_run(on: date, only: Collection[int] | None = None) -> list[Channel]:
    """The channels that are run on a day, those at rest too: those are reviewed as well. `only` of these units."""
    states = standings.states_by_channel()
    rows = db.session.scalars(select(Channel).order_by(Channel.position, Channel.id))
    return [
        one
        for one in rows
        if state_on(states[one.id], on) not in NOT_RUN and (only is None or one.unit_id in only)
    ]


def of(wording: Placed | None, channels: Iterable[Channel]) -> list[Channel]:
    """Those of the channels that are asked; none where nothing is in force."""
    return [] if wording is None else [one for one in channels if asks(wording, one.platform, one.unit_id)]


def no_longer_asked(wordings: Iterable[CheckWording], then: Placed | None, from_on: date) -> list[Channel]:
    """The channels that would be asked on that day as things stand, and are not if it is asked like `then`."""
    channels = channels_run(max(from_on, language.today()))
    still = {one.id for one in of(then, channels)}
    return [one for one in of(in_force(wordings, from_on), channels) if one.id not in still]
