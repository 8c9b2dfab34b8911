"""A lead writes three actions into the plan: one after another, or all on one page."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Sits
from tests.journeys.test_keyboard import Keyboard
from tests.support.people import Council, an_active_family
from tests.support.plans import a_review, actions_of, plan

NURSERY, CLOCK, LANDLORD = "Visit the nursery", "Buy an alarm clock", "Write to the landlord’s office & keep a copy"
FEWEST, MOST = 4, 10


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_three_actions_in_four_to_ten_clicks(council: Council, sits: Sits, scripted: bool) -> None:
    team = an_active_family(council)
    review = a_review(council, team)
    me = sits(council.lead, scripted=scripted).open(plan(team))

    me.follow("Add an action")
    for what, then in (
        (NURSERY, "Save and add another"),
        (CLOCK, "Save and add another"),
        (LANDLORD, "Save"),
    ):
        me.fill("What will happen?", what)
        me.press(then)
    assert me.clicks == FEWEST
    added = actions_of(council, team)
    assert [each.what for each in added] == [NURSERY, CLOCK, LANDLORD]
    assert {(each.owner_id, each.due_on) for each in added} == {(team.lead.id, review)}

    me.clicks = 0
    me.follow("Add an action")
    for of, who in (("", "Pat Partner"), ("Second action: ", "Siobhán O’Neill"), ("Third action: ", "Pat Partner")):
        if of:
            me.unfold(f"Add a {of.split()[0].lower()} action on this page")
        me.fill(_of(of, "What will happen?"), f"{of}{LANDLORD}")
        me.pick(_of(of, "Who will do this?"), who)
        me.choose(_of(of, "When should this be done by?"), "In 1 week")
    me.press("Save")
    assert me.clicks == MOST
    me.reads(LANDLORD, f"Second action: {LANDLORD}", f"Third action: {LANDLORD}", "Proposed")
    assert len(actions_of(council, team)) == 6


def test_three_actions_by_keyboard(council: Council, sits: Sits) -> None:
    team = an_active_family(council)
    me = sits(council.lead, checked=False).open(plan(team))
    page, keys = me.page, Keyboard(me.page)
    main = page.locator("main")
    keys.go(main.get_by_role("link", name="Add an action", exact=True))
    keys.to(main.get_by_label("What will happen?", exact=True))
    keys.type(NURSERY)
    for number, what in (("second", CLOCK), ("third", LANDLORD)):
        keys.to(main.locator("summary", has_text=f"Add a {number} action"))
        keys.press("Enter")
        keys.to(main.get_by_label(f"{number.capitalize()} action: what will happen?"))
        keys.type(what)
    keys.go(main.get_by_role("button", name="Save", exact=True))
    expect(main.get_by_role("link", name=LANDLORD)).to_be_visible()
    me.reads(NURSERY, CLOCK)
    me.watch.assert_quiet()


def _of(which: str, question: str) -> str:
    return which + question[:1].lower() + question[1:] if which else question
