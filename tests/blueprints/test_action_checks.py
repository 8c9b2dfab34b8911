"""An action that is done is checked by somebody else, or opened again."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.errors import Refused
from portal.domain.dates import full
from portal.domain.plans import ActionState
from portal.models.teamwork import PlanAction
from portal.services import actions
from portal.services.moves import walk
from tests.support.actions import an_action_that_is, stored
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.plans import plan
from tests.support.web import Browser, Page, SignIn

A = ActionState
CHECKED = {"what_changed": "He comes on time", "source": "family"}


def check_anyway(council: Council, team: Team, browser: Browser, action: PlanAction) -> Page:
    """Send the check of an action from a page that no longer, or not to this person, offers it."""
    other = an_action_that_is(council, team, A.DONE, owner_id=team.parent.id, done_by_id=council.coordinator.id)
    form = browser.get(f"/actions/{other.ref}/check").form()
    form.action = f"/actions/{action.ref}/check"
    form.values["version"] = [str(action.version)]
    return form.send({**CHECKED, "source": "seen"})


class TestChecking:
    @pytest.mark.parametrize("who", ["lead", "coordinator"])
    def test_somebody_else_says_what_changed(self, council: Council, sign_in: SignIn, who: str) -> None:
        action = an_action_that_is(council, an_active_family(council), A.DONE)
        browser = sign_in(getattr(council, who))

        assert f"/actions/{action.ref}/check" in browser.get(f"/actions/{action.ref}").links()
        page = browser.submit(f"/actions/{action.ref}/check", CHECKED).follow()

        assert stored(council, action).state is A.VERIFIED
        assert "He comes on time" in page.main
        assert "The family said so" in page.main

    def test_another_member_of_the_team_may(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.DONE, owner_id=team.lead.id, done_by_id=council.lead.id)

        sign_in(council.partner).submit(f"/actions/{action.ref}/check", CHECKED)

        assert stored(council, action).state is A.VERIFIED

    def test_the_owner_cannot(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.DONE)
        partner = sign_in(council.partner)
        words = "You did this action yourself. Somebody else of the team around the family has to check it."

        page = check_anyway(council, team, partner, action)

        assert page.status == 409
        assert page.main.count(words) == 1
        assert "changed this" not in page.main
        assert "He comes on time" in page.html
        shown = partner.get(f"/actions/{action.ref}/check")
        assert words in shown.main
        assert "What has changed for the family?" not in shown.main
        assert f"/actions/{action.ref}/check" not in partner.get(f"/actions/{action.ref}").links()
        assert stored(council, action).state is A.DONE

    def test_nor_can_who_recorded_it_as_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.DONE, owner_id=team.parent.id, done_by_id=council.lead.id)

        page = check_anyway(council, team, sign_in(council.lead), action)

        assert page.status == 409
        assert "You recorded that this action is done." in page.main

    def test_the_family_does_not_check_what_the_family_did(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.DONE, owner_id=team.parent.id, done_by_id=council.lead.id)

        page = sign_in(council.coordinator).submit(f"/actions/{action.ref}/check", CHECKED)

        assert page.errors == ["Somebody of the family did this, so somebody else has to say what changed"]

    def test_it_asks_what_changed_and_how_that_is_known(self, council: Council, sign_in: SignIn) -> None:
        action = an_action_that_is(council, an_active_family(council), A.DONE)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/check", {"what_changed": " "})

        assert page.errors == ["Enter what has changed for the family", "Select how you know"]

    def test_line_breaks_count_once_in_what_may_be_500_characters(self, council: Council, sign_in: SignIn) -> None:
        action = an_action_that_is(council, an_active_family(council), A.DONE)
        lead = sign_in(council.lead)

        long = lead.submit(f"/actions/{action.ref}/check", {**CHECKED, "what_changed": "a\r\n" * 250 + "b"})
        whole = lead.submit(f"/actions/{action.ref}/check", {**CHECKED, "what_changed": "a\r\n" * 249 + "ab"})

        assert long.errors == ["What has changed must be 500 characters or fewer. It is 501"]
        assert whole.status == 303

    def test_what_the_meeting_discussed_is_checked_together(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        yesterday = clock.today() - timedelta(days=1)
        by_lead = {"owner_id": team.lead.id, "done_by_id": council.lead.id}
        done = an_action_that_is(council, team, A.DONE, **by_lead, done_on=yesterday)
        done_since = an_action_that_is(council, team, A.DONE, **by_lead)
        going_on = an_action_that_is(council, team, A.IN_PROGRESS)
        spoken_of = [done.id, done_since.id, going_on.id]

        with council.as_(council.lead) as viewer:
            number = actions.verify_discussed(team.family.id, spoken_of, by=viewer, on=yesterday)

        assert (number, stored(council, done_since).state) == (1, A.DONE)
        assert (stored(council, done).state, stored(council, going_on).state) == (A.VERIFIED, A.IN_PROGRESS)
        page = sign_in(council.partner).get(f"/actions/{done.ref}").main
        assert "The meeting looked at it together" in page
        assert f"Happened on {full(yesterday)}" in page

    def test_nothing_is_checked_before_it_was_done(self, council: Council) -> None:
        action = an_action_that_is(council, an_active_family(council), A.DONE)
        yesterday = clock.today() - timedelta(days=1)

        with council.as_(council.lead) as viewer, pytest.raises(Refused, match="cannot have been checked on"):
            walk(action, "verify", by=viewer, text="All", what_changed="All", verified_on=yesterday)

    def test_what_must_be_checked_is_not_simply_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.DONE, concerns_safety=True)
        check = f"/actions/{action.ref}/check"

        for page in (plan(team), f"/families/{team.ref}"):
            to_lead, to_owner = (sign_in(who).get(page) for who in (council.lead, council.partner))
            assert "Done, not checked yet" in to_lead.main
            assert check in to_lead.links()
            assert "Done, not checked yet" in to_owner.main
            assert check not in to_owner.links()
        mine, theirs = (sign_in(who).get("/my-actions") for who in (council.lead, council.partner))
        assert "To be checked" in mine.main
        assert check in mine.links()
        assert "To be checked" not in theirs.main

    def test_what_concerns_safety_or_came_from_social_work_says_that_it_must_be(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        plain, safety = an_action(council, team), an_action_that_is(council, team, A.AGREED, concerns_safety=True)
        words = "This has to be checked by somebody else than who did it before early help ends"

        assert words in sign_in(council.partner).get(f"/actions/{safety.ref}").main
        assert words not in sign_in(council.partner).get(f"/actions/{plain.ref}").main


class TestOpeningAgain:
    @pytest.mark.parametrize("state", [A.DONE, A.VERIFIED])
    def test_the_lead_says_why_and_the_owner_is_told(
        self, council: Council, sign_in: SignIn, state: ActionState
    ) -> None:
        action = an_action_that_is(council, an_active_family(council), state)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/reopen", {"reason": "Only half of it"}).follow()

        found = stored(council, action)
        assert (found.state, found.done_on, found.verified_on) == (A.IN_PROGRESS, None, None)
        assert "Only half of it" in page.main
        assert sign_in(council.partner).get("/my-actions").main.count("Call school") == 1

    def test_not_without_a_reason_nor_by_the_owner(self, council: Council, sign_in: SignIn) -> None:
        action = an_action_that_is(council, an_active_family(council), A.DONE)

        assert sign_in(council.lead).submit(f"/actions/{action.ref}/reopen").errors == ["Enter why it is opened again"]
        assert sign_in(council.partner).get(f"/actions/{action.ref}/reopen").status == 403
