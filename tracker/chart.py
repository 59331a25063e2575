"""A series of values over periods as a small drawing: where its lines, dots, bars and gaps lie.

Positions across are percent of the width, so that nothing is stretched and no style is needed; heights are pixels.
What is unknown is a gap: a line stops before it and starts after it, a bar is dashed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

EDGE = 4.0  # pixels above the highest and below the lowest value
MARGIN = 2.0  # percent left and right of a line
LEAST_SPAN = Decimal("0.2")  # of the highest value: less than this may not look like a rise or a fall


@dataclass(frozen=True)
class Point:
    """One period: its name, its value (None: unknown), and the value as it is read."""

    label: str
    value: Decimal | int | None
    words: str


@dataclass(frozen=True)
class Segment:
    """A straight line between two known values that follow each other."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True)
class Dot:
    """A known value of a line."""

    x: str
    y: float
    point: Point
    last: bool


@dataclass(frozen=True)
class Bar:
    """A value from zero upwards; of an unknown one the place where it would stand."""

    x: str
    y: float
    width: str
    height: float
    point: Point
    last: bool


@dataclass(frozen=True)
class Chart:
    """A series, oldest first, under a title; `note` says what is measured, such as the denominator of a rate."""

    title: str
    points: Sequence[Point]
    note: str = ""

    @property
    def known(self) -> list[Point]:
        """The periods whose value is known."""
        return [one for one in self.points if one.value is not None]

    @property
    def last(self) -> Point | None:
        """The newest known value."""
        return next(iter(reversed(self.known)), None)

    @property
    def before(self) -> Point | None:
        """The known value before the newest."""
        return self.known[-2] if len(self.known) > 1 else None

    @property
    def cut_off(self) -> bool:
        """Whether a line's axis does not begin at zero, as a reader would take it to."""
        return len({one.value for one in self.known}) > 1 and self._axis[0] > 0

    @property
    def _axis(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest value that a line has room for: what hardly changes lies in the middle."""
        values = [Decimal(one.value) for one in self.points if one.value is not None]
        low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        short = max(LEAST_SPAN * max(abs(low), abs(high)) - (high - low), Decimal(0)) / 2
        return low - short, high + short

    def segments(self, height: int) -> list[Segment]:
        """The lines between neighbours that are both known."""
        places = self._places(height)
        return [
            Segment(one[0], one[1], two[0], two[1])
            for one, two in pairwise(places)
            if one is not None and two is not None
        ]

    def dots(self, height: int) -> list[Dot]:
        """A dot for each known value; a lone one is visible without any line."""
        last = self.last
        return [
            Dot(place[0], place[1], point, point is last)
            for place, point in zip(self._places(height), self.points, strict=True)
            if place is not None
        ]

    def gaps(self) -> list[Bar]:
        """Where a line is interrupted: between its first and its last known value."""
        known = [k for k, one in enumerate(self.points) if one.value is not None]
        inside = range(known[0], known[-1]) if known else range(0)
        return [
            Bar(f"{self._across(k) - 3:.1f}%", EDGE, "6%", 0, self.points[k], False)
            for k in inside
            if self.points[k].value is None
        ]

    def bars(self, height: int) -> list[Bar]:
        """One bar a period, from zero; the highest fills the height."""
        most = max((Decimal(one.value or 0) for one in self.known), default=Decimal(0))
        wide = 100 / max(len(self.points), 1)
        found = []
        for k, point in enumerate(self.points):
            share = float(Decimal(point.value or 0) / most) if most else 0.0
            tall = round(share * (height - EDGE - 1), 1)
            x, width = f"{k * wide + wide * 0.12:.1f}%", f"{wide * 0.76:.1f}%"
            found.append(Bar(x, round(height - 1 - tall, 1), width, tall, point, point is self.last))
        return found

    def _across(self, k: int) -> float:
        steps = max(len(self.points) - 1, 1)
        return MARGIN + k * (100 - 2 * MARGIN) / steps if len(self.points) > 1 else 50.0

    def _places(self, height: int) -> list[tuple[str, float] | None]:
        low, high = self._axis
        room = height - 2 * EDGE
        return [
            None
            if one.value is None
            else (
                f"{self._across(k):.1f}%",
                round(
                    EDGE + room * (float((high - Decimal(one.value)) / (high - low)) if high > low else 0.5),
                    1,
                ),
            )
            for k, one in enumerate(self.points)
        ]
