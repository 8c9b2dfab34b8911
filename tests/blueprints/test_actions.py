"""An action's update: the partner's minute."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.plans import ActionState
from portal.models.record import Event
from portal.models.teamwork import PlanAction
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.web import SignIn, counted_statements


def events_of(council: Council, team: Team) -> list[str]:
    with council.behind_the_scenes():
        return [
            str(kind)
            for kind in db.session.scalars(
                select(Event.kind).where(Event.family_id == team.family.id).order_by(Event.id)
            )
        ]


def state_of(council: Council, action: PlanAction) -> ActionState:
    with council.behind_the_scenes():
        return db.session.get_one(PlanAction, action.id).state


class TestMarkingAnActionDone:
    def test_partner_completes_their_own_action(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang the school office"})

        assert page.status == 303
        shown = page.follow()
        assert f"{action.ref}: Marked as done" in shown.text
        assert "Rang the school office" in shown.text
        assert state_of(council, action) is ActionState.DONE
        assert events_of(council, team)[-1] == "action.done"

    def test_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {}, htmx=True)

        assert page.status == 200
        assert "<html" not in page.html
        assert "Done" in page.text_of("#update")
        assert "Marked as done" in page.text_of("#status")

    def test_proposed_action_is_agreed_and_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, state=ActionState.PROPOSED)

        sign_in(council.partner).submit(f"/actions/{action.ref}/update")

        assert events_of(council, team)[-2:] == ["action.agreed", "action.done"]

    def test_double_click_does_it_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        first, second = form.send(), form.send()

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location
        assert events_of(council, team).count("action.done") == 1

    def test_two_people_at_once_both_keep_their_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        partner = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()
        lead = sign_in(council.lead).get(f"/actions/{action.ref}/update").form()

        won = partner.send({"note": "The partner’s words"})
        lost = lead.send({"note": "The lead’s words", "outcome": "in_progress"})

        assert (won.status, lost.status) == (303, 409)
        assert council.partner.name in lost.main
        assert "The lead’s words" in lost.html
        assert "action.started" not in events_of(council, team)

    def test_control_characters_are_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "a\x00b"})

        assert page.status == 422
        assert page.errors == ["Note must not hold control characters. Delete them and type the text again"]
        assert state_of(council, action) is ActionState.AGREED

    def test_a_long_note_is_refused_and_kept(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "x" * 2140})

        assert page.errors == ["Note must be 2,000 characters or fewer. It is 2,140"]
        assert "x" * 2140 in page.html

    def test_somebody_outside_the_family_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        for stranger in (council.partner_other_organisation, council.social_worker_other_team, council.admin):
            assert sign_in(stranger).get(f"/actions/{action.ref}/update").status == 404

    def test_an_auditor_sees_it_but_may_not_change_it(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        auditor = sign_in(council.auditor)

        assert auditor.get(f"/actions/{action.ref}").status == 200
        assert auditor.get(f"/actions/{action.ref}/update").status == 403

    def test_costs_at_most_twelve_statements(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        with counted_statements(council.app) as statements:
            assert form.send({"note": "Done"}).status == 303

        assert len(statements) <= 12, "\n".join(statements)


class TestMyActions:
    def test_overdue_first_then_due(self, council: Council, sign_in: SignIn) -> None:
        from datetime import timedelta

        from portal.core import clock

        team = an_active_family(council)
        an_action(council, team, what="Later")
        an_action(council, team, what="Sooner", due_on=clock.today() - timedelta(days=10))

        page = sign_in(council.partner).get("/my-actions")

        assert page.main.index("Sooner") < page.main.index("Later")
        assert "overdue" in page.main

    def test_nothing_due_is_said(self, council: Council, sign_in: SignIn) -> None:
        assert "You have no actions due. Thank you." in sign_in(council.partner).get("/my-actions").main
