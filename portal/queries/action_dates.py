"""By when an action wants somebody, in the same words on every page."""

from dataclasses import replace
from datetime import date

from portal.domain.dates import Calendar, near
from portal.domain.plans import UNSETTLED_ACTIONS, ActionState
from portal.facts.in_the_way import is_looked_at_sooner
from portal.queries.shapes import Due, due


def wanted(state: ActionState, due_on: date, review_on: date | None, today: date, days: Calendar) -> Due | None:
    """None where nobody is wanted any more. Where what is in its way is looked at again before it is to be done, it is
    that day, and the words say so."""
    if state not in UNSETTLED_ACTIONS:
        return None
    if not review_on or not is_looked_at_sooner(state, due_on, review_on):
        return due(due_on, today, days)
    look = due(review_on, today, days)
    to_be_done = f"{near(review_on, today)}, to be done by {near(due_on, today)}"
    return look and replace(look, on=to_be_done, words=f"look again: {look.words}", far=False)
