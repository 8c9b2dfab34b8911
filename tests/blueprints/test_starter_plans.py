"""Starter plans for common situations: chosen, adjusted, used."""

import pytest

from portal.core.db import db
from portal.domain.plans import ActionState
from portal.domain.starters import starters
from portal.models.teamwork import PlanNeed
from tests.support.people import Council, Team, an_active_family
from tests.support.plans import actions_of, needs_of, plan
from tests.support.web import SignIn


def an_empty_plan(council: Council) -> Team:
    team = an_active_family(council)
    with council.behind_the_scenes():
        db.session.delete(db.session.get_one(PlanNeed, team.need.id))
    return team


def template(team: Team, key: str) -> str:
    return plan(team, f"/templates?plan={key}")


class TestStarterPlans:
    def test_an_empty_plan_offers_six(self, council: Council, sign_in: SignIn) -> None:
        team = an_empty_plan(council)
        lead = sign_in(council.lead)
        assert plan(team, "/templates") in lead.get(plan(team)).links()

        page = lead.get(plan(team, "/templates"))

        assert len(starters()) == 6
        for starter in starters().values():
            assert template(team, starter.key) in page.links()
            assert starter.when in page.main

    @pytest.mark.parametrize("key", sorted(starters()))
    def test_is_used_as_it_stands(self, council: Council, sign_in: SignIn, key: str) -> None:
        team = an_empty_plan(council)
        starter = starters()[key]

        page = sign_in(council.lead).submit(plan(team, "/templates"), on=template(team, key)).follow()

        assert [need.what for need in needs_of(council, team)] == [need.what for need in starter.needs]
        assert [action.what for action in actions_of(council, team)] == [
            action.what for need in starter.needs for action in need.actions
        ]
        assert "2 needs added to the action plan" in page.text

    def test_is_adjusted_first(self, council: Council, sign_in: SignIn) -> None:
        team = an_empty_plan(council)
        child = team.home.children[0]
        answers = {
            "use-2": None,
            "what-1": "Going in on Mondays",
            "outcome-1": "Mondays are all right",
            "whose-1": "family",
            "do-1-1": "Ask her on a walk",
            "who-1-1": f"member-{team.partner.id}",
            "due-1-1": "4",
            "do-1-2": "",
        }

        sign_in(council.lead).submit(plan(team, "/templates"), answers, on=template(team, "school_attendance"))

        (need,) = needs_of(council, team)
        assert (need.what, need.desired_outcome, need.person_id) == (
            "Going in on Mondays",
            "Mondays are all right",
            None,
        )
        first, second = actions_of(council, team)
        assert (first.what, first.owner_id, first.state) == (
            "Ask her on a walk",
            team.partner.id,
            ActionState.PROPOSED,
        )
        assert (second.owner_id, second.state) == (team.lead.id, ActionState.AGREED)
        assert child.id != need.person_id

    def test_offers_whose_each_need_is(self, council: Council, sign_in: SignIn) -> None:
        team = an_empty_plan(council)

        sign_in(council.lead).submit(plan(team, "/templates"), on=template(team, "school_attendance"))

        assert [need.person_id for need in needs_of(council, team)] == [
            team.home.children[0].id,
            team.home.parent.id,
        ]

    def test_what_is_missing_is_said_and_nothing_saved(self, council: Council, sign_in: SignIn) -> None:
        team = an_empty_plan(council)

        page = sign_in(council.lead).submit(
            plan(team, "/templates"),
            {"what-1": "", "outcome-2": " ", "do-1-1": "x" * 201},
            on=template(team, "new_baby"),
        )

        assert page.status == 422
        assert page.errors == [
            "Enter what the need is, like “Getting to school on time”",
            "What will happen must be 200 characters or fewer. It is 201",
            "Enter what should be different, in the family’s own words",
        ]
        assert needs_of(council, team) == []

    def test_one_of_which_nothing_is_kept_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_empty_plan(council)

        page = sign_in(council.lead).submit(
            plan(team, "/templates"), {"use-1": None, "use-2": None}, on=template(team, "routines")
        )

        assert page.status == 422
        assert "Keep at least one need, or write the action plan yourself." in page.main

    def test_one_that_does_not_exist_leads_to_the_list(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.lead).get(template(an_empty_plan(council), "wealth"))

        assert "Starter action plans" in page.main
