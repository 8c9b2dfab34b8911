"""Who is given a family that has no coordinator when support is suggested to it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_coordinator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("named_by_name", sa.String(length=200), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_duty_coordinator_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_coordinator")),
    )


def downgrade() -> None:
    op.drop_table("duty_coordinator")
