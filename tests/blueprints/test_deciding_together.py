"""What both managers decide together: gates waived for a time, and how a step-down past its standard goes on."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.plans import ActionState
from portal.domain.roles import Role
from portal.domain.step_downs import Destination, Gate, StepDownState
from portal.models.deciding import JointDecision
from portal.models.handover import StepDown
from portal.models.people import UserRole
from portal.models.record import OutboxMessage
from portal.models.teamwork import Meeting, PlanAction, TeamMember
from tests.blueprints.test_completing import CONFIRM, post_straight
from tests.support.gates import gates_of
from tests.support.handover import Handing, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family, summary_of
from tests.support.web import Page, SignIn, date_parts, from_today

REASON = "The mother is in hospital until then"


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def asked(kind: str = "", *, until: date | None = None, **more: Any) -> dict[str, Any]:
    return {
        **({"kind": kind} if kind else {}),
        **date_parts("until", until or in_days(10)),
        "reason": REASON,
        **more,
    }


def waive(handing: Handing, sign_in: SignIn, gate: Gate, **how: Any) -> Page:
    """Proposed by the early help manager."""
    browser = sign_in(handing.council.manager)
    return browser.submit(f"/step-downs/{handing.ref}/waive", asked(gate=str(int(gate)), **how))


def decision(handing: Handing) -> JointDecision:
    with handing.council.behind_the_scenes():
        return db.session.scalars(select(JointDecision).order_by(JointDecision.id.desc()).limit(1)).one()


def agree(handing: Handing, sign_in: SignIn) -> Page:
    browser = sign_in(handing.council.social_care_manager)
    return browser.submit(f"/decisions/{decision(handing).ref}", {"answer": "agree"})


def lacking_its_meeting(council: Council) -> Handing:
    """Everything but the step-down meeting is there."""
    handing = a_ready_to_confirm(council, a_family(council))
    with council.behind_the_scenes():
        for meeting in db.session.scalars(select(Meeting).where(Meeting.is_step_down)):
            meeting.is_step_down, meeting.is_review = False, True
    return handing


def past_its_standard(council: Council, handing: Handing | None = None) -> Handing:
    handing = handing or an_accepted(council)
    with council.behind_the_scenes():
        db.session.get_one(StepDown, handing.step_down_id).complete_by = in_days(-7)
    return handing


class TestWaiving:
    def test_takes_two_managers_signed_in(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)

        proposed = waive(handing, sign_in, Gate.MEETING)
        before = gates_of(handing)[Gate.MEETING]
        agreed = agree(handing, sign_in).follow()

        assert "It holds once the other manager has agreed" in proposed.follow().text
        assert not before.holds
        assert gates_of(handing)[Gate.MEETING].holds
        names = f"{council.manager.name} and {council.social_care_manager.name}"
        assert f"Waived until {full(in_days(10))} by {names}" in agreed.main
        assert REASON in agreed.main
        assert f"{names} decided together for {handing.ref}: go on without the step-down meeting" in agreed.main

    def test_opens_the_button_with_all_the_others(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        worker, address = sign_in(council.social_worker), f"/step-downs/{handing.ref}/complete"
        waive(handing, sign_in, Gate.MEETING)
        assert post_straight(worker, handing).status == 409

        agree(handing, sign_in)

        assert worker.submit(address, CONFIRM).status == 303

    def test_the_social_care_manager_may_propose_it_too(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        sign_in(council.social_care_manager).submit(f"/step-downs/{handing.ref}/waive", asked(gate="2"))

        page = sign_in(council.manager).submit(f"/decisions/{decision(handing).ref}", {"answer": "agree"})

        assert page.status == 303
        assert gates_of(handing)[Gate.MEETING].holds

    def test_one_manager_alone_is_not_enough(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        waive(handing, sign_in, Gate.MEETING)

        page = sign_in(council.manager).submit(f"/decisions/{decision(handing).ref}", {"answer": "agree"})

        assert (page.status, page.errors) == (422, ["A manager of the other side agrees to this, not you"])
        assert not gates_of(handing)[Gate.MEETING].holds

    def test_who_manages_both_sides_is_still_one_person(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        with council.behind_the_scenes():
            db.session.add(UserRole(user_id=council.social_care_manager.id, role=Role.EARLY_HELP_MANAGER))
        both = sign_in(council.social_care_manager)
        both.submit(f"/step-downs/{handing.ref}/waive", asked(gate="2"))

        assert both.submit(f"/decisions/{decision(handing).ref}", {"answer": "agree"}).status == 422
        assert not gates_of(handing)[Gate.MEETING].holds

    @pytest.mark.parametrize("gate", [Gate.AGREEMENT, Gate.LEAD, Gate.OUTSTANDING, Gate.CHECKS])
    def test_some_can_never_be_waived(self, council: Council, sign_in: SignIn, gate: Gate) -> None:
        handing = an_accepted(council, answered=False)

        page = waive(handing, sign_in, gate)

        assert (page.status, page.errors) == (422, ["This can never be waived, or it is not missing"])
        with council.behind_the_scenes():
            assert db.session.scalars(select(JointDecision)).all() == []

    def test_when_it_has_passed_the_gate_is_open_again(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        until = in_days(10)
        waive(handing, sign_in, Gate.MEETING)
        agree(handing, sign_in)

        with time_machine.travel(clock.now() + timedelta(days=11), tick=True):
            gate = gates_of(handing)[Gate.MEETING]
            again = waive(handing, sign_in, Gate.MEETING)

        assert not gate.holds
        assert gate.detail is not None
        assert gate.detail.endswith(f"ended on {full(until)}")
        assert again.status == 303

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"reason": ""}, "Enter why you propose this"),
            (from_today("until", -1), "The date must be today or later"),
            ({"until-day": "", "until-month": "", "until-year": ""}, "Enter the date until which this holds"),
            ({"gate": None}, "Select what you would go on without"),
        ],
    )
    def test_needs_a_gate_a_date_to_come_and_a_reason(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], error: str
    ) -> None:
        handing = an_accepted(council)

        page = sign_in(council.manager).submit(f"/step-downs/{handing.ref}/waive", {**asked(gate="2"), **answers})

        assert (page.status, page.errors) == (422, [error])

    def test_is_not_asked_twice(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        waive(handing, sign_in, Gate.MEETING)

        page = waive(handing, sign_in, Gate.MEETING)

        assert page.status == 409
        assert f"{council.manager.name} has proposed something already, {decision(handing).ref}" in page.main

    def test_the_other_manager_may_not_agree_and_says_why(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        waive(handing, sign_in, Gate.MEETING)
        manager = sign_in(council.social_care_manager)

        page = manager.submit(
            f"/decisions/{decision(handing).ref}", {"answer": "end", "ended_reason": "We can meet on Friday"}
        )

        assert "We can meet on Friday" in page.follow().main
        assert not gates_of(handing)[Gate.MEETING].holds
        assert agree_again(handing, sign_in) == 409

    def test_runs_past_completion_as_an_action_of_the_manager(self, council: Council, sign_in: SignIn) -> None:
        handing = lacking_its_meeting(council)
        waive(handing, sign_in, Gate.MEETING)
        agree(handing, sign_in)

        sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        with council.behind_the_scenes():
            action, owner = db.session.execute(
                select(PlanAction, TeamMember)
                .join(TeamMember, TeamMember.id == PlanAction.owner_id)
                .order_by(PlanAction.id.desc())
                .limit(1)
            ).one()
        assert action.what == "Hold the meeting between social care and early help, and write it up"
        assert (owner.user_id, action.state) == (council.manager.id, ActionState.PROPOSED)
        assert action.due_on == Calendar().due(in_days(10))


def agree_again(handing: Handing, sign_in: SignIn) -> int:
    """To the address itself: the page has no form any more."""
    browser = sign_in(handing.council.social_care_manager)
    token = browser.get(f"/step-downs/{handing.ref}").soup.select_one("input[name=csrf_token]")
    assert token is not None
    sent = {"csrf_token": str(token["value"]), "idempotency_key": "k" * 24, "answer": "agree"}
    status = browser.post(f"/decisions/{decision(handing).ref}", sent).status
    return 409 if status == 422 else status


class TestPastItsStandard:
    def test_is_shown_and_listed(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)
        manager = sign_in(council.manager)

        assert "decide together how it goes on" in manager.get(f"/step-downs/{handing.ref}").main
        assert "The managers of both sides decide how it goes on" in manager.get("/step-downs").main

    def test_nothing_is_decided_before(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        manager = sign_in(council.manager)

        page = manager.get(f"/step-downs/{handing.ref}/decide")

        assert "is not past the day by which it has to be complete" in page.main
        assert not page.soup.select("main form")
        assert "decide together" not in manager.get(f"/step-downs/{handing.ref}").main

    def propose(self, handing: Handing, sign_in: SignIn, kind: str, **more: Any) -> Page:
        return sign_in(handing.council.social_care_manager).submit(
            f"/step-downs/{handing.ref}/decide", asked(kind, **more)
        )

    def agree(self, handing: Handing, sign_in: SignIn) -> Page:
        browser = sign_in(handing.council.manager)
        return browser.submit(f"/decisions/{decision(handing).ref}", {"answer": "agree"}).follow()

    def test_a_new_date(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)

        self.propose(handing, sign_in, "new_date", until=in_days(20))
        assert "Waiting for the other manager" in sign_in(council.coordinator).get(f"/step-downs/{handing.ref}").main
        page = self.agree(handing, sign_in)

        assert handing.read(StepDown, handing.step_down_id).complete_by == in_days(20)
        assert f"it has to be complete by {full(in_days(20))}" in page.main
        assert "decide together how it goes on" not in page.main
        with council.behind_the_scenes():
            told = set(db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "decision.agreed")))
        assert told == {"social_worker", "coordinator", "lead_professional"}

    def test_another_destination_asks_for_other_gates(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)

        self.propose(handing, sign_in, "other_destination", destination="universal")
        page = self.agree(handing, sign_in)

        assert handing.read(StepDown, handing.step_down_id).destination is Destination.UNIVERSAL
        assert set(gates_of(handing)) == {Gate.AGREEMENT, Gate.OUTSTANDING, Gate.CHECKS}
        assert "the family goes to: Universal services, with follow-up" in page.main

    def test_the_same_worker_leads_from_then_on(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council, an_accepted(council, destination=Destination.UNIVERSAL))

        self.propose(handing, sign_in, "other_destination", destination="same_worker")
        self.agree(handing, sign_in)

        assert handing.nomination.user_id == council.social_worker.id

    def test_going_on_without_something(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)

        self.propose(handing, sign_in, "waive", gate="2")
        self.agree(handing, sign_in)

        assert gates_of(handing)[Gate.MEETING].holds
        assert handing.read(StepDown, handing.step_down_id).complete_by == Calendar().due(in_days(10))

    @pytest.mark.parametrize(
        ("kind", "words", "link", "where"),
        [
            (
                "not_reached",
                "the family could not be reached",
                "Record that the family could not be reached",
                "family-said-no",
            ),
            (
                "stays",
                "the family stays with social care",
                "Record that the family stays with social care",
                "stays-with-social-care",
            ),
        ],
    )
    def test_another_way_out_is_recorded_on_its_page(
        self, council: Council, sign_in: SignIn, kind: str, words: str, link: str, where: str
    ) -> None:
        handing = past_its_standard(council)

        self.propose(handing, sign_in, kind)
        page = self.agree(handing, sign_in)

        assert words in page.main
        assert handing.state is StepDownState.ACCEPTED
        theirs = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}")
        assert [one["href"] for one in theirs.soup.select(".app-card a") if one.text == link] == [
            f"/step-downs/{handing.ref}/{where}"
        ]

    def test_what_both_decided_is_not_asked_of_the_manager_again(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)
        self.propose(handing, sign_in, "stays")
        worker = sign_in(council.social_worker)
        url = f"/step-downs/{handing.ref}/stays-with-social-care"
        answers = {"why": "The father is back", "what_now": "same_worker", "risen": "no"}
        assert "has to agree" in worker.get(url).main
        self.agree(handing, sign_in)

        opened = worker.get(url)
        assert "nobody has to agree again" in opened.main
        main = worker.submit(url, answers).follow().main

        both = f"{council.social_care_manager.name} and {council.manager.name}"
        assert handing.state is StepDownState.STAYS
        assert f"Answered by {both}" in main
        assert summary_of(council, handing.home.id).next_kind is None
        history = worker.get(f"/families/{handing.family_ref}/history").main
        assert f"as {both} decided together" in history
        assert opened.form(url).send(answers).status == 409

    def test_what_both_decided_for_a_time_that_has_passed_is_asked_again(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = past_its_standard(council)
        self.propose(handing, sign_in, "stays", until=in_days(1))
        self.agree(handing, sign_in)

        with time_machine.travel(clock.now() + timedelta(days=3), tick=True):
            page = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/stays-with-social-care")

        assert "has to agree" in page.main

    def test_where_to_is_asked(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)

        page = self.propose(handing, sign_in, "other_destination")

        assert page.errors == ["Select where the family would go"]

    def test_it_is_stuck_again_when_that_day_has_passed(self, council: Council, sign_in: SignIn) -> None:
        handing = past_its_standard(council)
        self.propose(handing, sign_in, "new_date", until=in_days(3))
        self.agree(handing, sign_in)

        with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
            page = sign_in(council.manager).get(f"/step-downs/{handing.ref}")

        assert "decide together how it goes on" in page.main
