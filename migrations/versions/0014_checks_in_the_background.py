"""Checking everything is made in the background too, like a file.

Revision 0014, after 0013.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "ck_export_form_known"


def _known(*forms: str) -> None:
    with op.batch_alter_table("export") as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), f"form IN ({', '.join(map(repr, forms))})")


def upgrade() -> None:
    _known("csv", "xlsx", "json", "pdf", "dossier", "check")


def downgrade() -> None:
    op.execute("DELETE FROM export WHERE form = 'check'")
    _known("csv", "xlsx", "json", "pdf", "dossier")
