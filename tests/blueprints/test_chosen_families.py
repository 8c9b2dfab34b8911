"""Families ticked in the list: marked as seen or not seen, taken back within minutes, and printed."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import Audit, AuditKind, FamilySeen
from portal.services import history
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.situations import plan_in_force
from tests.support.web import Browser, Page, SignIn

CHANGED = "/families?view=changed"


@pytest.fixture
def teams(council: Council) -> list[Team]:
    """The first waits for an action of a partner's: its tick stands for that, and for the family."""
    found = [an_active_family(council, a_family(council, name=name)) for name in ("Abbott", "Brown", "Clark")]
    plan_in_force(council, found[0])
    an_action(council, found[0], due_on=clock.today() - timedelta(days=3))
    return found


def names(page: Page) -> list[str]:
    return sorted(each.get_text() for each in page.soup.select(".app-worklist tbody th a"))


def ticks(page: Page) -> dict[str, str]:
    """The value of each tick by the name of its family."""
    rows = page.soup.select(".app-worklist tbody tr")
    return {str(row.select_one("th a").text): str(row.select_one("input")["value"]) for row in rows}  # type: ignore[union-attr, index]


def press(browser: Browser, where: str, *families: str, on: str = "/families", **more: str) -> Page:
    """A button at the end of the list, with these families ticked."""
    page = browser.get(on)
    form, chosen = page.form("/reminders"), ticks(page)
    form.action = where
    return form.send({"thing": [chosen[f"The {name} family"] for name in families], **more})


class TestMarkingAsSeen:
    def test_those_that_are_ticked_and_undone_from_the_banner(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser = sign_in(council.coordinator)

        done = press(browser, "/families/seen", "Abbott", "Brown", on=CHANGED)

        assert done.location == CHANGED
        page = done.follow()
        assert "2 families marked as seen" in page.text
        assert names(page) == ["The Clark family"]
        back = page.undo().send()
        assert back.location == CHANGED
        assert "Undone for 2 families" in back.follow().text
        assert len(names(browser.get(CHANGED))) == 3

    def test_as_not_seen_again(self, council: Council, sign_in: SignIn, teams: list[Team]) -> None:
        browser = sign_in(council.lead)
        press(browser, "/families/seen", "Abbott", "Clark")
        assert names(browser.get(CHANGED)) == ["The Brown family"]

        done = press(browser, "/families/not-seen", "Clark")

        assert "1 family marked as not seen" in done.follow().text
        assert names(browser.get(CHANGED)) == ["The Brown family", "The Clark family"]

    def test_not_what_happened_after_the_list_was_made_nor_without_a_moment(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser = sign_in(council.coordinator)
        page = browser.get("/families")
        form, tick = page.form("/reminders"), ticks(page)["The Brown family"]
        form.action = "/families/seen"
        refused = form.send({"thing": tick, "until": "tomorrow"})

        assert refused.status == 409
        assert "Open this page again" in refused.main
        with time_machine.travel(clock.now() + timedelta(minutes=5)):
            with council.as_(council.partner) as viewer:
                history.record(E.NOTE_WRITTEN, db.session.get_one(Family, teams[1].family.id), by=viewer)
            assert form.send({"thing": tick}).status == 303
            assert "The Brown family" in names(browser.get(CHANGED))

    def test_nothing_ticked_or_nothing_of_one_s_own_is_said(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        nothing = press(sign_in(council.coordinator), "/families/seen")
        others = press(sign_in(council.partner), "/families/not-seen", "Abbott")
        with council.behind_the_scenes():
            kept = db.session.scalars(select(FamilySeen)).all()

        assert (nothing.status, others.status) == (409, 409)
        assert "Select families first" in nothing.main
        assert "You neither hold nor lead any of these" in others.main
        assert "/families" in nothing.links()
        assert not kept

    def test_it_cannot_be_undone_after_ten_minutes(self, council: Council, sign_in: SignIn, teams: list[Team]) -> None:
        page = press(sign_in(council.coordinator), "/families/seen", "Brown").follow()
        undo = page.undo()

        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            late = undo.send()

        assert late.status == 409
        assert "/families" in late.links()


class TestPrinting:
    @pytest.mark.parametrize("who", ["coordinator", "manager", "auditor"])
    def test_the_ticked_families_on_a_sheet_that_says_who_printed_it_and_is_recorded(
        self, council: Council, sign_in: SignIn, teams: list[Team], who: str
    ) -> None:
        user: User = getattr(council, who)

        sheet = press(sign_in(user), "/families/print", "Abbott", "Clark")

        assert sheet.status == 200
        assert "Abbott" in sheet.main
        assert "Clark" in sheet.main
        assert "Brown" not in sheet.main
        assert f"Printed by {user.name}, 7 October 2026" in sheet.text
        with council.behind_the_scenes():
            printed = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.PRINT)).one()
        assert (printed.user_id, printed.rows) == (user.id, 2)

    def test_nothing_that_is_out_of_reach(self, council: Council, sign_in: SignIn, teams: list[Team]) -> None:
        hidden = a_family(council, name="Hidden", restricted=True)

        sheet = press(sign_in(council.coordinator), "/families/print", thing=hidden.ref)

        assert sheet.status == 409
        assert "Hidden" not in sheet.html
