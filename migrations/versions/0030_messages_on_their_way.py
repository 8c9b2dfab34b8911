"""One row for each recipient of a message, one for each attempt to send it, and what each person chose to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OF_ONE_THING = "CASE WHEN outbox_id IS NULL THEN 0 ELSE 1 END + CASE WHEN digest_on IS NULL THEN 0 ELSE 1 END = 1"


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("notice", sa.String(length=60), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "lined_up",
                "sent",
                "failed",
                "withheld",
                name="deliverystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("email", "text", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(OF_ONE_THING, name=op.f("ck_delivery_of_one_thing")),
        sa.CheckConstraint("digest_on IS NULL OR user_id IS NOT NULL", name=op.f("ck_delivery_digest_of_somebody")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_message.id"], name=op.f("fk_delivery_outbox_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_delivery_user_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["delivery.id"], name=op.f("fk_delivery_digest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
        sa.UniqueConstraint("outbox_id", "user_id", name=op.f("uq_delivery_outbox_id_user_id")),
        sa.UniqueConstraint("user_id", "digest_on", name=op.f("uq_delivery_user_id_digest_on")),
    )
    op.create_index(op.f("ix_delivery_user_id"), "delivery", ["user_id"])
    op.create_index(op.f("ix_delivery_digest_id"), "delivery", ["digest_id"])
    _partial("ix_delivery_waiting", "delivery", ["next_at", "id"], "status = 'waiting'")
    _partial("ix_delivery_failed", "delivery", ["settled_at", "id"], "status = 'failed'")
    _partial("ix_delivery_lined_up", "delivery", ["user_id", "id"], "status = 'lined_up'")
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    op.create_index("ix_delivery_attempt_of", "delivery_attempt", ["delivery_id", "number"])
    op.create_table(
        "notice_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("at_once", "digest", "never", name="when", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", "notice", name=op.f("pk_notice_choice")),
    )
    _partial("ix_outbox_unsent", "outbox_message", ["due_at", "id"], "sent_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_outbox_unsent", table_name="outbox_message")
    op.drop_table("notice_choice")
    op.drop_table("delivery_attempt")
    op.drop_table("delivery")
