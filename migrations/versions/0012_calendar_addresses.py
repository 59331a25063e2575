"""What a private token is for: evidence, or the address of a calendar.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("token") as table:
        table.add_column(
            sa.Column("purpose", sa.String(length=10), server_default="evidence", nullable=False)
        )
        table.create_check_constraint("purpose_known", "purpose IN ('evidence', 'calendar')")


def downgrade() -> None:
    op.execute("DELETE FROM token WHERE purpose <> 'evidence'")
    with op.batch_alter_table("token") as table:
        table.drop_constraint("purpose_known", type_="check")
        table.drop_column("purpose")
