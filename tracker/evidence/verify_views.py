"""Page: everything checked, for whoever has no command line."""

from typing import Any

from flask import abort, render_template, request

from tracker import clock, guard
from tracker.evidence import against_words, queries
from tracker.evidence.views import room
from tracker.rules.deeds import Deed

MOST_SAID = 100


@room.get("/journal/verify")
@guard.allow(Deed.JOURNAL_SEE)
def verify() -> Any:
    """Ask for an earlier head, then say what was found. Only for readers of everything: findings name rows of all."""
    if guard.units_for(Deed.JOURNAL_SEE) is not None:
        abort(404)
    asked = "head" in request.args
    sought = request.args.get("head", "").strip().lower()
    wrong = bool(sought) and not (
        len(sought) == 64 and set(sought) <= set("0123456789abcdef") and sought.strip("0")
    )
    found = queries.verified(sought or None) if asked and not wrong else None
    page = render_template(
        "evidence/verify.html",
        found=found,
        sought=request.args.get("head", "")[:200],
        wrong=wrong,
        sentences=[against_words.sentence(one) for one in found.closed.findings[:MOST_SAID]] if found else [],
        more=max(0, found.closed.count - MOST_SAID) if found else 0,
        now=clock.now(),
    )
    return page, 422 if wrong else 200
