"""How far somebody has seen what happens to a family, and when they last looked."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("click", sa.String(length=40), nullable=True),
        sa.Column("before_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_seen_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_family_seen_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_seen")),
        sa.UniqueConstraint("user_id", "family_id", name=op.f("uq_family_seen_user_id_family_id")),
    )
    op.create_index(op.f("ix_family_seen_family_id"), "family_seen", ["family_id"])
    op.create_index(
        "ix_audit_looked",
        "audit",
        ["user_id", "family_id", "at"],
        sqlite_where=sa.text("kind = 'look'"),
        postgresql_where=sa.text("kind = 'look'"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_looked", table_name="audit")
    op.drop_table("family_seen")
