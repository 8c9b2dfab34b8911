"""What people typed that stands in a row of the log, as it may be shown: the log is never changed, so what was hidden
of it is kept back where it is read."""

from typing import Any

from sqlalchemy import case, exists, literal, null

from portal.domain.hiding import CUT_MARK
from portal.models.hiding import HiddenPlace
from portal.models.record import Audit


def reason_as_shown() -> Any:
    """A column of a statement over the log."""
    return case((_hidden("reason"), literal(CUT_MARK)), else_=Audit.reason).label("reason")


def changes_as_shown() -> Any:
    """Nothing of a change that tells hidden words."""
    return case((_hidden("changes"), null()), else_=Audit.changes).label("changes")


def _hidden(column: str) -> Any:
    return exists().where(
        HiddenPlace.of_table == Audit.__tablename__,
        HiddenPlace.of_column == column,
        HiddenPlace.row_id == Audit.id,
        HiddenPlace.put_back.is_not(True),
    )
