"""Files that are made in the background, with how far they are; indexes for what the evidence is filtered by.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("beat_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "form IN ('csv', 'xlsx', 'json', 'pdf', 'dossier')", name=op.f("ck_export_form_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')",
            name=op.f("ck_export_state_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_export_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_by_id", "export", ["by_id"])
    op.create_index("ix_export_state", "export", ["state", "id"])
    op.create_index("ix_rating_level", "rating", ["level", "review_id"])
    op.create_index("ix_rating_unchanged", "rating", ["unchanged", "review_id"])
    op.create_index("ix_decision_decision", "decision", ["decision"])


def downgrade() -> None:
    op.drop_index("ix_decision_decision", "decision")
    op.drop_index("ix_rating_unchanged", "rating")
    op.drop_index("ix_rating_level", "rating")
    op.drop_table("export")
