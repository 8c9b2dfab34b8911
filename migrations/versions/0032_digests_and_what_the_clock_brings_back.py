"""Days on which digests were begun, changes of what people chose to be told, and what the clock brings back."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

UNANSWERED = "state = 'nominated' AND came_back_at IS NULL"
PUT_OFF = "state = 'waived'"


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "digest_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_digest_day")),
    )
    op.create_table(
        "notice_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=60), nullable=False),
        sa.Column("after", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_change_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_change")),
    )
    op.create_index(op.f("ix_notice_change_user_id"), "notice_change", ["user_id"])
    op.add_column("lead_assignment", sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True))
    _partial("ix_lead_assignment_unanswered", "lead_assignment", ["answer_by", "id"], UNANSWERED)
    _partial("ix_check_put_off", "follow_up_check", ["waived_until", "id"], PUT_OFF)


def downgrade() -> None:
    op.drop_index("ix_check_put_off", table_name="follow_up_check")
    op.drop_index("ix_lead_assignment_unanswered", table_name="lead_assignment")
    op.drop_column("lead_assignment", "came_back_at")
    op.drop_table("notice_change")
    op.drop_table("digest_day")
