"""What somebody wrote freely, past its years: listed, and erased one by one, from its row and from the journal."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, true, update

from tracker import journal, language
from tracker.extensions import db
from tracker.models import Action, CheckWording, Entry, Review, Words
from tracker.models.personal import ERASED, KEEPS, Keeps, columns
from tracker.retention.queries import Past, is_past, not_yet, table_of
from tracker.rules.deeds import Deed

TEXTS_A_PAGE = 50
JOURNAL = "journal_words"
ONLY_THERE = (
    Deed.MEETINGS_PLAN,
    Deed.MEETINGS_CANCEL,
    Deed.PEOPLE_SECOND_FACTOR,
)  # their reasons have no row


@dataclass(frozen=True)
class Text:
    """Something somebody wrote freely, past its years."""

    table: str
    column: str
    id: int
    text: str


def _sources(past: Past) -> list[tuple[Table, ColumnElement[Any], ColumnElement[bool]]]:
    """Each table and column with the condition for what is past and still there."""
    own = [(table_of(name), one) for name in KEEPS for one in columns(name, Keeps.OWN_WORDS)]
    found = [(table, table.c[one], is_past(table, past) & not_yet(table.c[one])) for table, one in own]
    words = table_of(JOURNAL)
    old = select(Entry.number).where(Entry.at < past.at, Entry.deed.in_([one.value for one in ONLY_THERE]))
    only = (words.c.field == "reason") & words.c.text.is_not(None) & words.c.number.in_(old)
    return [*found, (words, words.c.text, only)]


def texts(past: Past, page: int) -> tuple[list[Text], bool]:
    """A page of them, oldest rows first, and whether there are more."""
    skip, found = (page - 1) * TEXTS_A_PAGE, list[Text]()
    for table, column, wanted in _sources(past):
        query = select(table.c.id, column).where(wanted).order_by(table.c.id)
        rows = db.session.execute(query.offset(skip).limit(TEXTS_A_PAGE + 1 - len(found))).all()
        if not rows and skip:
            skip -= db.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
            continue
        skip = 0
        found += [Text(table.name, str(column.key), key, said) for key, said in rows]
        if len(found) > TEXTS_A_PAGE:
            return found[:TEXTS_A_PAGE], True
    return found, False


def erase(past: Past, table: str, column: str, key: int) -> bool:
    """Put the sign for erased words in the place of one text, and erase it from the journal. False if there is none."""
    for of, where, wanted in _sources(past):
        if (of.name, where.key) == (table, column):
            said = db.session.scalar(select(where).where(of.c.id == key, wanted))
            break
    else:
        return False
    if said is None:
        return False
    if table == JOURNAL:
        _forget(Words.id == key)
    else:
        db.session.execute(
            update(of).where(of.c.id == key).values({column: ERASED[language.house_language()]})
        )
        _forget(Words.number.in_(entries_about(of, key)) & told_of(said) & of_its_channel(of, key))
    journal.note(db.session, Deed.RETENTION_ERASE, ids={"table": table, "column": column, "row": key})
    return True


def _forget(which: ColumnElement[bool]) -> None:
    db.session.execute(update(Words).where(which).values(salt=None, text=None))


def of_its_channel(table: Table, key: int) -> ColumnElement[bool]:
    """The condition that leaves out what the entry of a meeting says about its other channels, in the same words."""
    if table.name not in {"rating", "decision", "check_answer"}:
        return true()
    channel = select(Review.channel_id).join(table, table.c.review_id == Review.id).where(table.c.id == key)
    number = db.session.scalar(channel)
    about = [Entry.body.contains(f'"channel":{number}{after}') for after in (",", "}")]
    corrected = Words.number.in_(select(Entry.number).where(or_(*about)))
    return Words.field.startswith(f"channel-{number}.") | corrected


def told_of(said: str) -> ColumnElement[bool]:
    """The condition for words that tell a text: alone, after a level, as a line of the checks, or an action's."""
    ends, line = Words.text.endswith(f": {said}", autoescape=True), f": {said}\n"
    action = Words.field.contains("action-") & Words.text.startswith(f"{said}; ", autoescape=True)
    return or_(Words.text == said, ends, Words.text.contains(line, autoescape=True), action)


def entries_about(table: Table, key: int) -> Select[int]:
    """The entries that may say the same as a row: those of itself, of its meeting, or of its channel."""
    c = table.c
    of: dict[str, Any] = {table.name: select(c.id)}
    if table.name in {"rating", "decision", "check_answer"}:
        of["meeting"] = select(Review.meeting_id).join(table, c.review_id == Review.id)
    elif table.name in {"review", "meeting_head"}:
        of["meeting"] = select(c.meeting_id)
    elif table.name == "action_change":
        of["action"] = select(c.action_id)
    elif table.name == "action":
        of["meeting"] = select(Review.meeting_id).join(Action, Action.review_id == Review.id)
    elif table.name in {"obligation", "state_change"}:
        of["channel"] = select(c.channel_id)
    elif table.name == "check_wording":
        of["check_item"] = select(CheckWording.item_id)
    about = {name: db.session.scalar(query.where(c.id == key)) for name, query in of.items()}
    said = [Entry.body.contains(f'"{name}":{number}{after}')
            for name, number in about.items() if number is not None for after in (",", "}")]  # fmt: skip
    return select(Entry.number).where(or_(*said))
