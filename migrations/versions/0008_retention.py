"""After how many years personal columns are replaced, and the last number a pseudonym was given.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_years", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pseudonyms", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_retention_known"),
            "retention_years IS NULL OR retention_years BETWEEN 1 AND 50",
        )


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_retention_known"), type_="check")
        batch_op.drop_column("pseudonyms")
        batch_op.drop_column("retention_years")
