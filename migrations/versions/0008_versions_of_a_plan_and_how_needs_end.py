"""A plan is revised, version by version; a need can be met or passed on, and is reviewed with the family."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLAN_BEFORE, PLAN_NOW = ("draft", "in_force"), ("draft", "in_force", "replaced")
NEED_BEFORE, NEED_NOW = ("open", "not_met"), ("open", "met", "transferred", "not_met")
REVIEWS = ("better", "same", "worse")
ONE = {"uq_plan_in_force": "state = 'in_force'", "uq_plan_in_draft": "state = 'draft'"}
ENDS = {
    "met_reasoned": "state <> 'met' OR met_reason IS NOT NULL",
    "transferred_to_somebody": "state <> 'transferred' OR transferred_to IS NOT NULL",
}
WAITING = ("plan_need", "plan_action", "event")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    with op.batch_alter_table("action_plan") as batch_op:
        batch_op.drop_constraint(op.f("ck_action_plan_planstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_action_plan_in_force_dated"), type_="check")
        batch_op.create_check_constraint(op.f("ck_action_plan_planstate"), _one_of("state", PLAN_NOW))
        batch_op.create_check_constraint(
            op.f("ck_action_plan_in_force_dated"), "state = 'draft' OR in_force_on IS NOT NULL"
        )
        for name, holds in ONE.items():
            batch_op.create_index(
                name, ["episode_id"], unique=True, sqlite_where=sa.text(holds), postgresql_where=sa.text(holds)
            )
    with op.batch_alter_table("plan_need") as batch_op:
        batch_op.drop_constraint(op.f("ck_plan_need_needstate"), type_="check")
        batch_op.add_column(sa.Column("met_reason", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("transferred_to", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(op.f("ck_plan_need_needstate"), _one_of("state", NEED_NOW))
        for name, holds in ENDS.items():
            batch_op.create_check_constraint(op.f(f"ck_plan_need_{name}"), holds)
    for table in WAITING:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("revision_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_revision_id"), "action_plan", ["revision_id"], ["id"])
    op.create_table(
        "need_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_need_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(*REVIEWS, name="review", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_need_review_family_id")),
        sa.ForeignKeyConstraint(["plan_need_id"], ["plan_need.id"], name=op.f("fk_need_review_plan_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_review")),
    )
    with op.batch_alter_table("need_review") as batch_op:
        batch_op.create_index(batch_op.f("ix_need_review_family_id"), ["family_id"])
        batch_op.create_index(batch_op.f("ix_need_review_plan_need_id"), ["plan_need_id"])


def downgrade() -> None:
    """The older plan knows one version and one end of a need: what is met or passed on is told by the history."""
    plan = sa.table("action_plan", sa.column("id"), sa.column("number", sa.Integer), sa.column("state", sa.String))
    need = sa.table("plan_need", sa.column("state", sa.String))
    op.drop_table("need_review")
    for table in reversed(WAITING):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_revision_id"), type_="foreignkey")
            batch_op.drop_column("revision_id")
    with op.batch_alter_table("plan_need") as batch_op:
        for name in ENDS:
            batch_op.drop_constraint(op.f(f"ck_plan_need_{name}"), type_="check")
        batch_op.drop_constraint(op.f("ck_plan_need_needstate"), type_="check")
    op.execute(need.update().where(need.c.state.in_(["met", "transferred"])).values(state="open"))
    with op.batch_alter_table("plan_need") as batch_op:
        batch_op.drop_column("transferred_to")
        batch_op.drop_column("met_reason")
        batch_op.create_check_constraint(op.f("ck_plan_need_needstate"), _one_of("state", NEED_BEFORE))
    with op.batch_alter_table("action_plan") as batch_op:
        for name in ONE:
            batch_op.drop_index(name)
        batch_op.drop_constraint(op.f("ck_action_plan_planstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_action_plan_in_force_dated"), type_="check")
    op.execute(plan.delete().where(plan.c.number > 1, plan.c.state == "draft"))
    op.execute(plan.update().where(plan.c.state == "replaced").values(state="in_force"))
    with op.batch_alter_table("action_plan") as batch_op:
        batch_op.create_check_constraint(op.f("ck_action_plan_planstate"), _one_of("state", PLAN_BEFORE))
        batch_op.create_check_constraint(
            op.f("ck_action_plan_in_force_dated"), "state <> 'in_force' OR in_force_on IS NOT NULL"
        )
