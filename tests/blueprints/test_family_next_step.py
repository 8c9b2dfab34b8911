"""The top of the family page: who holds each child, who leads, and the next step."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.leads import LeadState
from portal.domain.step_downs import StepDownState
from portal.domain.support import CheckStage
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment, StepDown
from portal.services import history, leads
from tests.support.handover import an_accepted
from tests.support.people import Council, a_family, an_action, an_active_family
from tests.support.situations import (
    a_review,
    a_step_down,
    coordinated,
    plan_in_force,
    preparing,
    social_work_closed,
    support,
    without_lead,
)
from tests.support.web import Page, SignIn


def held(page: Page) -> list[str]:
    """The lines under "Who holds each child"."""
    heading = next(found for found in page.soup.select("h2") if found.get_text() == "Who holds each child")
    under = heading.find_next("ul")
    assert under is not None
    return [" ".join(line.get_text(" ").split()) for line in under.find_all("li")]


def next_step(page: Page) -> str:
    return page.text_of(".app-next-step")


class TestWhoHoldsEachChild:
    @pytest.mark.parametrize("state", [StepDownState.DRAFT, StepDownState.PROPOSED])
    def test_the_social_worker_until_it_is_complete(
        self, council: Council, sign_in: SignIn, state: StepDownState
    ) -> None:
        home = a_family(council)
        a_step_down(council, home, state)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_the_social_worker_though_it_was_accepted_and_a_lead_too(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]
        assert "Lena Lead is the lead professional." in page.main

    def test_the_lead_once_it_is_complete(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_step_down(council, team.home, StepDownState.COMPLETED)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert held(page) == ["Child0 O’Neill: Early help: Lena Lead"]

    def test_the_coordinator_where_nobody_leads(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert held(page) == ["Child0 O’Neill: Early help: Carol Coordinator"]

    @pytest.mark.parametrize("where", ["step-down", "family"])
    def test_nobody_where_social_work_closed_with_a_step_down_open(
        self, council: Council, sign_in: SignIn, where: str
    ) -> None:
        home = a_family(council)
        closed = clock.today() - timedelta(days=2)
        step_down = a_step_down(
            council, home, StepDownState.ACCEPTED, social_work_closed_on=closed if where == "step-down" else None
        )
        if where == "family":
            social_work_closed(council, home, closed)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert page.text_of(".govuk-tag--red").startswith(
            f"Nobody holds this family: social work closed on {full(closed)}"
        )
        assert held(page) == [f"Child0 O’Neill: Nobody: social work closed on {full(closed)}"]
        assert "Say who holds this family: social work has closed, and nobody does" in next_step(page)
        assert f"/step-downs/{step_down.ref}" in page.links()

    def test_who_asks_next_where_there_is_only_support_to_follow_up(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        social_work_closed(council, home)
        coordinated(council, home)
        support(council, home, owner=council.coordinator)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Followed up: Carol Coordinator"]

    def test_the_social_worker_of_a_family_with_only_support(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        support(council, home)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_nobody_where_nothing_is_open(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        social_work_closed(council, home)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Nobody: nothing is open"]
        assert "Nobody holds this family" not in page.main

    def test_a_sibling_whose_step_down_is_open_stays_with_social_work(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, a_family(council, children=2))
        first, second = team.home.children
        a_step_down(council, team.home, StepDownState.COMPLETED, children=[first])
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).social_work_closed_on = None
        a_step_down(council, team.home, StepDownState.PROPOSED, children=[second])

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert held(page) == [
            "Child0 O’Neill: Early help: Lena Lead",
            "Child1 O’Neill: Social worker: Sam Social",
        ]

    def test_after_a_refused_step_down_social_work_goes_on(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.DECLINED)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_a_child_who_died_is_not_held(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.children[0].id).died_on = clock.today()

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child1 O’Neill: Social worker: Sam Social"]


class TestWhoLeads:
    def test_nobody_yet_and_who_may_can_ask(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert "No lead professional yet. Ask someone to lead ." in page.main
        assert f"/families/{team.ref}/team/lead" in page.links()

    def test_who_may_not_is_offered_no_link(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.partner).get(f"/families/{team.ref}")

        assert "No lead professional yet. Ask someone to lead." in page.main
        assert f"/families/{team.ref}/team/lead" not in page.links()

    def test_who_was_asked_and_has_not_answered(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.NOMINATED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Lena Lead was asked to be the lead professional and has not answered yet: due " in page.main
        assert "Answer whether they will be the lead professional" in next_step(page)


class TestTheNextStep:
    def test_one_s_own_action_has_a_button_to_its_update(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).get(f"/families/{team.ref}")

        assert next_step(page).startswith("Call school Waiting for you: due in")
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/actions/{action.ref}/update']")

    def test_somebody_else_s_action_can_only_be_looked_at(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.auditor).get(f"/families/{team.ref}")

        assert "Waiting for Pat Partner" in next_step(page)
        assert not page.soup.select(".app-next-step .govuk-button")
        assert page.soup.select_one(f".app-next-step a[href='/actions/{action.ref}']")

    def test_overdue_is_said_in_working_days(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, due_on=clock.today() - timedelta(days=10))

        assert "working days overdue" in next_step(sign_in(council.coordinator).get(f"/families/{team.ref}"))

    def test_words_in_braces_that_somebody_typed_stay_theirs(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ask about {Lead_professional} and <b>both</b>")

        assert "Ask about {Lead_professional} and <b>both</b>" in next_step(
            sign_in(council.coordinator).get(f"/families/{team.ref}")
        )

    def test_a_check(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = support(council, home)
        assert check

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert "Check whether support has started: Breakfast club Waiting for you" in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/checks/{check.ref}']")

    def test_a_check_after_support_began_asks_whether_it_goes_on(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = support(council, home)
        assert check
        with council.behind_the_scenes():
            db.session.get_one(FollowUpCheck, check.id).stage = CheckStage.STARTED
            history.changed(home.id)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert "Check whether support is still going: Breakfast club Waiting for you" in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/checks/{check.ref}']")

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (StepDownState.DRAFT, "Finish and send the step-down"),
            (StepDownState.PROPOSED, "Accept the step-down, or say why not"),
        ],
    )
    def test_a_step_down(self, council: Council, sign_in: SignIn, state: StepDownState, words: str) -> None:
        home = a_family(council)
        step_down = a_step_down(council, home, state)

        mine = sign_in(council.social_worker).get(f"/families/{home.ref}")
        theirs = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert words in next_step(mine)
        for page, may in ((mine, state is StepDownState.DRAFT), (theirs, state is StepDownState.PROPOSED)):
            edits = "/edit" if may and state is StepDownState.DRAFT else ""
            assert page.soup.select_one(f".app-next-step a[href='/step-downs/{step_down.ref}{edits}']")
            assert bool(page.soup.select(".app-next-step .govuk-button")) is may

    def test_a_meeting_to_arrange(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Arrange the step-down meeting" in next_step(page)
        assert page.soup.select_one(f".app-next-step a[href='/families/{home.ref}/meetings/new']")

    def test_somebody_to_lead_is_asked_for_before_a_meeting(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        with council.as_(council.lead) as viewer:
            leads.decline(db.session.scalars(select(LeadAssignment)).one(), "Too many families", by=viewer)
        lead_by = handing.read(StepDown, handing.step_down_id).lead_by

        page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}")

        assert "Ask somebody to be the lead professional Waiting for you: due " in next_step(page)
        assert str(lead_by.day) in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/families/{handing.family_ref}/team/lead']")

    def test_no_meeting_while_somebody_has_not_answered(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        with council.behind_the_scenes():
            db.session.get_one(LeadAssignment, handing.nomination.id).answer_by = clock.today() + timedelta(days=60)
            history.changed(handing.home.id)

        page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}")

        assert "Answer whether they will be the lead professional" in next_step(page)

    def test_a_meeting_to_write_up(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_review(council, team)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert "Hold the review and write it up Waiting for you" in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/meetings/{meeting.ref}/write-up']")

    def test_a_plan_to_put_in_force_then_a_meeting_to_arrange(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert "Put the action plan in force" in next_step(lead.get(f"/families/{team.ref}"))
        plan_in_force(council, team)
        assert "Arrange the next meeting of the team around the family" in next_step(lead.get(f"/families/{team.ref}"))

    def test_nothing_is_open(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        assert "Nothing is waiting for anybody" in next_step(sign_in(council.coordinator).get(f"/families/{home.ref}"))

    def test_a_family_just_added_begins_with_a_step_down(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        for who in (council.social_worker, council.social_care_manager):
            page = sign_in(who).get(f"/families/{home.ref}")

            assert next_step(page).startswith("Start a step-down")
            assert page.soup.select_one(f".app-next-step a.govuk-button[href='/families/{home.ref}/step-downs/new']")
