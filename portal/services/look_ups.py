"""Looking a family up: what was asked is recorded, how often is limited, and what was found may be built on."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused, TooMany
from portal.domain.limits import PACES, Limit
from portal.domain.viewer import Viewer
from portal.models.families import Family, LookUp
from portal.policies import barred
from portal.policies.scope import unscoped

BY_NUMBER = "reference or number"
BY_NAME = "surname, date of birth and postcode"
STARTING = "Starting a step-down"
ADDING = "Adding a family"
SUGGESTING = "Recording what was suggested"
LIVES = timedelta(hours=1)


def demand_pace(by: Viewer) -> None:
    """Raises TooMany where this person has looked up as often as anybody needs to. Each look-up is kept: they are
    counted."""
    (pace,) = PACES[Limit.SEARCH]
    looked = db.session.execute(
        # The rows of one look-up share their instant.
        select(func.count(LookUp.at.distinct())).where(
            LookUp.user_id == by.user_id, LookUp.at > clock.now() - pace.within
        )
    ).scalar_one()
    if looked >= pace.times:
        raise TooMany(f"You have looked up {pace.times} times in a minute. Wait a minute, then try again.")


def record(*, by: Viewer, reason: str, searched_by: str, found: Sequence[int], sent: str | None = None) -> list[LookUp]:
    """One row for each family found, in their order; one row without a family where none was. A second click on
    the same form (`sent`) gets the rows of the first."""
    wanted: list[int | None] = list(found) or [None]
    if sent is not None:
        first = {
            row.found_family_id: row
            for row in db.session.scalars(select(LookUp).where(LookUp.user_id == by.user_id, LookUp.sent == sent))
        }
        if all(family_id in first for family_id in wanted):
            return [first[family_id] for family_id in wanted]
    now = clock.now()
    rows = [
        LookUp(user_id=by.user_id, at=now, reason=reason, searched_by=searched_by, sent=sent, found_family_id=family_id)
        for family_id in wanted
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def usable(look_up_id: int, viewer: Viewer) -> int:
    """The id of the family that the viewer found themselves, less than an hour ago, and may still find. Raises
    Refused."""
    with unscoped("a family found by a recorded look-up"):
        family_id = db.session.execute(
            select(LookUp.found_family_id)
            .join(Family, Family.id == LookUp.found_family_id)
            .where(
                LookUp.id == look_up_id,
                LookUp.user_id == viewer.user_id,
                LookUp.at > clock.now() - LIVES,
                Family.restricted.is_(False),
                ~barred.conflicted(Family.id, viewer.user_id),
            )
        ).scalar_one_or_none()
    if family_id is None:
        raise Refused("This look-up was too long ago. Look the family up again.")
    return family_id
