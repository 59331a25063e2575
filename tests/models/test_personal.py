"""Every column of text is decided upon: whoever adds one must say whether it holds something personal."""

from sqlalchemy import String

from tracker.column_words import PARTS, THINGS
from tracker.extensions import db
from tracker.models.personal import KEEPS, Keeps, columns


def test_the_list_names_every_column_of_text_and_no_other() -> None:
    found = {}
    for table in db.metadata.sorted_tables:
        names = {
            one.name
            for one in table.columns
            if isinstance(getattr(one.type, "impl_instance", one.type), String)
        }
        if names:
            found[table.name] = names
    assert {table: set(columns) for table, columns in KEEPS.items()} == found


def test_whatever_is_replaced_or_listed_for_erasure_has_words_on_the_page() -> None:
    shown = [(table, columns(table, kind)) for table in KEEPS for kind in (Keeps.PERSONAL, Keeps.OWN_WORDS)]
    beside = {"absence", "draft", "journal_words"}  # whole rows, and reasons that only the journal has
    assert {table for table, found in shown if found} | beside == set(THINGS)
    assert {one for _table, found in shown for one in found} | {""} == set(PARTS)
