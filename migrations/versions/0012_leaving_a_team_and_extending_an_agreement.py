"""Why somebody left a team; who made a sharing agreement last longer, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("team_member") as batch_op:
        batch_op.add_column(sa.Column("left_why", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("left_note", sa.String(length=500), nullable=True))
    op.create_table(
        "agreement_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("after > before", name=op.f("ck_agreement_extension_longer")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["sharing_agreement.id"], name=op.f("fk_agreement_extension_agreement_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_agreement_extension_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_extension")),
    )
    with op.batch_alter_table("agreement_extension") as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_extension_agreement_id"), ["agreement_id"])


def downgrade() -> None:
    """The agreements keep the day they were extended to."""
    with op.batch_alter_table("agreement_extension") as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_extension_agreement_id"))
    op.drop_table("agreement_extension")
    with op.batch_alter_table("team_member") as batch_op:
        batch_op.drop_column("left_note")
        batch_op.drop_column("left_why")
