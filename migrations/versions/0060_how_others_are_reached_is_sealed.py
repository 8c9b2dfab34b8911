"""How outside helpers, watchers and, through services, families are reached is sealed."""

import json

import sqlalchemy as sa
from alembic import op

from portal.core import sealing

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

# Table, column, its type before, whether it may be empty. Afterwards each is called …_sealed.
SEALED = (
    ("team_member", "contact", sa.String(200), True),
    ("family_said_no", "watcher_contact", sa.String(200), True),
    ("support_referral", "safe_contact", sa.String(500), True),
    ("shared_referral", "safe_contact", sa.String(500), False),
)
# A condition that names one of them.
KNOWN = "sent_known"
SENT = "state <> 'sent' OR (sent_on IS NOT NULL AND sent_reason IS NOT NULL AND {} IS NOT NULL)"
# What was corrected of a member of the team may be how they are reached.
LINE = "team.corrected"
PRIVATE = "event.private_sealed"
EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("data", sa.JSON()),
    sa.column("private_sealed", sa.Text()),
)
# What was hidden of such a line goes where its words go.
PIECES = "hidden_place.pieces_sealed"
HIDDEN = sa.table(
    "hidden_place",
    sa.column("id", sa.Integer()),
    *(sa.column(name) for name in ("family_id", "hiding_id", "of_table", "of_column", "row_id", "pieces_sealed")),
    sa.column("whole", sa.Boolean()),
    sa.column("put_back", sa.Boolean()),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Pages are given back overwritten; `flask portal upgrade` sees to the rest on both databases.
        op.execute("PRAGMA secure_delete=ON")
    for table, name, _kind, empty in SEALED:
        op.add_column(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=True))
        _each(table, name, f"{name}_sealed", sealing.keys().seal, f"{table}.{name}_sealed")
        with op.batch_alter_table(table) as batch_op:
            if table == "support_referral":
                batch_op.drop_constraint(batch_op.f(f"ck_{table}_{KNOWN}"), type_="check")
                batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{KNOWN}"), SENT.format(f"{name}_sealed"))
            batch_op.alter_column(f"{name}_sealed", existing_type=sa.Text(), nullable=empty)
            batch_op.drop_column(name)
    for row, data in _lines(EVENT.c.data):
        if "what" in data:
            sealed = sealing.keys().seal(PRIVATE, row, json.dumps({"what": data.pop("what")}))
            _update_line(row, data=data, private_sealed=sealed)
            _part_hidden(row, data)


def downgrade() -> None:
    for row, sealed in _lines(EVENT.c.private_sealed):
        if sealed is not None:
            data = op.get_bind().scalar(sa.select(EVENT.c.data).where(EVENT.c.id == row))
            plain = json.loads(sealing.keys().open(PRIVATE, row, sealed))
            _update_line(row, data=data | plain, private_sealed=None)
            _join_hidden(row)
    for table, name, kind, empty in SEALED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        _each(table, f"{name}_sealed", name, sealing.keys().open, f"{table}.{name}_sealed")
        with op.batch_alter_table(table) as batch_op:
            if table == "support_referral":
                batch_op.drop_constraint(batch_op.f(f"ck_{table}_{KNOWN}"), type_="check")
                batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{KNOWN}"), SENT.format(name))
            batch_op.alter_column(name, existing_type=kind, nullable=empty)
            batch_op.drop_column(f"{name}_sealed")


def _each(name, source, target, change, place):
    """Fill one column from the other, row by row."""
    table = sa.table(name, sa.column("id"), sa.column(source), sa.column(target))
    filled = sa.select(table.c.id, table.c[source]).where(table.c[source].is_not(None))
    for row, value in op.get_bind().execute(filled).all():
        new = {target: change(place, row, value)}
        op.get_bind().execute(sa.update(table).where(table.c.id == row).values(new))


def _lines(column):
    return op.get_bind().execute(sa.select(EVENT.c.id, column).where(EVENT.c.kind == LINE)).all()


def _update_line(row, **values):
    op.get_bind().execute(sa.update(EVENT).where(EVENT.c.id == row).values(values))


def _part_hidden(row, left):
    """The pieces lie in the order of the marks: those of what is left in the data come first."""
    for place in _hidden_of(row, "data"):
        pieces = json.loads(sealing.keys().open(PIECES, place.id, place.pieces_sealed))
        first = json.dumps(left).count(f", Z-{place.hiding_id}]")
        if not first:
            _update_hidden(place.id, of_column="private")
        elif first < len(pieces):
            _update_hidden(place.id, pieces_sealed=_sealed_pieces(place.id, pieces[:first]))
            rest = {name: value for name, value in place._asdict().items() if name != "id"}
            rest |= {"of_column": "private", "pieces_sealed": ""}
            new = op.get_bind().scalar(sa.insert(HIDDEN).values(rest).returning(HIDDEN.c.id))
            _update_hidden(new, pieces_sealed=_sealed_pieces(new, pieces[first:]))


def _join_hidden(row):
    beside = {place.hiding_id: place for place in _hidden_of(row, "data")}
    for place in _hidden_of(row, "private"):
        first = beside.get(place.hiding_id)
        if first is None:
            _update_hidden(place.id, of_column="data")
            continue
        pieces = [
            piece
            for each in (first, place)
            for piece in json.loads(sealing.keys().open(PIECES, each.id, each.pieces_sealed))
        ]
        _update_hidden(first.id, pieces_sealed=_sealed_pieces(first.id, pieces))
        op.get_bind().execute(sa.delete(HIDDEN).where(HIDDEN.c.id == place.id))


def _hidden_of(row, column):
    of = HIDDEN.c.of_table == "event", HIDDEN.c.row_id == row, HIDDEN.c.of_column == column
    return op.get_bind().execute(sa.select(HIDDEN).where(*of).order_by(HIDDEN.c.id)).all()


def _sealed_pieces(place, pieces):
    return sealing.keys().seal(PIECES, place, json.dumps(pieces))


def _update_hidden(place, **values):
    op.get_bind().execute(sa.update(HIDDEN).where(HIDDEN.c.id == place).values(values))
