"""What a review asks and answers, figures of channels with their uploads and rates; why a concept was changed.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "criterion IN ('cost_benefit', 'legality', 'strategy')",
            name=op.f("ck_check_item_criterion_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_item")),
        sa.UniqueConstraint("key", name=op.f("uq_check_item_key")),
    )
    op.create_table(
        "check_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("text_de", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("how_de", sa.Text(), nullable=False),
        sa.Column("how_en", sa.Text(), nullable=False),
        sa.Column("platforms", sa.Text(), nullable=False),
        sa.Column("unit_ids", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(text_de) > 0", name=op.f("ck_check_wording_text_given")),
        sa.CheckConstraint("number > 0", name=op.f("ck_check_wording_number_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_check_wording_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["check_item.id"], name=op.f("fk_check_wording_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_wording")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_check_wording_item_id_number")),
    )
    op.create_table(
        "figures_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_figures_upload_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_upload")),
    )
    op.create_table(
        "hourly_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("euros", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("euros > 0", name=op.f("ck_hourly_rate_euros_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_hourly_rate_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hourly_rate")),
        sa.UniqueConstraint("from_on", name=op.f("uq_hourly_rate_from_on")),
    )
    op.create_table(
        "figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("hours_estimated", sa.Boolean(), nullable=False),
        sa.Column("ad_spend", sa.BigInteger(), nullable=True),
        sa.Column("tools", sa.BigInteger(), nullable=True),
        sa.Column("external", sa.BigInteger(), nullable=True),
        sa.Column("followers_start", sa.BigInteger(), nullable=True),
        sa.Column("followers_end", sa.BigInteger(), nullable=True),
        sa.Column("posts", sa.BigInteger(), nullable=True),
        sa.Column("reach", sa.BigInteger(), nullable=True),
        sa.Column("impressions", sa.BigInteger(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("interactions", sa.BigInteger(), nullable=True),
        sa.Column("video_views", sa.BigInteger(), nullable=True),
        sa.Column("clicks", sa.BigInteger(), nullable=True),
        sa.Column("enquiries", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ad_spend >= 0", name=op.f("ck_figures_ad_spend_not_negative")),
        sa.CheckConstraint("clicks >= 0", name=op.f("ck_figures_clicks_not_negative")),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_figures_begins_before_it_ends")),
        sa.CheckConstraint("enquiries >= 0", name=op.f("ck_figures_enquiries_not_negative")),
        sa.CheckConstraint("external >= 0", name=op.f("ck_figures_external_not_negative")),
        sa.CheckConstraint("followers_end >= 0", name=op.f("ck_figures_followers_end_not_negative")),
        sa.CheckConstraint("followers_start >= 0", name=op.f("ck_figures_followers_start_not_negative")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_figures_hours_not_negative")),
        sa.CheckConstraint("impressions >= 0", name=op.f("ck_figures_impressions_not_negative")),
        sa.CheckConstraint("interactions >= 0", name=op.f("ck_figures_interactions_not_negative")),
        sa.CheckConstraint("posts >= 0", name=op.f("ck_figures_posts_not_negative")),
        sa.CheckConstraint("reach >= 0", name=op.f("ck_figures_reach_not_negative")),
        sa.CheckConstraint("tools >= 0", name=op.f("ck_figures_tools_not_negative")),
        sa.CheckConstraint("video_views >= 0", name=op.f("ck_figures_video_views_not_negative")),
        sa.CheckConstraint("views >= 0", name=op.f("ck_figures_views_not_negative")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_figures_by_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_figures_channel_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["figures_upload.id"], name=op.f("fk_figures_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index("ix_figures_period", ["channel_id", "ends_on", "begins_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "check_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL OR answer = 'not_checked') = (checked_on IS NULL)",
            name=op.f("ck_check_answer_checked_when"),
        ),
        sa.CheckConstraint(
            "answer IN ('met', 'partly', 'not_met', 'not_applicable', 'not_checked')",
            name=op.f("ck_check_answer_answer_known"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer NOT IN ('partly', 'not_met') OR length(note) > 0",
            name=op.f("ck_check_answer_partly_and_not_met_say_why"),
        ),
        sa.CheckConstraint(
            "answer IS NOT NULL OR length(note) > 0", name=op.f("ck_check_answer_something_said")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_check_answer_review_id")),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["check_wording.id"], name=op.f("fk_check_answer_wording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_answer")),
        sa.UniqueConstraint("review_id", "wording_id", name=op.f("uq_check_answer_review_id_wording_id")),
    )
    with op.batch_alter_table("check_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_answer_wording_id"), ["wording_id"], unique=False)

    with op.batch_alter_table("concept_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("checks_required", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("concept_public", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("concept_public")
        batch_op.drop_column("checks_required")

    with op.batch_alter_table("concept_version", schema=None) as batch_op:
        batch_op.drop_column("reason")

    with op.batch_alter_table("check_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_answer_wording_id"))

    op.drop_table("check_answer")
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figures_upload_id"))
        batch_op.drop_index("ix_figures_period")

    op.drop_table("figures")
    op.drop_table("hourly_rate")
    op.drop_table("figures_upload")
    op.drop_table("check_wording")
    op.drop_table("check_item")
