"""The request that a family stays with social care, while it waits for the social care manager."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.viewer import Viewer
from portal.models.handover import StepDown
from portal.models.step_down_ends import StaysWithSocialCare


def waiting(step_down: StepDown) -> StaysWithSocialCare | None:
    return db.session.scalars(
        select(StaysWithSocialCare).where(
            StaysWithSocialCare.step_down_id == step_down.id, StaysWithSocialCare.settled_on.is_(None)
        )
    ).first()


def settle(row: StaysWithSocialCare, words: str, *, agreed: bool, by_name: str) -> None:
    row.agreed, row.settled_by_name, row.settled_on, row.settled_words = agreed, by_name, clock.today(), words


def overtaken(step_down: StepDown, *, by: Viewer) -> None:
    """The step-down goes another way: nobody has to agree any more, where somebody was asked."""
    row = waiting(step_down)
    if row is not None:
        settle(row, "Something else was recorded meanwhile", agreed=False, by_name=by.name)
        db.session.flush()
