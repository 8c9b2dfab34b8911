"""A family answers by a link whether support has started, and somebody rings who was asked to."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CHECK = "follow_up_check"
STAGES_BEFORE = ("signposted", "sent", "accepted", "waiting", "booked", "started", "after_no")
STAGES_NOW = (*STAGES_BEFORE, "call_back")
WAYS, ENDS = ("email", "text", "print"), ("revoked", "asked_again")
SAID = ("yes", "not_yet", "stopped", "not_wanted", "not_sure")


def upgrade() -> None:
    _stages(STAGES_NOW)
    op.create_table(
        "family_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safe_because", sa.String(length=500), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=40), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_family_question_ended_known")),
        sa.CheckConstraint(sa.column("way").in_(WAYS), name=op.f("ck_family_question_linkway")),
        sa.CheckConstraint(sa.column("ended_how").in_(ENDS), name=op.f("ck_family_question_askedend")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["app_user.id"], name=op.f("fk_family_question_asked_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_question_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_family_question_person_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["support_referral.id"], name=op.f("fk_family_question_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_question")),
    )
    for column in ("family_id", "person_id", "referral_id"):
        op.create_index(op.f(f"ix_family_question_{column}"), "family_question", [column], unique=False)
    op.create_index(
        "uq_asked_once",
        "family_question",
        ["referral_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "family_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_link_family_id")),
        sa.ForeignKeyConstraint(["question_id"], ["family_question.id"], name=op.f("fk_family_link_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_family_link_token_hash")),
    )
    op.create_table(
        "family_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=40), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("call_me", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("said IS NOT NULL OR call_me", name=op.f("ck_family_answer_says_something")),
        sa.CheckConstraint(sa.column("said").in_(SAID), name=op.f("ck_family_answer_said")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_answer_family_id")),
        sa.ForeignKeyConstraint(["question_id"], ["family_question.id"], name=op.f("fk_family_answer_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_answer")),
        sa.UniqueConstraint("sent", name=op.f("uq_family_answer_sent")),
    )
    for table in ("family_link", "family_answer"):
        for column in ("family_id", "question_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_table(
        "link_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_post")),
    )
    op.create_index("ix_link_post_who", "link_post", ["who_hash", "at"], unique=False)


def downgrade() -> None:
    """Whoever was to be rung is asked as at the beginning; where that is due already, only once."""
    for table in ("link_post", "family_answer", "family_link", "family_question"):
        op.drop_table(table)
    check = sa.table(
        CHECK, sa.column("stage", sa.String), sa.column("state", sa.String), sa.column("referral_id", sa.Integer)
    )
    other = check.alias("other")
    asked_anyway = (
        sa.select(other.c.referral_id)
        .where(other.c.referral_id == check.c.referral_id, other.c.state == "due", other.c.stage == "signposted")
        .exists()
    )
    rings = check.c.stage == "call_back"
    op.execute(check.update().where(rings, check.c.state == "due", asked_anyway).values(state="void"))
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{CHECK}_checkstage"), type_="check")
    op.execute(check.update().where(rings).values(stage="signposted"))
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstage"), sa.column("stage").in_(STAGES_BEFORE))


def _stages(stages: tuple[str, ...]) -> None:
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{CHECK}_checkstage"), type_="check")
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstage"), sa.column("stage").in_(stages))
