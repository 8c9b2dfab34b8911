"""Recovery codes are hashed slowly and with salt; wrong codes are counted where everything is that is limited."""

import sqlalchemy as sa
from alembic import op
from argon2 import PasswordHasher

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

CODE = sa.table("recovery_code", sa.column("id", sa.Integer()), sa.column("code_hash", sa.String()))


def upgrade() -> None:
    with op.batch_alter_table(CODE.name) as batch_op:
        batch_op.drop_constraint(op.f("uq_recovery_code_user_id_code_hash"), type_="unique")
        batch_op.alter_column("code_hash", existing_type=sa.String(length=64), type_=sa.String(length=120))
    op.create_index(op.f("ix_recovery_code_user_id"), CODE.name, ["user_id"])
    # What is on paper still counts: the quick hash of it is hashed once more.
    slow, bind = PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1), op.get_bind()
    for row in bind.execute(sa.select(CODE.c.id, CODE.c.code_hash)).all():
        bind.execute(sa.update(CODE).where(CODE.c.id == row.id).values(code_hash=slow.hash(row.code_hash)))
    op.drop_table("sign_in_attempt")


def downgrade() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_who", "sign_in_attempt", ["who_hash", "at"])
    # Nobody can tell what was hashed: these codes open nothing any more, and new ones are made on one's account.
    op.execute(sa.delete(CODE))
    op.drop_index(op.f("ix_recovery_code_user_id"), table_name=CODE.name)
    with op.batch_alter_table(CODE.name) as batch_op:
        batch_op.alter_column("code_hash", existing_type=sa.String(length=120), type_=sa.String(length=64))
        batch_op.create_unique_constraint(op.f("uq_recovery_code_user_id_code_hash"), ["user_id", "code_hash"])
