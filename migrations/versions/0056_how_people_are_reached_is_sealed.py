"""How people are reached, confidential addresses, notes and why people are kept apart are sealed."""

import json

import sqlalchemy as sa
from alembic import op

from portal.core import sealing

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

# Table, column, its type before, whether it may be empty. Afterwards each is called …_sealed.
SEALED = (
    ("safe_contact", "phone", sa.String(40), True),
    ("safe_contact", "email", sa.String(254), True),
    ("safe_contact", "note", sa.String(500), True),
    ("confidential_address", "address", sa.String(400), False),
    ("confidential_address", "postcode", sa.String(8), True),
    ("keep_apart_reason", "text", sa.Text(), False),
    ("note", "text", sa.Text(), False),
)
# Lines of history that tell how somebody is reached, and under which names of their data.
LINES = {"safe_contact.changed": ("old", "new"), "family.brought_up_to_date": ("what",)}
PRIVATE = "event.private_sealed"
EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("data", sa.JSON()),
    sa.column("private_sealed", sa.Text()),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Pages are given back overwritten; `flask portal upgrade` sees to the rest on both databases.
        op.execute("PRAGMA secure_delete=ON")
    for table in dict.fromkeys(table for table, *_ in SEALED):
        columns = [(name, kind, empty) for of, name, kind, empty in SEALED if of == table]
        for name, _, _ in columns:
            op.add_column(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=True))
        _each(table, [(name, f"{name}_sealed", kind) for name, kind, _ in columns], sealing.keys().seal, sealed=True)
        with op.batch_alter_table(table) as batch_op:
            for name, _, empty in columns:
                batch_op.alter_column(f"{name}_sealed", existing_type=sa.Text(), nullable=empty)
                batch_op.drop_column(name)
    op.add_column("event", sa.Column("private_sealed", sa.Text(), nullable=True))
    for row, kind, data in _lines():
        private = {name: data.pop(name) for name in LINES[kind] if name in data}
        if private:
            sealed = sealing.keys().seal(PRIVATE, row, json.dumps(private))
            _update_line(row, data=data, private_sealed=sealed)


def downgrade() -> None:
    for row, _kind, data in _lines():
        sealed = op.get_bind().scalar(sa.select(EVENT.c.private_sealed).where(EVENT.c.id == row))
        if sealed is not None:
            _update_line(row, data=data | json.loads(sealing.keys().open(PRIVATE, row, sealed)))
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("private_sealed")
    for table in dict.fromkeys(table for table, *_ in SEALED):
        columns = [(name, kind, empty) for of, name, kind, empty in SEALED if of == table]
        for name, kind, _ in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
        _each(table, [(f"{name}_sealed", name, kind) for name, kind, _ in columns], sealing.keys().open, sealed=False)
        with op.batch_alter_table(table) as batch_op:
            for name, kind, empty in columns:
                batch_op.alter_column(name, existing_type=kind, nullable=empty)
                batch_op.drop_column(f"{name}_sealed")


def _each(name, columns, change, *, sealed):
    """Fill the column of each pair from the other one, row by row."""
    both = [sa.column(column) for pair in columns for column in pair[:2]]
    table = sa.table(name, sa.column("id"), *both)
    for row, *values in (
        op.get_bind().execute(sa.select(table.c.id, *(table.c[source] for source, *_ in columns))).all()
    ):
        new = {
            target: change(f"{name}.{target if sealed else source}", row, value)
            for (source, target, _), value in zip(columns, values, strict=True)
            if value is not None
        }
        if new:
            op.get_bind().execute(sa.update(table).where(table.c.id == row).values(new))


def _lines():
    return op.get_bind().execute(sa.select(EVENT.c.id, EVENT.c.kind, EVENT.c.data).where(EVENT.c.kind.in_(LINES))).all()


def _update_line(row, **values):
    op.get_bind().execute(sa.update(EVENT).where(EVENT.c.id == row).values(values))
