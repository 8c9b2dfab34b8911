"""An action updated where it stands: what changes on the page, what is said aloud, where focus goes."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import FIRST_DAY, Sits
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import SignIn

SUMMARY = ".govuk-error-summary"
NOTE = "They open at <half past> seven — “if” the O'Neills ring."


def test_an_action_is_done_in_place(council: Council, sits: Sits) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    me = sits(council.partner).open("/my-actions")
    me.follow("Visit the nursery")
    me.page.evaluate("document.body.dataset.same = 'page'")
    me.fill("Note", NOTE)
    me.press("Mark as done")
    expect(me.page.locator("#status")).to_have_text(f"{action.ref}: Marked as done")
    expect(me.page.get_by_role("heading", level=1)).to_be_focused()
    me.reads("Done on", "You have no more actions due. Thank you.")
    me.is_not_offered("Mark as done")
    assert me.page.evaluate("document.body.dataset.same") == "page", "the whole page was fetched"


@pytest.mark.parametrize("scripted", [True, False], ids=["in-place", "whole-page"])
def test_what_lacks_is_said_and_nothing_is_lost(council: Council, sits: Sits, scripted: bool) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    me = sits(council.partner, scripted=scripted).open(f"/actions/{action.ref}/update")
    me.fill("Note", NOTE)
    me.fill("Day", "31", under="When was it done?")
    me.fill("Month", "2", under="When was it done?")
    me.press("Mark as done", answered=422)
    expect(me.page.locator(SUMMARY)).to_contain_text("The date it was done must be a real date")
    expect(me.page.get_by_label("Note", exact=True)).to_have_value(NOTE)
    day = me.question("When was it done?").get_by_label("Day", exact=True)
    expect(day).to_have_value("31")
    if scripted:
        expect(me.page.locator(SUMMARY)).to_be_focused()
        me.page.locator(SUMMARY).get_by_role("link").click()
        expect(day).to_be_focused()
    me.date("When was it done?", action.proposed_at.date())
    me.press("Mark as done")
    me.reads("Done on")


@pytest.mark.parametrize("scripted", [True, False], ids=["in-place", "whole-page"])
def test_who_was_slower_sees_both_texts(council: Council, sits: Sits, sign_in: SignIn, scripted: bool) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    address = f"/actions/{action.ref}/update"
    me = sits(council.partner, scripted=scripted).open(address)
    theirs = sign_in(council.lead).submit(
        address, {"note": "I rang: they are closed today", "outcome": "in_progress", "told_how": "call"}
    )
    assert theirs.status == 303
    me.fill("Note", NOTE)
    me.press("Mark as done", answered=409)
    me.reads("Lena Lead changed this at", "I rang: they are closed today", "Your version, which is not saved")
    expect(me.page.get_by_text(NOTE)).to_have_count(2)  # beside theirs, and in the box
    if scripted:
        expect(me.page.locator(SUMMARY)).to_be_focused()
    me.press("Mark as done")
    me.reads("Done on")


@pytest.mark.parametrize("scripted", [True, False], ids=["in-place", "whole-page"])
def test_two_clicks_and_undone_with_a_third(council: Council, sits: Sits, scripted: bool) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    me = sits(council.partner, scripted=scripted).open("/my-actions")
    me.follow("Visit the nursery")
    me.press("Mark as done")
    assert me.clicks == 2
    me.reads("Marked as done")
    me.press("Undo")
    me.reads(f"{action.ref}: the change was undone", "– undone")
    me.is_offered("Update this action")


@pytest.mark.parametrize("scripted", [True, False], ids=["in-place", "whole-page"])
def test_what_cannot_be_done_says_why(council: Council, sits: Sits, scripted: bool) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    me = sits(council.partner, scripted=scripted).open(f"/actions/{action.ref}/update")
    me.fill("Note", NOTE)
    me.press("This cannot be done")
    me.choose("Why can this not be done?", "Something is in the way")
    expect(me.page.get_by_label("What is in the way, or why can you not do it?")).to_have_value(NOTE)
    me.fill("Who or what are we waiting for?", "the nursery")
    me.date("When should we look at it again?", FIRST_DAY)
    me.press("Save")
    me.reads("Recorded: something is in the way", "Waiting on the nursery")


def test_esc_and_cancel_leave_the_date_as_it_was(council: Council, sits: Sits) -> None:
    action = an_action(council, an_active_family(council), what="Visit the nursery")
    me = sits(council.lead).open(f"/actions/{action.ref}")
    link = me.page.get_by_role("link", name=f"Change the date of {action.ref}")
    day = me.page.get_by_label("Day", exact=True)
    for leave in ("Escape", "Cancel"):
        link.focus()
        me.page.keyboard.press("Enter")
        expect(day).to_be_focused()
        if leave == "Escape":
            me.page.keyboard.press(leave)
        else:
            me.page.get_by_role("link", name=leave).click()
        expect(link).to_be_focused()
        expect(day).to_have_count(0)
    me.watch.assert_quiet()


def test_who_is_about_to_be_signed_out_is_told_once_and_stays(council: Council, sits: Sits) -> None:
    me = sits(council.partner)
    me.page.clock.install()
    me.open(f"/actions/{an_action(council, an_active_family(council)).ref}/update")
    place = me.page.locator("#time-out")
    expect(place).not_to_contain_text("A few minutes are left")

    me.page.clock.fast_forward("25:00")

    expect(place).to_contain_text("A few minutes are left. To keep information safe, you will be signed out at")
    expect(me.page.locator("#problem")).to_be_empty()
    place.get_by_role("link", name="Stay signed in").click()
    expect(place).not_to_contain_text("A few minutes are left")
