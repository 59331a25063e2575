"""Which reviews a correction has replaced is read from an index of the few corrections, not from all reviews.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FEW = sa.text("replaces_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_review_replacing", "review", ["replaces_id", "closed_at"], sqlite_where=FEW, postgresql_where=FEW
    )


def downgrade() -> None:
    op.drop_index("ix_review_replacing", "review")
