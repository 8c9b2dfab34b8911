"""Step-downs once they were sent: the list, and the page both sides read."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.models.handover import StepDown
from portal.services import completion
from tests.support.handover import PREFERRED, RISKS, Handing, a_draft, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family
from tests.support.web import SignIn, counted_statements


class TestTheList:
    def test_a_coordinator_sees_the_most_urgent_first_and_no_draft(self, council: Council, sign_in: SignIn) -> None:
        a_proposed(council, a_family(council, name="Later"))
        sooner = a_proposed(council, a_family(council, name="Sooner"), decided=clock.today() - timedelta(days=30))
        a_draft(council, a_family(council, name="Unsent"))

        page = sign_in(council.coordinator).get("/step-downs")

        assert page.main.index("Sooner") < page.main.index("Later")
        assert "Unsent" not in page.main
        assert "working days overdue" in page.main
        assert f"/step-downs/{sooner.ref}" in page.links()

    def test_what_is_missing_is_said_with_whom_it_waits_on(self, council: Council, sign_in: SignIn) -> None:
        an_accepted(council, answered=False)

        page = sign_in(council.manager).get("/step-downs")

        assert "2 of 8 in place" in page.main
        assert f"{council.lead.name}: a lead professional who has accepted, since" in page.main
        assert (
            f"{council.coordinator.name}: the step-down meeting, held and written up; what becomes of each outstanding "
            "action; meeting the family and seeing each child" in page.main
        )

    def test_a_social_worker_goes_on_with_their_draft(self, council: Council, sign_in: SignIn) -> None:
        draft = a_draft(council)

        page = sign_in(council.social_worker).get("/step-downs")

        assert f"/step-downs/{draft.ref}/edit" in page.links()

    def test_the_manager_sees_the_team_s_and_another_team_s_worker_nothing(
        self, council: Council, sign_in: SignIn
    ) -> None:
        draft = a_draft(council)

        assert draft.ref in sign_in(council.social_care_manager).get("/step-downs").main
        assert draft.ref not in sign_in(council.social_worker_other_team).get("/step-downs").main

    def test_one_that_was_not_accepted_is_not_lost(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        sign_in(council.coordinator).submit(
            f"/step-downs/{handing.ref}/decline",
            {"decline_code": "not_enough_known", "decline_reason": "Ask the school"},
        )

        page = sign_in(council.social_worker).get("/step-downs")

        assert "Not accepted" in page.main
        assert "Not enough is known yet" in page.main

    def test_complete_for_thirty_days(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        with council.as_(council.social_worker) as viewer:
            completion.complete(db.session.get_one(StepDown, handing.step_down_id), by=viewer)
        coordinator = sign_in(council.coordinator)
        shown = coordinator.get("/step-downs").main
        with council.behind_the_scenes():
            row = db.session.get_one(StepDown, handing.step_down_id)
            row.completed_at = clock.now() - timedelta(days=31)

        assert f"by {council.social_worker.name}" in shown
        assert handing.ref not in coordinator.get("/step-downs").main

    def test_empty_states(self, council: Council, sign_in: SignIn) -> None:
        assert "No step-downs waiting." in sign_in(council.coordinator).get("/step-downs").main
        assert "You have no step-down to finish." in sign_in(council.social_worker).get("/step-downs").main

    def test_a_partner_has_no_list(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.partner).get("/step-downs").status == 403

    def test_as_many_statements_for_many_as_for_few(self, council: Council, sign_in: SignIn) -> None:
        def cost() -> int:
            browser = sign_in(council.coordinator)
            with counted_statements(council.app) as statements:
                assert browser.get("/step-downs").status == 200
            return len(statements)

        a_proposed(council, a_family(council))
        an_accepted(council, a_family(council))
        few = cost()
        for _ in range(4):
            a_proposed(council, a_family(council))
            an_accepted(council, a_family(council))

        assert cost() == few


class TestThePage:
    def test_both_sides_read_the_same(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        for reader in (council.coordinator, council.social_worker, council.social_care_manager, council.lead):
            page = sign_in(reader).get(f"/step-downs/{handing.ref}")
            for words in (RISKS, PREFERRED, "I like my school", "One person to ring would help", "Getting to school 0"):
                assert words in page.main
            assert page.title.startswith(f"Step-down {handing.ref}")
            line = f"{handing.ref}, {handing.family_ref}. Printed by {reader.name}, {full(clock.today())} at "
            assert page.text_of(".app-print-line").startswith(line)

    def test_says_who_acts_next(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        main = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}").main

        assert "You act next. Still missing: the step-down meeting, held and written up, since" in main
        assert f"{council.lead.name}: a lead professional who has accepted" in main

    def test_what_is_missing_does_not_read_as_done(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        main = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}").main

        assert f"Waiting on {council.lead.name}, since" in main
        assert "Still missing: the step-down meeting, held and written up; and" in main

    def test_labels_are_those_of_a_step_down(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        coordinator = sign_in(council.coordinator)

        waiting = coordinator.get(f"/step-downs/{handing.ref}").text_of(".govuk-tag")
        coordinator.submit(f"/step-downs/{handing.ref}/accept", {"lead": str(council.lead.id)})

        assert waiting.startswith("Waiting to be accepted")
        assert coordinator.get(f"/step-downs/{handing.ref}").text_of(".govuk-tag").startswith("Accepted")

    def test_only_what_is_open_and_allowed_is_offered(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        address = f"/step-downs/{handing.ref}"

        coordinator, worker = (sign_in(each).get(address) for each in (council.coordinator, council.social_worker))

        assert {f"{address}/accept", f"{address}/decline"} <= set(coordinator.links())
        assert not {f"{address}/accept", f"{address}/decline", f"{address}/complete"} & set(worker.links())

    def test_a_draft_is_its_writers_own(self, council: Council, sign_in: SignIn) -> None:
        handing = a_draft(council)
        address = f"/step-downs/{handing.ref}"

        assert sign_in(council.social_worker).get(address).location == f"{address}/edit"
        for reader in (council.coordinator, council.manager, council.auditor):
            page = sign_in(reader).get(address)
            assert page.status == 403
            assert "This step-down has not been sent yet" in page.main
            assert RISKS not in page.html
        assert sign_in(council.coordinator).get(f"{address}/accept").status == 403
        assert sign_in(council.coordinator).get(f"/outstanding/{handing.outstanding[0].ref}").status == 403

    def test_strangers_find_nothing(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        for stranger in (council.social_worker_other_team, council.partner, council.front_door, council.admin):
            assert sign_in(stranger).get(f"/step-downs/{handing.ref}").status == 404

    def test_a_larger_step_down_costs_no_more(self, council: Council, sign_in: SignIn) -> None:
        small = an_accepted(council, a_family(council))
        large = an_accepted(council, a_family(council, children=4), left=6, outstanding=8)
        browser = sign_in(council.coordinator)

        def cost(handing: Handing) -> int:
            with counted_statements(council.app) as statements:
                assert browser.get(f"/step-downs/{handing.ref}").status == 200
            return len(statements)

        assert cost(large) == cost(small)
