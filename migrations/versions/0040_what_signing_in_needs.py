"""Whatever is limited is counted in one table, sessions say in which browser, and passwords are set by a link."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("link_post")
    op.create_table(
        "limited_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("limit_name", sa.String(length=60), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limited_use")),
    )
    op.create_index("ix_limited_use_of", "limited_use", ["limit_name", "who_hash", "at"], unique=False)
    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_password_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    op.create_index(op.f("ix_password_link_user_id"), "password_link", ["user_id"], unique=False)
    op.add_column("user_session", sa.Column("browser", sa.String(length=60), nullable=True))


def downgrade() -> None:
    """Links that were sent open nothing any more, and what was limited may be done at once again."""
    with op.batch_alter_table("user_session") as batch_op:
        batch_op.drop_column("browser")
    op.drop_table("password_link")
    op.drop_table("limited_use")
    op.create_table(
        "link_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_post")),
    )
    op.create_index("ix_link_post_who", "link_post", ["who_hash", "at"], unique=False)
