"""A family's plan: needs, actions, who agreed, and when it comes into force."""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.plans import ActionState, Headline, NeedState, PlanState
from portal.domain.support import HowGiven, Method, NeedNow, NotStarted, ReferralState, Source
from portal.models.following import SupportReferral
from portal.models.record import Event
from portal.models.teamwork import (
    ActionPlan,
    Contact,
    ContactPerson,
    Meeting,
    MeetingInvitee,
    PlanAction,
    PlanNeed,
    TeamMember,
)
from portal.services import history
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.web import SignIn, counted_statements, date_parts

TWO_WEEKS = {"due": "two_weeks"}


def plan(team: Team, rest: str = "") -> str:
    return f"/families/{team.ref}/plan{rest}"


def actions_of(council: Council, team: Team) -> list[PlanAction]:
    with council.behind_the_scenes():
        statement = select(PlanAction).where(PlanAction.family_id == team.family.id).order_by(PlanAction.id)
        return list(db.session.scalars(statement))


def needs_of(council: Council, team: Team) -> list[PlanNeed]:
    with council.behind_the_scenes():
        statement = select(PlanNeed).where(PlanNeed.family_id == team.family.id).order_by(PlanNeed.id)
        return list(db.session.scalars(statement))


def events_of(council: Council, team: Team) -> list[str]:
    with council.behind_the_scenes():
        statement = select(Event.kind).where(Event.family_id == team.family.id).order_by(Event.id)
        return [str(kind) for kind in db.session.scalars(statement)]


def plan_of(council: Council, team: Team) -> ActionPlan:
    with council.behind_the_scenes():
        return db.session.scalars(select(ActionPlan).where(ActionPlan.family_id == team.family.id)).one()


def a_need(
    council: Council, team: Team, *, what: str = "A safe home", headline: Headline = Headline.HOUSING
) -> PlanNeed:
    with council.behind_the_scenes():
        need = PlanNeed(family_id=team.family.id, episode_id=team.episode.id, headline=headline, what=what)
        db.session.add(need)
        db.session.flush()
    return need


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


def next_meeting(council: Council, team: Team, days: int = 21) -> date:
    day = clock.today() + timedelta(days=days)
    while day.weekday() > 4 or (day.month, day.day) in ((12, 25), (12, 26), (12, 28), (1, 1)):
        day += timedelta(days=1)
    with council.behind_the_scenes():
        db.session.add(
            Meeting(
                family_id=team.family.id,
                is_review=True,
                starts_at=clock.now() + (day - clock.today()),
            )
        )
        history.changed(team.family.id)
    return day


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

    @pytest.mark.parametrize("state", [ActionState.AGREED, ActionState.IN_PROGRESS, ActionState.DONE])
    def test_an_agreed_action_covers_its_need(self, council: Council, sign_in: SignIn, state: ActionState) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        with council.behind_the_scenes():
            changed = db.session.get_one(PlanAction, action.id)
            changed.state, changed.done_on = state, clock.today()
            history.changed(team.family.id)

        assert "Nobody is covering" not in sign_in(council.lead).get(plan(team)).main

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

        assert "No actions yet. Write the first." in sign_in(council.lead).get(plan(team)).main

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


def loosen(council: Council, action: PlanAction) -> None:
    with council.behind_the_scenes():
        db.session.get_one(PlanAction, action.id).plan_need_id = None
        db.session.flush()


class TestAddingANeed:
    answers: ClassVar[dict[str, str]] = {
        "headline": "housing",
        "what": "A home without damp",
        "whose": "family",
        "desired_outcome": "We can all sleep in our own beds",
        "scale": "3",
    }

    def test_lead_writes_a_need_in_the_familys_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/needs/new"), self.answers).follow()

        need = needs_of(council, team)[-1]
        assert f"{need.ref} added to the action plan" in page.text
        for words in ("A home without damp", "Secure housing", "We can all sleep in our own beds", "3 at the start"):
            assert words in page.main
        assert (need.headline, need.person_id, need.scale_start) == (Headline.HOUSING, None, 3)
        assert events_of(council, team)[-1] == "need.added"

    def test_a_need_can_be_one_childs_and_the_scale_left_out(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]

        sign_in(council.lead).submit(plan(team, "/needs/new"), {**self.answers, "whose": str(child.id), "scale": ""})

        need = needs_of(council, team)[-1]
        assert (need.person_id, need.scale_start) == (child.id, None)

    def test_goes_on_to_an_action_for_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/needs/new"), {**self.answers, "then": "action"}).follow()

        need = needs_of(council, team)[-1]
        assert page.soup.select_one(f"input[name=need][value='{need.id}'][checked]")

    def test_nothing_is_said_when_nothing_is_answered(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/needs/new"))

        assert page.status == 422
        assert page.errors == [
            "Enter what the need is, like “Getting to school on time”",
            "Select which outcome it is about",
            "Select whose need it is",
            "Enter what should be different, in the family’s own words",
        ]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"headline": "wealth"}, "Select one of the answers in the list"),
            ({"what": "   "}, "Enter what the need is, like “Getting to school on time”"),
            ({"what": "x" * 10_000}, "The need must be 200 characters or fewer. It is 10,000"),
            ({"what": "a\x00b"}, "The need must not hold control characters. Delete them and type the text again"),
            ({"desired_outcome": "y" * 501}, "What should be different must be 500 characters or fewer. It is 501"),
            ({"scale": "11"}, "Where it is now must be a whole number from 0 to 10"),
            ({"scale": "-1"}, "Where it is now must be a whole number from 0 to 10"),
            ({"scale": "٣"}, "Where it is now must be a whole number from 0 to 10"),
        ],
    )
    def test_wrong_answers_are_refused_in_words_and_kept(
        self, council: Council, sign_in: SignIn, answer: dict[str, str], words: str
    ) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/needs/new"), {**self.answers, **answer})

        assert page.status == 422
        assert page.errors == [words]
        assert len(needs_of(council, team)) == 1

    def test_somebody_of_another_family_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team, other = an_active_family(council), a_family(council, name="Bright")

        page = sign_in(council.lead).submit(
            plan(team, "/needs/new"), {**self.answers, "whose": str(other.children[0].id)}
        )

        assert page.errors == ["Select one of the answers in the list"]
        assert len(needs_of(council, team)) == 1

    def test_a_double_click_adds_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(plan(team, "/needs/new")).form()

        first, second = form.send(self.answers), form.send(self.answers)

        assert (first.status, second.location) == (303, first.location)
        assert len(needs_of(council, team)) == 2


class TestAddingAnAction:
    def test_oneself_and_a_date_are_offered_and_it_is_agreed_at_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery"}).follow()

        (action,) = actions_of(council, team)
        assert f"{action.ref} added, due" in page.text
        assert (action.state, action.owner_id) == (ActionState.AGREED, team.lead.id)
        assert action.plan_need_id == team.need.id
        assert events_of(council, team)[-2:] == ["action.taken_on", "action.agreed"]

    def test_the_next_meeting_is_offered_where_one_is_arranged(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        day = next_meeting(council, team)

        sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery"})

        assert actions_of(council, team)[0].due_on == day

    def test_somebody_else_is_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        sign_in(council.lead).submit(
            plan(team, "/actions/new"), {"what": "Ring home", "who": f"member-{team.partner.id}", **TWO_WEEKS}
        )

        (action,) = actions_of(council, team)
        assert (action.state, action.owner_id) == (ActionState.PROPOSED, team.partner.id)
        assert events_of(council, team)[-1] == "action.proposed"
        assert "Ring home" in sign_in(council.partner).get("/my-actions").main

    def test_agreed_at_a_meeting_is_recorded_so(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        lead.submit(
            plan(team, "/actions/new"),
            {"what": "Get up at seven", "who": f"member-{team.parent.id}", "agreed": "y", **TWO_WEEKS},
        )

        (action,) = actions_of(council, team)
        assert action.state is ActionState.AGREED
        history = lead.get(f"/actions/{action.ref}").main
        assert "Siobhán O’Neill agreed to" in history
        assert "recorded by Lena Lead as agreed at the meeting" in history

    def test_a_grown_up_of_the_family_joins_the_team_with_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(TeamMember, team.parent.id))

        sign_in(council.lead).submit(
            plan(team, "/actions/new"),
            {"what": "Get up at seven", "who": f"person-{team.home.parent.id}", **TWO_WEEKS},
        )

        assert actions_of(council, team)[0].state is ActionState.PROPOSED
        assert "team.joined" in events_of(council, team)

    def test_a_coordinator_who_takes_one_on_joins_the_team(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        sign_in(council.coordinator).submit(plan(team, "/actions/new"), {"what": "Find a room"})

        (action,) = actions_of(council, team)
        coordinator = sign_in(council.coordinator)
        assert action.state is ActionState.AGREED
        assert "Find a room" in coordinator.get("/my-actions").main
        assert "as told" not in coordinator.get(f"/actions/{action.ref}").main

    def test_the_working_day_is_shown_back(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        saturday = clock.today() + timedelta(days=(5 - clock.today().weekday()) % 7 + 7)

        page = sign_in(council.lead).submit(
            plan(team, "/actions/new"), {"what": "Visit", "due": "date", **date_parts("due_on", saturday)}
        )

        assert "because Saturday" in page.follow().text
        assert actions_of(council, team)[0].due_on > saturday

    def test_save_and_add_another_keeps_the_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        lead = sign_in(council.lead)

        page = lead.submit(plan(team, "/actions/new"), {"what": "One", "need": str(need.id), "then": "another"})
        page = page.follow()
        page.form(plan(team, "/actions/new")).send({"what": "Two"})

        assert [action.plan_need_id for action in actions_of(council, team)] == [need.id, need.id]

    def test_nothing_is_asked_before_there_is_a_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(PlanNeed, team.need.id))

        page = sign_in(council.lead).get(plan(team, "/actions/new"))

        assert "There is no open need in the action plan yet" in page.main
        assert plan(team, "/needs/new") in page.links()

    def test_what_is_missing_is_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"need": None, "who": "", "due": None})

        assert page.status == 422
        assert page.errors == [
            "Enter what will happen, like “Visit the nursery”",
            "Select which need it is for",
            "Choose who will do this",
            "Select when this should be done by",
        ]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"what": " \n "}, "Enter what will happen, like “Visit the nursery”"),
            ({"what": "x" * 10_000}, "What will happen must be 200 characters or fewer. It is 10,000"),
            (
                {"what": "a\x00b"},
                "What will happen must not hold control characters. Delete them and type the text again",
            ),
            ({"who": "member-99999"}, "Select one of the answers in the list"),
            ({"who": "7; DROP"}, "Select one of the answers in the list"),
            ({"need": "99999"}, "Select one of the answers in the list"),
            ({"due": "one_day"}, "Select one of the answers in the list"),
            (
                {"due": "date", "due_on-day": "31", "due_on-month": "2", "due_on-year": "2031"},
                "Date it is due must be a real date, like 27 3 2025",
            ),
            (
                {"due": "date", "due_on-day": "1", "due_on-month": "2", "due_on-year": "2001"},
                "Date it is due must be today or later",
            ),
            ({"due": "date"}, "Enter the date it is due"),
        ],
    )
    def test_wrong_answers_are_refused_in_words(
        self, council: Council, sign_in: SignIn, answer: dict[str, str], words: str
    ) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(plan(team, "/actions/new"), {"what": "Visit the nursery", **answer})

        assert page.status == 422
        assert page.errors == [words]
        assert actions_of(council, team) == []

    def test_another_familys_people_and_needs_are_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        lead = sign_in(council.lead)

        for answer in (
            {"need": str(other.need.id)},
            {"who": f"member-{other.partner.id}"},
            {"who": f"person-{other.home.parent.id}"},
        ):
            page = lead.submit(plan(team, "/actions/new"), {"what": "Visit", **answer})
            assert page.errors == ["Select one of the answers in the list"]
        assert actions_of(council, team) == actions_of(council, other) == []

    def test_somebody_who_left_the_team_cannot_be_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)
        form = lead.get(plan(team, "/actions/new")).form()
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()

        page = form.send({"what": "Ring home", "who": f"member-{team.partner.id}"})

        assert page.errors == ["Select one of the answers in the list"]

    def test_a_double_click_adds_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(plan(team, "/actions/new")).form()

        first, second = form.send({"what": "Visit"}), form.send({"what": "Visit"})

        assert first.location == second.location
        assert len(actions_of(council, team)) == 1

    def test_two_people_add_at_once_and_both_are_kept(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead).get(plan(team, "/actions/new")).form()
        coordinator = sign_in(council.coordinator).get(plan(team, "/actions/new")).form()

        assert (lead.send({"what": "One"}).status, coordinator.send({"what": "Two"}).status) == (303, 303)
        assert [action.what for action in actions_of(council, team)] == ["One", "Two"]


class TestNamingTheNeedOfAnAction:
    def test_a_carried_action_gets_its_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        action = an_action(council, team)
        loosen(council, action)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/need", {"need": str(need.id)}).follow()

        assert "Actions without a need yet" not in page.main
        assert actions_of(council, team)[0].plan_need_id == need.id
        assert events_of(council, team)[-1] == "action.need_named"

    def test_another_familys_need_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        action = an_action(council, team)
        loosen(council, action)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/need", {"need": str(other.need.id)})

        assert page.errors == ["Select one of the answers in the list"]
        assert actions_of(council, team)[0].plan_need_id is None

    def test_two_people_at_once_see_both_answers(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        need = a_need(council, team)
        action = an_action(council, team)
        loosen(council, action)
        lead = sign_in(council.lead).get(f"/actions/{action.ref}/need").form()
        coordinator = sign_in(council.coordinator).get(f"/actions/{action.ref}/need").form()

        won = lead.send({"need": str(need.id)})
        lost = coordinator.send({"need": str(team.need.id)})

        assert (won.status, lost.status) == (303, 409)
        assert "A safe home" in lost.main
        assert "Getting to school on time" in lost.main
        assert actions_of(council, team)[0].plan_need_id == need.id


class TestAgreeingAtTheMeeting:
    def test_one_tick_for_each_that_was_agreed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        first = an_action(council, team, what="First", state=ActionState.PROPOSED)
        an_action(council, team, what="Second", state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), {"agreed": [str(first.id)]}, on=plan(team))

        assert "1 action recorded as agreed at the meeting" in page.follow().text
        assert [each.state for each in actions_of(council, team)] == [ActionState.AGREED, ActionState.PROPOSED]
        assert events_of(council, team)[-1] == "action.agreed"

    def test_nothing_ticked_is_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), on=plan(team))

        assert (page.status, page.errors) == (422, ["Select what was agreed at the meeting"])

    def test_another_familys_action_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = an_active_family(council, a_family(council, name="Bright"))
        an_action(council, team, state=ActionState.PROPOSED)
        theirs = an_action(council, other, state=ActionState.PROPOSED)

        page = sign_in(council.lead).submit(plan(team, "/agree"), {"agreed": [str(theirs.id)]}, on=plan(team))

        assert page.status == 422
        assert actions_of(council, other)[0].state is ActionState.PROPOSED

    def test_its_owner_answered_meanwhile(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)
        form = sign_in(council.lead).get(plan(team)).form(plan(team, "/agree"))
        sign_in(council.partner).submit(f"/actions/{action.ref}/agree", on=f"/actions/{action.ref}")

        page = form.send({"agreed": [str(action.id)]})

        assert page.status == 422
        assert "Somebody has answered for one of these" in page.main
        assert events_of(council, team).count("action.agreed") == 1

    def test_a_partner_may_not_record_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.PROPOSED)
        form = sign_in(council.lead).get(plan(team)).form(plan(team, "/agree"))

        form.browser = sign_in(council.partner)

        assert form.send({"agreed": ["1"]}).status in (400, 403)


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
        assert events_of(council, team)[-1] == "plan.in_force"
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
        assert events_of(council, team).count("plan.in_force") == 1


class TestANeedThatCouldNotBeMet:
    def test_coordinator_signs_what_could_not_be_provided(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_need(council, team)

        page = (
            sign_in(council.coordinator)
            .submit(
                f"/needs/{team.need.ref}/not-met",
                {"not_met_reason": "There is no breakfast club. The head teacher knows"},
            )
            .follow()
        )

        assert "Could not be met" in page.main
        assert "There is no breakfast club. The head teacher knows" in page.main
        assert "Nobody is covering: housing" in page.main
        assert needs_of(council, team)[0].state is NeedState.NOT_MET
        assert events_of(council, team)[-1] == "need.not_met"

    def test_the_lead_may_not(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert lead.get(f"/needs/{team.need.ref}/not-met").status == 403
        assert f"/needs/{team.need.ref}/not-met" not in lead.get(plan(team)).links()

    @pytest.mark.parametrize("reason", ["", "   \n "])
    def test_a_reason_is_needed(self, council: Council, sign_in: SignIn, reason: str) -> None:
        team = an_active_family(council)

        page = sign_in(council.coordinator).submit(f"/needs/{team.need.ref}/not-met", {"not_met_reason": reason})

        assert (page.status, page.errors) == (422, ["Enter what could not be provided, and who knows"])
        assert needs_of(council, team)[0].state is NeedState.OPEN

    def test_two_people_at_once_both_keep_their_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/needs/{team.need.ref}/not-met"
        one = sign_in(council.coordinator).get(path).form()
        other = sign_in(council.manager).get(path).form()

        won = one.send({"not_met_reason": "No club"})
        lost = other.send({"not_met_reason": "No bus"})

        assert (won.status, lost.status) == (303, 409)
        assert "No club" in lost.main
        assert "No bus" in lost.main

    def test_it_takes_no_more_actions(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(plan(team, "/actions/new")).form()
        sign_in(council.coordinator).submit(f"/needs/{team.need.ref}/not-met", {"not_met_reason": "No club"})

        page = form.send({"what": "Ring the club"})

        assert page.status == 422
        assert actions_of(council, team) == []


class TestTheFamilysWords:
    def test_a_need_left_by_a_step_down_gets_them_later(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        saved = lead.submit(f"/needs/{team.need.ref}/words", {"desired_outcome": "Mornings in peace", "scale": "4"})

        shown = saved.follow()
        assert "What should be different: Mornings in peace" in shown.main
        assert "On a scale from 0 to 10: 4" in shown.main
        assert "wrote down what should be different" in lead.get(f"/families/{team.ref}/history").main

    def test_two_people_at_once_both_keep_their_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        path = f"/needs/{team.need.ref}/words"
        lead, coordinator = sign_in(council.lead).get(path).form(), sign_in(council.coordinator).get(path).form()

        won = lead.send({"desired_outcome": "What the lead heard"})
        lost = coordinator.send({"desired_outcome": "What the coordinator heard"})

        assert (won.status, lost.status) == (303, 409)
        assert "What the lead heard" in lost.main
        assert "What the coordinator heard" in lost.html

    def test_a_number_past_ten_is_refused_at_the_field(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(
            f"/needs/{team.need.ref}/words", {"desired_outcome": "Mornings", "scale": "11"}
        )

        assert page.errors == ["Where it is now must be a whole number from 0 to 10"]
