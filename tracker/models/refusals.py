"""The one list of what the database itself refuses: changes to what is closed.

The same conditions serve SQLite and PostgreSQL; models/locks.py makes triggers of them.

Three ways round a lock are shut besides the plain one. SQLite's REPLACE deletes, without a trigger, every row that
stands in the way of a unique key, on INSERT and on UPDATE: so each condition also asks whether NEW would push out a
closed row. An open row may not be moved below something closed. And what was left open below a closed meeting counts
as closed.

What may be erased when the years of retention are over is let through: see _unless_erased().

A fourth way is a race, and only PostgreSQL has it: somebody closes a meeting and has not committed yet, somebody else
writes below it and sees it open. So each lock also names the rows above, which are held still before the question is
asked: first the review or head, then the meeting, as closing goes.
"""

# ruff: noqa: S608 - these conditions are put together from names written here, never from a value

from dataclasses import dataclass

from tracker.models.personal import ERASED, FORMER, Keeps, columns


@dataclass(frozen=True)
class Lock:
    """One refusal: what must not happen to a row of a table, as a condition on OLD and NEW.

    `above` are the rows that the condition depends on, each as "table WHERE …", in the order to hold them.
    """

    table: str
    operation: str  # INSERT, UPDATE or DELETE
    refused_when: str
    message: str
    above: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"lock_{self.table}_{self.operation.lower()}"


def _meeting_closed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM meeting m WHERE m.id = {row}.meeting_id AND m.closed_at IS NOT NULL)"


def _head_closed(row: str) -> str:
    return f"({row}.closed_at IS NOT NULL OR ({row}.version = 1 AND {_meeting_closed(row)}))"


def _review_closed(row: str) -> str:
    return f"({row}.closed_at IS NOT NULL OR ({row}.replaces_id IS NULL AND {_meeting_closed(row)}))"


def _parent_closed(row: str, parent: str) -> str:
    if parent == "meeting_head":
        return f"EXISTS (SELECT 1 FROM meeting_head h WHERE h.id = {row}.head_id AND {_head_closed('h')})"
    return f"EXISTS (SELECT 1 FROM review r WHERE r.id = {row}.review_id AND {_review_closed('r')})"


def _meeting_above(operation: str) -> tuple[str, ...]:
    return (f"meeting WHERE id IN ({_both(operation, 'meeting_id')})",)


def _parent_above(operation: str, parent: str) -> tuple[str, ...]:
    mine = f"id IN ({_both(operation, 'head_id' if parent == 'meeting_head' else 'review_id')})"
    return f"{parent} WHERE {mine}", f"meeting WHERE id IN (SELECT meeting_id FROM {parent} WHERE {mine})"


def _both(operation: str, column: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[operation]
    return ", ".join(f"{row}.{column}" for row in rows)


def _pushes_out(table: str, same: str, closed: str) -> tuple[str, str]:
    """Whether NEW would push out a closed row `x` whose unique key is the `same`: on INSERT, and on UPDATE."""
    insert = f"EXISTS (SELECT 1 FROM {table} x WHERE ({same}) AND {closed})"
    update = f"EXISTS (SELECT 1 FROM {table} x WHERE x.id <> OLD.id AND ({same}) AND {closed})"
    return insert, update


SAME = {
    "meeting": ("id", "planned_on", "starts_at", "place", "planned_by_id", "planned_at", "first_planned_on", "sequence",
                "chair_id", "cancelled_at", "closed_at"),
    "check_wording": ("id", "item_id", "number", "from_on", "until_on", "text_de", "text_en", "how_de", "how_en",
                      "platforms", "unit_ids", "written_at", "by_id"),
    "meeting_head": ("id", "meeting_id", "version", "held_on", "begins_at", "ends_at", "by_id", "by_roles", "place",
                     "written_at", "closed_at"),
    "attendance": ("id", "head_id", "kind", "user_id"),
    "review": ("id", "meeting_id", "channel_id", "replaces_id", "closed_at", "unit_name", "platform", "channel_name",
               "concept_number", "by_id", "by_roles"),
    "rating": ("id", "review_id", "criterion", "level", "unchanged", "entered_at"),
    "decision": ("id", "review_id", "decision", "from_on", "successor_id"),
    "check_answer": ("id", "review_id", "wording_id", "answer", "confirmed", "checked_on"),
    "explanation": ("id", "channel_id", "begins_on", "due_on", "by_id", "at"),
}  # fmt: skip


def _unless_erased(table: str, refused: str) -> str:
    """A refusal of UPDATE that lets one thing pass: names become pseudonyms, and own words the sign for erased ones.

    Everything else of the row stays. Written as a CASE, since a comparison with NULL must not open the lock.
    """
    kept = [f"(NEW.{c} = OLD.{c} OR (NEW.{c} IS NULL AND OLD.{c} IS NULL))" for c in SAME[table]]
    names = [
        f"(NEW.{c} = OLD.{c} OR {' OR '.join(_begins(c, one) for one in FORMER.values())})"
        for c in columns(table, Keeps.PERSONAL)
    ]
    signs = ", ".join(map(_quoted, ERASED.values()))
    own = [f"(NEW.{c} = OLD.{c} OR NEW.{c} IN ({signs}))" for c in columns(table, Keeps.OWN_WORDS)]
    changed = " OR ".join(
        f"NEW.{c} <> OLD.{c}" for k in (Keeps.PERSONAL, Keeps.OWN_WORDS) for c in columns(table, k)
    )
    erased = " AND ".join((*kept, *names, *own, f"({changed})"))
    return f"(CASE WHEN {erased} THEN 1 ELSE 0 END) = 0 AND ({refused})"


def _begins(column: str, text: str) -> str:
    return f"substr(NEW.{column}, 1, {len(text)}) = {_quoted(text)}"


def _quoted(text: str) -> str:
    return f"'{text}'"


def _below(table: str, parent: str, message: str) -> tuple[Lock, ...]:
    """The locks of a table whose rows belong to a head or a review."""
    insert, update = _pushes_out(table, "x.id = NEW.id", _parent_closed("x", parent))
    old, new = _parent_closed("OLD", parent), _parent_closed("NEW", parent)
    return (
        Lock(table, "INSERT", f"{new} OR {insert}", message, _parent_above("INSERT", parent)),
        Lock(
            table,
            "UPDATE",
            _unless_erased(table, f"{old} OR {new} OR {update}"),
            message,
            _parent_above("UPDATE", parent),
        ),
        Lock(table, "DELETE", old, message, _parent_above("DELETE", parent)),
    )


def _journal() -> tuple[Lock, ...]:
    grows, erased = "the journal only grows, by the next number", "words of the journal can only be erased"
    return (
        Lock("journal", "INSERT", "NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM journal) "
             "OR EXISTS (SELECT 1 FROM journal x WHERE x.hash = NEW.hash)", grows),
        Lock("journal", "UPDATE", "1 = 1", "a journal entry never changes"),
        Lock("journal", "DELETE", "1 = 1", "a journal entry never goes away"),
        Lock("journal_words", "INSERT", "NEW.number <> (SELECT COALESCE(MAX(number), 0) FROM journal) "
             "OR EXISTS (SELECT 1 FROM journal_words x WHERE x.id = NEW.id)", "words belong to the newest entry"),
        Lock("journal_words", "UPDATE", "NEW.salt IS NOT NULL OR NEW.text IS NOT NULL OR NEW.id <> OLD.id "
             "OR NEW.number <> OLD.number OR NEW.field <> OLD.field", erased),
        Lock("journal_words", "DELETE", "1 = 1", erased),
    )  # fmt: skip


def _meeting() -> tuple[Lock, ...]:
    message = "the meeting is closed"
    insert, update = _pushes_out("meeting", "x.id = NEW.id", "x.closed_at IS NOT NULL")
    return (
        Lock("meeting", "INSERT", f"NEW.closed_at IS NOT NULL OR {insert}", message),
        Lock(
            "meeting", "UPDATE", _unless_erased("meeting", f"OLD.closed_at IS NOT NULL OR {update}"), message
        ),
        Lock("meeting", "DELETE", "OLD.closed_at IS NOT NULL", message),
    )


def _head() -> tuple[Lock, ...]:
    """A first head belongs to an open meeting; a later one follows the closed one before it."""
    message = "the meeting's head is closed"
    same = "x.id = NEW.id OR (x.meeting_id = NEW.meeting_id AND x.version = NEW.version)"
    insert, update = _pushes_out("meeting_head", same, _head_closed("x"))
    misplaced = (
        f"(NEW.version = 1 AND {_meeting_closed('NEW')}) OR (NEW.version <> 1 AND NOT EXISTS (SELECT 1 FROM "
        "meeting_head p WHERE p.meeting_id = NEW.meeting_id AND p.version = NEW.version - 1 "
        "AND p.closed_at IS NOT NULL))"
    )
    moved = "NEW.meeting_id <> OLD.meeting_id OR NEW.version <> OLD.version"
    return (
        Lock("meeting_head", "INSERT", f"NEW.closed_at IS NOT NULL OR {misplaced} OR {insert}", message,
             _meeting_above("INSERT")),
        Lock("meeting_head", "UPDATE",
             _unless_erased("meeting_head", f"{_head_closed('OLD')} OR {misplaced} OR {moved} OR {update}"), message,
             _meeting_above("UPDATE")),
        Lock("meeting_head", "DELETE", _head_closed("OLD"), message, _meeting_above("DELETE")),
    )  # fmt: skip


def _review() -> tuple[Lock, ...]:
    """A first review belongs to an open meeting; a correction follows a closed review of its meeting and channel."""
    message = "the review is closed"
    same = ("x.id = NEW.id OR x.replaces_id = NEW.replaces_id OR (x.replaces_id IS NULL AND NEW.replaces_id IS NULL "
            "AND x.meeting_id = NEW.meeting_id AND x.channel_id = NEW.channel_id)")  # fmt: skip
    insert, update = _pushes_out("review", same, _review_closed("x"))
    misplaced = (
        f"(NEW.replaces_id IS NULL AND {_meeting_closed('NEW')}) OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM review p WHERE p.id = NEW.replaces_id AND p.meeting_id = NEW.meeting_id "
        "AND p.channel_id = NEW.channel_id AND p.closed_at IS NOT NULL))"
    )
    return (
        Lock("review", "INSERT", f"NEW.closed_at IS NOT NULL OR {misplaced} OR {insert}", message,
             _meeting_above("INSERT")),
        Lock("review", "UPDATE",
             _unless_erased("review", f"{_review_closed('OLD')} OR {misplaced} OR {update}"), message,
             _meeting_above("UPDATE")),
        Lock("review", "DELETE", _review_closed("OLD"), message, _meeting_above("DELETE")),
    )  # fmt: skip


def _wording() -> tuple[Lock, ...]:
    """A wording says until when it is asked, once; nothing else of it changes."""
    message = "a wording is followed by another, never changed"
    kept = [name for name in SAME["check_wording"] if name not in {"until_on", "written_at", "by_id"}]
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in kept)
    same = "x.id = NEW.id OR (x.item_id = NEW.item_id AND x.number = NEW.number)"
    return (
        Lock("check_wording", "INSERT", f"EXISTS (SELECT 1 FROM check_wording x WHERE {same})", message),
        Lock(
            "check_wording",
            "UPDATE",
            _unless_erased("check_wording", f"{changed} OR OLD.until_on IS NOT NULL"),
            message,
        ),
        Lock("check_wording", "DELETE", "1 = 1", message),
    )


def _explanation() -> tuple[Lock, ...]:
    message = "an explanation can be added to, not replaced"
    return (
        Lock("explanation", "INSERT", "EXISTS (SELECT 1 FROM explanation x WHERE x.id = NEW.id)", message),
        Lock("explanation", "UPDATE", _unless_erased("explanation", "1 = 1"), message),
        Lock("explanation", "DELETE", "1 = 1", message),
    )


LOCKS: tuple[Lock, ...] = (
    *_journal(),
    *_meeting(),
    *_head(),
    *_below("attendance", "meeting_head", "the meeting's head is closed"),
    *_review(),
    *_below("rating", "review", "the review is closed"),
    *_below("decision", "review", "the review is closed"),
    *_below("check_answer", "review", "the review is closed"),
    *_wording(),
    *_explanation(),
)
