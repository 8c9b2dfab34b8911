"""The list of a person's own actions, and the page of all a family's actions."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.core import clock
from portal.core.db import db
from portal.models.teamwork import PlanAction
from portal.services import moves
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
            action = an_action(council, team, what=what, due_on=due_on)
            with council.behind_the_scenes():
                db.session.execute(
                    update(PlanAction)
                    .where(PlanAction.id == action.id)
                    .values(in_the_way="The van", waiting_on="The garage", review_on=review_on)
                )
                moves.put_back(db.session.get_one(PlanAction, action.id), {"state": "blocked"})

        rows = sign_in(council.partner).get("/my-actions").soup.select("table[aria-labelledby=overdue] tbody tr")

        said = {row.select("a")[0].get_text(): " ".join(row.select("td")[1].get_text(" ").split()) for row in rows}
        assert said["Review passed"].startswith("To be looked at again 10 working days overdue")
        assert f"Waiting on The garage. To be done by {later:%A} {later.day} {later:%B}" in said["Review passed"]
        assert said["Due passed"].startswith("10 working days overdue")
        assert f"To be looked at again on {later:%A} {later.day} {later:%B}" in said["Due passed"]

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
