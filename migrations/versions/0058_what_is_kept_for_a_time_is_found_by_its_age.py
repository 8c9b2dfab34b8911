"""Forms that were not sent, and how those that were sent were answered, are found by their age."""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_form_draft_saved_at"), "form_draft", ["saved_at"])
    op.create_index(op.f("ix_idempotency_key_at"), "idempotency_key", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_idempotency_key_at"), table_name="idempotency_key")
    op.drop_index(op.f("ix_form_draft_saved_at"), table_name="form_draft")
