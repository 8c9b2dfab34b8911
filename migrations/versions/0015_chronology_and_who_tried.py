"""A note has its line of history, a line can be one organisation's, and a contact can be made by an outside member."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MADE_BY_ONE = "CASE WHEN made_by_id IS NULL THEN 0 ELSE 1 END + CASE WHEN member_id IS NULL THEN 0 ELSE 1 END = 1"


def upgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_event_organisation_id"), "organisation", ["organisation_id"], ["id"])
    with op.batch_alter_table("note") as batch_op:
        batch_op.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_note_event_id"), "event", ["event_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_note_event_id"), ["event_id"])
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_contact_member_id"), "team_member", ["member_id"], ["id"])
        batch_op.alter_column("made_by_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_contact_made_by_one"), sa.text(MADE_BY_ONE))


def downgrade() -> None:
    # Whose it is still stands in made_by_name; the number has to be somebody’s.
    op.execute("UPDATE contact SET made_by_id = (SELECT MIN(id) FROM app_user) WHERE made_by_id IS NULL")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_contact_made_by_one"), type_="check")
        batch_op.alter_column("made_by_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f("fk_contact_member_id"), type_="foreignkey")
        batch_op.drop_column("member_id")
    with op.batch_alter_table("note") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_note_event_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_note_event_id"), type_="foreignkey")
        batch_op.drop_column("event_id")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_event_organisation_id"), type_="foreignkey")
        batch_op.drop_column("organisation_id")
