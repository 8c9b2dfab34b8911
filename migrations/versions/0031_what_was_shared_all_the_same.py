"""What was shared although nobody had agreed is found without reading the whole history."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OF_THESE = sa.text("kind = 'referral.shared_despite'")


def upgrade() -> None:
    op.create_index(
        "ix_event_shared_despite",
        "event",
        ["recorded_at", "id"],
        sqlite_where=OF_THESE,
        postgresql_where=OF_THESE,
    )


def downgrade() -> None:
    op.drop_index("ix_event_shared_despite", table_name="event")
