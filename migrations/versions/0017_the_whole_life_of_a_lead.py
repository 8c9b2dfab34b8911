"""A lead can end, be followed, covered and decided for; somebody without a sign-in can lead."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = ("nominated", "accepted", "declined")
AFTER = (*BEFORE, "withdrawn", "ended")
END_CODES = (
    "left_role",
    "organisation_changed",
    "parent_asked",
    "child_asked",
    "caseload",
    "other",
    "time_being",
)
DECISIONS = ("council_worker", "single_agency", "stays_with_social_care")
ONE_KIND = "CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN member_id IS NULL THEN 0 ELSE 1 END = 1"


def upgrade() -> None:
    with op.batch_alter_table("lead_assignment") as batch_op:
        batch_op.drop_constraint(op.f("ck_lead_assignment_leadstate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_lead_assignment_leadstate"), sa.column("state").in_(AFTER))
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_code", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_lead_assignment_member_id"), "team_member", ["member_id"], ["id"])
    op.execute(
        "UPDATE lead_assignment SET name = (SELECT app_user.name FROM app_user WHERE app_user.id = lead_assignment.user_id)"
    )
    with op.batch_alter_table("lead_assignment") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=200), nullable=False)
        batch_op.create_check_constraint(op.f("ck_lead_assignment_endcode"), sa.column("end_code").in_(END_CODES))
        batch_op.create_check_constraint(op.f("ck_lead_assignment_one_kind"), sa.text(ONE_KIND))
        batch_op.create_check_constraint(
            op.f("ck_lead_assignment_ended_reasoned"),
            sa.text("state <> 'ended' OR (end_code IS NOT NULL AND ended_on IS NOT NULL)"),
        )
    op.create_table(
        "lead_cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("named_by_name", sa.String(length=200), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_lead_cover_dates_in_order")),
        sa.ForeignKeyConstraint(["assignment_id"], ["lead_assignment.id"], name=op.f("fk_lead_cover_assignment_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_lead_cover_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_lead_cover_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_cover")),
    )
    for column in ("assignment_id", "family_id", "user_id"):
        op.create_index(op.f(f"ix_lead_cover_{column}"), "lead_cover", [column])
    op.create_table(
        "lead_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(sa.column("decision").in_(DECISIONS), name=op.f("ck_lead_decision_notfound")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_lead_decision_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_lead_decision_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_decision")),
    )
    op.create_index(op.f("ix_lead_decision_family_id"), "lead_decision", ["family_id"])
    with op.batch_alter_table("family_summary") as batch_op:
        batch_op.add_column(sa.Column("lead_user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lead_answer_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lead_missing_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lead_declines", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lead_decided", sa.Boolean(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_family_summary_lead_user_id"), "app_user", ["lead_user_id"], ["id"])
    # What a recount would say of the families there are: nobody has ended leading yet, and nothing was decided.
    op.execute(
        "UPDATE family_summary SET lead_decided = (1 = 0), lead_user_id = (SELECT user_id FROM lead_assignment "
        "WHERE lead_assignment.family_id = family_summary.family_id AND state = 'accepted')"
    )
    op.execute(
        "UPDATE family_summary SET lead_answer_by = (SELECT answer_by FROM lead_assignment "
        "WHERE lead_assignment.family_id = family_summary.family_id AND state = 'nominated')"
    )
    op.execute(
        "UPDATE family_summary SET lead_declines = (SELECT count(*) FROM lead_assignment "
        "WHERE lead_assignment.family_id = family_summary.family_id AND state = 'declined')"
    )
    op.execute(
        "UPDATE family_summary SET lead_missing_since = (SELECT max(opened_on) FROM episode "
        "WHERE episode.family_id = family_summary.family_id) WHERE lead_wanted"
    )
    with op.batch_alter_table("family_summary") as batch_op:
        batch_op.alter_column("lead_declines", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("lead_decided", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("family_summary") as batch_op:
        batch_op.drop_constraint(op.f("fk_family_summary_lead_user_id"), type_="foreignkey")
        for column in ("lead_user_id", "lead_answer_by", "lead_missing_since", "lead_declines", "lead_decided"):
            batch_op.drop_column(column)
    op.drop_table("lead_decision")
    op.drop_table("lead_cover")
    op.execute("DELETE FROM lead_assignment WHERE user_id IS NULL")
    op.execute(
        "UPDATE lead_assignment SET state = 'declined', answer_reason = coalesce(answer_reason, end_reason, 'Ended') "
        "WHERE state IN ('withdrawn', 'ended')"
    )
    with op.batch_alter_table("lead_assignment") as batch_op:
        for check in ("endcode", "one_kind", "ended_reasoned", "leadstate"):
            batch_op.drop_constraint(op.f(f"ck_lead_assignment_{check}"), type_="check")
        batch_op.drop_constraint(op.f("fk_lead_assignment_member_id"), type_="foreignkey")
        for column in ("member_id", "name", "until_on", "end_code", "end_reason", "ended_on"):
            batch_op.drop_column(column)
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_lead_assignment_leadstate"), sa.column("state").in_(BEFORE))
