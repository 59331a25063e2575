"""Whom to tell of a barrier, who helps if that does not, and where imprint and privacy notice are.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {"accessibility_email": 254, "enforcement_body": 1000, "imprint": 500, "privacy_notice": 500}


def upgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        for name, length in COLUMNS.items():
            table.add_column(sa.Column(name, sa.String(length=length), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        for name in COLUMNS:
            table.drop_column(name)
