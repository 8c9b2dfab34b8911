"""What was hidden of lines that step 0056 sealed is looked for where their words lie now, and can be put back."""

import json

import sqlalchemy as sa
from alembic import op

from portal.core import sealing
from portal.core.errors import Unreadable

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

LINES = ("safe_contact.changed", "family.brought_up_to_date")
PRIVATE = "event.private_sealed"
PIECES = "hidden_place.pieces_sealed"
EVENT = sa.table(
    "event",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("data", sa.JSON()),
    sa.column("private_sealed", sa.Text()),
)
HIDDEN = sa.table(
    "hidden_place",
    sa.column("id", sa.Integer()),
    *(sa.column(name) for name in ("family_id", "hiding_id", "of_table", "of_column", "row_id", "pieces_sealed")),
    sa.column("whole", sa.Boolean()),
    sa.column("put_back", sa.Boolean()),
)


def upgrade() -> None:
    for place, line in _open():
        try:
            pieces = json.loads(sealing.keys().open(PIECES, place.id, place.pieces_sealed))
            private = sealing.keys().open(PRIVATE, line.id, line.private_sealed)
        except Unreadable:
            continue
        first, rest = _marks(place, json.dumps(line.data)), _marks(place, private)
        # Where the marks are not those of its pieces, nobody can say which piece stood where.
        if rest and first + rest == len(pieces):
            _part(place, pieces, first)


def downgrade() -> None:
    # The portal of the step before finds them where they are now.
    pass


def _open():
    """Each place in the open part of a line that has a sealed one, where words are hidden still."""
    of = HIDDEN.c.of_table == "event", HIDDEN.c.of_column == "data", HIDDEN.c.put_back.is_(None)
    for place in op.get_bind().execute(sa.select(HIDDEN).where(*of).order_by(HIDDEN.c.id)).all():
        sealed = EVENT.c.id == place.row_id, EVENT.c.kind.in_(LINES), EVENT.c.private_sealed.is_not(None)
        line = op.get_bind().execute(sa.select(EVENT).where(*sealed)).one_or_none()
        if line is not None:
            yield place, line


def _marks(place, text):
    return text.count(f", Z-{place.hiding_id}]")


def _part(place, pieces, first):
    """Pieces lie in the order of their marks, and whom a line is about stood before what is sealed now."""
    if not first:
        _update(place.id, of_column="private")
        return
    _update(place.id, pieces_sealed=_sealed(place.id, pieces[:first]))
    rest = {name: value for name, value in place._asdict().items() if name != "id"}
    rest |= {"of_column": "private", "pieces_sealed": ""}
    new = op.get_bind().scalar(sa.insert(HIDDEN).values(rest).returning(HIDDEN.c.id))
    _update(new, pieces_sealed=_sealed(new, pieces[first:]))


def _sealed(place, pieces):
    return sealing.keys().seal(PIECES, place, json.dumps(pieces))


def _update(place, **values):
    op.get_bind().execute(sa.update(HIDDEN).where(HIDDEN.c.id == place).values(values))
