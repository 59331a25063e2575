"""The page of the log, and the page that asks before closing, put together from what is typed and what is known."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from tracker import answers, concept_news, guard, language
from tracker.reviews import decided, drafts, leftover, queries, texts
from tracker.reviews.desk import Desk
from tracker.reviews.forms import Known, as_day, digest
from tracker.reviews.logged import LoggedMeeting, LoggedRow
from tracker.reviews.reading import action_numbers
from tracker.rules.checking import counted, stale
from tracker.rules.deeds import Deed
from tracker.rules.foreseeing import Foreseen
from tracker.rules.log import Obstacle
from tracker.rules.words import Answer, Criterion, Decision, Level

ACTION_WITHIN_DAYS = 28  # proposed for an action, on the page, before anything is saved


def log_page(
    desk: Desk, status: int = 200, found: tuple[Obstacle, ...] = (), refusal: str = "", closing: bool = False
) -> Any:
    """The log with what is typed so far, and beside each field what is the matter with it."""
    me, meeting, channels = guard.signed_in(), desk.meeting, desk.by_id
    kept = desk.kept()
    values = drafts.values(meeting, kept, me)
    shown = shown_of(values, kept)
    for key in desk.typed.refused:
        values[key] = desk.typed.values.get(key, "")
        if key not in desk.typed.overtaken:
            shown[key] = list(desk.typed.shown.get(key, ("", digest(""))))
    page = queries.page(meeting, desk.channels, values)
    levels = _levels(values, page)
    conflicts = drafts.two_versions(kept)
    unfolded = {line.key for line in page.lines if _asked_open(line, found, desk.typed.refused)}
    mine = [row.saved_at for rows in kept.values() for row in rows if row.user_id == me.id]
    return render_template(
        "reviews/log.html",
        meeting=meeting,
        page=page,
        values=values,
        levels=levels,
        shown=json.dumps(shown, separators=(",", ":")),
        conflicts={key: (drafts.shown_to(me, kept[key]), kept[key]) for key in conflicts},
        errors={**{one.where: texts.message_of(one) for one in found}, **desk.typed.refused},
        summary=_summary(desk, found, conflicts),
        refusal=refusal,
        closing=closing,
        saved_at=max(mine, default=None),
        known=desk.known,
        counts_words=texts.counts_words,
        shown_value=shown_value(desk.known),
        talked=len(page.on_agenda)
        + sum(any(levels.get(f"{line.key}.{one}") for one in Criterion) for line in page.off_agenda),
        whole=sum(all(levels.get(f"{line.key}.{one}") for one in Criterion) for line in page.lines),
        decision_words=[(one.value, language.word(one)) for one in Decision],
        place_of=lambda key: texts.place_of(key, channels),
        actions_of={line.channel.id: _action_lines(values, line) for line in page.lines},
        overdue=sum(one.due_on < language.today() for one in page.actions),
        Answer=Answer,
        why=concept_news.why,
        stale=partial(stale, on=language.today()),
        checked={line.channel.id: _checked(values, line) for line in page.lines},
        asked_open=lambda line: line.key in unfolded,
        asked_later=lambda line: line.key not in unfolded and not _something_not_met(values, line),
        leftover=leftover.of_lines(values, page.lines),
        confirmable=any(one.proposed for line in page.lines for one in line.asked),
        untouched=len(queries.untouched(values, page.on_agenda)),
        Criterion=Criterion,
        Level=Level,
        may_close=guard.may(Deed.MEETINGS_CLOSE),
        due_on=(as_day(values["held_on"]) or meeting.planned_on) + timedelta(days=ACTION_WITHIN_DAYS),
        words=json.dumps(texts.script_words()),
    ), status


def asked_alone(desk: Desk, channel_id: int) -> dict[str, Any] | None:
    """What one channel is asked, and what the page then remembers of these fields; None if it is not on the page."""
    if channel_id not in desk.by_id:
        return None
    kept = desk.kept()
    values = drafts.values(desk.meeting, kept, guard.signed_in())
    (line,) = queries.page(desk.meeting, [desk.by_id[channel_id]], values).lines
    html = render_template(
        "reviews/questions.html",
        line=line,
        values=values,
        errors={},
        Criterion=Criterion,
        Answer=Answer,
        stale=partial(stale, on=language.today()),
    )
    shown = shown_of(values, kept)
    return {
        "html": html,
        "shown": {key: pair for key, pair in shown.items() if key.startswith(f"{line.key}.check-")},
    }


def confirmation(
    desk: Desk, values: Mapping[str, str], logged: LoggedMeeting, ahead: Mapping[int, Foreseen], state: str
) -> Any:
    """What closing will do, and the minutes as they will be, before it is done."""
    page = queries.page(desk.meeting, desk.channels, values, decided.duties_after(logged, language.today()))
    lines = {line.channel.id: line for line in page.lines}
    return render_template(
        "reviews/confirm.html",
        meeting=desk.meeting,
        page=page,
        head=logged.head,
        rows={row.channel_id: row for row in logged.rows},
        ahead=ahead,
        hinted=decided.ends_without_action(logged),
        state=state,
        changed=bool(request.form.get("confirm")),
        counts_words=texts.counts_words,
        known=desk.known,
        Criterion=Criterion,
        answers={row.channel_id: _answers(row, lines[row.channel_id]) for row in logged.rows},
        leftover=leftover.of_lines(values, page.lines),
        unchecked={row.channel_id: n for row in logged.rows if (n := _unchecked(row))},
    )


def _answers(row: LoggedRow, line: queries.Line) -> dict[Criterion, list[str]]:
    """What the minutes will say of the questions, by criterion."""
    questions = {one.wording.id: one.wording.text(language.chosen()) for one in line.asked}
    found: dict[Criterion, list[answers.Answered]] = {}
    for one in row.checks:
        said = answers.Answered(questions[one.wording_id], one.answer, one.note, one.confirmed)
        found.setdefault(one.criterion, []).append(said)
    return {criterion: answers.lines(said, criterion) for criterion, said in found.items()}


def _unchecked(row: LoggedRow) -> int:
    """How many items of the checklist stay unchecked although legality is rated."""
    checked, total = counted(one.answer for one in row.checks if one.criterion is Criterion.LEGALITY)
    return total - checked


def shown_of(values: Mapping[str, str], kept: drafts.Drafts) -> dict[str, list[str]]:
    """What a page remembers of each field it shows: the versions of its drafts, and a digest of its value."""
    return {key: [drafts.versions(kept.get(key, [])), digest(value)] for key, value in values.items()}


def shown_value(known: Known) -> Any:
    """How a kept value reads where two versions stand side by side."""

    def words(key: str, value: str) -> str:
        return texts.value_words(key, value, known)

    return words


def _levels(values: Mapping[str, str], page: queries.Page) -> dict[str, str]:
    """The level that holds for each criterion: as typed, or as last time where that is ticked."""
    found = {}
    for line in page.lines:
        for one in Criterion:
            key = f"{line.key}.{one}"
            carried = line.last.get(one) if values.get(f"{key}.unchanged") else None
            level = carried.level.value if carried else values.get(f"{key}.level", "")
            if level:
                found[key] = level
    return found


def _summary(desk: Desk, found: tuple[Obstacle, ...], conflicts: list[str]) -> list[texts.Problem]:
    """The list at the top: what was refused, what two people wrote, what stands in the way."""
    channels = desk.by_id

    def at(anchor: str, key: str, said: str) -> texts.Problem:
        return texts.Problem(anchor, texts.place_of(key, channels), said)

    refused = [at(key, key, said) for key, said in desk.typed.refused.items() if said]
    both = [at(f"choose:{key}", key, _("Two people wrote this. Choose which holds.")) for key in conflicts]
    return [*refused, *both, *texts.problems(found, channels)]


def _checked(values: Mapping[str, str], line: queries.Line) -> int:
    """How many items of a channel's legality checklist are answered so far."""
    legality = [one for one in line.asked if one.item.criterion is Criterion.LEGALITY]
    return sum(bool(values.get(f"{line.key}.{one.key}")) for one in legality)


def _asked_open(line: queries.Line, found: tuple[Obstacle, ...], refused: Mapping[str, str]) -> bool:
    """Whether a channel's questions are shown unfolded: something is the matter there, or they were just confirmed."""
    keys = (*(one.where for one in found), *refused, request.args.get("asked", ""))
    return any(key.startswith(f"{line.key}.check-") or key == line.key for key in keys)


def _something_not_met(values: Mapping[str, str], line: queries.Line) -> bool:
    """Whether an answer forbids "clear" for legality: then the page must know it while a verdict is chosen."""
    return any(values.get(f"{line.key}.{one.key}") == Answer.NOT_MET for one in line.asked)


def _action_lines(values: Mapping[str, str], line: queries.Line) -> range:
    """The numbers of the action lines to show: those filled, one if there is none, and one more on demand."""
    last = max(action_numbers(values, line.channel.id), default=0)
    wanted = last + 1 if request.args.get("more", "").startswith(f"{line.key}.") else last
    return range(1, max(wanted, 1) + 1)
