"""Whom to ask at an organisation, when it was retired, and where a sharing agreement lies."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("contact", sa.String(length=200), nullable=True))
    op.add_column("organisation", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sharing_agreement", sa.Column("document", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("sharing_agreement", "document")
    op.drop_column("organisation", "retired_at")
    op.drop_column("organisation", "contact")
