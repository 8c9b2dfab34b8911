"""How people who work with families are rung is sealed."""

import sqlalchemy as sa
from alembic import op

from portal.core import sealing

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

# Table, column, its type before. Afterwards each is called …_sealed.
SEALED = (("app_user", "phone", sa.String(40)), ("shared_referral", "sent_by_phone", sa.String(60)))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Pages are given back overwritten; `flask portal upgrade` sees to the rest on both databases.
        op.execute("PRAGMA secure_delete=ON")
    for table, name, _kind in SEALED:
        op.add_column(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=True))
        _each(table, name, f"{name}_sealed", sealing.keys().seal, f"{table}.{name}_sealed")
        op.drop_column(table, name)


def downgrade() -> None:
    for table, name, kind in SEALED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        _each(table, f"{name}_sealed", name, sealing.keys().open, f"{table}.{name}_sealed")
        op.drop_column(table, f"{name}_sealed")


def _each(name, source, target, change, place):
    """Fill one column from the other, row by row."""
    table = sa.table(name, sa.column("id"), sa.column(source), sa.column(target))
    filled = sa.select(table.c.id, table.c[source]).where(table.c[source].is_not(None))
    for row, value in op.get_bind().execute(filled).all():
        new = {target: change(place, row, value)}
        op.get_bind().execute(sa.update(table).where(table.c.id == row).values(new))
