"""Settling what social work left outstanding: completed, carried or dropped."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.plans import ActionState
from portal.domain.step_downs import Destination, Gate, OutstandingState
from portal.models.handover import OutstandingAction
from portal.models.teamwork import PlanAction
from portal.services import outstanding
from tests.support.gates import gates_of
from tests.support.handover import a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family
from tests.support.web import SignIn, date_parts


class TestSettling:
    def test_completed_with_how_it_is_known(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        lead = sign_in(council.lead)
        address = f"/outstanding/{handing.outstanding[0].ref}"

        page = lead.submit(address, {"outcome": "complete", "evidence": "The GP wrote"})

        assert page.location == f"/step-downs/{handing.ref}"
        assert "O-1: Recorded as completed" in page.follow().text
        assert handing.outstanding[0].state is OutstandingState.COMPLETED

    def test_carried_and_agreed(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        owner = handing.member_id(council.coordinator)

        sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[1].ref}",
            {"outcome": "carry", "owner": str(owner), "agreed": "yes", "due": "one_week"},
        )

        carried = handing.outstanding[1]
        action = handing.read(PlanAction, carried.plan_action_id or 0)
        assert carried.state is OutstandingState.CARRIED
        assert (action.state, action.owner_id, action.concerns_safety) == (ActionState.AGREED, owner, True)

    def test_carried_and_asked_waits_for_the_owner(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        owner = handing.member_id(council.coordinator)
        day = clock.today() + timedelta(days=40)

        sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[0].ref}",
            {"outcome": "carry", "owner": str(owner), "agreed": "ask", "due": "date", **date_parts("due_on", day)},
        )

        page = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}")
        assert f"{council.coordinator.name} has not agreed to it yet" in page.main

    def test_dropped_needs_a_reason_and_whether_the_family_knows(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        lead = sign_in(council.lead)
        address = f"/outstanding/{handing.outstanding[0].ref}"
        dropped = {"outcome": "drop", "drop_reason": "The club closed", "told": "yes"}

        assert lead.submit(address, {"outcome": "drop"}).errors == [
            "Enter why it is dropped",
            "Select whether the family knows",
        ]
        assert lead.submit(address, dropped).status == 303
        assert handing.outstanding[0].family_told_on == clock.today()

    def test_the_gate_waits_until_the_family_knows_what_was_dropped(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, outstanding=1)
        lead, action = sign_in(council.lead), handing.outstanding[0]
        lead.submit(f"/outstanding/{action.ref}", {"outcome": "drop", "drop_reason": "Closed", "told": "later"})
        gate, address = gates_of(handing)[Gate.OUTSTANDING], f"/outstanding/{action.ref}/told"

        page = lead.get(f"/step-downs/{handing.ref}")
        future = lead.submit(address, date_parts("told_on", clock.today() + timedelta(days=1)))
        told = lead.submit(address).follow()

        assert (gate.holds, gate.detail) == (False, "1 dropped, but the family has not been told yet")
        assert address in page.links()
        assert future.errors == ["The date the family was told must be today or in the past"]
        assert f"told the family that {action.ref} was dropped" in told.main
        assert gates_of(handing)[Gate.OUTSTANDING].holds
        assert not lead.get(address).soup.select("main form")

    def test_one_that_concerns_safety_is_not_dropped(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        page = sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[1].ref}", {"outcome": "drop", "drop_reason": "No time", "told": "yes"}
        )

        assert page.status == 422
        assert page.errors == [
            f"{handing.outstanding[1].ref} concerns safety: only the social care manager can drop it. "
            "Carry it into the action plan, record how it was completed, or ask Selma Senior"
        ]
        assert [each["value"] for each in page.soup.select("[name=outcome]")] == ["carry", "complete"]
        assert handing.outstanding[1].state is OutstandingState.OUTSTANDING

    def test_nobody_else_drops_one_that_concerns_safety_by_any_way(self, council: Council) -> None:
        handing = an_accepted(council)
        safety = handing.outstanding[1]

        with council.as_(council.manager) as viewer, pytest.raises(FieldRefused, match="concerns safety: only the"):
            outstanding.drop(db.session.get_one(OutstandingAction, safety.id), "No time", by=viewer)

    def test_the_social_care_manager_drops_one_that_concerns_safety(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        address = f"/outstanding/{handing.outstanding[1].ref}"
        manager = sign_in(council.social_care_manager)
        assert address in manager.get(f"/step-downs/{handing.ref}").links()
        assert address not in sign_in(council.social_worker).get(f"/step-downs/{handing.ref}").links()

        page = manager.submit(address, {"outcome": "drop", "drop_reason": "The danger has moved away", "told": "yes"})

        assert page.status == 303
        assert handing.outstanding[1].state is OutstandingState.DROPPED

    def test_the_social_care_manager_carries_one_that_was_agreed(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        owner = str(handing.member_id(council.coordinator))

        page = sign_in(council.social_care_manager).submit(
            f"/outstanding/{handing.outstanding[0].ref}",
            {"outcome": "carry", "owner": owner, "agreed": "yes", "due": "one_week"},
        )

        assert page.status == 303
        action = handing.read(PlanAction, handing.outstanding[0].plan_action_id or 0)
        assert action.state is ActionState.AGREED

    def test_who_hands_over_is_not_offered_and_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        worker = handing.member_id(council.social_worker)
        address = f"/outstanding/{handing.outstanding[0].ref}"
        answers = {"outcome": "carry", "owner": str(worker), "agreed": "yes", "due": "one_week"}

        page = sign_in(council.lead).submit(address, answers)

        assert page.status == 422
        assert page.soup.select_one("#owner-error")
        assert "Sam Social" not in page.text_of("#owner")
        outstanding_id = handing.outstanding[0].id
        with council.as_(council.lead) as viewer, pytest.raises(FieldRefused, match="leaves the") as refusal:
            outstanding.hand_to(
                db.session.get_one(OutstandingAction, outstanding_id),
                owner_id=worker,
                due_on=clock.today(),
                agreed=True,
                by=viewer,
            )
        assert refusal.value.field == "owner"

    def test_the_same_worker_takes_on_what_is_left(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, destination=Destination.SAME_WORKER)
        worker = str(handing.member_id(council.social_worker))

        page = sign_in(council.coordinator).submit(
            f"/outstanding/{handing.outstanding[0].ref}",
            {"outcome": "carry", "owner": worker, "agreed": "yes", "due": "one_week"},
        )

        assert page.status == 303

    def test_carrying_needs_an_owner_an_answer_and_a_date(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        page = sign_in(council.lead).submit(f"/outstanding/{handing.outstanding[0].ref}", {"outcome": "carry"})

        assert page.errors == [
            "Select when this should be done by",
            "Choose who will do it",
            "Select whether they have agreed",
        ]

    @pytest.mark.parametrize(("day", "month"), [("31", "2"), ("", "3")])
    def test_a_date_that_does_not_exist(self, council: Council, sign_in: SignIn, day: str, month: str) -> None:
        handing = an_accepted(council)

        page = sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[0].ref}",
            {
                "outcome": "carry",
                "owner": str(handing.member_id(council.lead)),
                "agreed": "yes",
                "due": "date",
                "due_on-day": day,
                "due_on-month": month,
                "due_on-year": "2030",
            },
        )

        assert page.status == 422
        assert page.errors[0].startswith("Date it is due must")

    def test_another_family_s_member_is_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        other = an_accepted(council, a_family(council, name="Other"))
        foreign = other.member_id(council.coordinator)

        page = sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[0].ref}",
            {"outcome": "carry", "owner": str(foreign), "agreed": "yes", "due": "one_week"},
        )

        assert page.errors == ["Select one of the answers in the list"]

    def test_two_people_at_once(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        address = f"/outstanding/{handing.outstanding[0].ref}"
        lead, coordinator = (sign_in(each).get(address).form(address) for each in (council.lead, council.coordinator))

        won = lead.send({"outcome": "complete", "evidence": "The GP wrote"})
        lost = coordinator.send({"outcome": "drop", "drop_reason": "Nobody knows", "told": "yes"})

        assert (won.status, lost.status) == (303, 409)
        assert "The GP wrote" in lost.main
        assert "Nobody knows" in lost.main

    def test_not_before_it_is_accepted(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        address = f"/outstanding/{handing.outstanding[0].ref}"
        coordinator = sign_in(council.coordinator)
        page = coordinator.get(address)
        token = page.soup.select_one("input[name=csrf_token]")

        assert not page.soup.select("main form")
        assert token is not None
        answer = coordinator.post(
            address,
            {
                "csrf_token": str(token["value"]),
                "idempotency_key": "k" * 24,
                "version": str(handing.read(OutstandingAction, handing.outstanding[0].id).version),
                "outcome": "complete",
                "evidence": "Done",
            },
        )
        assert answer.status == 409
        assert "has to be accepted before its outstanding actions are settled" in answer.main

    def test_social_work_and_partners_may_not(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        address = f"/outstanding/{handing.outstanding[0].ref}"

        assert sign_in(council.social_worker).get(address).status == 403
        assert sign_in(council.partner).get(address).status == 403
        assert sign_in(council.partner_other_organisation).get(address).status == 404
