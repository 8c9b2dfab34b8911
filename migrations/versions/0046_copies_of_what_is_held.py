"""Somebody asked what is held about them: who, how it was made sure that it is them, and what for."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_data_copy_family_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_data_copy_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_copy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copy")),
    )
    op.create_index(op.f("ix_data_copy_family_id"), "data_copy", ["family_id"], unique=False)
    op.create_index(op.f("ix_data_copy_person_id"), "data_copy", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_data_copy_person_id"), table_name="data_copy")
    op.drop_index(op.f("ix_data_copy_family_id"), table_name="data_copy")
    op.drop_table("data_copy")
