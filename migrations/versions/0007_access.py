"""Sign-ins and refusals in a log of their own, accounts that hold from a day until a day, and private tokens for scripts.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('signed_in', 'came_back', 'signed_out', 'sign_in_refused', 'session_ended', 'refused', "
            "'outside', 'token_refused', 'too_often')",
            name=op.f("ck_access_kind_known"),
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_access_counted")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_access_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index("ix_access_at", "access", ["at"])
    op.create_index("ix_access_user_id", "access", ["user_id"])
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_index("ix_token_user_id", "token", ["user_id"])
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_user_from_before_until"), "until_on >= from_on")


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_user_from_before_until"), type_="check")
        batch_op.drop_column("until_on")
        batch_op.drop_column("from_on")
    op.drop_index("ix_token_user_id", "token")
    op.drop_table("token")
    op.drop_index("ix_access_user_id", "access")
    op.drop_index("ix_access_at", "access")
    op.drop_table("access")
