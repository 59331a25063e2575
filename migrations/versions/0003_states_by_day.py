"""How a channel is run, by day: a table instead of two columns, so that a change can be dated ahead.

Revision 0003, after 0002. What was known is taken along: a closing with its day, a rest since the obligation that
narrowed to it, and before that an active channel since it opened, or since its first obligation. Going down again
keeps the state of today.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOW = datetime.now(UTC).replace(tzinfo=None)  # noqa: TID251 - a migration stands alone
STATES = "('planned', 'active', 'crisis_only', 'dormant', 'closed')"

# The first day that anything is known of a channel; a channel always comes with a version of the concept.
BEGUN = """
    SELECT channel.id, channel.state, channel.closed_on,
        COALESCE(channel.opened_on,
            (SELECT MIN(from_on) FROM obligation WHERE channel_id = channel.id),
            (SELECT MIN(concept_version.since_on) FROM concept_text
                JOIN concept_version ON concept_version.id = concept_text.version_id
                WHERE concept_text.channel_id = channel.id),
            '2000-01-01') AS begun_on,
        (SELECT MAX(from_on) FROM obligation WHERE channel_id = channel.id) AS newest_on,
        (SELECT MAX(until_on) FROM obligation WHERE channel_id = channel.id) AS until_on
    FROM channel
"""


def upgrade() -> None:
    op.create_table(
        "state_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_state_change_state_known")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_state_change_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
        sa.UniqueConstraint("channel_id", "from_on", name=op.f("uq_state_change_channel_id_from_on")),
    )
    fill()
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_channel_opened_before"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_channel_state_known"), type_="check")
        batch_op.drop_column("closed_on")
        batch_op.drop_column("state")


def downgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=20), server_default="planned", nullable=False)
        )
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
    op.execute("""
        UPDATE channel SET state = COALESCE((
            SELECT state FROM state_change WHERE channel_id = channel.id AND from_on <= CURRENT_DATE
            ORDER BY from_on DESC LIMIT 1), 'planned')
    """)
    op.execute("""
        UPDATE channel SET closed_on = (
            SELECT from_on FROM state_change AS closing WHERE channel_id = channel.id AND state = 'closed'
            AND NOT EXISTS (SELECT 1 FROM state_change AS later
                WHERE later.channel_id = channel.id AND later.from_on > closing.from_on))
    """)
    op.execute("UPDATE channel SET closed_on = NULL WHERE closed_on < opened_on")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None)
        batch_op.create_check_constraint(batch_op.f("ck_channel_state_known"), f"state IN {STATES}")
        batch_op.create_check_constraint(
            batch_op.f("ck_channel_opened_before"),
            "closed_on IS NULL OR opened_on IS NULL OR closed_on >= opened_on",
        )
    op.drop_table("state_change")


def fill() -> None:
    """One or two rows a channel; one that is only planned needs none."""
    days = dict.fromkeys(("closed_on", "begun_on", "newest_on", "until_on"), sa.Date())
    channels = op.get_bind().execute(sa.text(BEGUN).columns(**days)).all()
    rows = [
        {"channel_id": channel.id, "from_on": from_on, "state": state, "cause": "", "created_at": NOW}
        for channel in channels
        for from_on, state in states(channel).items()
    ]
    columns = (
        sa.column("channel_id", sa.Integer()),
        sa.column("from_on", sa.Date()),
        sa.column("state", sa.String()),
        sa.column("cause", sa.Text()),
        sa.column("created_at", sa.DateTime()),
    )
    op.bulk_insert(sa.table("state_change", *columns), rows)


def states(channel: Any) -> dict[date, str]:
    """The states of a channel by their first day; of two on one day the later one holds."""
    state, begun_on = channel.state, channel.begun_on
    found = {} if state == "planned" else {begun_on: "active"}
    if state in ("dormant", "crisis_only"):
        found[max(channel.newest_on or begun_on, begun_on)] = state
    if channel.closed_on is not None:
        found[max(channel.closed_on, begun_on)] = "closed"
    elif state == "closed":
        ended_on = channel.until_on + timedelta(days=1) if channel.until_on else begun_on
        found[max(ended_on, begun_on)] = "closed"
    return found
