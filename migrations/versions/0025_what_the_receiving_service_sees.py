"""What a receiving service sees of a referral, and that it said no."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(length=300), nullable=False),
        sa.Column("service_name", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("safe_contact", sa.String(length=500), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by_name", sa.String(length=200), nullable=False),
        sa.Column("sent_by_phone", sa.String(length=60), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["support_referral.id"], name=op.f("fk_shared_referral_referral_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_shared_referral_organisation_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_shared_referral_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_referral")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_shared_referral_referral_id")),
    )
    op.create_index(op.f("ix_shared_referral_family_id"), "shared_referral", ["family_id"])
    op.create_index(op.f("ix_shared_referral_organisation_id"), "shared_referral", ["organisation_id"])
    op.add_column("support_referral", sa.Column("declined_on", sa.Date(), nullable=True))
    op.add_column("support_referral", sa.Column("declined_why", sa.String(length=1000), nullable=True))


def downgrade() -> None:
    op.drop_column("support_referral", "declined_why")
    op.drop_column("support_referral", "declined_on")
    op.drop_table("shared_referral")
