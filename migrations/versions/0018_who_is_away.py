"""When organisations close, and who covers for a coordinator who is away."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_organisation_closure_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_closure_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_closure")),
    )
    op.create_index(op.f("ix_organisation_closure_organisation_id"), "organisation_closure", ["organisation_id"])
    op.create_table(
        "coordinator_cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("named_by_name", sa.String(length=200), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_coordinator_cover_dates_in_order")),
        sa.CheckConstraint("user_id <> cover_id", name=op.f("ck_coordinator_cover_somebody_else")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_coordinator_cover_user_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["app_user.id"], name=op.f("fk_coordinator_cover_cover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator_cover")),
    )
    for column in ("user_id", "cover_id"):
        op.create_index(op.f(f"ix_coordinator_cover_{column}"), "coordinator_cover", [column])


def downgrade() -> None:
    op.drop_table("coordinator_cover")
    op.drop_table("organisation_closure")
