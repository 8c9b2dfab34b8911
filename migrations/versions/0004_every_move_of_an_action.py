"""Actions are blocked, handed back, checked, dropped and passed on; a change keeps what was before, to be undone."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("proposed", "agreed", "in_progress", "done")
NOW = (
    "proposed",
    "agreed",
    "in_progress",
    "blocked",
    "done",
    "verified",
    "handed_back",
    "no_longer_needed",
)
AGREES = ("agrees", "disagrees", "not_asked")
CHECKS = {
    "blocked_explained": (
        "state <> 'blocked' OR (in_the_way IS NOT NULL AND waiting_on IS NOT NULL AND review_on IS NOT NULL)"
    ),
    "handed_back_reasoned": "state <> 'handed_back' OR handed_back_reason IS NOT NULL",
    "verified_dated": "state <> 'verified' OR (verified_on IS NOT NULL AND what_changed IS NOT NULL)",
    "dropped_reasoned": ("state <> 'no_longer_needed' OR (dropped_reason IS NOT NULL AND family_agreed IS NOT NULL)"),
}


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("owner_moves", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("in_the_way", sa.Text(), nullable=True),
        sa.Column("waiting_on", sa.String(length=200), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("handed_back_reason", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("what_changed", sa.Text(), nullable=True),
        sa.Column("dropped_reason", sa.Text(), nullable=True),
        sa.Column("family_agreed", sa.String(length=40), nullable=True),
    ]


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_plan_action_actionstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_plan_action_done_dated"), type_="check")
        for column in _columns():
            batch_op.add_column(column)
        batch_op.create_check_constraint(op.f("ck_plan_action_actionstate"), _one_of("state", NOW))
        batch_op.create_check_constraint(op.f("ck_plan_action_familyagrees"), _one_of("family_agreed", AGREES))
        batch_op.create_check_constraint(
            op.f("ck_plan_action_done_dated"), "state NOT IN ('done', 'verified') OR done_on IS NOT NULL"
        )
        for name, holds in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_plan_action_{name}"), holds)
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("before", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_event_undoes_id"), "event", ["undoes_id"], ["id"])


def downgrade() -> None:
    """What only the newer states can say is told by the history; the action keeps the nearest older one."""
    nearest = {
        "blocked": "in_progress",
        "verified": "done",
        "handed_back": "proposed",
        "no_longer_needed": "done",
    }
    action = sa.table(
        "plan_action", sa.column("state", sa.String), sa.column("done_on", sa.Date), sa.column("due_on", sa.Date)
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_event_undoes_id"), type_="foreignkey")
        batch_op.drop_column("undoes_id")
        batch_op.drop_column("before")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_plan_action_{name}"), type_="check")
        batch_op.drop_constraint(op.f("ck_plan_action_familyagrees"), type_="check")
        batch_op.drop_constraint(op.f("ck_plan_action_actionstate"), type_="check")
        batch_op.drop_constraint(op.f("ck_plan_action_done_dated"), type_="check")
    for newer, older in nearest.items():
        op.execute(action.update().where(action.c.state == newer).values(state=older))
    op.execute(
        action.update().where(action.c.state == "done", action.c.done_on.is_(None)).values(done_on=action.c.due_on)
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        for column in reversed(_columns()):
            batch_op.drop_column(column.name)
        batch_op.create_check_constraint(op.f("ck_plan_action_actionstate"), _one_of("state", BEFORE))
        batch_op.create_check_constraint(op.f("ck_plan_action_done_dated"), "state <> 'done' OR done_on IS NOT NULL")
