"""Marking an action done: the form, and everything it writes."""

from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.models.record import Audit, AuditKind, Event, IdempotencyKey, OutboxMessage
from portal.models.teamwork import PlanAction
from tests.support.people import Council
from tests.support.web import FilledForm, SignIn


def stored(council: Council, action: PlanAction) -> tuple[Any, ...]:
    """Everything that marking an action done writes."""
    with council.behind_the_scenes():
        row = db.session.get_one(PlanAction, action.id)
        counts = [
            db.session.execute(select(func.count()).select_from(model)).scalar_one()
            for model in (Event, OutboxMessage, IdempotencyKey)
        ]
        changes = db.session.execute(
            select(func.count()).select_from(Audit).where(Audit.kind == AuditKind.CHANGE)
        ).scalar_one()
        return (row.state, row.version, row.done_on, *counts, changes)


def update_form(sign_in: SignIn, person: Any, action: PlanAction) -> FilledForm:
    return sign_in(person).get(f"/actions/{action.ref}/update").form()
