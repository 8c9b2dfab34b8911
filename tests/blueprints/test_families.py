"""The family page: plan, support, people and safety, who sees it and what it costs."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState, Headline
from portal.domain.step_downs import StepDownState
from portal.domain.support import ReferralState
from portal.models.families import (
    ConflictOfInterest,
    Household,
    KeepApart,
    KeepApartKind,
    Person,
    PersonKind,
    SafeContact,
)
from portal.models.people import User
from portal.models.teamwork import PlanNeed, TeamMember
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.situations import a_step_down, confidential, support
from tests.support.web import SignIn, counted_statements


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

    def test_a_home_is_not_called_unknown_above_the_confidential_address(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        confidential(council, team.home)
        with council.behind_the_scenes():
            for home in db.session.scalars(select(Household).where(Household.family_id == team.home.id)):
                home.address = home.postcode = None
        unknown = "The address is not known, or is not shown here."

        told = sign_in(council.coordinator).get(f"/families/{team.ref}/household").main
        assert "12 Hidden Row" in told
        assert unknown not in told
        assert unknown in sign_in(council.partner).get(f"/families/{team.ref}/household").main

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
        assert not [form for form in lead.soup.select("main form") if form["action"] != f"{base}/not-seen"]

    def test_another_kind_of_reference_is_no_family(self, council: Council, sign_in: SignIn) -> None:
        a_family(council)
        browser = sign_in(council.coordinator)

        for path in ("/families/S-1", "/families/F-0", "/families/F-99", "/families/F-1x", "/families/F-99999999999"):
            assert browser.get(path).status == 404


class TestWhatThePageCosts:
    def fill(self, council: Council, number: int) -> Team:
        team = an_active_family(council, a_family(council, children=min(number, 6)))
        for n in range(number):
            an_action(council, team, what=f"Action {n}")
            support(council, team.home, service=f"Service {n}")
        a_step_down(council, team.home, StepDownState.COMPLETED)
        return team

    def test_at_most_ten_statements_the_same_for_three_rows_as_for_thirty(
        self, council: Council, sign_in: SignIn
    ) -> None:
        counts = []
        for number in (3, 30):
            team = self.fill(council, number)
            browser = sign_in(council.coordinator)
            with counted_statements(council.app) as statements:
                assert browser.get(f"/families/{team.ref}").status == 200
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 10

    def test_history_costs_the_page(self, council: Council, sign_in: SignIn) -> None:
        team = self.fill(council, 3)
        browser = sign_in(council.coordinator)

        with counted_statements(council.app) as statements:
            browser.get(f"/families/{team.ref}/history")

        assert len(statements) <= 7
