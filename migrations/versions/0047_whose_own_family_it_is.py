"""Whose own family it is: since when, on whose word, until when; and what people say of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE = "conflict_of_interest"
COLUMNS = ("recorded_by_id", "why", "ended_at", "ended_by_id", "ended_why")


def upgrade() -> None:
    op.create_table(
        "conflict_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "reference IS NOT NULL OR who IS NOT NULL", name=op.f("ck_conflict_declaration_names_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["app_user.id"], name=op.f("fk_conflict_declaration_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_conflict_declaration_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_conflict_declaration_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
    )
    for column in ("family_id", "user_id"):
        op.create_index(op.f(f"ix_conflict_declaration_{column}"), "conflict_declaration", [column], unique=False)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("why", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_why", sa.String(length=300), nullable=True))
        for column in ("recorded_by_id", "ended_by_id"):
            batch_op.create_foreign_key(op.f(f"fk_{TABLE}_{column}"), "app_user", [column], ["id"])
        batch_op.create_check_constraint(
            op.f(f"ck_{TABLE}_ended_with_reason"), "ended_at IS NULL OR ended_why IS NOT NULL"
        )
        batch_op.drop_constraint(f"uq_{TABLE}_user_id_family_id", type_="unique")
    where = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_conflicted_once",
        TABLE,
        ["user_id", "family_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    conflict = sa.table(TABLE, sa.column("ended_at"))
    # Before, whatever stood there counted: what was ended may not stand there.
    op.execute(conflict.delete().where(conflict.c.ended_at.is_not(None)))
    op.drop_index("uq_conflicted_once", table_name=TABLE)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{TABLE}_ended_with_reason"), type_="check")
        for column in ("recorded_by_id", "ended_by_id"):
            batch_op.drop_constraint(op.f(f"fk_{TABLE}_{column}"), type_="foreignkey")
        for column in COLUMNS:
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(op.f(f"uq_{TABLE}_user_id_family_id"), ["user_id", "family_id"])
    op.drop_table("conflict_declaration")
