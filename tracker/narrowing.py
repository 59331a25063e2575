"""Many channels narrowed to those one looks for, and cut into pages: the same on every page that lists channels."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from tracker import accounts
from tracker.models import Unit
from tracker.rules.words import Standing
from tracker.standings import ChannelStanding

PAGE = 60  # channels
FEW = 20  # channels that one sees at a glance: no filter is offered for so few
NOBODY = "none"
TEXT_MAX = 200  # signs
One = TypeVar("One")


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty means all."""

    text: str = ""
    unit_id: int | None = None
    standing: Standing | None = None
    without_contact: bool = False

    @property
    def anything(self) -> bool:
        """Whether some channels may be left out."""
        return bool(self.text or self.unit_id or self.standing or self.without_contact)

    @property
    def address(self) -> dict[str, str | int]:
        """The same as it stands in an address."""
        said = {"text": self.text, "unit": self.unit_id, "standing": self.standing and self.standing.value}
        return {name: value for name, value in said.items() if value} | (
            {"contact": NOBODY} if self.without_contact else {}
        )


@dataclass(frozen=True)
class Narrowed:
    """One page of the channels that fit, in the order of the concept; pages count from 1."""

    asked: Asked
    channels: tuple[ChannelStanding, ...]
    page: int
    pages: int
    fitting: int
    total: int
    units: Mapping[int, str]

    def with_channels(self, known: Iterable[ChannelStanding]) -> "Narrowed":
        """The same page, with more known of its channels."""
        by_id = {one.channel.id: one for one in known}
        return replace(self, channels=tuple(by_id[one.channel.id] for one in self.channels))

    @property
    def by_unit(self) -> list[tuple[Unit, list[ChannelStanding]]]:
        """The channels of this page with their units."""
        groups = groupby(self.channels, key=lambda one: one.channel.unit)
        return [(unit, list(ones)) for unit, ones in groups]

    @property
    def many(self) -> bool:
        """Whether there are more than one sees at a glance."""
        return self.total > FEW


def asked_in(address: Mapping[str, str], units: Collection[int]) -> Asked:
    """What an address asks for; what is not known in it narrows nothing."""
    unit, standing = address.get("unit", ""), address.get("standing", "")
    known = unit.isascii() and unit.isdigit() and len(unit) < 10 and int(unit) in units
    return Asked(
        text=address.get("text", "")[:TEXT_MAX].strip(),
        unit_id=int(unit) if known else None,
        standing=Standing(standing) if standing in {one.value for one in Standing} else None,
        without_contact=address.get("contact") == NOBODY,
    )


def narrow(found: Sequence[ChannelStanding], address: Mapping[str, str]) -> Narrowed:
    """The page of these channels that an address asks for (`text`, `unit`, `standing`, `contact`, `page`)."""
    ordered = sorted(found, key=lambda one: (one.channel.unit.position, one.channel.unit_id))
    units = {one.channel.unit_id: one.channel.unit.name for one in ordered}
    asked = asked_in(address, units)
    fitting = [one for one in ordered if _fits(one, asked)]
    shown, page, pages = cut(fitting, address)
    return Narrowed(asked, tuple(shown), page, pages, len(fitting), len(found), units)


def cut(fitting: Sequence[One], address: Mapping[str, str]) -> tuple[Sequence[One], int, int]:
    """The part of a list that an address asks for (`page`), its number, and how many there are; both count from 1."""
    pages = max(1, -(-len(fitting) // PAGE))
    number = address.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
    page = min(max(page, 1), pages)
    return fitting[(page - 1) * PAGE : page * PAGE], page, pages


def _fits(one: ChannelStanding, asked: Asked) -> bool:
    channel = one.channel
    contact = channel.contact.name if channel.contact else ""
    said = f"{channel.platform} {channel.name} {channel.unit.name} {contact}".casefold()
    return (
        all(word in said for word in asked.text.casefold().split())
        and asked.unit_id in {None, channel.unit_id}
        and asked.standing in {None, one.position.standing}
        and not (asked.without_contact and channel.contact and accounts.is_told(channel.contact))
    )
