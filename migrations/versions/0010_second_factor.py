"""Second factor: passkeys, the counter of the last code that was taken, and which roles need one.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "role", sa.Column("asks_second_factor", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("user", sa.Column("tf_last_counter", sa.Integer(), nullable=True))
    op.add_column("user", sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True))
    op.create_index("ix_user_fs_webauthn_user_handle", "user", ["fs_webauthn_user_handle"], unique=True)
    op.create_table(
        "webauthn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=True),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_webauthn_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webauthn")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_webauthn_credential_id")),
    )
    op.create_index("ix_webauthn_user_id", "webauthn", ["user_id"])


def downgrade() -> None:
    op.drop_table("webauthn")
    op.drop_index("ix_user_fs_webauthn_user_handle", "user")
    op.drop_column("user", "fs_webauthn_user_handle")
    op.drop_column("user", "tf_last_counter")
    op.drop_column("role", "asks_second_factor")
