"""A plan is revised: what a revision adds is there for those who write it alone, until it comes into force."""

from portal.core.db import db
from portal.domain.plans import ActionState, PlanState
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed
from portal.services import history
from tests.support.handovers import covers
from tests.support.people import Council, Team, an_action, an_active_family, history_of, summary_of
from tests.support.plans import actions_of, in_force, met, needs_of, plan, versions_of
from tests.support.web import SignIn

SECRET, DUE = "Ask grandmother whether she can stay", {"due": "two_weeks"}
NEED = {
    "what": "A quiet place to sleep",
    "headline": "housing",
    "whose": "family",
    "desired_outcome": "My own bed",
    "scale": "",
}


def revise(council: Council, team: Team, sign_in: SignIn) -> None:
    """A plan in force, and beside it a revision with a need and an action of the partner's."""
    met(council, team)
    in_force(council, team)
    lead = sign_in(council.lead)
    lead.submit(plan(team, "/revise"), on=plan(team))
    lead.submit(plan(team, "/needs/new"), NEED)
    need = needs_of(council, team)[-1]
    answers = {"what": SECRET, "need": str(need.id), "who": f"member-{team.partner.id}", **DUE}
    assert lead.submit(plan(team, "/actions/new"), answers).status == 303


class TestARevision:
    def test_begins_beside_the_version_in_force(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        in_force(council, team)

        page = sign_in(council.lead).submit(plan(team, "/revise"), on=plan(team)).follow()

        assert "A revision is being written" in page.main
        assert "In force since" in page.main
        assert [version.state for version in versions_of(council, team)] == [PlanState.IN_FORCE, PlanState.DRAFT]
        assert history_of(council, team.family.id)[-1] == "plan.revision_started"

    def test_is_refused_while_the_first_plan_is_not_in_force(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        in_force(council, team)
        form = sign_in(council.lead).get(plan(team)).form(plan(team, "/revise"))
        (version,) = versions_of(council, team)
        with council.behind_the_scenes():
            db.session.get_one(ActionPlan, version.id).state = PlanState.DRAFT
            history.changed(team.family.id)

        page = form.send()

        assert page.status == 409
        assert "The action plan is not in force yet, so it can be changed as it stands." in page.main

    def test_is_begun_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        in_force(council, team)
        lead = sign_in(council.lead).get(plan(team)).form(plan(team, "/revise"))
        coordinator = sign_in(council.coordinator).get(plan(team)).form(plan(team, "/revise"))

        won, lost = lead.send(), coordinator.send()

        assert (won.status, lost.status) == (303, 409)
        assert "Somebody has begun to revise the action plan already" in lost.main
        assert len(versions_of(council, team)) == 2

    def test_is_read_by_lead_cover_and_early_help(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        revise(council, team, sign_in)
        action = actions_of(council, team)[0]

        covers(council, team, council.partner_other_organisation)

        for writer in (council.lead, council.coordinator, council.manager, council.partner_other_organisation):
            page = sign_in(writer).get(plan(team))
            assert SECRET in page.main
            assert NEED["what"] in page.main
            assert SECRET in sign_in(writer).get(f"/actions/{action.ref}").main

    def test_is_not_there_for_anybody_else(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        revise(council, team, sign_in)
        action, need = actions_of(council, team)[0], needs_of(council, team)[-1]

        for other in (council.partner, council.auditor):
            reader = sign_in(other)
            for address in (
                plan(team),
                f"/families/{team.ref}",
                f"/families/{team.ref}/history",
                plan(team, "/versions"),
            ):
                page = reader.get(address).main
                assert SECRET not in page, address
                assert NEED["what"] not in page, address
                assert "revis" not in page.lower(), address
            assert reader.get(f"/actions/{action.ref}").status == 404
        partner = sign_in(council.partner)
        assert SECRET not in partner.get("/my-actions").main
        assert partner.get(f"/actions/{action.ref}/update").status == 404
        assert sign_in(council.coordinator).get(f"/needs/{need.ref}/met").status == 200

    def test_is_not_counted_and_not_the_next_step(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        revise(council, team, sign_in)

        summary = summary_of(council, team.family.id)

        assert (summary.actions_open, summary.next_text) == (0, None)
        assert "Nobody is covering: education" in sign_in(council.lead).get(plan(team)).main

    def test_nobody_is_asked_before_it_comes_into_force(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        revise(council, team, sign_in)
        before = history_of(council, team.family.id)

        lead = sign_in(council.lead)
        page = lead.submit(plan(team, "/in-force")).follow()

        assert "action.proposed" not in before
        assert "action.planned" in before
        after = history_of(council, team.family.id)
        assert after[len(before) :] == [
            "plan.replaced",
            "plan.in_force",
            "action.proposed",
        ]
        assert "A revision is being written" not in page.main
        assert [version.state for version in versions_of(council, team)] == [PlanState.REPLACED, PlanState.IN_FORCE]
        partner = sign_in(council.partner)
        assert SECRET in partner.get("/my-actions").main
        assert SECRET in partner.get(f"/families/{team.ref}/history").main
        assert NEED["what"] in partner.get(plan(team)).main
        assert summary_of(council, team.family.id).actions_open == 1

    def test_what_was_agreed_in_it_stays_agreed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        met(council, team)
        in_force(council, team)
        lead = sign_in(council.lead)
        lead.submit(plan(team, "/revise"), on=plan(team))
        lead.submit(plan(team, "/actions/new"), {"what": SECRET})

        lead.submit(plan(team, "/in-force"))

        (action,) = actions_of(council, team)
        assert (action.state, action.revision_id) == (ActionState.AGREED, None)

    def test_what_goes_on_meanwhile_is_seen_by_all(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, what="Ring the nursery")
        revise(council, team, sign_in)

        sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang", "outcome": "in_progress"})

        assert "Ring the nursery" in sign_in(council.auditor).get(f"/families/{team.ref}/history").main


class TestEarlierVersions:
    def test_stay_readable_with_what_changed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, what="Ring the nursery")
        revise(council, team, sign_in)
        with council.behind_the_scenes():
            db.session.get_one(PlanNeed, team.need.id).desired_outcome = "We leave at eight"
            db.session.get_one(PlanAction, action.id).owner_id = team.lead.id
        sign_in(council.lead).submit(plan(team, "/in-force"))

        reader = sign_in(council.partner)
        assert plan(team, "/versions") in reader.get(plan(team)).links()
        page = reader.get(plan(team, "/versions"))

        assert [heading.get_text()[:10] for heading in page.soup.select("main h2")] == ["Version 2,", "Version 1,"]
        for words in (
            f"New need: {NEED['what']}",
            f"New action: {SECRET}",
            "what should be different was “not written yet”",
            "Ring the nursery: Lena Lead does it, not Pat Partner",
        ):
            assert words in page.main

    def test_none_is_said_before_the_first_is_in_force(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.partner).get(plan(an_active_family(council), "/versions"))

        assert "No version of the action plan has come into force yet." in page.main
