"""The log tells what was changed, field by field; those words alone may go with the record that they tell of."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

REFUSAL = "the log can only grow"
KEPT = [
    "id",
    "at",
    "kind",
    "user_id",
    "organisation_id",
    "roles",
    "standing",
    "family_id",
    "subject",
    "page",
    "row_count",
    "reason",
    "changes_mark",
    "writer",
    "number",
    "mac",
]


def upgrade() -> None:
    op.add_column("audit", sa.Column("changes", sa.Text(), nullable=True))
    op.add_column("audit", sa.Column("changes_mark", sa.String(length=60), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_not_changed")
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
        _refuse_on_sqlite(f"WHEN NEW.changes IS NOT NULL OR NOT ({same})")
        return
    op.execute("DROP TRIGGER audit_only_grows ON audit")
    op.execute(
        "CREATE FUNCTION audit_words_may_go() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.changes IS NULL AND to_jsonb(NEW) - 'changes' = to_jsonb(OLD) - 'changes' THEN RETURN NEW; "
        f"END IF; RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_only_grows BEFORE DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_words_may_go()"
    )


def downgrade() -> None:
    # A row that told what was changed cannot be verified without its mark: its signature takes that in.
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("DROP TRIGGER audit_not_changed")
    else:
        op.execute("DROP TRIGGER audit_not_changed ON audit")
        op.execute("DROP TRIGGER audit_only_grows ON audit")
        op.execute("DROP FUNCTION audit_words_may_go()")
    for name in ("changes_mark", "changes"):
        op.drop_column("audit", name)
    if sqlite:
        _refuse_on_sqlite("")
    else:
        op.execute(
            "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )


def _refuse_on_sqlite(when: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    op.execute(f"CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit {when} {refuse}")
