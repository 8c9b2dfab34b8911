"""The family page and its history: what people read about one family."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.events import E
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState, Headline
from portal.domain.step_downs import StepDownState
from portal.domain.support import ReferralState
from portal.models.families import ConflictOfInterest, Family, KeepApart, KeepApartKind, Person, PersonKind, SafeContact
from portal.models.people import User
from portal.models.teamwork import PlanNeed, TeamMember
from portal.services import history
from tests.support.people import Council, Home, Team, a_family, an_action, an_active_family
from tests.support.situations import (
    a_review,
    a_step_down,
    confidential,
    coordinated,
    plan_in_force,
    preparing,
    social_work_closed,
    support,
    without_lead,
)
from tests.support.web import Page, SignIn, counted_statements


def held(page: Page) -> list[str]:
    """The lines under "Who holds each child"."""
    heading = next(found for found in page.soup.select("h2") if found.get_text() == "Who holds each child")
    under = heading.find_next("ul")
    assert under is not None
    return [" ".join(line.get_text(" ").split()) for line in under.find_all("li")]


def next_step(page: Page) -> str:
    return page.text_of(".app-next-step")


class TestWhoHoldsEachChild:
    @pytest.mark.parametrize("state", [StepDownState.DRAFT, StepDownState.PROPOSED])
    def test_the_social_worker_until_it_is_complete(
        self, council: Council, sign_in: SignIn, state: StepDownState
    ) -> None:
        home = a_family(council)
        a_step_down(council, home, state)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_the_social_worker_though_it_was_accepted_and_a_lead_too(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]
        assert "Lena Lead is the lead professional." in page.main

    def test_the_lead_once_it_is_complete(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_step_down(council, team.home, StepDownState.COMPLETED)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert held(page) == ["Child0 O’Neill: Early help: Lena Lead"]

    def test_the_coordinator_where_nobody_leads(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert held(page) == ["Child0 O’Neill: Early help: Carol Coordinator"]

    @pytest.mark.parametrize("where", ["step-down", "family"])
    def test_nobody_where_social_work_closed_with_a_step_down_open(
        self, council: Council, sign_in: SignIn, where: str
    ) -> None:
        home = a_family(council)
        closed = clock.today() - timedelta(days=2)
        a_step_down(
            council, home, StepDownState.ACCEPTED, social_work_closed_on=closed if where == "step-down" else None
        )
        if where == "family":
            social_work_closed(council, home, closed)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert page.text_of(".govuk-tag--red").startswith(
            f"Nobody holds this family: social work closed on {full(closed)}"
        )
        assert held(page) == [f"Child0 O’Neill: Nobody: social work closed on {full(closed)}"]
        assert "Name who holds this family" in next_step(page)

    def test_who_asks_next_where_there_is_only_support_to_follow_up(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        social_work_closed(council, home)
        coordinated(council, home)
        support(council, home, owner=council.coordinator)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Followed up: Carol Coordinator"]

    def test_the_social_worker_of_a_family_with_only_support(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        support(council, home)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_nobody_where_nothing_is_open(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        social_work_closed(council, home)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Nobody: nothing is open"]
        assert "Nobody holds this family" not in page.main

    def test_a_sibling_whose_step_down_is_open_stays_with_social_work(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, a_family(council, children=2))
        first, second = team.home.children
        a_step_down(council, team.home, StepDownState.COMPLETED, children=[first])
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).social_work_closed_on = None
        a_step_down(council, team.home, StepDownState.PROPOSED, children=[second])

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert held(page) == [
            "Child0 O’Neill: Early help: Lena Lead",
            "Child1 O’Neill: Social worker: Sam Social",
        ]

    def test_after_a_refused_step_down_social_work_goes_on(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.DECLINED)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child0 O’Neill: Social worker: Sam Social"]

    def test_a_child_who_died_is_not_held(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.children[0].id).died_on = clock.today()

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert held(page) == ["Child1 O’Neill: Social worker: Sam Social"]


class TestWhoLeads:
    def test_nobody_yet_and_who_may_can_ask(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert "No lead professional yet. Ask someone to lead ." in page.main
        assert f"/families/{team.ref}/team/lead" in page.links()

    def test_who_may_not_is_offered_no_link(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        without_lead(council, team)

        page = sign_in(council.partner).get(f"/families/{team.ref}")

        assert "No lead professional yet. Ask someone to lead." in page.main
        assert f"/families/{team.ref}/team/lead" not in page.links()

    def test_who_was_asked_and_has_not_answered(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.NOMINATED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Lena Lead was asked to be the lead professional and has not answered yet: due " in page.main
        assert "Answer whether they will be the lead professional" in next_step(page)


class TestTheNextStep:
    def test_one_s_own_action_has_a_button_to_its_update(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).get(f"/families/{team.ref}")

        assert next_step(page).startswith("Call school Waiting for you: due in")
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/actions/{action.ref}/update']")

    def test_somebody_else_s_action_can_only_be_looked_at(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.auditor).get(f"/families/{team.ref}")

        assert "Waiting for Pat Partner" in next_step(page)
        assert not page.soup.select(".app-next-step .govuk-button")
        assert page.soup.select_one(f".app-next-step a[href='/actions/{action.ref}']")

    def test_overdue_is_said_in_working_days(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, due_on=clock.today() - timedelta(days=10))

        assert "working days overdue" in next_step(sign_in(council.coordinator).get(f"/families/{team.ref}"))

    def test_words_in_braces_that_somebody_typed_stay_theirs(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, what="Ask about {Lead_professional} and <b>both</b>")

        assert "Ask about {Lead_professional} and <b>both</b>" in next_step(
            sign_in(council.coordinator).get(f"/families/{team.ref}")
        )

    def test_a_check(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = support(council, home)
        assert check

        page = sign_in(council.social_worker).get(f"/families/{home.ref}")

        assert "Check whether support has started: Breakfast club Waiting for you" in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/checks/{check.ref}']")

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (StepDownState.DRAFT, "Finish and send the step-down"),
            (StepDownState.PROPOSED, "Accept the step-down, or say why not"),
        ],
    )
    def test_a_step_down(self, council: Council, sign_in: SignIn, state: StepDownState, words: str) -> None:
        home = a_family(council)
        step_down = a_step_down(council, home, state)

        mine = sign_in(council.social_worker).get(f"/families/{home.ref}")
        theirs = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert words in next_step(mine)
        for page, may in ((mine, state is StepDownState.DRAFT), (theirs, state is StepDownState.PROPOSED)):
            edits = "/edit" if may and state is StepDownState.DRAFT else ""
            assert page.soup.select_one(f".app-next-step a[href='/step-downs/{step_down.ref}{edits}']")
            assert bool(page.soup.select(".app-next-step .govuk-button")) is may

    def test_a_meeting_to_arrange(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED)
        preparing(council, home, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Arrange the step-down meeting" in next_step(page)
        assert page.soup.select_one(f".app-next-step a[href='/families/{home.ref}/meetings/new']")

    def test_a_meeting_to_write_up(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_review(council, team)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert "Hold the review and write it up Waiting for you" in next_step(page)
        assert page.soup.select_one(f".app-next-step a.govuk-button[href='/meetings/{meeting.ref}/write-up']")

    def test_a_plan_to_put_in_force_then_a_meeting_to_arrange(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert "Put the action plan in force" in next_step(lead.get(f"/families/{team.ref}"))
        plan_in_force(council, team)
        assert "Arrange the next meeting of the team around the family" in next_step(lead.get(f"/families/{team.ref}"))

    def test_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        assert "Nothing is waiting for anybody" in next_step(
            sign_in(council.social_worker).get(f"/families/{home.ref}")
        )


class TestThePlanAndSupport:
    def add_need(self, council: Council, team: Team, headline: Headline) -> PlanNeed:
        with council.behind_the_scenes():
            need = PlanNeed(family_id=team.family.id, episode_id=team.episode.id, headline=headline, what="A dry flat")
            db.session.add(need)
        return need

    def test_needs_that_nobody_covers_are_named(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        self.add_need(council, team, Headline.HOUSING)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert "Nobody is covering: education, housing" in page.main

    def test_an_action_only_proposed_covers_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.PROPOSED)

        assert "Nobody is covering: education" in sign_in(council.lead).get(f"/families/{team.ref}").main

    def test_a_live_action_or_support_covers(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team)
        housing = self.add_need(council, team, Headline.HOUSING)
        support(council, team.home, need=housing)

        page = sign_in(council.lead).get(f"/families/{team.ref}")

        assert "Nobody is covering" not in page.main
        assert "Support suggested for this: Breakfast club" in page.main

    def test_what_has_started_says_when_and_how_it_is_known(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        support(council, team.home, state=ReferralState.STARTED)
        support(council, team.home, service="Swimming")

        main = sign_in(council.lead).get(f"/families/{team.ref}").main

        assert "Started (reported) First received on" in main
        assert "The family said so." in main
        assert "Swimming (R-2) Suggested Suggested on" in main
        assert "Follow-up check C-1 : Sam Social, due in" in main

    def test_nothing_yet(self, council: Council, sign_in: SignIn) -> None:
        main = sign_in(council.social_worker).get(f"/families/{a_family(council).ref}").main

        assert "No needs or actions yet." in main
        assert "Nothing to check: no service has been suggested yet." in main
        assert "Nobody is on the team yet." in main


class TestPeopleAndSafety:
    def test_how_each_person_can_safely_be_reached_stands_above(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            other = Person(family_id=home.id, kind=PersonKind.ADULT, given_name="Kevin", family_name="Ray")
            db.session.add(other)
            db.session.flush()
            db.session.add(SafeContact(family_id=home.id, person_id=other.id, never_contact=True, note="Not by anyone"))
            db.session.add(
                KeepApart(
                    family_id=home.id, person_id=other.id, other_id=home.parent.id, kind=KeepApartKind.MUST_NOT_LEARN
                )
            )

        for path in ("", "/history"):
            notice = sign_in(council.social_worker).get(f"/families/{home.ref}{path}").text_of(".app-safe-contact")
            assert "Siobhán O’Neill: call or text 01632 960 300" in notice
            assert "Kevin Ray: never contact . Not by anyone" in notice
            assert "Kevin Ray must not learn about Siobhán O’Neill" in notice

    def test_a_confidential_address_is_for_the_coordinator_and_the_lead(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        confidential(council, team.home)

        for person in (council.coordinator, council.lead):
            assert "Confidential address: Refuge, 12 Hidden Row, AF9 9ZZ" in (
                sign_in(person).get(f"/families/{team.ref}").main
            )
        for person in (council.partner, council.manager, council.auditor, council.other_coordinator):
            for path in ("", "/history"):
                html = sign_in(person).get(f"/families/{team.ref}{path}").html
                assert "Hidden Row" not in html
                assert "AF9" not in html

    def test_nor_does_the_home_they_live_in_give_it_away(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        confidential(council, team.home)

        assert "1 Mill Lane" not in sign_in(council.partner).get(f"/families/{team.ref}").html
        assert "1 Mill Lane" in sign_in(council.coordinator).get(f"/families/{team.ref}").main

    def test_each_step_down_with_its_own_words(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.DECLINED)
        a_step_down(council, home, StepDownState.ACCEPTED)

        main = sign_in(council.coordinator).get(f"/families/{home.ref}").main

        assert "S-2 Accepted from Sam Social" in main
        assert "S-1 Not accepted from Sam Social" in main

    def test_team_and_homes(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        main = sign_in(council.partner).get(f"/families/{team.ref}").main

        assert "Home 1 Mill Lane, Ambleford, AF1 1AA Siobhán O’Neill" in main
        assert "Pat Partner, Hillside Primary School" in main


class TestWhoSeesIt:
    def test_people_of_the_family_do_and_strangers_do_not(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        allowed = [council.coordinator, council.manager, council.auditor, council.lead, council.partner]
        strangers = [
            council.partner_other_organisation,
            council.social_worker_other_team,
            council.front_door,
            council.admin,
        ]

        for person in allowed:
            assert sign_in(person).get(f"/families/{team.ref}").status == 200
        for person in strangers:
            assert sign_in(person).get(f"/families/{team.ref}").status == 404
            assert sign_in(person).get(f"/families/{team.ref}/history").status == 404

    def test_a_restricted_family_is_not_there_for_the_uncleared(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, restricted=True)

        assert sign_in(council.manager).get(f"/families/{home.ref}").status == 404
        cleared = sign_in(council.social_worker).get(f"/families/{home.ref}")
        assert "Restricted: only people cleared for this family can see it" in cleared.main

    def test_a_conflict_of_interest_beats_every_role(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        def own(person: User) -> None:
            with council.behind_the_scenes():
                db.session.add(ConflictOfInterest(family_id=team.family.id, user_id=person.id, recorded_at=clock.now()))

        for person in (council.manager, council.lead, council.coordinator):
            own(person)
            assert sign_in(person).get(f"/families/{team.ref}").status == 404

    def test_a_partner_without_a_live_agreement_sees_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            member = db.session.get_one(TeamMember, team.partner.id)
            member.user_id = council.partner_without_agreement.id

        browser = sign_in(council.partner_without_agreement)

        assert browser.get(f"/families/{team.ref}").status == 404
        assert "O’Neill" not in browser.get("/families").main

    def test_only_what_one_may_do_is_offered(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        base = f"/families/{team.ref}"

        lead, auditor = sign_in(council.lead).get(base), sign_in(council.auditor).get(base)
        worker = sign_in(council.social_worker).get(base)

        assert {f"{base}/contacts/new", f"{base}/support/new"} <= set(lead.links())
        assert not {f"{base}/contacts/new", f"{base}/support/new"} & set(auditor.links())
        assert worker.form(f"{base}/step-downs").action == f"{base}/step-downs"
        assert not lead.soup.select("main form")

    def test_another_kind_of_reference_is_no_family(self, council: Council, sign_in: SignIn) -> None:
        a_family(council)
        browser = sign_in(council.coordinator)

        for path in ("/families/S-1", "/families/F-0", "/families/F-99", "/families/F-1x", "/families/F-99999999999"):
            assert browser.get(path).status == 404


class TestHistory:
    def write(self, council: Council, home: Home, number: int) -> None:
        with council.as_(council.coordinator) as viewer:
            for n in range(number):
                history.record(E.NOTE_WRITTEN, home.family, by=viewer, text=f"Note number {n}.")

    def test_newest_first_and_more_on_request(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        self.write(council, team.home, 30)
        browser = sign_in(council.lead)

        first = browser.get(f"/families/{team.ref}/history")
        more = first.soup.select_one("#show-more")
        assert more
        second = browser.get(str(more["href"]))

        assert first.main.index("Note number 29.") < first.main.index("Note number 10.")
        assert "Note number 9." not in first.main
        assert second.main.index("Note number 9.") < second.main.index("Sam Social added the family")
        assert not second.soup.select("#show-more")

    def test_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        self.write(council, team.home, 30)
        browser = sign_in(council.lead)
        more = browser.get(f"/families/{team.ref}/history").soup.select_one("#show-more")
        assert more

        piece = browser.get(str(more["hx-get"]), htmx=True)

        assert "<html" not in piece.html
        assert "Note number 9." in piece.text_of("#earlier")
        assert piece.text_of("#status") == "Earlier lines are shown below"

    @pytest.mark.parametrize("before", ["x", "-1", "1 OR 1", "٣", "99999999999999"])
    def test_an_impossible_page_is_not_there(self, council: Council, sign_in: SignIn, before: str) -> None:
        home = a_family(council)

        assert sign_in(council.social_worker).get(f"/families/{home.ref}/history?before={before}").status == 404

    def test_an_event_of_another_family_opens_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_family(council, name="Ray")

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/history?before=2")

        assert "There is nothing earlier." in page.main


class TestWhatThePageCosts:
    def fill(self, council: Council, number: int) -> Team:
        team = an_active_family(council, a_family(council, children=min(number, 6)))
        for n in range(number):
            an_action(council, team, what=f"Action {n}")
            support(council, team.home, service=f"Service {n}")
        a_step_down(council, team.home, StepDownState.COMPLETED)
        return team

    def test_at_most_twelve_statements_the_same_for_three_rows_as_for_thirty(
        self, council: Council, sign_in: SignIn
    ) -> None:
        counts = []
        for number in (3, 30):
            team = self.fill(council, number)
            browser = sign_in(council.coordinator)
            with counted_statements(council.app) as statements:
                assert browser.get(f"/families/{team.ref}").status == 200
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 12

    def test_history_costs_the_page(self, council: Council, sign_in: SignIn) -> None:
        team = self.fill(council, 3)
        browser = sign_in(council.coordinator)

        with counted_statements(council.app) as statements:
            browser.get(f"/families/{team.ref}/history")

        assert len(statements) <= 8
