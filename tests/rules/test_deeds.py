"""Who may do what, as plain data."""

from tracker.rules.deeds import ALLOWED, SYSTEM_ONLY, Deed, may
from tracker.rules.words import Decision, Role

CHANGING = {"explain", "assign", "load", "plan", "cancel", "log", "close", "correct", "add", "finish"}
CHANGING |= {"deliver", "run", "confirm", "change"}


def verbs(role: Role) -> set[str]:
    return {deed.value.partition(".")[2] for deed in ALLOWED[role] - {Deed.ACCOUNT_CHANGE, Deed.TOKENS_ADD}}


def test_a_deed_is_a_room_and_a_verb() -> None:
    assert all(len(deed.value.split(".")) == 2 for deed in Deed)


def test_every_role_is_listed_and_every_deed_is_allowed_to_someone_or_the_system() -> None:
    assert set(ALLOWED) == set(Role)
    assert frozenset().union(*ALLOWED.values()) == set(Deed) - SYSTEM_ONLY


def test_an_auditor_changes_nothing() -> None:
    assert not verbs(Role.AUDITOR) & CHANGING


def test_an_admin_evaluates_nothing_and_exports_nothing() -> None:
    assert not any(deed.value.startswith(("reviews.", "evidence.")) for deed in ALLOWED[Role.ADMIN])
    assert not may([Role.ADMIN], Deed.MEETINGS_CLOSE)


def test_everyone_with_a_role_sees_the_board_and_nobody_without() -> None:
    assert all(may([role], Deed.BOARD_SEE) for role in Role)
    assert not may([], Deed.BOARD_SEE)


def test_roles_add_up() -> None:
    assert may([Role.EDITOR, Role.AUDITOR], Deed.EVIDENCE_EXPORT)
    assert not may([Role.EDITOR], Deed.EVIDENCE_EXPORT)


def test_words_are_stored_in_lower_case() -> None:
    assert [decision.value for decision in Decision][:3] == ["continue", "adjust", "crisis_only"]
