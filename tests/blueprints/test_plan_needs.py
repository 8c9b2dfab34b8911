"""Needs in a family's plan: adding one, the family's words for it, and one that could not be met."""

from typing import ClassVar

import pytest

from portal.core.db import db
from portal.domain.plans import Headline, NeedState
from portal.models.record import WordLabel
from tests.support.people import Council, a_family, an_active_family, history_of
from tests.support.plans import a_need, actions_of, needs_of, plan
from tests.support.web import SignIn


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
        assert history_of(council, team.family.id)[-1] == "need.added"

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
        assert history_of(council, team.family.id)[-1] == "need.not_met"

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


class TestTheCouncilsOwnOutcomes:
    def test_its_label_stands_wherever_the_outcome_is_named(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_need(council, team, headline=Headline.HOUSING)
        with council.behind_the_scenes():
            for key, label in (("outcome_housing", "A safe place to live"), ("short_housing", "a safe place")):
                db.session.add(WordLabel(key=key, one=label, many=label, a=label))
        lead = sign_in(council.lead)

        family, whole, team_page, asked = (
            lead.get(f"/families/{team.ref}{page}").main for page in ("", "/plan", "/team", "/plan/needs/new")
        )

        for page in (family, whole, asked):
            assert "A safe place to live" in page
        for page in (family, whole, team_page):
            assert "Nobody is covering: education, a safe place" in page
        assert "A safe place: nobody is covering this" in team_page
        assert not any("ousing" in page for page in (family, whole, team_page, asked))
