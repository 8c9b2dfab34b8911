"""Answering a step-down: accepting it, asking somebody to lead, and not accepting it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.step_downs import Destination, StepDownState
from portal.models.families import ConflictOfInterest, CoordinatorAssignment, Family
from portal.models.handover import Episode, LeadAssignment, StepDownChild
from portal.models.people import User
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import history
from tests.support.handover import PREFERRED, a_proposed, a_ready_to_confirm, an_accepted, the_lead_accepts
from tests.support.people import Council, a_family, history_of
from tests.support.web import SignIn


class TestAccepting:
    def test_asks_the_lead_opens_early_help_and_moves_no_responsibility(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/accept", {"lead": str(council.lead.id)})

        assert page.status == 303
        assert "Step-down accepted" in page.follow().text
        assert handing.state is StepDownState.ACCEPTED
        with council.behind_the_scenes():
            assert db.session.scalars(select(PlanNeed.what)).all() == ["Getting to school 0"]
            assert db.session.scalars(select(CoordinatorAssignment.user_id)).all() == [council.coordinator.id]
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is None
        assert handing.nomination.user_id == council.lead.id
        assert {"step_down.accepted", "lead.nominated", "episode.opened"} <= set(
            history_of(handing.council, handing.home.id)
        )

    def test_the_load_of_each_candidate_counts_what_is_out_of_reach(self, council: Council, sign_in: SignIn) -> None:
        first = a_ready_to_confirm(council, a_family(council))
        owner_id = first.member_id(council.lead)
        with council.behind_the_scenes():
            row = db.session.scalars(select(PlanAction)).one()
            row.owner_id, row.due_on = owner_id, clock.today() - timedelta(days=10)
            db.session.get_one(Family, first.home.id).restricted = True
            history.changed(first.home.id)
        handing = a_proposed(council, a_family(council))

        page = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}/accept")

        options = [option.get_text() for option in page.soup.select("option")]
        assert f"{council.lead.name}, {council.health.name}: leads 1 family, 1 overdue action" in options
        assert f"{council.partner.name}, {council.school.name}: leads no family, nothing overdue" in options
        assert PREFERRED in page.main
        for never in (council.partner_without_agreement, council.auditor, council.front_door):
            assert never.name not in page.text_of("select")

    def test_nobody_chosen_is_asked_again(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/accept")

        assert (page.status, page.errors) == (422, ["Choose who will be asked to be the lead professional"])
        assert handing.state is StepDownState.PROPOSED

    @pytest.mark.parametrize("wrong", ["0", "999999", "x", "1 OR 1=1", "-1"])
    def test_a_foreign_id_is_refused(self, council: Council, sign_in: SignIn, wrong: str) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/accept", {"lead": wrong})

        assert page.status == 422
        assert handing.state is StepDownState.PROPOSED

    def test_whoever_must_not_see_the_family_cannot_be_asked(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            db.session.add(
                ConflictOfInterest(family_id=handing.home.id, user_id=council.lead.id, recorded_at=clock.now())
            )

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/accept", {"lead": str(council.lead.id)})

        assert page.status == 422
        assert page.errors[0].startswith("This person cannot be asked for this family")
        assert handing.state is StepDownState.PROPOSED

    def test_two_coordinators_at_once(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        address = f"/step-downs/{handing.ref}/accept"
        one, other = (
            sign_in(each).get(address).form(address) for each in (council.coordinator, council.other_coordinator)
        )

        won, lost = one.send({"lead": str(council.lead.id)}), other.send({"lead": str(council.partner.id)})

        assert (won.status, lost.status) == (303, 409)
        assert f"{council.coordinator.name} changed this" in lost.main
        assert council.lead.name in lost.text_of(".app-side-by-side__part:first-child")
        assert council.partner.name in lost.text_of(".app-side-by-side__part:last-child")
        assert not lost.soup.select("select")
        with council.behind_the_scenes():
            assert db.session.scalars(select(LeadAssignment.user_id)).all() == [council.lead.id]

    def test_a_double_click_accepts_once(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        form = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}/accept").form()

        first, second = (form.send({"lead": str(council.lead.id)}) for _ in range(2))

        assert (first.status, second.status, first.location) == (303, 303, second.location)
        with council.behind_the_scenes():
            assert db.session.scalars(select(func.count(Episode.id))).one() == 1

    def test_a_tab_from_before_it_was_not_accepted_says_by_whom_and_when(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        address = f"/step-downs/{handing.ref}/accept"
        old = sign_in(council.coordinator).get(address).form(address)
        said = {"decline_code": "not_enough_known", "decline_reason": "Where does the father live?"}
        sign_in(council.other_coordinator).submit(f"/step-downs/{handing.ref}/decline", said)

        lost = old.send({"lead": str(council.lead.id)})

        assert lost.status == 409
        assert f"{council.other_coordinator.name} said on {moment(clock.now())} that this step-down is not" in lost.main
        assert not lost.soup.select(".app-side-by-side__part")
        assert handing.state is StepDownState.DECLINED

    def test_the_same_worker_goes_on_as_the_lead(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council, destination=Destination.SAME_WORKER)
        coordinator = sign_in(council.coordinator)

        page = coordinator.get(f"/step-downs/{handing.ref}/accept")
        page.form().send()

        assert f"{council.social_worker.name} goes on with the family" in page.main
        assert not page.soup.select("select")
        assert (handing.nomination.user_id, str(handing.nomination.state)) == (council.social_worker.id, "accepted")

    def test_universal_asks_for_no_lead(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council, destination=Destination.UNIVERSAL)
        coordinator = sign_in(council.coordinator)

        page = coordinator.get(f"/step-downs/{handing.ref}/accept")

        assert "Nobody is asked to lead" in page.main
        nobody = "Lead professional No lead professional is asked: the early help coordinator will hold the family"
        assert nobody in coordinator.get(f"/step-downs/{handing.ref}").main
        assert page.form().send().status == 303
        with council.behind_the_scenes():
            assert db.session.scalars(select(func.count(LeadAssignment.id))).one() == 0
            assert db.session.scalars(select(Episode.lead_needed)).all() == [False]

    def test_a_sibling_s_step_down_joins_and_keeps_the_lead(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        first_child, second_child = home.children
        home.children = [first_child]
        an_accepted(council, home)
        home.children = [second_child]
        second = a_proposed(council, home)

        page = sign_in(council.other_coordinator).get(f"/step-downs/{second.ref}/accept")
        page.form().send()

        assert f"{council.lead.name} is the family’s lead professional already, and goes on" in page.main
        with council.behind_the_scenes():
            assert db.session.scalars(select(func.count(Episode.id))).one() == 1
            assert db.session.scalars(select(CoordinatorAssignment.user_id)).all() == [council.coordinator.id]

    def test_a_worker_who_has_left_does_not_hold_it_up(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            db.session.execute(update(User).where(User.id == council.social_worker.id).values(active=False))

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/accept", {"lead": str(council.lead.id)})

        assert page.status == 303

    def test_social_work_may_not_accept(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        assert sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/accept").status == 403


class TestNotAccepting:
    def test_needs_a_code_and_words(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/decline", {"decline_reason": "   "})

        assert page.errors == [
            "Select why this step-down is not accepted",
            "Enter why this step-down is not accepted",
        ]
        assert handing.state is StepDownState.PROPOSED

    @pytest.mark.parametrize("wrong", ["a\x00b", "x" * 10_000])
    def test_bad_words_are_refused_and_kept(self, council: Council, sign_in: SignIn, wrong: str) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(
            f"/step-downs/{handing.ref}/decline", {"decline_code": "other", "decline_reason": wrong}
        )

        assert page.status == 422
        assert page.errors[0].startswith("The reason must")
        assert wrong.replace("\x00", "\N{REPLACEMENT CHARACTER}") in page.html

    def test_is_told_with_the_reason_and_frees_the_children(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        sign_in(council.coordinator).submit(
            f"/step-downs/{handing.ref}/decline",
            {"decline_code": "family_not_asked", "decline_reason": "Ask Siobhán’s mother first"},
        )

        page = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}")
        assert "The family has not been asked" in page.main
        assert "Ask Siobhán’s mother first" in page.main
        with council.behind_the_scenes():
            assert db.session.scalars(select(StepDownChild.is_open)).all() == [False]

    def test_after_it_was_accepted_it_is_refused_with_both_texts(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        address = f"/step-downs/{handing.ref}"
        form = sign_in(council.other_coordinator).get(f"{address}/decline").form()
        sign_in(council.coordinator).submit(f"{address}/accept", {"lead": str(council.lead.id)})

        page = form.send({"decline_code": "other", "decline_reason": "Too soon"})

        assert page.status == 409
        assert council.coordinator.name in page.main
        assert "Too soon" in page.main
        assert handing.state is StepDownState.ACCEPTED


class TestLeadGoesOn:
    def test_the_worker_joins_the_team_until_it_is_complete(self, council: Council) -> None:
        handing = an_accepted(council, answered=False)
        the_lead_accepts(handing, council.lead)

        with council.behind_the_scenes():
            names = set(db.session.scalars(select(TeamMember.name).where(TeamMember.left_on.is_(None))))

        assert names == {council.coordinator.name, council.social_worker.name, council.lead.name}
