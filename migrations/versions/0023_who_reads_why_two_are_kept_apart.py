"""Why two people are kept apart has readers of its own, and so has the line that an address is confidential."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APART = sa.table(
    "keep_apart", sa.column("id", sa.Integer), sa.column("family_id", sa.Integer), sa.column("reason", sa.String)
)
EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("family_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("subject", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("text", sa.Text),
    sa.column("corrects_id", sa.Integer),
    sa.column("keepers_only", sa.Boolean),
)
WHY = sa.table(
    "keep_apart_reason",
    sa.column("family_id", sa.Integer),
    sa.column("keep_apart_id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("written_by_id", sa.Integer),
    sa.column("text", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "keep_apart_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keep_apart_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["keep_apart_id"], ["keep_apart.id"], name=op.f("fk_keep_apart_reason_keep_apart_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_keep_apart_reason_event_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["app_user.id"], name=op.f("fk_keep_apart_reason_written_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_keep_apart_reason_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keep_apart_reason")),
        sa.UniqueConstraint("event_id", name=op.f("uq_keep_apart_reason_event_id")),
    )
    op.create_index(op.f("ix_keep_apart_reason_family_id"), "keep_apart_reason", ["family_id"])
    op.create_index(op.f("ix_keep_apart_reason_keep_apart_id"), "keep_apart_reason", ["keep_apart_id"])
    op.add_column("event", sa.Column("keepers_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    _move_reasons()
    _keep_addresses()
    with op.batch_alter_table("event") as batch_op:
        batch_op.alter_column("keepers_only", server_default=None)
    op.drop_column("keep_apart", "reason")


def _move_reasons() -> None:
    """With the line that gave it, and what was written to correct that line; a reason without a line stays alone."""
    about = sa.literal("K-").concat(sa.cast(APART.c.id, sa.String)) == EVENT.c.subject
    written = sa.select(EVENT.c.family_id, APART.c.id, EVENT.c.id, EVENT.c.actor_id, EVENT.c.text)
    first = EVENT.alias("first")
    lines = written.join(APART, about).where(
        EVENT.c.kind.like("keep\\_apart.%", escape="\\"), EVENT.c.text.is_not(None)
    )
    op.execute(sa.insert(WHY).from_select(["family_id", "keep_apart_id", "event_id", "written_by_id", "text"], lines))
    corrections = (
        written.join(first, first.c.id == EVENT.c.corrects_id)
        .join(APART, sa.literal("K-").concat(sa.cast(APART.c.id, sa.String)) == first.c.subject)
        .where(EVENT.c.text.is_not(None))
    )
    op.execute(
        sa.insert(WHY).from_select(["family_id", "keep_apart_id", "event_id", "written_by_id", "text"], corrections)
    )
    without = sa.select(APART.c.family_id, APART.c.id, APART.c.reason).where(
        APART.c.reason.is_not(None), ~sa.exists().where(WHY.c.keep_apart_id == APART.c.id)
    )
    op.execute(sa.insert(WHY).from_select(["family_id", "keep_apart_id", "text"], without))
    op.execute(
        sa.update(EVENT)
        .where(EVENT.c.id.in_(sa.select(WHY.c.event_id).where(WHY.c.event_id.is_not(None))))
        .values(text=None)
    )


def _keep_addresses() -> None:
    first = EVENT.alias("first")
    theirs = EVENT.c.kind.like("confidential.%")
    of_them = sa.select(first.c.id).where(first.c.kind.like("confidential.%"))
    op.execute(sa.update(EVENT).where(theirs).values(keepers_only=True))
    op.execute(sa.update(EVENT).where(EVENT.c.corrects_id.in_(of_them)).values(keepers_only=True))


def downgrade() -> None:
    op.add_column("keep_apart", sa.Column("reason", sa.String(500), nullable=True))
    first = WHY.alias("first")
    reason = (
        sa.select(sa.func.substr(sa.func.min(first.c.text), 1, 500))
        .where(first.c.keep_apart_id == APART.c.id)
        .scalar_subquery()
    )
    text = sa.select(first.c.text).where(first.c.event_id == EVENT.c.id).scalar_subquery()
    op.execute(sa.update(APART).values(reason=reason))
    op.execute(sa.update(EVENT).where(EVENT.c.id.in_(sa.select(first.c.event_id))).values(text=text))
    op.drop_column("event", "keepers_only")
    op.drop_table("keep_apart_reason")
