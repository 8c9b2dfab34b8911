"""Asking us to stop is a task until it is settled."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=200), nullable=True),
        sa.Column("what_now", sa.String(length=1000), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("settled_on IS NULL OR what_now IS NOT NULL", name=op.f("ck_stop_request_settled_known")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement_record.id"], name=op.f("fk_stop_request_engagement_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_stop_request_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_request")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_stop_request_engagement_id")),
    )
    with op.batch_alter_table("stop_request") as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_request_family_id"), ["family_id"])


def downgrade() -> None:
    with op.batch_alter_table("stop_request") as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_request_family_id"))
    op.drop_table("stop_request")
