"""A meeting can be cancelled or moved to another day; the old one stays, with who asked for it and why."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATE = "ck_meeting_meetingstate"


def upgrade() -> None:
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(
            op.f(STATE), sa.column("state").in_(("arranged", "held", "cancelled", "rescheduled"))
        )
        batch_op.add_column(sa.Column("asked_by", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_meeting_askedby"), sa.column("asked_by").in_(("family", "member", "council"))
        )
        batch_op.add_column(sa.Column("ended_why", sa.String(length=500), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_meeting_ended_said_why"),
            "state NOT IN ('cancelled', 'rescheduled') OR ended_why IS NOT NULL",
        )
        for name in ("moved_to_id", "first_id"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_meeting_{name}"), "meeting", [name], ["id"])
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("sequence", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    # Older code knows neither state. Such a meeting goes, with what hangs on it: nobody met.
    ended = sa.text("SELECT id FROM meeting WHERE state IN ('cancelled', 'rescheduled')").columns(sa.column("id"))
    connection = op.get_bind()
    gone = [row.id for row in connection.execute(ended)]
    meeting, invitee = (
        sa.table("meeting", *map(sa.column, ("id", "next_meeting_id"))),
        sa.table("meeting_invitee", sa.column("meeting_id")),
    )
    connection.execute(sa.delete(invitee).where(invitee.c.meeting_id.in_(gone)))
    connection.execute(sa.update(meeting).where(meeting.c.next_meeting_id.in_(gone)).values(next_meeting_id=None))
    with op.batch_alter_table("meeting") as batch_op:
        for name in ("moved_to_id", "first_id"):
            batch_op.drop_constraint(op.f(f"fk_meeting_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
        batch_op.drop_constraint(op.f("ck_meeting_ended_said_why"), type_="check")
        batch_op.drop_constraint(op.f("ck_meeting_askedby"), type_="check")
        batch_op.drop_constraint(op.f(STATE), type_="check")
    connection.execute(sa.delete(meeting).where(meeting.c.id.in_(gone)))
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.create_check_constraint(op.f(STATE), sa.column("state").in_(("arranged", "held")))
        for name in ("sequence", "ended_why", "asked_by"):
            batch_op.drop_column(name)
