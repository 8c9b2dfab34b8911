"""What the address of a home was before it was corrected; until when two people were kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STILL_APART = sa.text("ended_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "earlier_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_earlier_address_family_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_earlier_address_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_address")),
    )
    with op.batch_alter_table("earlier_address") as batch_op:
        batch_op.create_index(batch_op.f("ix_earlier_address_family_id"), ["family_id"])
        batch_op.create_index(batch_op.f("ix_earlier_address_household_id"), ["household_id"])
    with op.batch_alter_table("keep_apart") as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("keep_apart") as batch_op:
        batch_op.alter_column("version", server_default=None)
        batch_op.create_index(
            "uq_kept_apart_once",
            ["person_id", "other_id", "kind"],
            unique=True,
            sqlite_where=STILL_APART,
            postgresql_where=STILL_APART,
        )


def downgrade() -> None:
    with op.batch_alter_table("keep_apart") as batch_op:
        batch_op.drop_index("uq_kept_apart_once")
    # Without the column nobody would know which of them hold no more.
    op.execute("DELETE FROM keep_apart WHERE ended_on IS NOT NULL")
    with op.batch_alter_table("keep_apart") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("ended_on")
    with op.batch_alter_table("earlier_address") as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_address_household_id"))
        batch_op.drop_index(batch_op.f("ix_earlier_address_family_id"))
    op.drop_table("earlier_address")
