"""Holds on records, proposals to destroy one, and what is left of one that was destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

LIFTED, WITHDRAWN = sa.text("lifted_at IS NULL"), sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_by_name", sa.String(length=200), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_name", sa.String(length=200), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.String(length=1000), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_why IS NULL)", name=op.f("ck_retention_hold_lifted_reasoned")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_retention_hold_family_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["app_user.id"], name=op.f("fk_retention_hold_placed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    op.create_index(op.f("ix_retention_hold_family_id"), "retention_hold", ["family_id"], unique=False)
    op.create_index(
        "uq_one_hold", "retention_hold", ["family_id"], unique=True, sqlite_where=LIFTED, postgresql_where=LIFTED
    )
    op.create_table(
        "destruction_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_name", sa.String(length=200), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_destruction_proposal_family_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["app_user.id"], name=op.f("fk_destruction_proposal_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_proposal")),
    )
    op.create_index(op.f("ix_destruction_proposal_family_id"), "destruction_proposal", ["family_id"], unique=False)
    op.create_index(
        "uq_one_proposal",
        "destruction_proposal",
        ["family_id"],
        unique=True,
        sqlite_where=WITHDRAWN,
        postgresql_where=WITHDRAWN,
    )
    op.create_table(
        "destroyed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_name", sa.String(length=200), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_destroyed_record_two_people")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["app_user.id"], name=op.f("fk_destroyed_record_confirmed_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_destroyed_record_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destroyed_record")),
        sa.UniqueConstraint("reference", name=op.f("uq_destroyed_record_reference")),
    )


def downgrade() -> None:
    op.drop_table("destroyed_record")
    op.drop_index("uq_one_proposal", table_name="destruction_proposal")
    op.drop_index(op.f("ix_destruction_proposal_family_id"), table_name="destruction_proposal")
    op.drop_table("destruction_proposal")
    op.drop_index("uq_one_hold", table_name="retention_hold")
    op.drop_index(op.f("ix_retention_hold_family_id"), table_name="retention_hold")
    op.drop_table("retention_hold")
