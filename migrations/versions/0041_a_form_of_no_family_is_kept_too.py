"""A form that came too late is kept for whoever wrote it, also where it is about no family."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

DRAFT = sa.table("form_draft", sa.column("family_id", sa.Integer()))


def upgrade() -> None:
    with op.batch_alter_table(DRAFT.name) as batch_op:
        batch_op.alter_column("family_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # What is about no family has no place in the older shape.
    op.execute(sa.delete(DRAFT).where(DRAFT.c.family_id.is_(None)))
    with op.batch_alter_table(DRAFT.name) as batch_op:
        batch_op.alter_column("family_id", existing_type=sa.Integer(), nullable=False)
