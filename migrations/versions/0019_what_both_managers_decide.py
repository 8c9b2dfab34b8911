"""Gates are waived by both managers together, and a step-down can be complete for some of its children."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "joint_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_down_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words("together", "waive", "new_date", "other_destination", "not_reached", "stays"),
            nullable=False,
        ),
        sa.Column("gate", sa.Integer(), nullable=True),
        sa.Column(
            "destination",
            _words("destination", "team_around_the_family", "same_worker", "single_agency", "universal"),
            nullable=True,
        ),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_for", _words("side", "early_help", "social_care"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("plan_action_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'waive') = (gate IS NOT NULL)", name=op.f("ck_joint_decision_waives_a_gate")),
        sa.CheckConstraint("gate IN (2, 4, 5, 6)", name=op.f("ck_joint_decision_gate_can_be_waived")),
        sa.CheckConstraint(
            "(kind = 'other_destination') = (destination IS NOT NULL)",
            name=op.f("ck_joint_decision_destination_named"),
        ),
        sa.CheckConstraint("agreed_by_id <> proposed_by_id", name=op.f("ck_joint_decision_two_people")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["app_user.id"], name=op.f("fk_joint_decision_agreed_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_joint_decision_family_id")),
        sa.ForeignKeyConstraint(["plan_action_id"], ["plan_action.id"], name=op.f("fk_joint_decision_plan_action_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_joint_decision_proposed_by_id")),
        sa.ForeignKeyConstraint(["step_down_id"], ["step_down.id"], name=op.f("fk_joint_decision_step_down_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_decision")),
    )
    with op.batch_alter_table("joint_decision") as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_decision_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_joint_decision_step_down_id"), ["step_down_id"], unique=False)
        for name, columns, where in (
            ("uq_one_waiver_of_a_gate", ["step_down_id", "gate"], "kind = 'waive' AND ended_at IS NULL"),
            (
                "uq_one_question_at_a_time",
                ["step_down_id"],
                "kind <> 'waive' AND agreed_at IS NULL AND ended_at IS NULL",
            ),
        ):
            batch_op.create_index(
                name, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
            )
    with op.batch_alter_table("step_down") as batch_op:
        batch_op.add_column(sa.Column("linked_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("goes_on", sa.Boolean(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_step_down_linked_to_id"), "step_down", ["linked_to_id"], ["id"])
    outcome = _words("childoutcome", "handed_over", "goes_on")
    outcome.create_constraint = False
    with op.batch_alter_table("step_down_child") as batch_op:
        batch_op.add_column(sa.Column("outcome", outcome, nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_step_down_child_childoutcome"), sa.column("outcome").in_(["handed_over", "goes_on"])
        )
    with op.batch_alter_table("outstanding_action") as batch_op:
        batch_op.add_column(sa.Column("family_told_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("settled_by_name", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outstanding_action") as batch_op:
        batch_op.drop_column("settled_by_name")
        batch_op.drop_column("family_told_on")
    with op.batch_alter_table("step_down_child") as batch_op:
        batch_op.drop_constraint(op.f("ck_step_down_child_childoutcome"), type_="check")
        batch_op.drop_column("outcome")
    with op.batch_alter_table("step_down") as batch_op:
        batch_op.drop_constraint(op.f("fk_step_down_linked_to_id"), type_="foreignkey")
        batch_op.drop_column("goes_on")
        batch_op.drop_column("linked_to_id")
    op.drop_table("joint_decision")
