"""Who may see a restricted family: since when, until when, why, and on whose word."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ENDED = ("until_on", "ended_at", "ended_by_id", "ended_why")


def upgrade() -> None:
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restricted_by_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_why", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lifted_at IS NULL OR lifted_why IS NOT NULL", name=op.f("ck_restriction_lifted_with_reason")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_restriction_family_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["app_user.id"], name=op.f("fk_restriction_lifted_by_id")),
        sa.ForeignKeyConstraint(["restricted_by_id"], ["app_user.id"], name=op.f("fk_restriction_restricted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_family_id"), "restriction", ["family_id"], unique=False)
    _index("uq_restricted_once", "restriction", ["family_id"], "lifted_at IS NULL")
    with op.batch_alter_table("clearance") as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_why", sa.String(length=500), nullable=True))
        batch_op.create_foreign_key(op.f("fk_clearance_ended_by_id"), "app_user", ["ended_by_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_clearance_ended_with_reason"), "ended_at IS NULL OR ended_why IS NOT NULL"
        )
        batch_op.drop_constraint("uq_clearance_user_id_family_id", type_="unique")
    _index("uq_cleared_once", "clearance", ["user_id", "family_id"], "ended_at IS NULL")


def downgrade() -> None:
    clearance = sa.table("clearance", sa.column("ended_at"), sa.column("until_on"))
    # Before, whatever stood there counted: what counts no more may not stand there.
    op.execute(
        clearance.delete().where(
            sa.or_(clearance.c.ended_at.is_not(None), clearance.c.until_on < sa.func.current_date())
        )
    )
    op.drop_index("uq_cleared_once", table_name="clearance")
    with op.batch_alter_table("clearance") as batch_op:
        batch_op.drop_constraint(op.f("ck_clearance_ended_with_reason"), type_="check")
        batch_op.drop_constraint(op.f("fk_clearance_ended_by_id"), type_="foreignkey")
        for column in (*ENDED, "why"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(op.f("uq_clearance_user_id_family_id"), ["user_id", "family_id"])
    op.drop_table("restriction")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
