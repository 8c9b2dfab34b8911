"""Words that were hidden because they must not stand, and where they stood."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hidden_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False),
        sa.Column("hidden_by_id", sa.Integer(), nullable=False),
        sa.Column("hidden_by_name", sa.String(length=200), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_back_by_name", sa.String(length=200), nullable=True),
        sa.Column("put_back_why", sa.String(length=500), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(put_back_at IS NULL) = (put_back_why IS NULL)", name=op.f("ck_hidden_words_put_back_reasoned")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_hidden_words_family_id")),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["app_user.id"], name=op.f("fk_hidden_words_hidden_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_words")),
    )
    op.create_index(op.f("ix_hidden_words_family_id"), "hidden_words", ["family_id"])
    op.create_table(
        "hidden_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hiding_id", sa.Integer(), nullable=False),
        sa.Column("of_table", sa.String(length=60), nullable=False),
        sa.Column("of_column", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("pieces_sealed", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("put_back", sa.Boolean(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_hidden_place_family_id")),
        sa.ForeignKeyConstraint(["hiding_id"], ["hidden_words.id"], name=op.f("fk_hidden_place_hiding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_place")),
    )
    op.create_index(op.f("ix_hidden_place_family_id"), "hidden_place", ["family_id"])
    op.create_index(op.f("ix_hidden_place_hiding_id"), "hidden_place", ["hiding_id"])
    op.create_index("ix_hidden_place_of", "hidden_place", ["of_table", "row_id"])


def downgrade() -> None:
    # What was hidden stays hidden: its rows hold the mark, and nobody can put it back any more.
    op.drop_table("hidden_place")
    op.drop_table("hidden_words")
