"""Who leads stops where early help ends before it began."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = ("left_role", "organisation_changed", "parent_asked", "child_asked", "caseload", "other", "time_being")
AFTER = (*BEFORE, "not_begun")
LEAD = sa.table("lead_assignment", sa.column("end_code", sa.String))


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute(sa.update(LEAD).where(LEAD.c.end_code == "not_begun").values(end_code="other"))
    _allow(BEFORE)


def _allow(codes: tuple[str, ...]) -> None:
    with op.batch_alter_table("lead_assignment") as batch_op:
        batch_op.drop_constraint(op.f("ck_lead_assignment_endcode"), type_="check")
        batch_op.create_check_constraint(op.f("ck_lead_assignment_endcode"), sa.column("end_code").in_(codes))
