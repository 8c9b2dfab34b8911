"""Browsers report what the policy of a page did not let happen: counted by day, page and kind."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("directive", sa.String(40), nullable=False),
        sa.Column("blocked", sa.String(100), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_report"),
        sa.UniqueConstraint("day", "page", "directive", "blocked", name="uq_policy_report_day_page_directive_blocked"),
    )


def downgrade() -> None:
    op.drop_table("policy_report")
