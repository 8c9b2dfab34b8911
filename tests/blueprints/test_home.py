"""Where coordinators and leads begin: what needs them, what waits on others, the days ahead, and what it costs."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.step_downs import StepDownState
from portal.domain.support import CheckStage, ReferralState
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import CoordinatorCover
from portal.models.teamwork import Meeting
from portal.services import history
from tests.support.handover import an_accepted
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.situations import a_step_down, coordinated, plan_in_force, support, without_lead
from tests.support.web import Page, SignIn, counted_statements

BUDGET = 14  # one of them asks whether the organisation closes, so that cover can be asked for where a lead begins


def under(page: Page, heading: str) -> list[str]:
    """The items of the list under this heading."""
    found = page.soup.select(f"ul[aria-labelledby={heading}] li")
    return [" ".join(item.get_text(" ").split()) for item in found]


def needs(page: Page) -> list[str]:
    return under(page, "needs-you")


def waiting(page: Page) -> list[str]:
    return under(page, "waiting-on-others")


def days(page: Page) -> list[str]:
    return under(page, "this-week")


def a_busy_family(council: Council, n: int) -> Team:
    """One of forty: an action that is late, a check of the coordinator's that is due, and support on its way."""
    team = an_active_family(council, a_family(council, name=f"Number {n}"))
    plan_in_force(council, team)
    an_action(council, team, what=f"Action {n}", due_on=clock.today() - timedelta(days=1 + n % 9))
    support(council, team.home, owner=council.coordinator, due_on=clock.today() - timedelta(days=n % 5))
    return team


def test_whoever_is_asked_to_lead_finds_it_there(council: Council, sign_in: SignIn) -> None:
    handing = an_accepted(council, answered=False)

    page = sign_in(council.lead).get("/home")

    assert f"/nominations/{handing.nomination.ref}" in page.links()
    assert "Answer by" in page.main


class TestNeedsYouToday:
    def test_each_leads_to_the_very_thing_and_says_how_late_it_is(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        plan_in_force(council, team)
        _, check = support(council, team.home, owner=council.coordinator, due_on=clock.today() - timedelta(days=2))
        assert check is not None
        a_step_down(council, a_family(council, name="New"), StepDownState.PROPOSED)

        page = sign_in(council.coordinator).get("/home")

        assert needs(page) == [
            f"How it stands with Breakfast club : 2 working days overdue , Monday 5 October Ask. "
            f"The O’Neill family , {team.ref}"
        ]
        assert f"/checks/{check.ref}" in page.links()

    def test_what_waits_for_any_coordinator_is_everybodys_until_one_holds_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        new, held = a_family(council, name="New"), a_family(council, name="Held")
        for home in (new, held):
            step_down = a_step_down(council, home, StepDownState.PROPOSED)
            with council.behind_the_scenes():
                db.session.merge(step_down).decide_by = clock.today()
                history.changed(home.id)
        coordinated(council, held, council.other_coordinator)

        found = needs(sign_in(council.coordinator).get("/home"))

        assert len(found) == 1
        assert "Accept it, or say why not. The New family" in found[0]

    def test_a_lead_and_whoever_covers_for_them(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            leads = db.session.scalars(select(LeadAssignment).where(LeadAssignment.family_id == team.family.id)).one()
            db.session.add(
                LeadCover(
                    family_id=team.family.id,
                    assignment_id=leads.id,
                    user_id=council.partner_other_organisation.id,
                    from_on=clock.today(),
                    to_on=clock.today(),
                    named_by_name="Carol",
                    named_at=clock.now(),
                )
            )
            db.session.add(
                Meeting(
                    family_id=team.family.id,
                    episode_id=team.episode.id,
                    is_review=True,
                    starts_at=clock.now() - timedelta(days=1),
                )
            )
            history.changed(team.family.id)

        for who in (council.lead, council.partner_other_organisation):
            page = sign_in(who).get("/home")
            assert len(needs(page)) == 1
            assert needs(page)[0].startswith("The meeting")
        assert needs(sign_in(council.partner).get("/home")) == []

    def test_what_stands_in_a_coordinators_worklist_and_is_due_stands_there_too(
        self, council: Council, sign_in: SignIn
    ) -> None:
        asked, late = an_accepted(council, answered=False), clock.today() - timedelta(days=7)
        brought_in = an_active_family(council, a_family(council, name="Brought in"))
        with council.behind_the_scenes():
            nominee = db.session.merge(asked.nomination)
            nominee.answer_by, nominee.came_back_at = late, clock.now()
            db.session.merge(brought_in.episode).next_review_on = late
            history.changed(asked.home.id)
            history.changed(brought_in.family.id)
        without_lead(council, brought_in)

        browser = sign_in(council.coordinator)
        listed, page = browser.get("/families?view=needs_me").main, browser.get("/home")

        assert listed.count("You") == 2
        assert listed.count("5 working days overdue") == 2
        assert [line.split(" : 5 working days overdue")[0] for line in needs(page)] == [
            "A lead professional is missing",
            "The next meeting of the team around the family",
        ]
        assert f"/families/{asked.family_ref}/team/lead" in page.links()

    def test_ten_at_most_and_nothing_of_tomorrow(self, council: Council, sign_in: SignIn) -> None:
        for n in range(12):
            a_busy_family(council, n)
        support(council, an_active_family(council).home, owner=council.coordinator, due_on=clock.today())
        later = an_active_family(council, a_family(council, name="Later"))
        support(council, later.home, owner=council.coordinator, due_on=clock.today() + timedelta(days=1))

        page = sign_in(council.coordinator).get("/home")

        assert len(needs(page)) == 10
        assert "The Later family" not in " ".join(needs(page))
        assert "These are the 10 that come first" in page.main

    def test_a_family_that_asked_to_be_rung_comes_first_though_it_is_due_on_monday(
        self, council: Council, sign_in: SignIn
    ) -> None:
        for n in range(11):
            a_busy_family(council, n)
        team = an_active_family(council, a_family(council, name="Calling"))
        _, check = support(council, team.home, owner=council.coordinator)
        assert check is not None
        with council.behind_the_scenes():
            row = db.session.get_one(FollowUpCheck, check.id)
            row.stage, row.due_on = CheckStage.CALL_BACK, clock.today() + timedelta(days=2)
            history.changed(team.home.id)
        browser = sign_in(council.coordinator)

        page, listed = browser.get("/home"), browser.get("/checks")

        assert "A call to the family, which answered about Breakfast club" in needs(page)[0]
        assert "Ring them. The Calling family" in needs(page)[0]
        assert len(needs(page)) == 10
        assert f"/checks/{check.ref}" in page.links()
        assert check.ref in listed.text_of(".app-worklist tbody tr:first-child")
        assert "The Calling family" not in " ".join(needs(sign_in(council.lead).get("/home")))


class TestWaitingOnOthers:
    def test_on_whom_and_since_when_without_what_waits_on_oneself(self, council: Council, sign_in: SignIn) -> None:
        team = a_busy_family(council, 1)
        without_lead(council, an_active_family(council, a_family(council, name="Unled")))

        found = waiting(sign_in(council.coordinator).get("/home"))

        assert found == [
            f"Action 1 : waiting 2 working days on Pat Partner to do it, since Monday 5 October "
            f"The Number 1 family , {team.ref} Send a reminder to Pat Partner , of A-1"
        ]

    def test_a_service_is_waited_for_though_it_does_not_sign_in(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        plan_in_force(council, team)
        support(council, team.home, state=ReferralState.ACCEPTED)

        assert "on Breakfast club to begin" in " ".join(waiting(sign_in(council.lead).get("/home")))

    def test_a_coordinator_away_is_covered(self, council: Council, sign_in: SignIn) -> None:
        a_busy_family(council, 1)
        with council.behind_the_scenes():
            db.session.add(
                CoordinatorCover(
                    user_id=council.coordinator.id,
                    cover_id=council.other_coordinator.id,
                    from_on=clock.today(),
                    to_on=clock.today(),
                    named_by_name="Moira",
                    named_at=clock.now(),
                )
            )

        page = sign_in(council.other_coordinator).get("/home")

        assert "Number 1" in " ".join(waiting(page))
        assert "Number 1" in " ".join(needs(page))


class TestTheDaysAhead:
    def test_five_working_days_drawn_and_as_a_list(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        plan_in_force(council, team)
        friday = clock.today() + timedelta(days=2)
        an_action(council, team, due_on=friday)
        # On a Saturday: due on Monday.
        support(council, team.home, owner=council.coordinator, due_on=friday + timedelta(days=1))

        page = sign_in(council.coordinator).get("/home")

        assert days(page) == [
            "Wednesday 7 October, today: nothing",
            "Thursday 8 October: nothing",
            "Friday 9 October: 1 thing due",
            "Monday 12 October: 1 thing due, 1 waiting for you",
            "Tuesday 13 October: nothing",
        ]
        assert page.text_of("svg desc") == "2 things are due in the next five working days, 1 of them waiting for you."
        assert "Nothing needs you today. 2 things are due in the next five working days." in page.main


class TestWhoBeginsHere:
    def test_a_coordinator_and_whoever_leads(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)

        assert [
            sign_in(who).get("/").location
            for who in (council.coordinator, council.lead, council.partner, council.manager, council.social_worker)
        ] == ["/home", "/home", "/my-actions", "/families", "/step-downs"]

    def test_a_coordinators_own_actions_are_one_link_away(self, council: Council, sign_in: SignIn) -> None:
        assert "/my-actions" in sign_in(council.coordinator).get("/home").links()


class TestItsCost:
    def test_as_many_statements_for_forty_families_as_for_one(self, council: Council, sign_in: SignIn) -> None:
        browser, counts = sign_in(council.coordinator), []
        for families in (range(1), range(1, 40)):
            for n in families:
                a_busy_family(council, n)
            with counted_statements(council.app) as statements:
                page = browser.get("/home")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= BUDGET
        assert len(page.soup.find_all(True)) <= 1500
