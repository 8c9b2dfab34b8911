"""Being asked to lead, the answer, and asking somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.leads import LeadState
from portal.models.families import ConflictOfInterest, Person
from portal.models.handover import LeadAssignment
from portal.models.people import SharingAgreement
from portal.models.record import Event
from portal.services import leads
from tests.support.handover import PREFERRED, RISKS, Handing, a_proposed, an_accepted
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import SignIn, counted_statements


def end_agreement(council: Council) -> None:
    with council.behind_the_scenes():
        db.session.execute(
            update(SharingAgreement)
            .where(SharingAgreement.organisation_id == council.health.id)
            .values(ends_on=clock.today() - timedelta(days=1))
        )


class TestBeingAsked:
    def test_the_question_stands_above_one_s_actions(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.lead).get("/my-actions")

        assert "Asked to lead" in page.main
        assert f"asked by {council.coordinator.name}" in page.main
        assert f"/nominations/{handing.nomination.ref}" in page.links()
        assert handing.home.family.name not in page.main

    def test_each_question_says_what_tells_it_apart(self, council: Council, sign_in: SignIn) -> None:
        first = an_accepted(council, a_family(council, children=2), answered=False)
        second = an_accepted(council, a_family(council, name="Adeyemi"), answered=False)

        page = sign_in(council.lead).get("/my-actions")

        for handing, children in ((first, "2 children: "), (second, "1 child: ")):
            words = f"Will you be the lead professional for {handing.home.ref}? {children}"
            assert words in page.text_of(".app-cards")
            assert handing.home.children[0].given_name not in page.main
        assert "Needs: Getting a good education" in page.text_of(".app-cards")
        assert "You have no actions due" not in page.main

    def test_without_a_live_agreement_nothing_of_the_family_is_told(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        end_agreement(council)

        page = sign_in(council.lead).get("/my-actions")

        assert f"for {handing.nomination.ref}?" in page.text_of(".app-cards")
        assert handing.home.ref not in page.main
        assert "child" not in page.text_of(".app-cards")

    def test_many_questions_cost_no_more(self, council: Council, sign_in: SignIn) -> None:
        def cost() -> int:
            browser = sign_in(council.lead)
            with counted_statements(council.app) as statements:
                assert browser.get("/my-actions").status == 200
            return len(statements)

        an_accepted(council, a_family(council), answered=False)
        one = cost()
        for _ in range(3):
            an_accepted(council, a_family(council), answered=False)

        assert cost() == one

    def test_sees_the_summary_and_nothing_else(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        with council.behind_the_scenes():
            db.session.execute(update(Person).values(family_name="Hidden-Surname"))
        lead = sign_in(council.lead)

        page = lead.get(f"/nominations/{handing.nomination.ref}")

        for words in (
            "Child0, 9 years",
            "Getting to school 0",
            council.coordinator.name,
            council.social_worker.name,
            "01632 960 200",
        ):
            assert words in page.main
        for never in (RISKS, "O’Neill", "Hidden-Surname", "1 Mill Lane", "01632 960 300", "I like my school"):
            assert never not in page.html
        for address in (
            f"/families/{handing.family_ref}",
            f"/families/{handing.family_ref}/plan",
            f"/step-downs/{handing.ref}",
            f"/outstanding/{handing.outstanding[0].ref}",
        ):
            assert lead.get(address).status == 404

    def test_nobody_else_sees_the_question(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        address = f"/nominations/{handing.nomination.ref}"

        assert sign_in(council.partner).get(address).status == 404
        assert sign_in(council.social_worker_other_team).get(address).status == 404
        assert sign_in(council.coordinator).get(address).status == 403

    def test_a_conflict_of_interest_takes_the_question_away(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        address = f"/nominations/{handing.nomination.ref}"
        with council.behind_the_scenes():
            db.session.add(
                ConflictOfInterest(family_id=handing.home.id, user_id=council.lead.id, recorded_at=clock.now())
            )
        lead = sign_in(council.lead)

        assert lead.get(address).status == 404
        assert "Asked to lead" not in lead.get("/my-actions").main


class TestAnswering:
    def test_yes_leads_from_now_on(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        lead = sign_in(council.lead)

        page = lead.submit(f"/nominations/{handing.nomination.ref}", {"answer": "yes"})

        assert (page.status, page.location) == (303, f"/families/{handing.family_ref}")
        assert "You are the lead professional now" in page.follow().text
        assert handing.nomination.state is LeadState.ACCEPTED
        assert lead.get(f"/step-downs/{handing.ref}").status == 200
        assert handing.member_id(council.lead)

    def test_no_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.lead).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "no", "answer_reason": "  "}
        )

        assert (page.status, page.errors) == (422, ["Enter why you cannot lead"])
        assert handing.nomination.state is LeadState.NOMINATED

    def test_no_with_a_reason_is_thanked_and_told(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        lead = sign_in(council.lead)

        page = lead.submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "no", "answer_reason": "I lead four families"}
        )

        assert page.location == "/my-actions"
        assert "Thank you. The early help coordinator will ask somebody else" in page.follow().text
        assert lead.get(f"/families/{handing.family_ref}").status == 404
        asked = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/team/lead")
        assert "I lead four families" in asked.main
        with council.behind_the_scenes():
            assert "lead.declined" in [str(kind) for kind in db.session.scalars(select(Event.kind))]

    def test_yes_asks_for_no_reason(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.lead).submit(
            f"/nominations/{handing.nomination.ref}", {"answer": "yes", "answer_reason": "a\x00b"}
        )

        assert page.status == 303

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "Select whether you will lead"),
            ({"answer": "maybe"}, "Select one of the answers in the list"),
            ({"answer": "no", "answer_reason": "x" * 10_000}, "Why you cannot lead must be 1,000 characters or fewer"),
            ({"answer": "no", "answer_reason": "a\x00b"}, "Why you cannot lead must not hold control characters"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], words: str) -> None:
        handing = an_accepted(council, answered=False)

        page = sign_in(council.lead).submit(f"/nominations/{handing.nomination.ref}", answers)

        assert page.status == 422
        assert page.errors[0].startswith(words)

    def test_a_double_click_answers_once(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        form = sign_in(council.lead).get(f"/nominations/{handing.nomination.ref}").form()

        first, second = (form.send({"answer": "yes"}) for _ in range(2))

        assert (first.status, second.status, first.location) == (303, 303, second.location)

    def test_a_second_tab_is_told_who_answered_and_when(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)
        address = f"/nominations/{handing.nomination.ref}"
        lead = sign_in(council.lead)
        tabs = [lead.get(address).form() for _ in range(2)]

        pages = [tabs[0].send({"answer": "yes"}), tabs[1].send({"answer": "no", "answer_reason": "Caseload"})]

        assert [page.status for page in pages] == [303, 409]
        for page in (pages[1], lead.get(address)):
            assert page.status == 409
            assert f"{council.lead.name} has already answered this on {full(clock.today())} at" in page.main

    def test_without_a_live_agreement_nothing_is_shown_and_yes_is_refused(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = an_accepted(council, answered=False)
        end_agreement(council)
        lead = sign_in(council.lead)
        address = f"/nominations/{handing.nomination.ref}"

        page = lead.get(address)
        refused = page.form().send({"answer": "yes"})

        assert "Getting to school 0" not in page.html
        assert "Your organisation has no sharing agreement with the council at present" in page.main
        assert refused.status == 409
        assert "so you cannot lead yet" in refused.main
        assert handing.nomination.state is LeadState.NOMINATED
        assert lead.submit(address, {"answer": "no", "answer_reason": "Our agreement ended"}).status == 303


class TestAskingSomebody:
    def declined(self, council: Council) -> Handing:
        handing = an_accepted(council, answered=False)
        with council.as_(council.lead) as viewer:
            leads.decline(db.session.scalars(select(LeadAssignment)).one(), "No room", by=viewer)
        return handing

    def test_somebody_else_after_a_no(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined(council)
        coordinator = sign_in(council.coordinator)
        page = coordinator.get(f"/families/{handing.family_ref}/team/lead")

        answer = page.form().send({"lead": str(council.partner.id)})

        assert "No room" in page.main
        assert PREFERRED in page.main
        assert answer.location == f"/families/{handing.family_ref}/team"
        assert (handing.nomination.user_id, handing.nomination.step_down_id) == (
            council.partner.id,
            handing.step_down_id,
        )
        assert "Getting to school 0" in sign_in(council.partner).get(f"/nominations/{handing.nomination.ref}").main

    def test_two_at_once(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined(council)
        address = f"/families/{handing.family_ref}/team/lead"
        one, other = (sign_in(each).get(address).form() for each in (council.coordinator, council.other_coordinator))

        won = one.send({"lead": str(council.partner.id)})
        lost = other.send({"lead": str(council.partner_other_organisation.id)})

        assert (won.status, lost.status) == (303, 409)
        assert f"{council.partner.name} was asked to be the lead professional and has not answered yet" in lost.main
        assert f"{council.coordinator.name} changed this" in lost.main
        assert council.partner_other_organisation.name in lost.text_of(".app-side-by-side__part:last-child")
        assert handing.nomination.user_id == council.partner.id

    def test_nobody_is_asked_while_somebody_leads(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}/team/lead")

        assert f"{council.lead.name} is the lead professional" in page.main
        assert not page.soup.select("main form")

    def test_there_is_nothing_to_lead_before_it_is_accepted(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = sign_in(council.coordinator).submit(
            f"/families/{handing.family_ref}/team/lead", {"lead": str(council.lead.id)}
        )

        assert page.status == 409
        assert "There is no early help to lead" in page.main

    def test_a_double_click_asks_once(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined(council)
        form = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/team/lead").form()

        statuses = [form.send({"lead": str(council.partner.id)}).status for _ in range(2)]

        assert statuses == [303, 303]

    @pytest.mark.parametrize("lead", ["", "999999", "x"])
    def test_who_is_not_in_the_list_is_refused(self, council: Council, sign_in: SignIn, lead: str) -> None:
        handing = self.declined(council)

        page = sign_in(council.coordinator).submit(f"/families/{handing.family_ref}/team/lead", {"lead": lead})

        assert page.status == 422

    def test_only_early_help_asks(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council)
        address = f"/families/{handing.family_ref}/team/lead"

        assert sign_in(council.lead).get(address).status == 403
        assert sign_in(council.social_worker).get(address).status == 403
        assert sign_in(council.partner).get(address).status == 404
