"""The demo's figures: what each channel costs and brings in eight quarters, with what its platform does not tell.

Believable, and made up: hours follow what the team says about its effort, the rest grows, sags and recovers by season.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from tracker.demo.chapters import Chapter, tuesday

SEASON = (
    Decimal("1.00"),
    Decimal("1.06"),
    Decimal("0.97"),
    Decimal("0.88"),
)  # autumn, winter, spring, summer
NOTHING = {"ad_spend": 0, "tools": 0, "external": 0}  # known, unlike where nobody has asked
NOISE = (3, -2, 5, -4, 1, -5, 4, -1)  # percent, by quarter; each channel begins elsewhere in it


@dataclass(frozen=True)
class Rate(Chapter):
    """What an hour costs from a day on."""

    from_on: date
    euros: Decimal


@dataclass(frozen=True)
class Upload(Chapter):
    """The figures of a quarter, told by its key, come as a file; `nth` counts the quarters of the story from 0."""

    quarter: str
    nth: int


@dataclass(frozen=True)
class Enter(Chapter):
    """One figure of a channel is mended by hand."""

    quarter: str
    channel: str
    key: str
    factor: Decimal
    note: str


@dataclass(frozen=True)
class Course:
    """How a channel goes: at the beginning, for a quarter. What is not named is not known."""

    followers: int
    grows: Decimal  # percent a quarter
    hours: int
    counts: Mapping[str, int]
    reach: int | None = None
    costs: dict[str, int] = field(default_factory=dict)
    trend: Decimal = Decimal(1)  # what becomes of reach and interactions from quarter to quarter
    unknown: Sequence[tuple[int, str]] = ()  # the nth quarter, and what nobody wrote down then


COURSES: Mapping[str, Course] = {
    "facebook": Course(9_480, Decimal("0.6"), 24, {"posts": 52, "interactions": 2_160, "clicks": 940, "enquiries": 42,
                       "impressions": 118_000}, 61_000, {"ad_spend": 180, "tools": 45}, Decimal("1.01")),
    "instagram": Course(6_120, Decimal("3.4"), 30, {"posts": 46, "interactions": 4_350, "impressions": 142_000,
                        "enquiries": 18}, 58_000, {"tools": 45}, Decimal("1.03")),
    "twitter": Course(4_870, Decimal("-1.6"), 27, {"posts": 88, "interactions": 610, "clicks": 320,
                      "impressions": 74_000}, None, {"tools": 45}, Decimal("0.88"), ((5, "clicks"),)),
    "youtube": Course(1_940, Decimal("2.1"), 18, {"posts": 2, "interactions": 240, "views": 9_800,
                      "video_views": 9_800}, None, {"external": 1_200}, Decimal("1.02"), ((2, "hours"),)),
    "linkedin": Course(7_650, Decimal("6.8"), 27, {"posts": 38, "interactions": 3_420, "clicks": 1_480, "enquiries": 31,
                       "impressions": 126_000}, 49_000, {"tools": 45}, Decimal("1.05")),
    "xing": Course(2_310, Decimal("-0.8"), 6, {"posts": 9, "interactions": 44, "clicks": 60}, None, {"tools": 20},
                   Decimal("0.85"), ((3, "clicks"),)),
    "azubi-instagram": Course(3_280, Decimal("5.2"), 42, {"posts": 61, "interactions": 7_900, "impressions": 164_000,
                              "enquiries": 96}, 71_000, {"ad_spend": 350, "tools": 45}, Decimal("1.03")),
    "azubi-youtube": Course(860, Decimal("1.9"), 56, {"posts": 4, "interactions": 130, "views": 2_040,
                            "video_views": 2_040}, None, {"external": 600}, Decimal("0.97")),
    "boeblingen-facebook": Course(1_720, Decimal("0.4"), 12, {"posts": 21, "interactions": 310, "impressions": 19_500},
                                  10_400, {}, Decimal("0.99"), ((4, "reach"),)),
    "boeblingen-instagram": Course(940, Decimal("2.6"), 9, {"posts": 17, "interactions": 420}, 6_900, {},
                                   Decimal("1.01"), ((2, "interactions"), (2, "reach"), (2, "hours"))),
    "goeppingen-linkedin": Course(1_260, Decimal("4.9"), 15, {"posts": 15, "interactions": 390, "clicks": 150,
                                  "enquiries": 12, "impressions": 16_800}, None, {}, Decimal("1.04")),
}  # fmt: skip


def of_quarter(key: str, nth: int) -> dict[str, Decimal | int | bool | str | None]:
    """The figures of a channel in the nth quarter of the story, from 0."""
    course, place = COURSES[key], list(COURSES).index(key)
    wave = SEASON[nth % 4] * (100 + NOISE[(nth + place) % len(NOISE)]) / 100 * course.trend**nth
    values: dict[str, Decimal | int | bool | str | None] = {
        "hours": Decimal(course.hours) + NOISE[(nth + 2 * place) % len(NOISE)] * Decimal("0.5"),
        "hours_estimated": course.hours > 20,
        "followers_start": _followers(course, nth),
        "followers_end": _followers(course, nth + 1),
        **{name: Decimal(euros) for name, euros in (NOTHING | course.costs if course.costs else {}).items()},
        **{name: max(round(count * wave), 1) for name, count in course.counts.items()},
    }
    if course.reach is not None:
        values["reach"] = round(course.reach * wave)
    return {name: None if (nth, name) in course.unknown else value for name, value in values.items()}


def _followers(course: Course, nth: int) -> int:
    return round(course.followers * (1 + course.grows / 100) ** nth)


def two_years(y: int) -> list[Chapter]:
    """From the last quarter before the first year until the third of the second: eight quarters, each after its end."""
    quarters = [f"{y - 1}-4-4", *(f"{year}-4-{k}" for year in (y, y + 1) for k in (1, 2, 3, 4))]
    sent = [tuesday(y, 1, 21), tuesday(y, 4, 15), tuesday(y, 7, 15), tuesday(y, 10, 14), tuesday(y + 1, 1, 20),
            tuesday(y + 1, 4, 7), tuesday(y + 1, 7, 14), tuesday(y + 1, 10, 13)]  # fmt: skip
    return [
        Rate(tuesday(y, 1, 14), time(10, 0), date(y - 1, 1, 1), Decimal("52.00")),
        Rate(tuesday(y + 1, 1, 20), time(9, 0), date(y + 1, 1, 1), Decimal("54.50")),
        *(Upload(day, time(11, 0), quarters[nth], nth) for nth, day in enumerate(sent)),
        Enter(tuesday(y + 1, 7, 21), time(15, 20), quarters[6], "instagram", "reach", Decimal("0.91"),
              "Reichweite berichtigt: Die Monatswerte waren addiert worden."),
    ]  # fmt: skip
