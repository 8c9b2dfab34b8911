"""A social care manager's agreement to a step-down that a social worker wrote down."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("agreed_told_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_column("agreed_told_by")
        batch_op.drop_column("agreed_on")
