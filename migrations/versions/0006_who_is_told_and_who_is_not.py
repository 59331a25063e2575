"""Who stands in for whom, when reminders are due and for whom they escalate; actions told, and what was not told.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absence_from_before_until")),
        sa.ForeignKeyConstraint(["deputy_id"], ["contact.id"], name=op.f("fk_absence_deputy_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_absence_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_user_id"), ["user_id"], unique=False)

    op.create_table(
        "head_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_head_mail_contact_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_head_mail_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_mail")),
        sa.UniqueConstraint("month", "contact_id", name="uq_head_mail_once"),
    )
    op.create_table(
        "untold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('notice', 'overdue', 'escalation', 'weekly', 'missed')",
            name=op.f("ck_untold_stage_known"),
        ),
        sa.CheckConstraint(
            "why IN ('planned', 'nobody', 'inactive', 'no_address', 'may_not')",
            name=op.f("ck_untold_why_known"),
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_untold_channel_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_untold_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_untold")),
        sa.UniqueConstraint(
            "channel_id", "begins_on", "due_on", "stage", "week", "why", "who", name="uq_untold_once"
        ),
    )
    with op.batch_alter_table("untold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_untold_noted_on"), ["noted_on"], unique=False)

    op.create_table(
        "action_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("stands_in_for", sa.String(length=200), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_reminder_action_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_action_reminder_contact_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_action_reminder_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_reminder")),
        sa.UniqueConstraint("action_id", "week", "contact_id", name="uq_action_reminder_once"),
    )
    with op.batch_alter_table("action_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_reminder_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_reminder_told_on"), ["told_on"], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_workdays", sa.Integer(), server_default="15", nullable=False))
        batch_op.add_column(sa.Column("overdue_workdays", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(
            sa.Column("escalation_workdays", sa.Integer(), server_default="10", nullable=False)
        )
        batch_op.add_column(sa.Column("stages", sa.Text(), server_default="*", nullable=False))
        batch_op.add_column(sa.Column("escalation_contact_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_escalation_contact_id"), "contact", ["escalation_contact_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_days_known"),
            "notice_workdays >= 0 AND overdue_workdays > 0 AND escalation_workdays > 0",
        )

    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stands_in_for", sa.String(length=200), server_default="", nullable=False)
        )

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation_contact_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_unit_escalation_contact_id"), "contact", ["escalation_contact_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_unit_escalation_contact_id"), type_="foreignkey")
        batch_op.drop_column("escalation_contact_id")

    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_column("stands_in_for")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_days_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_organisation_escalation_contact_id"), type_="foreignkey")
        batch_op.drop_column("escalation_contact_id")
        batch_op.drop_column("stages")
        batch_op.drop_column("escalation_workdays")
        batch_op.drop_column("overdue_workdays")
        batch_op.drop_column("notice_workdays")

    with op.batch_alter_table("action_reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_reminder_told_on"))
        batch_op.drop_index(batch_op.f("ix_action_reminder_mail_id"))

    op.drop_table("action_reminder")
    with op.batch_alter_table("untold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_untold_noted_on"))

    op.drop_table("untold")
    op.drop_table("head_mail")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_user_id"))

    op.drop_table("absence")
