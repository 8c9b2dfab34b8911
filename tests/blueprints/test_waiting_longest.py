"""Whom everything open waits on, for how long: as a list of many families, and in words on a family's page."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState
from portal.domain.step_downs import StepDownState
from portal.domain.support import ReferralState, Source
from portal.models.families import ConflictOfInterest
from portal.models.following import SupportReferral
from portal.services import history
from tests.support.actions import an_action_that_is
from tests.support.people import Council, Home, a_family, an_action, an_active_family
from tests.support.situations import a_step_down, coordinated, plan_in_force, preparing, support, without_lead
from tests.support.web import Page, SignIn, counted_statements

NHS = "Ambleford NHS"


def suggested(council: Council, home: Home, state: ReferralState, days_ago: int, **columns: object) -> SupportReferral:
    """Support that came to this state so many days ago."""
    referral, _check = support(council, home, service="Speech therapy")
    day = clock.today() - timedelta(days=days_ago)
    with council.behind_the_scenes():
        row = db.session.get_one(SupportReferral, referral.id)
        row.state, row.service_organisation, row.state_on, row.given_on = state, NHS, day, day
        row.sent_on, row.sent_reason, row.safe_contact = day, "To talk", "By phone"
        for name, value in columns.items():
            setattr(row, name, value)
        history.changed(home.id)
    return referral


def lines(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select(".app-worklist tbody tr")]


class TestOnAFamilysPage:
    def test_a_service_that_has_not_accepted_is_named_with_its_working_days(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        referral = suggested(council, team.home, ReferralState.RECEIVED, days_ago=16)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}")

        assert (
            "Speech therapy : waiting 12 working days on Ambleford NHS to accept, since Monday 21 September"
            in page.main
        )
        assert f"/referrals/{referral.ref}" in page.links()

    @pytest.mark.parametrize(
        ("state", "columns", "words"),
        [
            (ReferralState.SENT, {}, "on Ambleford NHS to say that it has arrived"),
            (ReferralState.ACCEPTED, {}, "on Ambleford NHS to begin"),
            (ReferralState.RECEIVED, {"declined_why": "Full"}, "on Lena Lead to say what happens instead"),
        ],
    )
    def test_each_stage_waits_on_somebody(
        self, council: Council, sign_in: SignIn, state: ReferralState, columns: dict[str, object], words: str
    ) -> None:
        team = an_active_family(council)
        if columns:
            columns = {**columns, "declined_on": clock.today() - timedelta(days=1), "state_source": Source.PROVIDER}
        suggested(council, team.home, state, days_ago=3, **columns)

        assert words in sign_in(council.coordinator).get(f"/families/{team.ref}").main

    def test_an_action_is_waited_for_once_its_day_has_gone_by(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        plan_in_force(council, team)
        an_action(council, team, what="Ring the school", due_on=clock.today() - timedelta(days=2))
        an_action(council, team, what="Not yet", due_on=clock.today())

        said = sign_in(council.partner).get(f"/families/{team.ref}").main

        assert "Ring the school : waiting 2 working days on you to do it" in said
        assert "Not yet : waiting" not in said

    def test_something_in_the_way_waits_on_whoever_was_named(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action_that_is(
            council,
            team,
            ActionState.BLOCKED,
            in_the_way="No form",
            waiting_on="the landlord",
            review_on=clock.today() + timedelta(days=3),
            due_on=clock.today() - timedelta(days=1),
        )

        said = sign_in(council.coordinator).get(f"/families/{team.ref}").main

        assert "waiting 1 working day on the landlord to clear the way" in said


class TestTheList:
    def arranged(self, council: Council) -> None:
        """Three families: one waits on a service, one on a nominee, one for anybody to lead."""
        waits = an_active_family(council, a_family(council, name="Waits"))
        suggested(council, waits.home, ReferralState.RECEIVED, days_ago=16)
        asked = a_family(council, name="Asked")
        a_step_down(council, asked, StepDownState.ACCEPTED)
        preparing(council, asked, lead=LeadState.NOMINATED)
        without_lead(council, an_active_family(council, a_family(council, name="Unled")))

    def test_the_longest_first_with_whom_and_of_which_organisation(self, council: Council, sign_in: SignIn) -> None:
        self.arranged(council)

        found = lines(sign_in(council.coordinator).get("/waiting-longest"))

        assert found[0].startswith("Speech therapy The Waits family")
        assert "Waiting 12 working days on Ambleford NHS to accept since Monday 21 September Ambleford NHS" in found[0]
        assert any("on Lena Lead to answer whether they lead" in line for line in found)
        assert any("Unled" in line and "on you to ask somebody" in line for line in found)

    def test_narrowed_to_a_stage_and_an_organisation(self, council: Council, sign_in: SignIn) -> None:
        self.arranged(council)
        browser = sign_in(council.manager)

        of_stage = browser.get("/waiting-longest?stage=sent")
        of_organisation = browser.get(f"/waiting-longest?organisation={council.health.name}")

        assert len(lines(of_stage)) == 1
        assert "The service to accept: 1, the longest 12 working days" in of_stage.main
        assert all("Lena Lead" in line for line in lines(of_organisation))
        assert "Nothing waits here" in browser.get("/waiting-longest?stage=sent&organisation=Nobody").main
        assert browser.get("/waiting-longest?stage=everything").status == 404

    def test_a_coordinator_sees_their_own_and_what_waits_for_any_of_them(
        self, council: Council, sign_in: SignIn
    ) -> None:
        mine, others = a_family(council, name="Mine"), a_family(council, name="Others")
        for home, by in ((mine, council.coordinator), (others, council.other_coordinator)):
            coordinated(council, home, by)
            suggested(council, home, ReferralState.SENT, days_ago=3)
        a_step_down(council, a_family(council, name="New"), StepDownState.PROPOSED)

        found = " ".join(lines(sign_in(council.coordinator).get("/waiting-longest")))

        assert "Mine" in found
        assert "New" in found
        assert "Others" not in found
        assert "Others" in " ".join(lines(sign_in(council.manager).get("/waiting-longest")))

    def test_nothing_of_a_family_that_is_kept_from_the_reader(self, council: Council, sign_in: SignIn) -> None:
        for name in ("Own", "Closed"):
            home = a_family(council, name=name, restricted=name == "Closed")
            coordinated(council, home)
            suggested(council, home, ReferralState.SENT, days_ago=3)
            if name == "Own":
                with council.behind_the_scenes():
                    for user in (council.manager, council.coordinator):
                        db.session.add(ConflictOfInterest(family_id=home.id, user_id=user.id, recorded_at=clock.now()))

        for who in (council.manager, council.coordinator):
            assert "Nothing is waiting for anybody" in sign_in(who).get("/waiting-longest").main

    def test_as_many_statements_for_many_families_as_for_one(self, council: Council, sign_in: SignIn) -> None:
        browser, counts = sign_in(council.manager), []
        for number in (1, 20):
            for n in range(number):
                home = a_family(council, name=f"Number {number} {n}")
                coordinated(council, home)
                suggested(council, home, ReferralState.SENT, days_ago=3)
            with counted_statements(council.app) as statements:
                browser.get("/waiting-longest")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 4
