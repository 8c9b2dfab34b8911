"""Somebody asks that a family is restricted; a manager restricts it, or says why not."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

OPEN = sa.text("answered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "restriction_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why_sealed", sa.Text(), nullable=False),
        sa.Column("who_stays_sealed", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer_sealed", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answered_at IS NOT NULL OR granted IS NULL", name=op.f("ck_restriction_request_answered_some_day")
        ),
        sa.CheckConstraint(
            "granted IS NULL OR granted OR answer_sealed IS NOT NULL",
            name=op.f("ck_restriction_request_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["app_user.id"], name=op.f("fk_restriction_request_asked_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_restriction_request_event_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_restriction_request_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction_request")),
        sa.UniqueConstraint("event_id", name=op.f("uq_restriction_request_event_id")),
    )
    op.create_index(op.f("ix_restriction_request_family_id"), "restriction_request", ["family_id"])
    op.create_index(
        "uq_restriction_asked_once",
        "restriction_request",
        ["family_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_restriction_asked_once", table_name="restriction_request")
    op.drop_index(op.f("ix_restriction_request_family_id"), table_name="restriction_request")
    op.drop_table("restriction_request")
