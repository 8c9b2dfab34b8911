"""By which day an action wants somebody: when it is to be done, or sooner, what is in its way is looked at again."""

from datetime import date

from sqlalchemy import and_, case
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.plans import ActionState
from portal.models.teamwork import PlanAction


def is_looked_at_sooner(state: ActionState, due_on: date, review_on: date | None) -> bool:
    """Whether what is in its way is looked at again before the day it is to be done."""
    return state is ActionState.BLOCKED and review_on is not None and review_on < due_on


def wanted_by() -> ColumnElement[date]:
    """The day from which it is overdue, of the actions of a statement; everything that counts days counts from this."""
    sooner = and_(PlanAction.state == ActionState.BLOCKED, PlanAction.review_on < PlanAction.due_on)
    return case((sooner, PlanAction.review_on), else_=PlanAction.due_on)
