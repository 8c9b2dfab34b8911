"""What somebody corrected of a service stays, beside what its publisher says."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("by_hand", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("service", sa.Column("publisher_says", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("service", sa.Column("changed_by_name", sa.String(length=200), nullable=True))
    op.add_column("service", sa.Column("changed_why", sa.String(length=500), nullable=True))
    with op.batch_alter_table("service") as batch_op:
        batch_op.alter_column("by_hand", server_default=None)
        batch_op.alter_column("publisher_says", server_default=None)


def downgrade() -> None:
    for name in ("changed_why", "changed_by_name", "publisher_says", "by_hand"):
        op.drop_column("service", name)
