"""The list of a person's own actions, and the page of all a family's actions."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.domain.dates import near
from portal.domain.plans import ActionState
from tests.support.actions import an_action_that_is
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import SignIn, counted_statements, said_twice


class TestMyActions:
    def test_overdue_first_then_due_then_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Later")
        an_action(council, team, what="Sooner", due_on=clock.today() - timedelta(days=10))
        done = an_action(council, team, what="Finished")
        partner = sign_in(council.partner)
        partner.submit(f"/actions/{done.ref}/update")

        page = partner.get("/my-actions")

        assert page.main.index("Sooner") < page.main.index("Later") < page.main.index("Finished")
        assert "overdue" in page.main

    def test_one_with_something_in_its_way_says_by_when_it_is_looked_at_again(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team, today = an_active_family(council), clock.today()
        passed, later = today - timedelta(days=14), today + timedelta(days=14)
        for what, due_on, review_on in (("Review passed", later, passed), ("Due passed", passed, later)):
            an_action_that_is(council, team, ActionState.BLOCKED, what=what, due_on=due_on, review_on=review_on)

        rows = sign_in(council.partner).get("/my-actions").soup.select("table[aria-labelledby=overdue] tbody tr")

        said = {row.select("a")[0].get_text(): " ".join(row.select("td")[1].get_text(" ").split()) for row in rows}
        assert said["Review passed"].startswith("look again: 10 working days overdue")
        assert f", to be done by {near(later, today)} Waiting on the landlord." in said["Review passed"]
        assert said["Due passed"].startswith("10 working days overdue")
        assert f"To be looked at again on {near(later, today)}" in said["Due passed"]

    def test_nothing_due_is_said(self, council: Council, sign_in: SignIn) -> None:
        assert "You have no actions due. Thank you." in sign_in(council.partner).get("/my-actions").main

    @pytest.mark.parametrize("days", [25, 60])
    def test_a_date_far_away_is_said_once_wherever_it_stands(
        self, council: Council, sign_in: SignIn, days: int
    ) -> None:
        team, day = an_active_family(council), clock.today() + timedelta(days=days)
        action = an_action(council, team, due_on=day)
        family = f"/families/{team.ref}"
        said = f"{day.day} {day:%B}"

        for path in (
            "/my-actions",
            f"/actions/{action.ref}",
            f"/actions/{action.ref}/update",
            family,
            f"{family}/plan",
        ):
            main = sign_in(council.partner).get(path).main
            assert said in main, path
            assert said_twice(main, day) == [], path
        assert said_twice(sign_in(council.manager).get("/families").main, day) == []

    def test_for_everybody_who_can_be_given_one(self, council: Council, sign_in: SignIn) -> None:
        for user in (council.coordinator, council.manager, council.social_worker, council.social_care_manager):
            assert sign_in(user).get("/my-actions").status == 200
        for user in (council.auditor, council.admin, council.front_door):
            assert sign_in(user).get("/my-actions").status == 403

    def test_costs_the_same_for_three_as_for_thirty(self, council: Council, sign_in: SignIn) -> None:
        team, partner = an_active_family(council), sign_in(council.partner)
        costs = []

        for number in (3, 27):
            for _ in range(number):
                an_action(council, team)
            with counted_statements(council.app) as statements:
                assert partner.get("/my-actions").status == 200
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 9, "\n".join(statements)


class TestTheActionsPage:
    def test_costs_at_most_nine_statements(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        for user, path in ((council.partner, ""), (council.lead, ""), (council.partner, "/update")):
            browser = sign_in(user)
            with counted_statements(council.app) as statements:
                assert browser.get(f"/actions/{action.ref}{path}").status == 200
            assert len(statements) <= 9, "\n".join(statements)
