"""Writing figures: enter, take in a file, undo it, set the hourly rate. One entry for each deed; never commits."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import insert

from tracker import clock, journal, language
from tracker.extensions import db
from tracker.figures import comparing, periods
from tracker.figures.columns import title
from tracker.figures.comparing import TAKEN, Change, Compared, Difference, Values
from tracker.models import Channel, Figures, FiguresUpload, HourlyRate, User
from tracker.rules.deeds import Deed
from tracker.rules.periods import Period
from tracker.trends import decimal

MOST_TOLD = 200  # rows of one upload that the journal tells one by one


def enter(channel: Channel, period: Period, before: Values, after: Values, by: User) -> Figures | None:
    """The figures of a channel and period; None if they are so already. Earlier ones stay as earlier rows."""
    after = comparing.clean(after)
    changed = comparing.differences(before, after)
    if not changed:
        return None
    row = Figures(**_row(channel, period, after, by))
    db.session.add(row)
    with force_locale(language.house_language()):
        words: dict[str, str | None] = {"period": periods.words(period)}
        for one in changed:
            words |= {
                f"{one.key}.before": comparing.say(one.key, one.before),
                f"{one.key}.after": comparing.say(one.key, one.after),
            }
    journal.note(
        db.session,
        Deed.FIGURES_ENTER,
        row,
        channel,
        ids=_ids(period),
        words=words,
        unit_id=channel.unit_id,
        by=by,
    )
    return row


def _row(
    channel: Channel, period: Period, values: Values, by: User, upload: FiguresUpload | None = None
) -> dict[str, Any]:
    return {
        "channel_id": channel.id,
        "begins_on": period.begins_on,
        "ends_on": period.ends_on,
        "upload_id": upload.id if upload else None,
        "entered_at": clock.now(),
        "by_id": by.id,
        "by_name": by.full_name,
        **values,
    }


def _ids(period: Period) -> dict[str, int | str]:
    return {"begins": period.begins_on.isoformat(), "ends": period.ends_on.isoformat()}


def stage(filename: str, rows: list[dict[str, Any]], by: User) -> FiguresUpload:
    """Keep what was read of a file until its person accepts it or throws it away. Like a draft, it leaves no entry."""
    upload = FiguresUpload(
        filename=filename, uploaded_at=clock.now(), by_id=by.id, by_name=by.full_name, rows=rows
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def throw_away(upload: FiguresUpload) -> None:
    """What was never accepted goes without a trace."""
    db.session.delete(upload)


def accept(upload: FiguresUpload, compared: Sequence[Compared], by: User) -> int:
    """Add a row for each that is new or changed; says how many."""
    taken = [one for one in compared if one.change in TAKEN]
    upload.accepted_at, upload.rows = clock.now(), None
    rows = [_row(one.channel, one.period, one.values, by, upload) for one in taken]
    db.session.execute(insert(Figures), rows)  # a file may have thousands, and nobody else writes meanwhile
    with force_locale(language.house_language()):
        words: dict[str, str | None] = {"filename": upload.filename, "figures": _told(taken)}
    ids: dict[str, int | str] = {
        "new": sum(one.change is Change.NEW for one in taken),
        "changed": sum(one.change is Change.CHANGED for one in taken),
    }
    unit_id = _only_unit(one.channel for one in taken)
    journal.note(db.session, Deed.FIGURES_UPLOAD, upload, ids=ids, words=words, unit_id=unit_id, by=by)
    return len(taken)


def _told(taken: Sequence[Compared]) -> str:
    lines = [
        f"{one.channel.platform} {one.channel.name}, {periods.words(one.period)}: "
        + "; ".join(_difference(each, is_new=one.change is Change.NEW) for each in one.differences)
        for one in taken[:MOST_TOLD]
    ]
    if len(taken) > MOST_TOLD:
        lines.append(_("and %(n)s more", n=len(taken) - MOST_TOLD))
    return "\n".join(lines)


def _difference(one: Difference, *, is_new: bool) -> str:
    after = comparing.say(one.key, one.after)
    return (
        f"{title(one.key)} {after}"
        if is_new
        else f"{title(one.key)} {comparing.say(one.key, one.before)} → {after}"
    )


def _only_unit(channels: Iterable[Channel]) -> int | None:
    units = {one.unit_id for one in channels}
    return units.pop() if len(units) == 1 else None


def undo(upload: FiguresUpload, channels: Iterable[Channel], back: int, by: User) -> None:
    """What the upload brought holds no longer; what held before holds again, and what was entered since stays."""
    upload.undone_at = clock.now()
    journal.note(
        db.session,
        Deed.FIGURES_UNDO,
        upload,
        ids={"rows": back},
        words={"filename": upload.filename},
        unit_id=_only_unit(channels),
        by=by,
    )


def set_rate(from_on: date, euros: Decimal, by: User) -> HourlyRate:
    """What an hour costs from a day on; replaces what was said of that very day."""
    row = db.session.scalar(db.select(HourlyRate).where(HourlyRate.from_on == from_on))
    before = row.euros if row else None
    if row is None:
        row = HourlyRate(from_on=from_on)
        db.session.add(row)
    row.euros, row.entered_at, row.by_id, row.by_name = euros, clock.now(), by.id, by.full_name
    with force_locale(language.house_language()):
        words: dict[str, str | None] = {"rate.after": decimal(euros)}
        if before is not None:
            words["rate.before"] = decimal(before)
    journal.note(db.session, Deed.RATES_CHANGE, row, ids={"from": from_on.isoformat()}, words=words, by=by)
    return row
