"""A step-down as a social worker types it, part by part, and one that is written, agreed or sent already."""

from datetime import date, timedelta
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.domain.drafts import Asked, ChildDecision, ChildView, NeedLeft, ParentView, SafeWay, StillToDo
from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import Headline
from portal.domain.step_downs import Destination, NeedOutcome, Origin, ViewKnown
from portal.facts import drafts as facts
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User
from portal.services import drafts
from tests.support.people import Council, Home
from tests.support.web import Browser, Page, date_parts


def decided() -> date:
    """The day of the decision: lately, and never in the future."""
    return clock.today() - timedelta(days=3)


def children_answers(home: Home, *, which: int = 0) -> dict[str, Any]:
    """Part 1 for one child of the family."""
    name = f"children-{home.children[which].id}"
    return {
        f"{name}-include": "y",
        f"{name}-origin": "child_in_need",
        **date_parts(f"{name}-origin_from", decided() - timedelta(days=120)),
        **date_parts(f"{name}-decision_on", decided()),
        f"{name}-why": "School is going well and Mum asks for help when she needs it.",
        f"{name}-level_before": "4",
        f"{name}-level_now": "2",
        "destination": "team_around_the_family",
    }


def needs_answers() -> dict[str, Any]:
    return {
        "needs-0-headline": "education",
        "needs-0-what": "Getting to school on time",
        "needs-0-outcome": "left",
        "outstanding-0-what": "Write to the housing association",
    }


def safety_answers(home: Home) -> dict[str, Any]:
    name = f"ways-{home.parent.id}"
    return {
        "risks": "Things went wrong when nobody slept.",
        "contingency": "Ring Grandma first.",
        "step_up_triggers": "Two missed weeks at school.",
        f"{name}-phone": "01632 960 300",
        f"{name}-by_phone": "y",
        f"{name}-note": "Only before 3pm",
    }


def views_answers(home: Home) -> dict[str, Any]:
    child, parent = home.children[0].id, home.parent.id
    return {
        f"voices-{child}-view": "I want to stay at my school",
        f"voices-{child}-known": "said",
        f"parents-{parent}-view": "We are tired of new faces",
        f"asked-{parent}-answer": "agreed",
        **date_parts(f"asked-{parent}-asked_on", decided()),
        f"asked-{parent}-how_explained": "At home, with the leaflet",
        "preferred_lead": "The school nurse",
    }


def visit_answers() -> dict[str, Any]:
    return {**date_parts("last_visit_on", clock.today() + timedelta(days=14)), "meeting_wishes": "Not on a Friday"}


def a_draft(council: Council, home: Home, *, by: User | None = None) -> StepDown:
    """Just started: nothing is written yet."""
    with council.as_(by or council.social_worker) as viewer:
        return drafts.start(db.session.get_one(Family, home.id), by=viewer)


def a_whole_draft(council: Council, home: Home) -> StepDown:
    """Every part is written, about every child of the family; nobody agreed yet."""
    step_down = a_draft(council, home)
    with council.as_(council.social_worker) as viewer:
        step_down = db.session.get_one(StepDown, step_down.id)
        begun = decided() - timedelta(days=120)
        drafts.save_children(
            step_down,
            [
                ChildDecision(child.id, Origin.CHILD_IN_NEED, begun, None, decided(), "School is going well.", 4, 2)
                for child in home.children
            ],
            Destination.TEAM,
            by=viewer,
        )
        drafts.save_needs(
            step_down,
            [NeedLeft(Headline.EDUCATION, "Getting to school on time", NeedOutcome.LEFT)],
            [StillToDo("Write to the housing association")],
            by=viewer,
        )
        drafts.save_safety(
            step_down,
            risks="Things went wrong when nobody slept.",
            contingency="Ring Grandma first.",
            step_up_triggers="Two missed weeks at school.",
            ways=[SafeWay(home.parent.id, "01632 960 300", by_phone=True)],
            by=viewer,
        )
        drafts.save_views(
            step_down,
            children=[ChildView(child.id, "I want to stay at my school", ViewKnown.SAID) for child in home.children],
            parents=[ParentView(home.parent.id, "We are tired of new faces", None)],
            asked=[Asked(home.parent.id, EngagementAnswer.AGREED, decided(), "At home, with the leaflet")],
            preferred_lead="The school nurse",
            by=viewer,
        )
        drafts.save_visit(step_down, last_visit_on=clock.today() + timedelta(days=14), meeting_wishes=None, by=viewer)
    return step_down


def an_agreed_draft(council: Council, home: Home) -> StepDown:
    step_down = a_whole_draft(council, home)
    with council.as_(council.social_care_manager) as viewer:
        drafts.agree(db.session.get_one(StepDown, step_down.id), "They can manage with a team.", by=viewer)
    return step_down


def a_sent_step_down(council: Council, home: Home) -> StepDown:
    step_down = an_agreed_draft(council, home)
    with council.as_(council.social_worker) as viewer:
        drafts.propose(db.session.get_one(StepDown, step_down.id), by=viewer)
    return step_down


def content(council: Council, step_down: StepDown) -> facts.Content:
    with council.behind_the_scenes():
        return facts.content(db.session.get_one(StepDown, step_down.id))


def send(worker: Browser, step_down: StepDown, part: str, answers: dict[str, Any]) -> Page:
    return worker.submit(f"/step-downs/{step_down.ref}/edit/{part}", answers)


def with_child(council: Council, step_down: StepDown, home: Home) -> None:
    """Part 1 is written, so that part 4 has a child to ask about."""
    with council.as_(council.social_worker) as viewer:
        drafts.save_children(
            db.session.get_one(StepDown, step_down.id),
            [ChildDecision(child.id, Origin.ASSESSMENT) for child in home.children],
            Destination.TEAM,
            by=viewer,
        )


def stored(council: Council, step_down: StepDown) -> StepDown:
    """The step-down as the database has it now."""
    with council.behind_the_scenes():
        return db.session.get_one(StepDown, step_down.id)
