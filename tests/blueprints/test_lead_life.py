"""How a lead ends, and is followed without a gap."""

from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.domain.dates import full
from portal.domain.leads import LeadState
from tests.support.leads import accepted, ended, lead_of
from tests.support.people import Council, Team, an_active_family, history_of
from tests.support.web import SignIn, date_parts


class TestEnding:
    def test_leaves_the_family_visibly_without_a_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        coordinator = sign_in(council.coordinator)

        page = ended(
            coordinator,
            lead_of(council, team_of.family.id),
            then="nobody",
            end_reason="New post",
            **date_parts("ended_on", clock.today()),
        )

        assert page.status == 303
        assert "No lead professional" in page.follow().text_of(".app-family__facts .govuk-tag--red")
        assert "No lead professional" in coordinator.get("/families?view=no_lead").text_of("td .govuk-tag--red")
        history = coordinator.get(f"/families/{team_of.ref}/history").main
        assert f"{council.lead.name} stopped being the lead professional on {full(clock.today())}" in history
        assert "They are leaving their role" in history

    def test_does_not_end_membership(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = sign_in(council.lead)

        ended(lead, lead_of(council, team_of.family.id), then="nobody")

        assert lead.get(f"/families/{team_of.ref}").status == 200
        assert lead.get(f"/families/{team_of.ref}/meetings/new").status == 403

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"end_code": None, "then": "nobody"}, "Select why they stop leading"),
            ({"end_code": "time_being", "then": "nobody"}, "Select one of the answers in the list"),
            ({"then": None}, "Select who leads after them"),
            ({"then": "followed"}, "Choose who is asked to lead after them"),
            ({"then": "nobody", "in_days": 1}, "must be today or in the past"),
            ({"then": "nobody", **date_parts("ended_on", date(2020, 1, 1))}, "must be on or after the day they began"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        team_of = an_active_family(council)
        answers = dict(answers)
        days = answers.pop("in_days", None)
        if isinstance(days, int):
            answers |= date_parts("ended_on", clock.today() + timedelta(days=days))

        page = ended(sign_in(council.coordinator), lead_of(council, team_of.family.id), **answers)

        assert page.status == 422
        assert words in " ".join(page.errors)
        assert accepted(council, team_of.family.id) == [council.lead.name]

    def test_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = lead_of(council, team_of.family.id)
        forms = [sign_in(who).get(f"/leads/{lead.ref}/end").form() for who in (council.coordinator, council.manager)]

        first, second = (form.send({"end_code": "caseload", "then": "nobody"}) for form in forms)

        assert (first.status, second.status) == (303, 409)
        assert "so there is nothing to end" in second.main

    def test_a_partner_cannot_end_it(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        assert sign_in(council.partner).get(f"/leads/{lead_of(council, team_of.family.id).ref}/end").status == 403

    def test_may_be_said_again_after_another_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        coordinator = sign_in(council.coordinator)
        ended(coordinator, lead_of(council, team_of.family.id), then="nobody")

        page = coordinator.submit(f"/families/{team_of.ref}/team/lead", {"lead": str(council.partner.id)})

        assert page.status == 303
        assert "Stopped leading" in coordinator.get(f"/families/{team_of.ref}/team/lead").main


class TestSuccession:
    def asked(self, council: Council, sign_in: SignIn) -> Team:
        team_of = an_active_family(council)
        page = ended(
            sign_in(council.coordinator),
            lead_of(council, team_of.family.id),
            then="followed",
            lead=str(council.partner.id),
        )
        assert page.status == 303
        return team_of

    def test_the_old_lead_goes_on_until_the_successor_accepts(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)

        page = sign_in(council.coordinator).get(f"/families/{team_of.ref}")

        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert f"{council.lead.name} leads until somebody else has accepted" in page.text_of(".app-family")

    def test_then_they_change_places_in_one_moment(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)
        successor = sign_in(council.partner)

        page = successor.submit(
            f"/nominations/{lead_of(council, team_of.family.id, LeadState.NOMINATED).ref}", {"answer": "yes"}
        )

        assert page.status == 303
        assert accepted(council, team_of.family.id) == [council.partner.name]
        before = lead_of(council, team_of.family.id, LeadState.ENDED)
        assert (before.name, before.ended_on, str(before.end_code)) == (council.lead.name, clock.today(), "left_role")
        assert history_of(council, team_of.family.id)[-4:] == [
            "lead.leaving",
            "lead.nominated",
            "lead.ended",
            "lead.accepted",
        ]

    def test_a_no_keeps_the_old_lead_and_somebody_else_is_asked(self, council: Council, sign_in: SignIn) -> None:
        team_of = self.asked(council, sign_in)
        nomination = lead_of(council, team_of.family.id, LeadState.NOMINATED)

        sign_in(council.partner).submit(f"/nominations/{nomination.ref}", {"answer": "no", "answer_reason": "No room"})
        across = sign_in(council.coordinator).get("/leading")
        again = sign_in(council.coordinator).submit(
            f"/families/{team_of.ref}/team/lead", {"lead": str(council.partner_other_organisation.id)}
        )

        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert f"{council.lead.name} leads until somebody else has accepted, and nobody is asked" in across.main
        assert again.status == 303

    def test_nobody_follows_themselves(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        page = ended(
            sign_in(council.coordinator),
            lead_of(council, team_of.family.id),
            then="followed",
            lead=str(council.lead.id),
        )

        assert page.errors == [f"{council.lead.name} leads now. Choose who follows them"]
        assert lead_of(council, team_of.family.id).end_code is None

    def test_who_leads_says_so_and_early_help_finds_somebody(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        lead = lead_of(council, team_of.family.id)
        me = sign_in(council.lead)

        page = ended(me, lead, then="followed")

        assert page.status == 303
        assert 'name="lead"' not in me.get(f"/leads/{lead.ref}/end").html
        assert "Ask somebody to be the lead professional" in sign_in(council.coordinator).get("/families").main
