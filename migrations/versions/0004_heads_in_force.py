"""Which head of a meeting is in force follows from its number: no mark on an older one, which is closed.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_head", schema=None) as batch_op:
        batch_op.drop_index("uq_meeting_head_in_force")
        batch_op.drop_column("replaced")


def downgrade() -> None:
    with op.batch_alter_table("meeting_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("""
        UPDATE meeting_head SET replaced = TRUE WHERE EXISTS (SELECT 1 FROM meeting_head AS later
            WHERE later.meeting_id = meeting_head.meeting_id AND later.version > meeting_head.version)
    """)
    with op.batch_alter_table("meeting_head", schema=None) as batch_op:
        batch_op.alter_column("replaced", server_default=None)
        batch_op.create_index(
            "uq_meeting_head_in_force", ["meeting_id"], unique=True,
            sqlite_where=sa.text("NOT replaced"), postgresql_where=sa.text("NOT replaced"),
        )  # fmt: skip
