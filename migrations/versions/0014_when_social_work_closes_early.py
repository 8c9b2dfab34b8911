"""Who holds a family once social work has closed; a manager's override for child protection."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holder_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('named', 'reopen')", name=op.f("ck_holder_question_holderanswer")),
        sa.CheckConstraint(
            "answer <> 'named' OR holder_name IS NOT NULL", name=op.f("ck_holder_question_holder_known")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_holder_question_family_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["app_user.id"], name=op.f("fk_holder_question_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_question")),
    )
    with op.batch_alter_table("holder_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_question_family_id"), ["family_id"])
        batch_op.create_index(
            "uq_one_holder_question",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.add_column(sa.Column("protection_override", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("protection_override_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_column("protection_override_by")
        batch_op.drop_column("protection_override")
    with op.batch_alter_table("holder_question", schema=None) as batch_op:
        batch_op.drop_index("uq_one_holder_question")
        batch_op.drop_index(batch_op.f("ix_holder_question_family_id"))
    op.drop_table("holder_question")
