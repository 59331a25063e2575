"""What a rating lacks, what a text may contain, and what keeps a meeting from being closed."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.closing import late_entered, obstacles
from tracker.rules.judgement import Fault, clean, faults
from tracker.rules.log import ActionLine, DecisionLine, Head, Row, Verdict
from tracker.rules.words import Criterion, Decision, Level

HELD = date(2026, 3, 20)
HEAD = Head(HELD, "A. Adam", "B. Beck", ("A. Adam", "B. Beck"), nobody_excused=True)
LEGALITY = Criterion.LEGALITY
WHOLE = ActionLine("fix the imprint", "C. Claus", date(2026, 4, 1))
ROW = Row("channel-7", {LEGALITY: Verdict(Level.CLEAR)})


def found(*rows: Row, head: Head = HEAD) -> list[tuple[str, str]]:
    return [(one.where, one.what.value) for one in obstacles(head, rows, date(2026, 3, 25))]


def test_clear_needs_no_words_and_nothing_discussed_lacks_nothing() -> None:
    assert faults(Level.CLEAR, "", False) == faults(None, "", False) == ()


def test_a_remark_needs_a_reason() -> None:
    assert faults(Level.REMARK, " \n", False) == (Fault.REASON_MISSING,)
    assert faults(Level.REMARK, "slow", False) == ()


def test_an_objection_needs_a_reason_and_an_action() -> None:
    assert faults(Level.OBJECTION, "", False) == (Fault.REASON_MISSING, Fault.ACTION_MISSING)
    assert faults(Level.OBJECTION, "no imprint", True) == ()


def test_unchanged_carries_the_reason_and_not_the_action() -> None:
    assert faults(Level.OBJECTION, "", False, unchanged=True) == (Fault.ACTION_MISSING,)


def test_legality_is_not_clear_while_a_check_is_not_met() -> None:
    assert faults(Level.CLEAR, "", False, check_not_met=True) == (Fault.CHECK_NOT_MET,)
    assert faults(Level.REMARK, "soon", False, check_not_met=True) == ()


def test_a_text_is_kept_without_control_characters_and_with_plain_line_ends() -> None:
    assert clean(" a\x00b\r\nc\rd\te\x1b[31m\x7f\x9f \n") == "ab\nc\nd\te[31m"
    assert clean("\ud800x") == "x"
    assert clean("Grüße 👩‍💻") == "Grüße 👩‍💻"


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_complete_meeting_can_be_closed() -> None:
    assert found(ROW, Row("channel-8", {})) == []


@pytest.mark.parametrize(
    ("head", "where", "what"),
    [
        (replace(HEAD, held_on=None), "held_on", "missing"),
        (replace(HEAD, held_on=date(2026, 3, 26)), "held_on", "in_future"),
        (replace(HEAD, chair=" "), "chair", "missing"),
        (replace(HEAD, minute_taker=""), "minute_taker", "missing"),
        (replace(HEAD, present=("",)), "present", "missing"),
        (replace(HEAD, nobody_excused=False), "excused", "not_said"),
        (replace(HEAD, excused=("C. Claus",)), "excused", "somebody_excused"),
        (replace(HEAD, excused=("B. Beck",), nobody_excused=False), "excused", "present_too"),
        (replace(HEAD, begins_at=time(15), ends_at=time(14)), "ends_at", "ends_before"),
    ],
)
def test_the_head_must_be_filled(head: Head, where: str, what: str) -> None:
    assert found(ROW, head=head) == [(where, what)]


def test_a_meeting_held_today_can_be_closed() -> None:
    assert found(ROW, head=replace(HEAD, held_on=date(2026, 3, 25))) == []


def test_a_meeting_that_rated_nothing_cannot_be_closed() -> None:
    assert found(Row("channel-7", {})) == [("ratings", "nothing_rated")]


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (Row("channel-8", {LEGALITY: Verdict(None, "hm")}), "channel-8.legality.level", "level_missing"),
        (Row("channel-8", {LEGALITY: Verdict(Level.REMARK)}), "channel-8.legality.reason", "reason_missing"),
        (
            Row("channel-8", {LEGALITY: Verdict(Level.OBJECTION, "x")}),
            "channel-8.legality.action",
            "action_missing",
        ),
        (
            Row("channel-8", {LEGALITY: Verdict(Level.CLEAR, check_not_met=True)}),
            "channel-8.legality.level",
            "check_not_met",
        ),
        (
            Row("channel-8", {}, (ActionLine(), replace(WHOLE, owner=""))),
            "channel-8.action-2.owner",
            "missing",
        ),
        (Row("channel-8", {}, (replace(WHOLE, what=""),)), "channel-8.action-1.what", "missing"),
        (Row("channel-8", {}, (replace(WHOLE, due_on=None),)), "channel-8.action-1.due_on", "missing"),
        (
            Row("channel-8", {}, (replace(WHOLE, due_on=date(2026, 3, 19)),)),
            "channel-8.action-1.due_on",
            "before_meeting",
        ),
        (Row("channel-8", {}, (), DecisionLine(None, HELD)), "channel-8.decision", "decision_missing"),
        (
            Row("channel-8", {}, (), DecisionLine(Decision.CLOSE, None, "x")),
            "channel-8.decision.from_on",
            "missing",
        ),
        (
            Row("channel-8", {}, (), DecisionLine(Decision.ADJUST, HELD)),
            "channel-8.decision.reason",
            "reason_missing",
        ),
        (
            Row("channel-8", {}, (), DecisionLine(Decision.REPLACE, HELD, "x")),
            "channel-8.decision.successor",
            "missing",
        ),
    ],
)
def test_a_half_filled_review_stands_in_the_way(row: Row, where: str, what: str) -> None:
    assert found(ROW, row) == [(where, what)]


def test_an_objection_is_answered_by_a_whole_action_or_one_still_open() -> None:
    objecting = Row("channel-7", {LEGALITY: Verdict(Level.OBJECTION, "x")})
    assert found(replace(objecting, actions=(replace(WHOLE, due_on=HELD),))) == []
    assert found(replace(objecting, open_action=True)) == [("channel-7.legality.action", "action_missing")]
    unchanged = {LEGALITY: Verdict(Level.OBJECTION, "x", unchanged=True)}
    assert found(replace(objecting, ratings=unchanged, open_action=True)) == []


def test_to_continue_needs_no_reason() -> None:
    assert found(replace(ROW, decision=DecisionLine(Decision.CONTINUE))) == []


def test_fourteen_days_are_in_time_and_fifteen_are_late_entered() -> None:
    assert not late_entered(HELD, date(2026, 4, 3))
    assert late_entered(HELD, date(2026, 4, 4))
