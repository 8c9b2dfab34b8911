"""The secrets of apps and what is typed and not sent yet are sealed: the database holds them, and cannot read them."""

import json

import sqlalchemy as sa
from alembic import op

from portal.core import sealing

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

# Table, column before, column after. A name of its own, so that no one takes what is sealed for what is not.
SEALED = (("authenticator_app", "secret", "secret_sealed"), ("form_draft", "answers", "answers_sealed"))
BEFORE = {"secret": sa.String(length=300), "answers": sa.JSON()}


def upgrade() -> None:
    _leave_nothing_behind()
    for table, before, after in SEALED:
        op.add_column(table, sa.Column(after, sa.Text(), nullable=True))
        _each(table, before, after, _seal)
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(after, existing_type=sa.Text(), nullable=False)
            batch_op.drop_column(before)


def downgrade() -> None:
    for table, before, after in SEALED:
        op.add_column(table, sa.Column(before, BEFORE[before], nullable=True))
        _each(table, after, before, _open)
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(before, existing_type=BEFORE[before], nullable=False)
            batch_op.drop_column(after)


def _leave_nothing_behind() -> None:
    # SQLite gives pages back as they are, readable; `flask portal upgrade` sees to the rest on both databases.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")


def _each(name, source, target, change):
    table = sa.table(name, sa.column("id"), sa.column(source, _type(source)), sa.column(target, _type(target)))
    rows = op.get_bind().execute(sa.select(table.c.id, table.c[source])).all()
    for row, value in rows:
        values = {target: change(name, source, target, row, value)}
        op.get_bind().execute(sa.update(table).where(table.c.id == row).values(values))


def _type(column):
    return BEFORE.get(column, sa.Text())


def _seal(table, before, after, row, value):
    return sealing.keys().seal(f"{table}.{after}", row, json.dumps(value) if before == "answers" else value)


def _open(table, after, before, row, value):
    plain = sealing.keys().open(f"{table}.{after}", row, value)
    return json.loads(plain) if before == "answers" else plain
