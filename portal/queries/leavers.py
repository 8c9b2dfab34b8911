"""Those whose account is closed and who still hold something: said to whoever passes it on, until nothing is left."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import counted
from portal.domain.permissions import GRANTS, P
from portal.domain.viewer import Viewer
from portal.facts import held
from portal.models.people import User

NOBODY = -1


@dataclass(frozen=True)
class Leaver:
    """`words`: Pat Partner’s account is closed: 12 things wait to be passed on."""

    words: str
    user_id: int


def of_early_help(viewer: Viewer) -> list[Leaver]:
    """One statement; none for whoever passes nothing on."""
    if not GRANTS[P.COORDINATOR_ASSIGN] & viewer.roles:
        return []
    rows = _closed(*held.columns())
    return [
        _leaver(row, of.by_early_help, "thing waits", "things wait")
        for row in rows
        if (of := held.Held(*row[2:])).by_early_help
    ]


def of_social_work(viewer: Viewer) -> list[Leaver]:
    """Those of the manager's own team. One statement; none for whoever passes nothing on."""
    if not GRANTS[P.STEP_DOWN_REALLOCATE] & viewer.roles:
        return []
    rows = _closed(held.social_work(), team=viewer.social_care_team_id or NOBODY)
    return [_leaver(row, row[2], "{family} waits", "{family:many} wait") for row in rows if row[2]]


def _closed(*numbers: Any, team: int | None = None) -> Any:
    statement = select(User.id, User.name, *numbers).where(~User.active).order_by(User.name, User.id)
    return db.session.execute(statement if team is None else statement.where(User.social_care_team_id == team))


def _leaver(row: Any, number: int, one: str, many: str) -> Leaver:
    return Leaver(f"{row.name}’s account is closed: {counted(number, one, many)} to be passed on", row.id)
