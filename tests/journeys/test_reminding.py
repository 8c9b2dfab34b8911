"""A coordinator sees what changed and reminds five people of what is overdue: clicks counted, by mouse and by keys."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from portal.models.teamwork import PlanAction
from tests.journeys.conftest import Sits
from tests.journeys.test_keyboard import Keyboard
from tests.support.actions import events_about
from tests.support.people import Council, a_family, an_action, an_active_family

MOST_BY_ONE, MOST_BY_ALL = 9, 7
FIVE = ("Abbott", "Brown", "Clark", "Dunn", "Evans")
LATE = date(2026, 2, 20)


@pytest.fixture
def overdue(council: Council) -> list[PlanAction]:
    """Five families of the coordinator's, each with an action that is late."""
    teams = [an_active_family(council, a_family(council, name=name)) for name in FIVE]
    return [an_action(council, team, due_on=LATE) for team in teams]


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "plain"])
def test_five_are_reminded_and_it_is_taken_back(
    council: Council, sits: Sits, overdue: list[PlanAction], scripted: bool
) -> None:
    me = sits(council.coordinator, scripted=scripted, checked=scripted).open("/account")
    me.open("/home")
    before = me.clicks
    me.press("Mark all as seen")
    me.follow("Families")
    me.follow(re.compile("^Overdue"))
    for action, name in zip(overdue, FIVE, strict=True):
        me.tick(f"Select {action.ref}, The {name} family")
    me.press("Send reminders (5)" if scripted else "Send reminders")
    assert me.clicks - before <= MOST_BY_ONE
    # All five are Pat Partner's.
    me.reads("Reminder sent to Pat Partner")

    me.press("Undo")
    me.reads("5 reminders taken back. Nobody is told")
    before = me.clicks
    me.follow("Select all overdue")
    me.press("Send reminders (5)")
    me.reads("Reminder sent to Pat Partner")
    # With seeing what changed and going to the list, as above.
    assert 3 + me.clicks - before <= MOST_BY_ALL


def test_by_keyboard(council: Council, sits: Sits, overdue: list[PlanAction]) -> None:
    me = sits(council.coordinator, checked=False).open("/families?view=overdue")
    keys, main = Keyboard(me.page), me.page.locator("main")
    for action in overdue[:2]:
        keys.to(main.locator(f"#remind-{action.ref}"))
        keys.press("Space")
    button = main.get_by_role("button", name="Send reminders (2)")
    expect(button).to_be_visible()
    keys.go(button)
    me.reads("Reminder sent to Pat Partner")
    me.watch.assert_quiet()
    assert [len(events_about(council, action)) for action in overdue] == [1, 1, 0, 0, 0]
