"""Somebody asks how things are after a step-down to universal services."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CHECK = "follow_up_check"
STAGES_BEFORE = ("signposted", "sent", "accepted", "waiting", "booked", "started", "after_no", "call_back")
STAGES_NOW = (*STAGES_BEFORE, "after_universal")


def upgrade() -> None:
    _stages(STAGES_NOW)


def downgrade() -> None:
    check = sa.table(CHECK, sa.column("stage", sa.String))
    op.execute(check.delete().where(check.c.stage == "after_universal"))
    _stages(STAGES_BEFORE)


def _stages(stages: tuple[str, ...]) -> None:
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{CHECK}_checkstage"), type_="check")
    with op.batch_alter_table(CHECK) as batch_op:
        batch_op.create_check_constraint(op.f(f"ck_{CHECK}_checkstage"), sa.column("stage").in_(stages))
