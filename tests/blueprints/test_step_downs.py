"""Step-downs once they were sent: the list, the page both sides read, accepting, not accepting, settling."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState
from portal.domain.step_downs import Destination, OutstandingState, StepDownState
from portal.models.families import ConflictOfInterest, CoordinatorAssignment, Family
from portal.models.handover import Episode, LeadAssignment, OutstandingAction, StepDown, StepDownChild
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import history, step_downs
from tests.support.handover import (
    PREFERRED,
    RISKS,
    Handing,
    a_draft,
    a_proposed,
    a_ready_to_confirm,
    an_accepted,
    the_lead_accepts,
)
from tests.support.people import Council, a_family
from tests.support.web import SignIn, counted_statements, date_parts


def events_of(handing: Handing) -> list[str]:
    with handing.council.behind_the_scenes():
        return [
            str(kind)
            for kind in db.session.scalars(
                select(Event.kind).where(Event.family_id == handing.home.id).order_by(Event.id)
            )
        ]


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
        assert f"{council.lead.name}: a lead professional, since" in page.main
        assert (
            f"{council.coordinator.name}: the step-down meeting, outstanding actions, meeting the family" in page.main
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
            step_downs.complete(db.session.get_one(StepDown, handing.step_down_id), by=viewer)
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
            assert page.text_of(".app-print-line") == (f"{handing.ref}, {handing.family_ref}. Printed by {reader.name}")

    def test_says_who_acts_next(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}")

        assert f"Waiting on {council.lead.name}: a lead professional has accepted, and 5 more" in page.main

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
        assert {"step_down.accepted", "lead.nominated", "episode.opened"} <= set(events_of(handing))

    def test_the_load_of_each_candidate_is_shown(self, council: Council, sign_in: SignIn) -> None:
        first = a_ready_to_confirm(council, a_family(council))
        owner_id = first.member_id(council.lead)
        with council.behind_the_scenes():
            row = db.session.scalars(select(PlanAction)).one()
            row.owner_id, row.due_on = owner_id, clock.today() - timedelta(days=10)
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

    def test_dropped_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        lead = sign_in(council.lead)
        address = f"/outstanding/{handing.outstanding[0].ref}"

        assert lead.submit(address, {"outcome": "drop"}).errors == ["Enter why it is dropped"]
        assert lead.submit(address, {"outcome": "drop", "drop_reason": "The club closed"}).status == 303

    def test_one_that_concerns_safety_is_not_dropped(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)

        page = sign_in(council.lead).submit(
            f"/outstanding/{handing.outstanding[1].ref}", {"outcome": "drop", "drop_reason": "No time"}
        )

        assert page.status == 422
        assert page.errors[0].startswith("This action concerns safety, so it cannot be dropped here")
        assert handing.outstanding[1].state is OutstandingState.OUTSTANDING

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
        lost = coordinator.send({"outcome": "drop", "drop_reason": "Nobody knows"})

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


class TestLeadGoesOn:
    def test_the_worker_joins_the_team_until_it_is_complete(self, council: Council) -> None:
        handing = an_accepted(council, answered=False)
        the_lead_accepts(handing, council.lead)

        with council.behind_the_scenes():
            names = set(db.session.scalars(select(TeamMember.name).where(TeamMember.left_on.is_(None))))

        assert names == {council.coordinator.name, council.social_worker.name, council.lead.name}
