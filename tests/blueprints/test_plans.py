"""A family's plan: its page, and when it comes into force."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.plans import ActionState, Headline, PlanState
from portal.domain.support import HowGiven, Method, NeedNow, NotStarted, ReferralState, Source
from portal.models.following import SupportReferral
from portal.models.teamwork import ActionPlan, Contact, ContactPerson, Meeting, MeetingInvitee, PlanAction, PlanNeed
from portal.services import history
from tests.support.people import Council, Team, a_family, an_action, an_active_family, history_of
from tests.support.plans import a_need, loosen, plan
from tests.support.web import SignIn, counted_statements


def plan_of(council: Council, team: Team) -> ActionPlan:
    with council.behind_the_scenes():
        return db.session.scalars(select(ActionPlan).where(ActionPlan.family_id == team.family.id)).one()


def support_for(council: Council, team: Team, need: PlanNeed, state: ReferralState) -> None:
    with council.behind_the_scenes():
        referral = SupportReferral(
            family_id=team.family.id,
            plan_need_id=need.id,
            service_name="Warm Homes",
            given_on=clock.today(),
            how_given=HowGiven.SAID,
            state=state,
            started_on=clock.today() if state is ReferralState.STARTED else None,
            started_source=Source.FAMILY if state is ReferralState.STARTED else None,
            started_what="A visit" if state is ReferralState.STARTED else None,
            not_started_code=NotStarted.TRAVEL if state is ReferralState.NOT_STARTED else None,
            need_now=NeedNow.ANOTHER_ROUTE if state is ReferralState.NOT_STARTED else None,
            recorded_by_id=council.lead.id,
            recorded_by_name=council.lead.name,
            recorded_at=clock.now(),
        )
        db.session.add(referral)
        history.changed(team.family.id)


def was_met(council: Council, team: Team, *, method: Method = Method.VISIT, seen: bool = True) -> None:
    with council.behind_the_scenes():
        contact = Contact(
            family_id=team.family.id,
            made_by_id=council.lead.id,
            made_by_name=council.lead.name,
            on=clock.today(),
            method=method,
            answered=True,
            recorded_at=clock.now(),
        )
        db.session.add(contact)
        db.session.flush()
        db.session.add(
            ContactPerson(family_id=team.family.id, contact_id=contact.id, person_id=team.home.parent.id, seen=seen)
        )


def a_meeting(council: Council, team: Team, *, came: Attendance, state: MeetingState = MeetingState.HELD) -> None:
    held = clock.today() if state is MeetingState.HELD else None
    with council.behind_the_scenes():
        meeting = Meeting(
            family_id=team.family.id, is_first_team=True, state=state, starts_at=clock.now(), held_on=held
        )
        db.session.add(meeting)
        db.session.flush()
        db.session.add(
            MeetingInvitee(family_id=team.family.id, meeting_id=meeting.id, member_id=team.parent.id, attendance=came)
        )
        history.changed(team.family.id)


class TestThePlanPage:
    def test_shows_needs_and_who_does_what_with_the_overdue_first(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ring the nursery")
        an_action(council, team, what="See the head teacher", due_on=clock.today() - timedelta(days=20))
        an_action(council, team, what="Buy an alarm clock", state=ActionState.PROPOSED)

        page = sign_in(council.lead).get(plan(team))

        assert page.main.index("See the head teacher") < page.main.index("Ring the nursery")
        for words in ("Getting a good education", "The whole family", "Pat Partner", "overdue", "Proposed", "Draft"):
            assert words in page.main
        assert "Nobody is covering" not in page.main

    def test_names_what_nobody_covers(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_need(council, team)
        a_need(council, team, what="Rent arrears", headline=Headline.FINANCE)
        an_action(council, team, state=ActionState.PROPOSED)

        page = sign_in(council.lead).get(plan(team))

        assert "Nobody is covering: education, housing, money" in page.main
        assert "what was asked has not been agreed" in page.main

    @pytest.mark.parametrize(
        ("state", "covered"),
        [(ReferralState.INFORMATION_GIVEN, True), (ReferralState.STARTED, True), (ReferralState.NOT_STARTED, False)],
    )
    def test_support_covers_a_need_until_it_is_known_not_to_start(
        self, council: Council, sign_in: SignIn, state: ReferralState, covered: bool
    ) -> None:
        team = an_active_family(council)
        support_for(council, team, team.need, state)

        page = sign_in(council.lead).get(plan(team))

        assert "Warm Homes" in page.main
        assert ("Nobody is covering: education" in page.main) is not covered

    @pytest.mark.parametrize(
        ("state", "covered"), [(ActionState.AGREED, True), (ActionState.IN_PROGRESS, True), (ActionState.DONE, False)]
    )
    def test_a_live_action_covers_its_need_and_one_that_is_done_no_longer_does(
        self, council: Council, sign_in: SignIn, state: ActionState, covered: bool
    ) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        with council.behind_the_scenes():
            changed = db.session.get_one(PlanAction, action.id)
            changed.state, changed.done_on = state, clock.today()
            history.changed(team.family.id)

        for page in (plan(team), f"/families/{team.ref}"):
            assert ("Nobody is covering: education" in sign_in(council.lead).get(page).main) is not covered

    def test_says_why_nobody_covers_a_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_need(council, team)
        action = an_action(council, team)
        support_for(council, team, team.need, ReferralState.NOT_STARTED)
        with council.behind_the_scenes():
            changed = db.session.get_one(PlanAction, action.id)
            changed.state, changed.done_on = ActionState.DONE, clock.today()
            history.changed(team.family.id)

        for page in (plan(team), f"/families/{team.ref}"):
            said = sign_in(council.lead).get(page).main
            assert "what was agreed is done; Warm Homes did not start" in said
            assert "nothing has been asked yet" in said
            assert "has not been agreed" not in said

    def test_lists_actions_without_a_need_apart(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, what="Carried over")
        loosen(council, action)

        page = sign_in(council.lead).get(plan(team))

        assert "Actions without a need yet" in page.main
        assert f"/actions/{action.ref}/need" in page.links()
        assert (
            f"Say which need each action is for before the action plan comes into force. Still open: {action.ref}"
            in (page.main)
        )

    def test_a_family_that_is_not_in_early_help_has_no_plan_and_is_told_why(
        self, council: Council, sign_in: SignIn
    ) -> None:
        family = a_family(council)
        coordinator = sign_in(council.coordinator)

        assert "There is no action plan yet" in coordinator.get(f"/families/{family.ref}/plan").main
        for page in ("needs/new", "actions/new", "in-force"):
            shown = coordinator.get(f"/families/{family.ref}/plan/{page}")
            assert "There is no action plan yet" in shown.main
            assert not shown.soup.select("main form")

    def test_empty_plan_says_what_to_do_first(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        assert "No actions yet. Start from a template or write the first." in sign_in(council.lead).get(plan(team)).main

    def test_who_may_only_read_is_offered_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)
        loosen(council, action)

        for reader in (council.partner, council.auditor, council.social_worker):
            browser = sign_in(reader)
            page = browser.get(plan(team))
            assert page.status == 200
            assert not page.soup.select("main form")
            assert not [link for link in page.links() if link.endswith(("/new", "/need", "/in-force", "/not-met"))]
            for rest in ("/needs/new", "/actions/new", "/in-force"):
                assert browser.get(plan(team, rest)).status == 403
            assert browser.get(f"/actions/{action.ref}/need").status == 403
            assert browser.get(f"/needs/{team.need.ref}/not-met").status == 403

    def test_a_stranger_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        for stranger in (council.partner_other_organisation, council.social_worker_other_team, council.admin):
            browser = sign_in(stranger)
            assert browser.get(plan(team)).status == 404
            assert browser.get(f"/needs/{team.need.ref}/not-met").status == 404

    def test_costs_the_same_for_three_needs_and_for_thirty(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead, costs = sign_in(council.lead), []

        for number in (3, 27):
            for _ in range(number):
                an_action(council, team, state=ActionState.PROPOSED)
                need = a_need(council, team)
                support_for(council, team, need, ReferralState.INFORMATION_GIVEN)
            with counted_statements(council.app) as statements:
                assert lead.get(plan(team)).status == 200
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 12, "\n".join(statements)


class TestPuttingThePlanInForce:
    def test_not_before_the_family_was_met(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        was_met(council, team, method=Method.CALL)
        was_met(council, team, seen=False)
        a_meeting(council, team, came=Attendance.ABSENT)
        a_meeting(council, team, came=Attendance.ATTENDED, state=MeetingState.ARRANGED)
        lead = sign_in(council.lead)

        page = lead.get(plan(team, "/in-force"))

        assert "The action plan comes into force after the family was met" in page.main
        assert not page.soup.select("main form")
        assert "The action plan comes into force after the family was met" in lead.get(plan(team)).main

    @pytest.mark.parametrize("how", ["visit", "meeting"])
    def test_lead_puts_it_in_force_once_the_family_was_met(self, council: Council, sign_in: SignIn, how: str) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ring the nursery")
        if how == "visit":
            was_met(council, team)
        else:
            a_meeting(council, team, came=Attendance.ATTENDED)
        lead = sign_in(council.lead)

        read = lead.get(plan(team, "/in-force"))
        page = read.form().send().follow()

        assert "Ring the nursery: Pat Partner, by" in read.main
        assert "In force since" in page.main
        kept = plan_of(council, team)
        assert kept.state is PlanState.IN_FORCE
        assert kept.wording is not None
        assert kept.wording["actions"][0]["what"] == "Ring the nursery"
        assert kept.wording["needs"][0]["what"] == "Getting to school on time"
        assert history_of(council, team.family.id)[-1] == "plan.in_force"
        assert "is in force since" in lead.get(plan(team, "/in-force")).main

    def test_not_while_an_action_has_no_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        was_met(council, team)
        lead = sign_in(council.lead)
        form = lead.get(plan(team, "/in-force")).form()
        action = an_action(council, team)
        loosen(council, action)

        page = form.send()

        assert page.status == 409
        assert f"Still open: {action.ref}." in page.main
        assert plan_of(council, team).state is PlanState.DRAFT

    def test_not_without_a_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        was_met(council, team)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(PlanNeed, team.need.id))

        page = sign_in(council.lead).get(plan(team, "/in-force"))

        assert "The action plan has no need yet" in page.main
        assert not page.soup.select("main form")

    def test_nothing_comes_into_force_that_was_not_read(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        was_met(council, team)
        form = sign_in(council.lead).get(plan(team, "/in-force")).form()
        an_action(council, team, what="Written meanwhile")

        page = form.send()

        assert page.status == 409
        assert "was changed after you opened this page" in page.main
        assert "Written meanwhile" in page.main
        assert plan_of(council, team).state is PlanState.DRAFT
        assert page.form().send().status == 303

    def test_two_people_at_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        was_met(council, team)
        lead = sign_in(council.lead).get(plan(team, "/in-force")).form()
        coordinator = sign_in(council.coordinator).get(plan(team, "/in-force")).form()

        won, lost = lead.send(), coordinator.send()

        assert (won.status, lost.status) == (303, 409)
        assert "This action plan is already in force" in lost.main
        assert history_of(council, team.family.id).count("plan.in_force") == 1
