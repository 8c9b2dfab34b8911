"""A question calls the support by the label that its own person asked for. Those asked before name nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

QUESTION = "family_question"


def upgrade() -> None:
    op.add_column(QUESTION, sa.Column("label", sa.String(60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table(QUESTION) as batch_op:
        batch_op.drop_column("label")
