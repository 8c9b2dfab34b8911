"""Work done with Tab, Enter and the arrows alone: where one is can be seen, and is never lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.domain.plans import ActionState
from tests.journeys.conftest import Sits
from tests.support.handover import a_proposed
from tests.support.people import Council, an_action, an_active_family

MOST_TABS = 60
AROUND = 8


class Keyboard:
    """Two hands on the keys, and eyes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, place: Locator) -> None:
        """Tab until one is there. Fails if one never comes there, or cannot see that one has."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if place.evaluate("place => place === document.activeElement"):
                self._sees(place)
                return
        pytest.fail(f"{MOST_TABS} tabs do not lead to {place}")

    def go(self, place: Locator) -> None:
        """To a link or button that leads to another page, and press it."""
        self.to(place)
        with self.page.expect_navigation():
            self.press("Enter")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def _sees(self, place: Locator) -> None:
        """The place looks otherwise with focus than without, and nothing lies over it."""
        box = place.bounding_box()
        assert box, f"{place} has focus and is not on the page"
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert place.evaluate("(place, [x, y]) => place.contains(document.elementFromPoint(x, y))", middle), (
            f"{place} has focus under something else"
        )
        with_focus = self._picture(box["y"])
        place.evaluate("place => place.blur()")
        assert self._picture(box["y"]) != with_focus, f"nobody can see that {place} has focus"
        place.evaluate("place => place.focus({preventScroll: true})")

    def _picture(self, top: float) -> bytes:
        clip = {"x": 0, "y": max(0, top - AROUND), "width": 1280, "height": 100}
        # Hiding the caret would leave marks on the fields.
        return self.page.screenshot(clip=clip, caret="initial")  # type: ignore[arg-type]  # a rectangle


def test_a_partner_marks_an_action_done_by_keyboard(council: Council, sits: Sits) -> None:
    team = an_active_family(council)
    action = an_action(council, team, what="Visit the nursery", state=ActionState.IN_PROGRESS)
    me = sits(council.partner, checked=False).open("/my-actions")
    page, keys = me.page, Keyboard(me.page)
    keys.to(page.get_by_role("link", name="Skip to main content"))
    keys.press("Enter")
    keys.go(page.get_by_role("link", name="Visit the nursery"))

    keys.to(page.get_by_role("button", name="Save as in progress"))
    me.watch.expected = {422}
    keys.press("Enter")
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.to(summary.get_by_role("link"))
    keys.press("Enter")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()

    keys.type("They open at half past seven.")
    keys.to(page.get_by_role("button", name="Mark as done"))
    keys.press("Enter")
    expect(page.locator("#status")).to_have_text(f"{action.ref}: Marked as done")
    expect(page.get_by_role("heading", level=1, name="Visit the nursery")).to_be_focused()
    keys.go(page.locator("main").get_by_role("link", name="My actions"))
    me.reads("Done this month", "Visit the nursery")
    me.watch.assert_quiet()


def test_a_coordinator_accepts_a_step_down_by_keyboard(council: Council, sits: Sits) -> None:
    handing = a_proposed(council)
    me = sits(council.coordinator, checked=False).open("/step-downs")
    page, keys = me.page, Keyboard(me.page)
    main = page.locator("main")
    keys.go(main.get_by_role("link", name="The O’Neill family"))
    keys.go(main.get_by_role("link", name="Accept this step-down"))

    me.watch.expected = {422}
    keys.go(main.get_by_role("button", name="Accept and ask them to lead"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.to(page.get_by_role("link", name="Choose who will be asked to be the lead professional"))
    keys.press("Enter")
    leads = main.get_by_label("Who will be asked to be the lead professional?")
    expect(leads).to_be_focused()

    page.keyboard.type("lena")
    expect(page.get_by_role("option")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(leads).to_have_value(re.compile("^Lena Lead, "))
    keys.go(main.get_by_role("button", name="Accept and ask them to lead"))
    me.reads("Step-down accepted", "Waiting on Lena Lead")
    assert me.path == f"/step-downs/{handing.ref}"
    me.watch.assert_quiet()
