"""Two records that turn out to be one family: proposed, merged, and what was moved."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

WAITS = sa.text("confirmed_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("family") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_family_merged_into_id"), "family", ["merged_into_id"], ["id"])
        batch_op.create_check_constraint(op.f("ck_family_merged_into_another"), "merged_into_id <> id")
        batch_op.create_index(op.f("ix_family_merged_into_id"), ["merged_into_id"])
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("written_in_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_event_written_in_id"), "family", ["written_in_id"], ["id"])
    op.create_table(
        "record_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=200), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parted_by_name", sa.String(length=200), nullable=True),
        sa.Column("parted_why", sa.String(length=1000), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("other_id <> family_id", name=op.f("ck_record_merge_two_families")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name=op.f("ck_record_merge_two_people")
        ),
        sa.CheckConstraint(
            "parted_at IS NULL OR (confirmed_at IS NOT NULL AND parted_why IS NOT NULL)",
            name=op.f("ck_record_merge_parted"),
        ),
        sa.CheckConstraint("ended_at IS NULL OR confirmed_at IS NULL", name=op.f("ck_record_merge_one_outcome")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["app_user.id"], name=op.f("fk_record_merge_confirmed_by_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_record_merge_family_id")),
        sa.ForeignKeyConstraint(["other_id"], ["family.id"], name=op.f("fk_record_merge_other_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name=op.f("fk_record_merge_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_merge")),
    )
    for column in ("family_id", "other_id"):
        op.create_index(op.f(f"ix_record_merge_{column}"), "record_merge", [column])
    for name, column in (("uq_one_merge_kept", "family_id"), ("uq_one_merge_other", "other_id")):
        op.create_index(name, "record_merge", [column], unique=True, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "merge_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("same_as_id IS NULL OR same_as_id <> person_id", name=op.f("ck_merge_person_two_rows")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_merge_person_family_id")),
        sa.ForeignKeyConstraint(["merge_id"], ["record_merge.id"], name=op.f("fk_merge_person_merge_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_merge_person_person_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["person.id"], name=op.f("fk_merge_person_same_as_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_person")),
        sa.UniqueConstraint("merge_id", "person_id", name=op.f("uq_merge_person_merge_id_person_id")),
        sa.UniqueConstraint("merge_id", "same_as_id", name=op.f("uq_merge_person_merge_id_same_as_id")),
    )
    for column in ("family_id", "person_id"):
        op.create_index(op.f(f"ix_merge_person_{column}"), "merge_person", [column])
    op.create_table(
        "moved_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("of_table", sa.String(length=60), nullable=False),
        sa.Column("of_column", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_moved_value_family_id")),
        sa.ForeignKeyConstraint(["merge_id"], ["record_merge.id"], name=op.f("fk_moved_value_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_value")),
    )
    op.create_index(op.f("ix_moved_value_family_id"), "moved_value", ["family_id"])
    op.create_index("ix_moved_value_of", "moved_value", ["merge_id", "of_table"])


def downgrade() -> None:
    # Two records that were merged stay one: which row was whose is not known any more.
    op.drop_table("moved_value")
    op.drop_table("merge_person")
    op.drop_table("record_merge")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_constraint(op.f("fk_event_written_in_id"), type_="foreignkey")
        batch_op.drop_column("written_in_id")
    with op.batch_alter_table("family") as batch_op:
        batch_op.drop_index(op.f("ix_family_merged_into_id"))
        batch_op.drop_constraint(op.f("ck_family_merged_into_another"), type_="check")
        batch_op.drop_constraint(op.f("fk_family_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
