"""A step-down is sent back with a question; after a decline social work says what happens now."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES_BEFORE = ("draft", "proposed", "accepted", "completed", "declined")
STATES_NOW = ("draft", "proposed", "more_information", "accepted", "completed", "declined")
THEN = ("again", "another_route", "stays_open")
STAGES_BEFORE = ("draft", "waiting", "preparing", "active", "following_up", "not_open")
STAGES_NOW = (*STAGES_BEFORE, "not_accepted")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    op.create_table(
        "step_down_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("asked_of_id", sa.Integer(), nullable=False),
        sa.Column("asked_of_name", sa.String(length=200), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_step_down_question_answered_in_words")
        ),
        sa.ForeignKeyConstraint(["asked_of_id"], ["app_user.id"], name=op.f("fk_step_down_question_asked_of_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_step_down_question_family_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_step_down_question_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_down_question")),
    )
    with op.batch_alter_table("step_down_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_down_question_family_id"), ["family_id"])
        batch_op.create_index(batch_op.f("ix_step_down_question_step_down_id"), ["step_down_id"])
        batch_op.create_index(
            "uq_one_open_question",
            ["step_down_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_step_down_stepdownstate"), type_="check")
        batch_op.add_column(sa.Column("answer_decline_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("declined_then", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("declined_then_words", sa.String(length=1000), nullable=True))
        batch_op.create_check_constraint(op.f("ck_step_down_stepdownstate"), _one_of("state", STATES_NOW))
        batch_op.create_check_constraint(op.f("ck_step_down_declinedthen"), _one_of("declined_then", THEN))
    with op.batch_alter_table("family_summary", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_family_summary_stage"), type_="check")
        batch_op.create_check_constraint(op.f("ck_family_summary_stage"), _one_of("stage", STAGES_NOW))


def downgrade() -> None:
    """One with a question waits to be accepted, as before; its questions stay in the history."""
    step_down = sa.table("step_down", sa.column("state", sa.String))
    summary = sa.table("family_summary", sa.column("stage", sa.String))
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_step_down_declinedthen"), type_="check")
        batch_op.drop_constraint(op.f("ck_step_down_stepdownstate"), type_="check")
    op.execute(step_down.update().where(step_down.c.state == "more_information").values(state="proposed"))
    with op.batch_alter_table("step_down", schema=None) as batch_op:
        batch_op.drop_column("declined_then_words")
        batch_op.drop_column("declined_then")
        batch_op.drop_column("answer_decline_by")
        batch_op.create_check_constraint(op.f("ck_step_down_stepdownstate"), _one_of("state", STATES_BEFORE))
    with op.batch_alter_table("family_summary", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_family_summary_stage"), type_="check")
    op.execute(summary.update().where(summary.c.stage == "not_accepted").values(stage="not_open"))
    with op.batch_alter_table("family_summary", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_family_summary_stage"), _one_of("stage", STAGES_BEFORE))
    with op.batch_alter_table("step_down_question", schema=None) as batch_op:
        batch_op.drop_index("uq_one_open_question")
        batch_op.drop_index(batch_op.f("ix_step_down_question_step_down_id"))
        batch_op.drop_index(batch_op.f("ix_step_down_question_family_id"))
    op.drop_table("step_down_question")
