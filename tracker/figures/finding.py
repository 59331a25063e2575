"""Which channel the words of a file mean, by unit, platform and name; for what does not exist, what is near.

A channel of a unit one may not enter is not there: the finder knows only those one may.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from flask_babel import gettext as _

from tracker.models import Channel

NEAR = 0.6  # how alike two names are, of 1
ALIKE = 0.75  # how alike two names of one platform are: a letter is wrong, no more
MOST_NEAR = 100  # of so many wrong lines it is said what may be meant


class ChannelUnknown(ValueError):
    """No channel, or more than one, is meant; the text is one sentence for the person who wrote the file."""


class Finder:
    """Knows the channels that figures may be entered for."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        self.channels = list(channels)
        self.searched = 0
        self.by_words: dict[tuple[str, str], list[Channel]] = {}
        for one in self.channels:
            self.by_words.setdefault((_plain(one.platform), _plain(one.name)), []).append(one)

    def find(self, unit: str, platform: str, name: str) -> int:
        """The id of the channel. Raises ChannelUnknown."""
        if not platform or not name:
            raise ChannelUnknown(_("Platform and channel must both be filled in."))
        found = self.by_words.get((_plain(platform), _plain(name)), [])
        of_unit = [one for one in found if not unit or _plain(one.unit.name) == _plain(unit)]
        if len(of_unit) == 1:
            return of_unit[0].id
        if len(of_unit) > 1:
            units = ", ".join(one.unit.name for one in of_unit[:5])
            raise ChannelUnknown(
                _("Several units have such a channel: %(units)s. Fill in the unit.", units=units)
            )
        raise ChannelUnknown(self._instead(unit, platform, name))

    def _instead(self, unit: str, platform: str, name: str) -> str:
        """That there is no such channel, and what may be meant: a platform was renamed, or a letter is wrong."""
        said = f"{platform} {name}"[:80]
        same = [one for one in self.channels if _plain(one.name) == _plain(name)]
        same = [one for one in same if not unit or _plain(one.unit.name) == _plain(unit)]
        if len(same) > 1 and max(_ratio(one.platform, platform) for one in same) < ALIKE:
            platforms = ", ".join(dict.fromkeys(one.platform for one in same[:8]))
            return _("There is no channel “%(said)s” here. Under this name there are: %(platforms)s.",
                     said=said, platforms=platforms)  # fmt: skip
        near = same[0] if len(same) == 1 else self._near(unit, platform, name)
        if near is None:
            return _("There is no channel “%(said)s”.", said=said)
        return _("There is no channel “%(said)s” here. Is “%(near)s” of %(unit)s meant?",
                 said=said, near=f"{near.platform} {near.name}", unit=near.unit.name)  # fmt: skip

    def _near(self, unit: str, platform: str, name: str) -> Channel | None:
        """The channel that is most alike."""

        def alike(one: Channel) -> float:
            parts = (
                (one.platform, platform, 1.0),
                (one.name, name, 1.5),
                (one.unit.name, unit or one.unit.name, 1.0),
            )
            return sum(weight * _ratio(is_so, said) for is_so, said, weight in parts) / 3.5

        self.searched += 1
        if self.searched > MOST_NEAR:
            return None
        best = max(self.channels, key=alike, default=None)
        return best if best is not None and alike(best) >= NEAR else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, _plain(one)[:80], _plain(other)[:80]).ratio()
