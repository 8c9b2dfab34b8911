"""The plan is reviewed with the family: better, the same or worse, in its own words."""

from portal.domain.plans import ActionState
from tests.support.people import Council, an_action, an_active_family, history_of
from tests.support.plans import a_need, plan
from tests.support.web import SignIn


class TestReviewing:
    def test_each_need_is_kept_with_the_familys_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = a_need(council, team)
        an_action(council, team, state=ActionState.IN_PROGRESS)
        one, two = team.need.ref, other.ref
        lead = sign_in(council.lead)

        page = lead.submit(
            plan(team, "/review"),
            {f"answer-{one}": "better", f"words-{one}": "We were late once", f"answer-{two}": "not_now"},
        ).follow()

        assert "When the family last looked at it: Better," in page.main
        assert "We were late once" in page.main
        assert history_of(council, team.family.id)[-1] == "need.reviewed"
        assert (
            "reviewed a need with the family, better: Getting to school"
            in lead.get(f"/families/{team.ref}/history").main
        )
        lead.submit(
            plan(team, "/review"),
            {f"answer-{one}": "worse", f"words-{one}": "Late all week", f"answer-{two}": "not_now"},
        )
        page = lead.get(plan(team))
        assert "When the family last looked at it: Worse," in page.main
        assert "We were late once" not in page.main

    def test_there_is_nothing_to_review_before_an_action_was_updated(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team)
        lead = sign_in(council.lead)

        page = lead.get(plan(team, "/review"))

        assert "Nothing to look at until an action has been updated." in page.main
        assert plan(team, "/review") not in lead.get(plan(team)).links()

    def test_what_is_missing_is_said_and_what_was_typed_kept(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        other = a_need(council, team)
        an_action(council, team, state=ActionState.IN_PROGRESS)
        one, two = team.need.ref, other.ref

        page = sign_in(council.lead).submit(plan(team, "/review"), {f"answer-{one}": "same", f"words-{two}": "z" * 501})

        assert page.status == 422
        assert page.errors == [
            "Enter what the family says about it",
            "Select how “A safe home” stands now",
            "What the family says must be 500 characters or fewer. It is 501",
        ]
        assert "z" * 501 in page.html

    def test_a_review_of_nothing_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.IN_PROGRESS)

        page = sign_in(council.lead).submit(plan(team, "/review"), {f"answer-{team.need.ref}": "not_now"})

        assert page.status == 422
        assert "Answer for at least one need, or go back to the action plan." in page.main

    def test_a_need_that_was_met_meanwhile_is_not_reviewed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, state=ActionState.IN_PROGRESS)
        form = sign_in(council.lead).get(plan(team, "/review")).form()
        sign_in(council.coordinator).submit(f"/needs/{team.need.ref}/met", {"met_reason": "All well"})

        page = form.send({f"answer-{team.need.ref}": "better", f"words-{team.need.ref}": "Good"})

        assert page.status == 422
        assert "need.reviewed" not in history_of(council, team.family.id)
