"""Every column of text is decided upon: whoever adds one must say whether it holds something personal."""

from sqlalchemy import String

from tracker.extensions import db
from tracker.models.personal import KEEPS


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
