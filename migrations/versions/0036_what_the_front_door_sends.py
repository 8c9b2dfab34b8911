"""Whoever does not reach a family says in words for whom support is, and who agreed that it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

REFERRAL = "support_referral"


def upgrade() -> None:
    op.add_column(REFERRAL, sa.Column("person_text", sa.String(100), nullable=True))
    op.add_column(REFERRAL, sa.Column("share_agreed_by_text", sa.String(200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table(REFERRAL) as batch_op:
        batch_op.drop_column("share_agreed_by_text")
        batch_op.drop_column("person_text")
