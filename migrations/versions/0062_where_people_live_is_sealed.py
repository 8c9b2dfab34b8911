"""Where people live, and lived, is sealed; a postcode is found by a mark."""

import sqlalchemy as sa
from alembic import op

from portal.core import sealing

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

# Afterwards each is called …_sealed.
TABLES = ("household", "earlier_address")
COLUMNS = (("address", sa.String(400)), ("postcode", sa.String(8)))
MARK = "household.postcode_sealed"
INDEX = "ix_household_postcode"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Pages are given back overwritten; `flask portal upgrade` sees to the rest on both databases.
        op.execute("PRAGMA secure_delete=ON")
    op.add_column("household", sa.Column("postcode_mark", sa.String(41), nullable=True))
    _mark()
    for table in TABLES:
        for name, _kind in COLUMNS:
            op.add_column(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=True))
            _each(table, name, f"{name}_sealed", sealing.keys().seal, f"{table}.{name}_sealed")
    op.drop_index(INDEX, table_name="household")
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            for name, _kind in COLUMNS:
                batch_op.drop_column(name)
    op.create_index(f"{INDEX}_mark", "household", ["postcode_mark"])


def downgrade() -> None:
    op.drop_index(f"{INDEX}_mark", table_name="household")
    for table in TABLES:
        for name, kind in COLUMNS:
            op.add_column(table, sa.Column(name, kind, nullable=True))
            _each(table, f"{name}_sealed", name, sealing.keys().open, f"{table}.{name}_sealed")
        with op.batch_alter_table(table) as batch_op:
            for name, _kind in COLUMNS:
                batch_op.drop_column(f"{name}_sealed")
            if table == "household":
                batch_op.drop_column("postcode_mark")
    op.create_index(INDEX, "household", ["postcode"])


def _mark():
    home = sa.table("household", sa.column("postcode"), sa.column("postcode_mark"))
    known = sa.select(home.c.postcode).where(home.c.postcode.is_not(None)).distinct()
    for postcode in op.get_bind().execute(known).scalars().all():
        marked = {"postcode_mark": sealing.keys().mark(MARK, postcode)}
        op.get_bind().execute(sa.update(home).where(home.c.postcode == postcode).values(marked))


def _each(name, source, target, change, place):
    """Fill one column from the other, row by row."""
    table = sa.table(name, sa.column("id"), sa.column(source), sa.column(target))
    filled = sa.select(table.c.id, table.c[source]).where(table.c[source].is_not(None))
    for row, value in op.get_bind().execute(filled).all():
        new = {target: change(place, row, value)}
        op.get_bind().execute(sa.update(table).where(table.c.id == row).values(new))
