"""The log can only grow, each of its rows is signed, and the worker seals them into a chain."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = ("look", "list", "change", "search", "refusal", "sign_in", "sign_in_failed", "sign_out")
# The nearest kind that was there before.
BEFORE = {"link": "look", "print": "look", "export": "list"}
INDEXES = {
    "ix_audit_lately": (["at"], "family_id IS NOT NULL"),
    "ix_audit_exports": (["user_id", "at"], "kind = 'export'"),
}
GROW_ONLY = ("audit", "audit_seal")
REFUSAL = "the log can only grow"


def upgrade() -> None:
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_constraint(op.f("ck_audit_auditkind"), type_="check")
        batch_op.alter_column("kind", existing_type=sa.String(length=40), type_=sa.String(length=60))
        batch_op.add_column(sa.Column("standing", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("writer", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.String(length=60), nullable=True))
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "audit", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    op.create_index(op.f("ix_audit_seal_sealed_at"), "audit_seal", ["sealed_at"])
    guard = _guard_on_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_on_postgresql
    guard()


def _guard_on_sqlite() -> None:
    # A row may also be replaced by an INSERT, which fires no trigger of DELETE.
    for table, key in zip(GROW_ONLY, ("id", "number"), strict=True):
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        op.execute(f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} {refuse}")
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608  (its own words alone)
        op.execute(f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} {there} {refuse}")


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in GROW_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("changed", "deleted", "replaced"):
            op.execute(f"DROP TRIGGER audit_not_{what}")
    else:
        for table in GROW_ONLY:
            op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
        op.execute("DROP FUNCTION audit_only_grows()")
    op.drop_table("audit_seal")
    for name in INDEXES:
        op.drop_index(name, table_name="audit")
    audit = sa.table("audit", sa.column("kind", sa.String))
    for kind, before in BEFORE.items():
        op.execute(sa.update(audit).where(audit.c.kind == kind).values(kind=before))
    op.execute(sa.update(audit).where(audit.c.kind.not_in(KINDS)).values(kind="list"))
    with op.batch_alter_table("audit") as batch_op:
        for name in ("mac", "number", "writer", "reason", "standing"):
            batch_op.drop_column(name)
        batch_op.alter_column("kind", existing_type=sa.String(length=60), type_=sa.String(length=40))
        batch_op.create_check_constraint(op.f("ck_audit_auditkind"), sa.column("kind").in_(KINDS))
