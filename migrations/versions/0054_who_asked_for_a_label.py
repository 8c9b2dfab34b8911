"""Who asked that a support is called by its label. Of one that is for somebody it is theirs; of others nobody is known."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

REFERRAL = "support_referral"


def upgrade() -> None:
    with op.batch_alter_table(REFERRAL) as batch_op:
        batch_op.add_column(sa.Column("label_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_support_referral_label_by_id"), "person", ["label_by_id"], ["id"])
    op.execute("UPDATE support_referral SET label_by_id = person_id WHERE label IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table(REFERRAL) as batch_op:
        batch_op.drop_constraint(op.f("fk_support_referral_label_by_id"), type_="foreignkey")
        batch_op.drop_column("label_by_id")
