"""The team around a family: who is on it, who joins, and who may not."""

from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.models.families import Clearance, ConflictOfInterest, Family
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import TeamMember
from portal.services import team as change
from tests.support.handovers import a_handover, kept_apart, never_contacted
from tests.support.people import Council, Team, a_family, an_active_family, history_of
from tests.support.situations import preparing
from tests.support.web import Page, SignIn, counted_statements

CANNOT = "Choose somebody in the list, who is not on the team around the family yet and can be asked for this family"


def add(team: Team | str) -> str:
    return f"/families/{team if isinstance(team, str) else team.ref}/team/add"


def listed(page: Page) -> set[str]:
    """The names of those with a sign-in who are offered."""
    return {each.get_text().partition(": ")[2] for each in page.soup.select("#user option")[1:]}


def names(council: Council, family_id: int) -> list[str]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(select(TeamMember.name).where(TeamMember.family_id == family_id).order_by(TeamMember.id))
        )


class TestTheTeamPage:
    def test_says_who_is_on_it_and_how_to_reach_them(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)

        page = sign_in(council.coordinator).get(f"/families/{handover.ref}/team")

        cards = page.text_of(".app-cards")
        assert "Lena Lead Lead professional" in cards
        assert "Ambleford School Nursing" in cards
        assert "01632 960 200, pat.partner@ambleford.example" in cards
        assert "Siobhán O’Neill Parent" in cards
        assert "Call or text 01632 960 300" in cards
        assert "Nan Okafor Youth worker, Hillside Church 01632 960 400" in cards
        assert "Has no sign-in" in cards
        assert "No meeting booked." in page.main

    def test_says_when_a_family_member_must_never_be_contacted(self, council: Council, sign_in: SignIn) -> None:
        from portal.models.families import SafeContact

        team = an_active_family(council)
        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact).where(SafeContact.family_id == team.family.id)).one()
            safe.never_contact = True

        page = sign_in(council.lead).get(f"/families/{team.ref}/team")

        assert "01632 960 300" not in page.main
        assert "Never contact" in page.text_of(".app-cards")

    def test_offers_to_ask_for_a_lead_where_there_is_none(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        preparing(council, home)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}/team")

        assert "No lead professional yet." in page.main
        assert f"/families/{home.ref}/team/lead" in page.links()
        assert "Nobody is on the team yet." in page.main

    def test_says_that_a_colleague_cannot_see_the_family_at_present(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).active = False

        page = sign_in(council.lead).get(f"/families/{team.ref}/team")

        assert "Cannot see this family at present" in page.text_of(".app-cards")

    def test_offers_only_what_may_be_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        seen = sign_in(council.partner).get(f"/families/{team.ref}/team")

        assert add(team) not in seen.links()
        assert f"/families/{team.ref}/meetings/new" not in seen.links()
        assert sign_in(council.partner).get(add(team)).status == 403
        assert sign_in(council.auditor).get(add(team)).status == 403
        assert sign_in(council.partner_other_organisation).get(f"/families/{team.ref}/team").status == 404

    def test_costs_the_same_for_a_large_team(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)
        costs = []
        for _ in range(2):
            with counted_statements(council.app) as statements:
                lead.get(f"/families/{team.ref}/team")
            costs.append(len(statements))
            with council.behind_the_scenes():
                for n in range(30):
                    member = {"outside_name": f"Guest {n}", "name": f"Guest {n}", "joined_on": clock.today()}
                    db.session.add(TeamMember(family_id=team.family.id, **member))

        assert costs[0] == costs[1] <= 12, "\n".join(statements)


class TestAddingSomebodyWithASignIn:
    def test_they_join_and_see_the_family_from_then_on(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        newcomer = sign_in(council.partner_other_organisation)
        assert newcomer.get(f"/families/{team.ref}/team").status == 404

        page = sign_in(council.lead).submit(
            add(team), {"who": "user", "user": str(council.partner_other_organisation.id)}
        )

        assert "Ola Other is on the team around the family" in page.follow().text
        assert newcomer.get(f"/families/{team.ref}/team").status == 200
        assert history_of(council, team.family.id)[-1] == "team.joined"

    def test_nobody_chosen_is_said_at_the_question(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert lead.submit(add(team), {}).errors == ["Select who joins the team around the family"]
        assert lead.submit(add(team), {"who": "user"}).errors == ["Choose who joins"]

    def test_lists_colleagues_by_organisation_but_nobody_without_an_agreement(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)

        listed = [o.get_text() for o in sign_in(council.lead).get(add(team)).soup.select("#user option")]

        assert "Ambleford School Nursing: Ola Other" in listed
        assert not [each for each in listed if "Pc None" in each or "Adam Admin" in each or "Pat Partner" in each]

    @pytest.mark.parametrize("who", ["partner_without_agreement", "admin", "partner"])
    def test_who_is_not_in_the_list_is_refused_in_words(self, council: Council, sign_in: SignIn, who: str) -> None:
        team = an_active_family(council)
        before = names(council, team.family.id)

        page = sign_in(council.lead).submit(add(team), {"who": "user", "user": str(getattr(council, who).id)})

        assert page.status == 422
        assert "who is not on the team around the family yet" in page.errors[0]
        assert names(council, team.family.id) == before

    def test_an_agreement_that_ended_after_the_page_was_opened(self, council: Council, sign_in: SignIn) -> None:
        from portal.models.people import SharingAgreement

        team = an_active_family(council)
        form = sign_in(council.coordinator).get(add(team)).form()
        with council.behind_the_scenes():
            for agreement in db.session.scalars(select(SharingAgreement)):
                agreement.ends_on = clock.today() - timedelta(days=1)

        page = form.send({"who": "user", "user": str(council.partner_other_organisation.id)})

        assert page.status == 422

    def test_a_restricted_family_lists_only_who_is_cleared(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, a_family(council, restricted=True))
        with council.behind_the_scenes():
            for user in (council.coordinator, council.other_coordinator):
                db.session.add(Clearance(family_id=team.family.id, user_id=user.id, cleared_at=clock.now()))
        coordinator = sign_in(council.coordinator)

        assert listed(coordinator.get(add(team))) == {"Carol Coordinator", "Cyril Coordinator", "Sam Social"}
        page = coordinator.submit(add(team), {"who": "user", "user": str(council.partner_other_organisation.id)})

        assert page.errors == [CANNOT]
        assert page.soup.select_one("#user-error")

    def test_a_conflict_of_interest_is_not_listed_and_refused_in_the_same_words(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        who = council.partner_other_organisation
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=team.family.id, user_id=who.id, recorded_at=clock.now()))

        page = sign_in(council.lead).submit(add(team), {"who": "user", "user": str(who.id)})

        assert page.errors == [CANNOT]
        assert "Ola Other" not in page.html

    def test_the_service_says_the_same_of_both(self, council: Council) -> None:
        team = an_active_family(council)
        who = council.partner_other_organisation
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=team.family.id, user_id=who.id, recorded_at=clock.now()))

        with council.as_(council.lead) as viewer, pytest.raises(FieldRefused, match="cannot be asked for this family"):
            change.join_user(db.session.get_one(Family, team.family.id), who.id, by=viewer)

    def test_lists_only_people_whose_work_is_with_this_family(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        assert listed(sign_in(council.lead).get(add(team))) == {
            "Carol Coordinator",
            "Cyril Coordinator",
            "Moira Manager",
            "Sam Social",
            "Selma Senior",
            "Ola Other",
        }

    def test_a_double_click_adds_them_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(add(team)).form()
        answers = {"who": "user", "user": str(council.partner_other_organisation.id)}

        first, second = form.send(answers), form.send(answers)

        assert (first.status, second.status) == (303, 303)
        assert names(council, team.family.id).count("Ola Other") == 1


class TestAddingSomebodyOfTheFamily:
    def test_a_child_joins(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]

        page = sign_in(council.lead).submit(add(team), {"who": "person", "person": str(child.id), "place": "Daughter"})

        assert "Child0 O’Neill Daughter" in page.follow().text_of(".app-cards")

    def test_who_is_on_the_team_already_is_not_offered_and_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        parent = str(team.home.parent.id)

        page = sign_in(council.lead).submit(add(team), {"who": "person", "person": parent})

        assert page.errors == ["Choose somebody in the list, who is not on the team around the family yet"]

    def test_somebody_of_another_family_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team, other = an_active_family(council), a_family(council, name="Adeyemi")

        page = sign_in(council.lead).submit(add(team), {"who": "person", "person": str(other.parent.id)})

        assert page.status == 422
        assert "Adeyemi" not in page.html

    def test_who_must_never_be_contacted_needs_thought(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        never_contacted(council, child)
        lead = sign_in(council.lead)

        warned = lead.submit(add(team), {"who": "person", "person": str(child.id)})
        assert warned.status == 422
        assert "Child0 O’Neill must never be contacted" in warned.errors[0]
        assert "Child0 O’Neill" not in names(council, team.family.id)

        assert warned.form().send({"apart": "y"}).status == 303
        assert "Child0 O’Neill" in names(council, team.family.id)

    def test_two_to_be_kept_apart_need_thought(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        kept_apart(council, child, team.home.parent)
        lead = sign_in(council.lead)

        warned = lead.submit(add(team), {"who": "person", "person": str(child.id)})
        assert warned.status == 422
        assert "Child0 O’Neill must not meet Siobhán O’Neill" in warned.errors[0]
        assert "Child0 O’Neill" not in names(council, team.family.id)

        assert warned.form().send({"apart": "y"}).status == 303
        with council.behind_the_scenes():
            data = db.session.scalars(select(Event.data).order_by(Event.id.desc())).first()
        assert data == {"whom": "Child0 O’Neill", "apart_considered": True}


class TestAddingSomebodyWithoutASignIn:
    ANSWERS: ClassVar = {
        "who": "outside",
        "name": "Nan O’Dell",
        "organisation": "Chess club",
        "job": "Coach",
        "contact": "01632 960 9",
    }

    def test_they_are_listed_and_see_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(add(team), self.ANSWERS)

        assert "Nan O’Dell Coach, Chess club 01632 960 9" in page.follow().text_of(".app-cards")

    def test_the_same_person_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)
        lead.submit(add(team), self.ANSWERS)

        again = lead.submit(add(team), self.ANSWERS)

        assert again.errors == ["Nan O’Dell is on the team already"]
        assert again.soup.select_one("#name-error")

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("name", "   ", "Enter their name"),
            ("job", "", "Enter what they do"),
            ("contact", " ", "Enter how they can be reached"),
            ("name", "x" * 10_000, "Name must be 200 characters or fewer. It is 10,000"),
            (
                "contact",
                "a\x00b",
                "How they can be reached must not hold control characters. Delete them and type the text again",
            ),
        ],
    )
    def test_bad_answers_are_refused_and_kept(
        self, council: Council, sign_in: SignIn, field: str, typed: str, words: str
    ) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(add(team), {**self.ANSWERS, field: typed})

        assert (page.status, page.errors) == (422, [words])
        assert page.soup.select_one(f"#{field}-error")
        assert "Chess club" in page.html

    def test_what_was_typed_in_another_branch_is_not_judged(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        answers = {**self.ANSWERS, "who": "user", "user": str(council.manager.id), "name": "x" * 300}

        assert sign_in(council.lead).submit(add(team), answers).status == 303
