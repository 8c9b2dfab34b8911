"""An action can be said to the family in other words than the staff's."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan_action") as batch_op:
        batch_op.add_column(sa.Column("family_words", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("plan_action") as batch_op:
        batch_op.drop_column("family_words")
