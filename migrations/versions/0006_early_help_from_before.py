"""Early help that was going on before the portal came."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("episode") as batch_op:
        batch_op.add_column(sa.Column("brought_in", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("start_known", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("next_review_on", sa.Date(), nullable=True))
    # The default filled the rows that were there; from now on the portal says it.
    with op.batch_alter_table("episode") as batch_op:
        batch_op.alter_column("brought_in", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column("start_known", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("episode") as batch_op:
        batch_op.drop_column("next_review_on")
        batch_op.drop_column("start_known")
        batch_op.drop_column("brought_in")
