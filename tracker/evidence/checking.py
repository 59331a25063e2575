"""Checks of everything, done in the background: whoever may read all asks for one, all of them read what was found."""

import json
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from tracker import exports
from tracker.evidence import queries
from tracker.evidence.against import Finding, Key
from tracker.evidence.against_queries import Compared
from tracker.evidence.chain import Verdict
from tracker.evidence.queries import Verified
from tracker.exports import CHECK, UNDER_WAY
from tracker.extensions import db
from tracker.models import Export
from tracker.steps import Step

MOST_KEPT = 100  # findings; more are counted
MOST_SHOWN = 20  # checks


def latest() -> list[Export]:
    """The last checks anybody asked for, the newest first."""
    query = select(Export).where(Export.form == CHECK).order_by(Export.id.desc()).limit(MOST_SHOWN)
    return list(db.session.scalars(query))


def under_way() -> list[Export]:
    """Those that wait or run, the one asked for first before the others."""
    query = select(Export).where(Export.form == CHECK, Export.state.in_(UNDER_WAY)).order_by(Export.id)
    return list(db.session.scalars(query))


def asked(sought: str) -> dict[str, int | str]:
    """What is asked for: the comparison with an earlier head, if there is one."""
    return {"head": sought} if sought else {}


def work(sought: str, step: Step) -> str:
    """Check everything, and say what was found as it is kept."""
    found = queries.verified(sought or None, step)
    kept = asdict(replace(found, closed=replace(found.closed, findings=found.closed.findings[:MOST_KEPT])))
    return json.dumps(kept)


def result(row: Export) -> Verified | None:
    """What a check found; None where it is not done."""
    if row.state != "done":
        return None
    kept: dict[str, Any] = json.loads(row.said)
    closed = kept["closed"]
    findings = [Finding(**{**one, "key": Key(**one["key"])}) for one in closed["findings"]]
    verdict, compared = Verdict(**kept["chain"]), Compared(**{**closed, "findings": findings})
    return Verified(verdict, compared, kept["faulty_locks"], kept["lost"])


def stop(row: Export) -> bool:
    """Stop a check; whether there was anything left to stop. What was found stays."""
    return row.state in UNDER_WAY and exports.cancel(row)
