"""Clicks of the journeys that are counted in one go: a step-down written and sent, and one confirmed from its email."""

from datetime import date

import pytest

from portal.core.db import db
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.services import drafts
from tests.journeys.conftest import Sits
from tests.journeys.driver import Someone
from tests.journeys.test_keyboard import Keyboard
from tests.support.handover import a_ready_to_confirm
from tests.support.people import Council, Home, a_family

MOST_TO_SEND, MOST_TO_CONFIRM = 14, 3
DECIDED = date(2026, 2, 27)


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "plain"])
def test_a_social_worker_writes_and_sends_a_step_down(council: Council, sits: Sits, scripted: bool) -> None:
    """One child, one adult, one need, one outstanding action. The manager's agreement is not counted."""
    home = a_family(council)
    me = sits(council.social_worker, scripted=scripted, checked=False).open("/step-downs")
    before = me.clicks
    me.follow("Start a step-down")
    me.fill("Family reference or social care number", home.ref)
    me.press("Look up")
    me.press(f"Start a step-down for {home.ref}")
    step_down = me.ref("S")
    _children(me, home)
    _needs(me)
    _safety(me)
    _views(me, home)
    me.date("When is your last visit planned?", date(2026, 3, 24))
    me.press("Save and continue")
    counted = me.clicks - before
    _manager_agrees(council, step_down)
    me.open(f"/step-downs/{step_down}/check")
    before = me.clicks
    me.press("Send this step-down")
    assert counted + me.clicks - before <= MOST_TO_SEND
    me.reads("Step-down sent")


def _children(me: Someone, home: Home) -> None:
    child = home.children[0].name
    me.choose("What is this child stepping down from?", "A child in need plan", under=child)
    me.date("When did that begin?", date(2025, 10, 6), under=child)
    me.date("When was it decided that this child can step down?", DECIDED, under=child)
    me.fill(
        "Why do this child’s needs no longer meet the threshold for statutory social care?",
        "The aims of the plan are met",
        under=child,
    )
    me.choose("Which level of need is it now?", "2", under=child)
    me.press("Save and continue")


def _needs(me: Someone) -> None:
    me.pick("Which outcome is it about?", "Getting a good education", under="Need 1")
    me.fill("What is the need?", "Getting to school on time", under="Need 1")
    me.fill("What does social work still have to do?", "Hand over the GP letter", under="Outstanding action 1")
    me.press("Save and continue")


def _safety(me: Someone) -> None:
    me.fill("What could go wrong for the children?", "Money is short before pay day")
    me.fill("What should be done if things get worse?", "Ring the grandmother")
    me.fill("When should the family come back to social care?", "Two missed weeks of school")
    me.press("Save and continue")


def _views(me: Someone, home: Home) -> None:
    child, parent = home.children[0].name, home.parent.name
    me.fill("What does this child think and feel about it?", "I like my school", under=child)
    me.choose("How is that known?", "They said it", under=child)
    me.fill("What does this person think of it?", "One person to ring would help", under=parent)
    me.choose("What did they say when asked whether they want early help?", "Agreed", under=parent)
    me.date("When were they asked?", DECIDED, under=parent)
    me.fill("How was it explained to them?", "At home, with the leaflet", under=parent)
    me.press("Save and continue")


def _manager_agrees(council: Council, step_down: str) -> None:
    with council.as_(council.social_care_manager) as viewer:
        found = db.session.get_one(StepDown, int(step_down.removeprefix("S-")))
        drafts.agree(found, "Early help can hold this", by=viewer)


def test_a_social_worker_confirms_by_keyboard(council: Council, sits: Sits) -> None:
    """From the link of an email, with two children: both are chosen beforehand."""
    handing = a_ready_to_confirm(council, a_family(council, children=2))
    me = sits(council.social_worker, checked=False).open(f"/step-downs/{handing.ref}/complete")
    page, keys = me.page, Keyboard(me.page)
    presses = 1  # the link itself
    keys.to(page.get_by_role("checkbox", name="I have read the summary"))
    keys.press("Space")
    keys.go(page.locator("main").get_by_role("button", name="Confirm the step-down is complete"))
    presses += 2
    assert presses == MOST_TO_CONFIRM
    me.reads("The step-down is complete. Responsibility has moved")
    with council.behind_the_scenes():
        assert db.session.get_one(Family, handing.home.id).social_work_closed_on is not None
