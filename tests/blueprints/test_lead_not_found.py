"""Nobody is found to lead: the manager decides what happens."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.leads import LeadState
from portal.models.handover import Episode, LeadAssignment, LeadDecision
from portal.services import history, leads
from tests.support.handover import Handing, an_accepted
from tests.support.leads import accepted
from tests.support.people import Council, an_active_family
from tests.support.situations import without_lead
from tests.support.web import SignIn, date_parts, from_today


class TestNotFound:
    def declined_twice(self, council: Council) -> Handing:
        handing = an_accepted(council, answered=False)
        for who in (council.lead, council.partner):
            with council.as_(who) as viewer:
                asked = db.session.scalars(
                    select(LeadAssignment).where(LeadAssignment.state == LeadState.NOMINATED)
                ).one()
                leads.decline(asked, "No room", by=viewer)
            if who is council.lead:
                with council.as_(council.coordinator) as viewer:
                    leads.ask(handing.home.family, leads.Whom(council.partner.id), by=viewer)
        return handing

    def test_after_two_declines_the_manager_decides_in_three_days(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        manager = sign_in(council.manager)

        page = manager.get(f"/families/{handing.family_ref}/team/lead")

        assert "No lead professional found" in page.main
        assert "2 people have said no" in page.main
        limit = Calendar().working_days_after(clock.today(), 3)
        assert f"{limit.day} {limit:%B}" in page.main
        assert handing.home.family.name in manager.get("/leading").main

    def test_one_decline_is_not_enough(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        sign_in(council.lead).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "no", "answer_reason": "No room"}
        )

        page = sign_in(council.manager).get(f"/families/{handing.family_ref}/team/lead")

        assert "No lead professional found" not in page.main

    @pytest.mark.parametrize(("worked", "found"), [(9, False), (10, True)])
    def test_nor_are_nine_working_days(self, council: Council, sign_in: SignIn, worked: int, found: bool) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        began = clock.today()
        while Calendar().working_days_between(began, clock.today()) < worked:
            began -= timedelta(days=1)
        with council.behind_the_scenes():
            db.session.execute(update(Episode).values(opened_on=began))
            history.changed(team_of.family.id)
        manager = sign_in(council.manager)

        assert ("No lead professional found" in manager.get(f"/families/{team_of.ref}/team/lead").main) is found
        assert (f"{team_of.family.name}, {team_of.ref}" in manager.get("/leading").main) is found

    def test_a_council_worker_leads_for_the_time_being(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        until = clock.today() + timedelta(days=30)
        manager = sign_in(council.manager)

        page = manager.submit(
            f"/families/{handing.family_ref}/team/lead/not-found",
            {
                "decision": "council_worker",
                "worker": str(council.other_coordinator.id),
                "why": "Nobody else has room",
                **date_parts("until_on", until),
            },
        )

        assert page.status == 303
        assert accepted(council, handing.home.id) == [council.other_coordinator.name]
        shown = page.follow()
        assert "leads for the time being, until" in shown.text_of(".app-family")
        assert shown.soup.select("main select[name=lead]"), "somebody can be asked to follow"

    def test_whoever_follows_takes_over_from_them(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)
        address = f"/families/{handing.family_ref}/team/lead"
        sign_in(council.manager).submit(
            f"{address}/not-found",
            {
                "decision": "council_worker",
                "worker": str(council.other_coordinator.id),
                "why": "Nobody else has room",
                **date_parts("until_on", clock.today() + timedelta(days=30)),
            },
        )
        sign_in(council.coordinator).submit(address, {"lead": str(council.partner_other_organisation.id)})

        page = sign_in(council.partner_other_organisation).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "yes"}
        )

        assert page.status == 303
        assert accepted(council, handing.home.id) == [council.partner_other_organisation.name]

    @pytest.mark.parametrize("decision", ["single_agency", "stays_with_social_care"])
    def test_another_way_is_recorded_and_no_longer_due(self, council: Council, sign_in: SignIn, decision: str) -> None:
        handing = self.declined_twice(council)
        manager, address = sign_in(council.manager), f"/families/{handing.family_ref}/team/lead"

        page = manager.submit(f"{address}/not-found", {"decision": decision, "why": "It fits the family"})

        assert page.status == 303
        assert "It fits the family" in page.follow().main
        assert handing.home.family.name not in manager.get("/leading").main
        with council.behind_the_scenes():
            assert db.session.scalars(select(LeadDecision.decision)).all() == [decision]

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "Select what happens now"),
            ({"decision": "single_agency", "why": " "}, "Enter why you decide this"),
            ({"decision": "council_worker", "why": "x"}, "Choose who leads for the time being"),
            (
                {"decision": "council_worker", "why": "x", "worker": "me", **from_today("until_on")},
                "The date until which they lead must be in the future",
            ),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        handing = self.declined_twice(council)
        if answers.get("worker"):
            answers = {**answers, "worker": str(council.coordinator.id)}

        page = sign_in(council.manager).submit(f"/families/{handing.family_ref}/team/lead/not-found", answers)

        assert words in page.errors
        assert accepted(council, handing.home.id) == []

    def test_only_the_manager_decides(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined_twice(council)

        page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/team/lead/not-found")

        assert page.status == 403

    def test_declines_are_counted_for_each_organisation(self, council: Council, sign_in: SignIn) -> None:
        self.declined_twice(council)

        rows = sign_in(council.manager).get("/leading").text_of("table")

        assert f"{council.health.name} 0 0 1" in rows
        assert f"{council.school.name} 0 0 1" in rows
