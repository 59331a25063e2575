"""The figures one by one: what each is called, how it is counted, and by which headings a file may name it."""

import re
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from tracker import language


class Kind(StrEnum):
    """How a figure is written: whole, or with up to two decimals."""

    COUNT = auto()
    HOURS = auto()
    EUROS = auto()


@dataclass(frozen=True)
class Column:
    """One figure of the table. `help` says what is meant by it."""

    key: str
    title: Any
    kind: Kind
    help: Any = ""


COSTS = (
    Column("hours", _l("Staff hours"), Kind.HOURS, _l("For the whole period, all people together.")),
    Column("ad_spend", _l("Ads (EUR)"), Kind.EUROS),
    Column("tools", _l("Tools and licences (EUR)"), Kind.EUROS, _l("This channel's share.")),
    Column("external", _l("External services (EUR)"), Kind.EUROS),
)
BENEFITS = (
    Column("followers_start", _l("Followers at the start"), Kind.COUNT),
    Column("followers_end", _l("Followers at the end"), Kind.COUNT),
    Column("posts", _l("Posts"), Kind.COUNT),
    Column("reach", _l("Reach"), Kind.COUNT,
           _l("People reached, as the platform says it for the whole period. Not the sum of its months.")),
    Column("impressions", _l("Impressions"), Kind.COUNT),
    Column("views", _l("Views"), Kind.COUNT, _l("Some platforms count views instead of impressions.")),
    Column("interactions", _l("Interactions"), Kind.COUNT, _l("Likes, comments, shares and saves together.")),
    Column("video_views", _l("Video views"), Kind.COUNT),
    Column("clicks", _l("Link clicks"), Kind.COUNT),
    Column("enquiries", _l("Enquiries"), Kind.COUNT, _l("Messages answered or passed on.")),
)  # fmt: skip
FIGURES = COSTS + BENEFITS
BY_KEY = {one.key: one for one in FIGURES}

DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a spreadsheet may take for a formula
UNIT, PLATFORM, CHANNEL, PERIOD, ESTIMATED, NOTE = (
    "unit",
    "platform",
    "channel",
    "period",
    "hours_estimated",
    "note",
)
WORDS: dict[str, Any] = {
    UNIT: _l("Unit"),
    PLATFORM: _l("Platform"),
    CHANNEL: _l("Channel"),
    PERIOD: _l("Period"),
    **{one.key: one.title for one in COSTS[:1]},
    ESTIMATED: _l("Hours estimated"),
    **{one.key: one.title for one in FIGURES[1:]},
    NOTE: _l("Source and note"),
}  # every column of a file, in the order of the template
FROM, UNTIL = "from", "until"
INSTEAD: dict[str, Any] = {FROM: _l("First day"), UNTIL: _l("Last day")}  # of a period, in two columns
MORE_NAMES = {
    PLATFORM: ("plattform", "kanalplattform"),
    CHANNEL: ("kanalname", "channelname", "account"),
    PERIOD: ("quartal", "quarter"),
    FROM: ("von", "beginn", "begin", "zeitraumvon", "periodfrom"),
    UNTIL: ("bis", "ende", "to", "end", "zeitraumbis", "perioduntil", "periodto"),
}


def title(key: str) -> str:
    """What a column is called in the language of the page."""
    return str(WORDS.get(key) or INSTEAD[key])


def headings() -> dict[str, str]:
    """Which column a heading means, by heading as plain() leaves it: the titles in all languages, and the keys."""
    found = {plain(name): key for key, names in MORE_NAMES.items() for name in names}
    for one in language.LANGUAGES:
        with force_locale(one):
            found |= {plain(str(words)): key for key, words in (WORDS | INSTEAD).items()}
    return found | {plain(key): key for key in WORDS | INSTEAD}


def plain(heading: str) -> str:
    """A heading without case, spaces, signs and what stands in brackets."""
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)", "", heading.casefold()))
