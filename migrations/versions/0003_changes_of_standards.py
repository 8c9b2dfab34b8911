"""Who changed a practice standard, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_standard_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_change")),
    )
    with op.batch_alter_table("standard_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_change_key"), ["key"])


def downgrade() -> None:
    with op.batch_alter_table("standard_change") as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_change_key"))
    op.drop_table("standard_change")
