"""An action in a test: how it stands, what was recorded of it, and a partner's third button."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState
from portal.models.people import User
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import PlanAction
from portal.services import history
from tests.support.people import Council, Team, an_action
from tests.support.web import Page, SignIn, date_parts


def an_action_that_is(council: Council, team: Team, state: ActionState, **columns: Any) -> PlanAction:
    """The partner's action in any state, with what the database asks of one in it."""
    action = an_action(council, team)
    today = clock.today()
    explained: dict[ActionState, dict[str, Any]] = {
        ActionState.BLOCKED: {"in_the_way": "The lift", "waiting_on": "the landlord", "review_on": today},
        ActionState.DONE: {"done_on": today, "done_by_id": council.partner.id},
        ActionState.VERIFIED: {"done_on": today, "verified_on": today, "what_changed": "They come on time"},
        ActionState.HANDED_BACK: {"handed_back_reason": "I am leaving"},
        ActionState.NO_LONGER_NEEDED: {"dropped_reason": "They moved", "family_agreed": "agrees"},
    }
    with council.behind_the_scenes():
        row = db.session.get_one(PlanAction, action.id)
        for name, value in {**explained.get(state, {}), **columns, "state": state}.items():
            setattr(row, name, value)
        history.changed(team.family.id)
    return row


def stored(council: Council, action: PlanAction) -> PlanAction:
    """The action as the database has it now."""
    with council.behind_the_scenes():
        return db.session.get_one(PlanAction, action.id)


def events_about(council: Council, action: PlanAction) -> list[str]:
    with council.behind_the_scenes():
        statement = select(Event.kind).where(Event.subject == action.ref).order_by(Event.id)
        return [str(kind) for kind in db.session.scalars(statement)]


def notices(council: Council, action: PlanAction) -> list[str]:
    """Whom somebody still has to be told of it."""
    with council.behind_the_scenes():
        statement = select(OutboxMessage.rule).where(OutboxMessage.subject == action.ref).order_by(OutboxMessage.id)
        return list(db.session.scalars(statement))


def cannot(sign_in: SignIn, who: User, action: PlanAction, why: dict[str, Any], note: str = "") -> Page:
    """Press the third button of the update page, then answer what it asks."""
    form = sign_in(who).get(f"/actions/{action.ref}/update").form()
    asked = form.send({"note": note, "more": "cannot"})
    assert asked.status == 200, asked.main[:300]
    return asked.form().send({"outcome": "cannot", **why})


def in_the_way(review_on: date | None = None) -> dict[str, str]:
    day = review_on or clock.today() + timedelta(days=7)
    return {"why": "in_the_way", "waiting_on": "the landlord", **date_parts("review_on", day)}
