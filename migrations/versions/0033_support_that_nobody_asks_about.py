"""Support about which nobody is due to ask is found without looking at all of it; two indexes that others cover go."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NOBODY_ASKS = """
    UPDATE family_summary SET unfollowed = (
        SELECT count(*) FROM support_referral WHERE support_referral.family_id = family_summary.family_id
        AND support_referral.state NOT IN ('not_started', 'ended')
        AND NOT EXISTS (
            SELECT 1 FROM follow_up_check WHERE follow_up_check.referral_id = support_referral.id
            AND follow_up_check.state IN ('due', 'waived')
        )
    )
"""
INDEXES = (
    ("ix_summary_unfollowed", "family_summary", ["family_id"], "unfollowed > 0"),
    ("ix_check_tried", "follow_up_check", ["id"], "state = 'due' AND unanswered > 0 AND escalated_to IS NULL"),
)


def upgrade() -> None:
    op.add_column("family_summary", sa.Column("unfollowed", sa.Integer(), nullable=True))
    op.execute(NOBODY_ASKS)
    with op.batch_alter_table("family_summary") as batch_op:
        batch_op.alter_column("unfollowed", existing_type=sa.Integer(), nullable=False)
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    with op.batch_alter_table("follow_up_check") as batch_op:
        batch_op.drop_constraint(op.f("uq_follow_up_check_id_family_id"), type_="unique")
    op.drop_index(op.f("ix_event_family_id"), table_name="event")


def downgrade() -> None:
    op.create_index(op.f("ix_event_family_id"), "event", ["family_id"])
    with op.batch_alter_table("follow_up_check") as batch_op:
        batch_op.create_unique_constraint(op.f("uq_follow_up_check_id_family_id"), ["id", "family_id"])
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("family_summary") as batch_op:
        batch_op.drop_column("unfollowed")
