"""Who was asked to lead and does not answer, answers as told, or cannot lead."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.models.handover import LeadAssignment
from portal.models.people import SharingAgreement, User
from portal.models.record import Event
from portal.models.teamwork import TeamMember
from portal.services import history, leads, team
from portal.services.team import Outside
from tests.support.handover import Handing, an_accepted
from tests.support.leads import accepted, lead_of
from tests.support.people import Council, Team, an_active_family
from tests.support.situations import without_lead
from tests.support.web import SignIn, date_parts, from_today


class TestUnanswered:
    def late(self, council: Council) -> Handing:
        handing = an_accepted(council, answered=False)
        with council.behind_the_scenes():
            db.session.execute(update(LeadAssignment).values(answer_by=clock.today() - timedelta(days=7)))
            history.changed(handing.home.id)
        return handing

    def test_is_back_on_the_coordinator_s_list(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        coordinator = sign_in(council.coordinator)

        listed = coordinator.get("/families?view=unanswered")
        across = coordinator.get("/leading")

        assert f"/families/{handing.family_ref}" in listed.links()
        assert "To answer by" in listed.main
        assert f"{council.lead.name} was to answer by" in across.main
        assert "has not answered" not in coordinator.get("/families?view=overdue").text_of("h1")

    def test_in_time_it_is_not(self, council: Council, sign_in: SignIn) -> None:
        an_accepted(council, answered=False)

        page = sign_in(council.coordinator).get("/families?view=unanswered")

        assert "No families match" in page.main

    def test_is_withdrawn_and_somebody_else_asked(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        coordinator = sign_in(council.coordinator)
        ask = f"/families/{handing.family_ref}/team/lead"
        page = coordinator.get(ask)

        withdrawn = coordinator.submit(f"/nominations/{handing.nomination.ref}/withdraw")

        assert "has not answered in time" in page.main
        assert (withdrawn.status, withdrawn.location) == (303, ask)
        assert coordinator.submit(ask, {"lead": str(council.partner.id)}).status == 303
        assert handing.nomination.user_id == council.partner.id

    def test_who_was_asked_can_no_longer_answer(self, council: Council, sign_in: SignIn) -> None:
        handing = self.late(council)
        form = sign_in(council.lead).get(f"/nominations/{handing.nomination.ref}").form()
        sign_in(council.coordinator).submit(f"/nominations/{handing.nomination.ref}/withdraw")

        answer = form.send({"answer": "yes"})

        assert answer.status == 404
        assert accepted(council, handing.home.id) == []

    def test_what_was_answered_is_not_withdrawn(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        coordinator = sign_in(council.coordinator)
        form = coordinator.get(f"/nominations/{handing.nomination.ref}/withdraw").form()
        sign_in(council.lead).submit(f"/nominations/{handing.nomination.ref}", {"answer": "yes"})

        page = form.send()

        assert page.status == 409
        assert "This request has already been answered, or was withdrawn." in page.main
        assert accepted(council, handing.home.id) == [council.lead.name]


class TestAsTold:
    def outside(self, council: Council) -> tuple[Team, TeamMember]:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        with council.as_(council.coordinator) as viewer:
            member = team.join_outside(
                db.session.get_one(type(team_of.family), team_of.family.id),
                Outside("Nan Okafor", "Hillside Church", "Youth worker", "01632 960 400"),
                by=viewer,
            )
        return team_of, member

    def asked(self, council: Council, sign_in: SignIn) -> tuple[Team, LeadAssignment]:
        team_of, member = self.outside(council)
        page = sign_in(council.coordinator).submit(f"/families/{team_of.ref}/team/lead", {"lead": f"m-{member.id}"})
        assert page.status == 303, page.main
        return team_of, lead_of(council, team_of.family.id, LeadState.NOMINATED)

    def test_somebody_without_a_sign_in_accepts_by_word_of_mouth(self, council: Council, sign_in: SignIn) -> None:
        team_of, nomination = self.asked(council, sign_in)
        coordinator = sign_in(council.coordinator)

        page = coordinator.submit(
            f"/nominations/{nomination.ref}/as-told",
            {"answer": "yes", "told_by": "Nan Okafor", "told_how": "call", **date_parts("told_on", clock.today())},
        )

        assert page.status == 303
        assert accepted(council, team_of.family.id) == ["Nan Okafor"]
        assert "Lead professional: Nan Okafor" in coordinator.get(f"/families/{team_of.ref}").main
        assert "Nan Okafor Lead professional" in coordinator.get(f"/families/{team_of.ref}/team").main
        with council.behind_the_scenes():
            event = db.session.scalars(
                select(Event).where(Event.kind == "lead.accepted").order_by(Event.id.desc())
            ).first()
            assert event is not None
            assert (event.told_by, event.data["how"], event.happened_on) == ("Nan Okafor", "call", clock.today())

    @pytest.mark.parametrize("second", ["yes", "no"])
    def test_an_answer_that_somebody_else_recorded_meanwhile_is_kept(
        self, council: Council, sign_in: SignIn, second: str
    ) -> None:
        team_of, nomination = self.asked(council, sign_in)
        address = f"/nominations/{nomination.ref}/as-told"
        told = {"told_by": "Nan Okafor", "told_how": "call", **date_parts("told_on", clock.today())}
        opened = sign_in(council.manager).get(address).form(address)
        sign_in(council.coordinator).submit(address, {"answer": "yes", **told})

        page = opened.send({"answer": second, "answer_reason": "Too far away", **told})

        assert page.status == 409
        assert "This request has already been answered" in page.main
        assert accepted(council, team_of.family.id) == ["Nan Okafor"]

    def test_their_answer_is_the_next_step_of_the_coordinator(self, council: Council, sign_in: SignIn) -> None:
        team_of, nomination = self.asked(council, sign_in)

        page = sign_in(council.coordinator).get(f"/families/{team_of.ref}")

        assert "Ask Nan Okafor whether they will be the lead professional" in page.main
        assert f"/nominations/{nomination.ref}/as-told" in page.links()

    def test_a_no_needs_its_reason_and_is_kept(self, council: Council, sign_in: SignIn) -> None:
        _team, nomination = self.asked(council, sign_in)
        told = {"told_by": "Nan Okafor", "told_how": "meeting", **date_parts("told_on", clock.today())}
        coordinator, address = sign_in(council.coordinator), f"/nominations/{nomination.ref}/as-told"

        bare = coordinator.submit(address, {"answer": "no", **told})
        page = coordinator.submit(address, {"answer": "no", "answer_reason": "Too far away", **told})

        assert bare.errors == ["Enter why they cannot lead"]
        assert page.status == 303
        assert "Too far away" in page.follow().main

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"told_by": " "}, "Enter who told you"),
            ({"told_how": None}, "Select how you were told"),
            (
                from_today("told_on", 1),
                "The date you were told must be today or in the past",
            ),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, object], words: str) -> None:
        _team, nomination = self.asked(council, sign_in)

        page = sign_in(council.coordinator).submit(
            f"/nominations/{nomination.ref}/as-told",
            {"answer": "yes", "told_how": "call", **answers},
        )

        assert page.errors == [words]

    def test_who_has_a_sign_in_answers_for_themselves(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.coordinator).submit(
            f"/nominations/{handing.nomination.ref}/as-told",
            {"answer": "yes", "told_by": "Lena", "told_how": "call", **date_parts("told_on", clock.today())},
        )

        assert page.status == 409
        assert f"{council.lead.name} has a sign-in, and answers for themselves." in page.main
        assert handing.nomination.state is LeadState.NOMINATED

    def test_an_organisation_without_an_agreement_cannot_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, member = self.outside(council)
        with council.behind_the_scenes():
            db.session.execute(
                update(TeamMember).where(TeamMember.id == member.id).values(organisation="Ambleford Police")
            )

        page = sign_in(council.coordinator).submit(f"/families/{team_of.ref}/team/lead", {"lead": f"m-{member.id}"})

        assert page.errors == ["This person’s organisation has no sharing agreement at present. Choose somebody else"]


class TestWhoCannotLead:
    @pytest.mark.parametrize("why", ["account", "agreement"])
    def test_is_neither_offered_nor_taken(self, council: Council, sign_in: SignIn, why: str) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        coordinator, address = sign_in(council.coordinator), f"/families/{team_of.ref}/team/lead"
        form = coordinator.get(address).form()
        close(council, why)

        page = form.send({"lead": str(council.lead.id)})

        assert council.lead.name not in coordinator.get(address).text_of("select")
        assert page.status == 422
        assert accepted(council, team_of.family.id) == []

    @pytest.mark.parametrize("why", ["account", "agreement"])
    def test_a_lead_who_can_no_longer_see_the_family_is_named_so(
        self, council: Council, sign_in: SignIn, why: str
    ) -> None:
        team_of = an_active_family(council)
        close(council, why)
        coordinator = sign_in(council.coordinator)

        for address in (f"/families/{team_of.ref}", "/families", "/leading", f"/families/{team_of.ref}/team"):
            assert "can’t see this family" in coordinator.get(address).main, address

    def test_each_is_told_in_their_own_words(self, council: Council) -> None:
        team_of = an_active_family(council)
        without_lead(council, team_of)
        words = []
        for why in ("account", "agreement"):
            close(council, why)
            with council.as_(council.coordinator) as viewer:
                try:
                    leads.ask(team_of.family, leads.Whom(council.lead.id), by=viewer)
                except Exception as refusal:  # noqa: BLE001  (whatever it is, its words are compared)
                    words.append(str(refusal))
            with council.behind_the_scenes():
                db.session.execute(update(User).values(active=True))

        assert "account is closed" in words[0]
        assert "no sharing agreement" in words[1]


def close(council: Council, why: str) -> None:
    with council.behind_the_scenes():
        if why == "account":
            db.session.execute(update(User).where(User.id == council.lead.id).values(active=False))
        else:
            db.session.execute(
                update(SharingAgreement)
                .where(SharingAgreement.organisation_id == council.health.id)
                .values(ends_on=clock.today() - timedelta(days=1))
            )
