"""How far things have come with each need, as parent, child and worker say at each meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scale_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("plan_need_id", sa.Integer(), nullable=False),
        sa.Column(
            "rater",
            sa.Enum("parent", "child", "worker", name="rater", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name=op.f("ck_scale_reading_value")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_scale_reading_family_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_scale_reading_meeting_id")),
        sa.ForeignKeyConstraint(["plan_need_id"], ["plan_need.id"], name=op.f("fk_scale_reading_plan_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_reading")),
        sa.UniqueConstraint(
            "meeting_id", "plan_need_id", "rater", name=op.f("uq_scale_reading_meeting_id_plan_need_id_rater")
        ),
    )
    for column in ("family_id", "meeting_id", "plan_need_id"):
        op.create_index(op.f(f"ix_scale_reading_{column}"), "scale_reading", [column], unique=False)


def downgrade() -> None:
    op.drop_table("scale_reading")
