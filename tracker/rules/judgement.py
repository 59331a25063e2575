"""What makes a rating complete, and what a text may contain (docs/logging.md)."""

import unicodedata
from enum import StrEnum, auto

from tracker.rules.words import Level

REASON_MAX = 10_000  # characters
LINE_ENDS = {ord(end): "\n" for end in "\r\v\f\x85\u2028\u2029"}


class Fault(StrEnum):
    """What a rating still lacks."""

    REASON_MISSING = auto()
    ACTION_MISSING = auto()
    CHECK_NOT_MET = auto()


def faults(
    level: Level | None,
    reason: str,
    has_action: bool,
    unchanged: bool = False,
    *,
    check_not_met: bool = False,
) -> tuple[Fault, ...]:
    """What is lacking: a remark needs a reason, an objection a reason and an action with owner and due date.

    `unchanged` carries the old reason, so that none needs to be typed; an objection still needs an action,
    for which one from last time that is still open will do. `check_not_met` is for legality only: it cannot
    be clear while a check is "not met". Without a level nothing was discussed and nothing is lacking.
    """
    found = []
    if level in (Level.REMARK, Level.OBJECTION) and not unchanged and not clean(reason):
        found.append(Fault.REASON_MISSING)
    if level is Level.OBJECTION and not has_action:
        found.append(Fault.ACTION_MISSING)
    if level is Level.CLEAR and check_not_met:
        found.append(Fault.CHECK_NOT_MET)
    return tuple(found)


def clean(text: str) -> str:
    r"""The text as it is kept: without NUL and other control characters, lines ended by \n, stripped.

    Tabs stay. Lone surrogates go too, since neither a database nor a mail can hold them.
    """
    lined = text.replace("\r\n", "\n").translate(LINE_ENDS)
    return "".join(
        sign for sign in lined if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()
