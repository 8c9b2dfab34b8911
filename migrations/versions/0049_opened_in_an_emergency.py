"""Families opened in an emergency: by whom, why, until when, and what was found afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLE = "emergency_opening"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("review", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > opened_at", name=op.f(f"ck_{TABLE}_ends_after")),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> user_id", name=op.f(f"ck_{TABLE}_reviewed_by_another")
        ),
        sa.CheckConstraint("reviewed_at IS NULL OR review IS NOT NULL", name=op.f(f"ck_{TABLE}_reviewed_in_words")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f(f"fk_{TABLE}_family_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["app_user.id"], name=op.f(f"fk_{TABLE}_reviewed_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f(f"fk_{TABLE}_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_family_id"), TABLE, ["family_id"], unique=False)
    op.create_index(f"ix_{TABLE}_own", TABLE, ["user_id", "ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table(TABLE)
