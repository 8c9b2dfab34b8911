"""Every move of an action: made by whom, with what, and refused in words where it is not open."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState, FamilyAgrees
from portal.models.families import ConflictOfInterest
from portal.models.teamwork import PlanAction
from portal.services import history
from tests.support.actions import an_action_that_is, cannot, events_about, in_the_way, stored
from tests.support.people import Council, an_action, an_active_family
from tests.support.plans import plan
from tests.support.situations import a_step_down
from tests.support.web import SignIn, date_parts

A = ActionState
TODAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
MONDAY = date(2026, 11, 30)
CHECKED = {"what_changed": "He comes on time", "source": "family"}
DROPPED = {"dropped_reason": "They moved", "family_agreed": "disagrees"}
REASON = {"reason": "He knows them better"}
ENDED = (A.DONE, A.VERIFIED, A.HANDED_BACK, A.NO_LONGER_NEEDED)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=True):
        yield


class TestSomethingInTheWay:
    @pytest.mark.parametrize("state", [A.PROPOSED, A.AGREED, A.IN_PROGRESS])
    def test_the_owner_says_what_and_whom_it_waits_on(
        self, council: Council, sign_in: SignIn, state: ActionState
    ) -> None:
        action = an_action_that_is(council, an_active_family(council), state)

        page = cannot(sign_in, council.partner, action, in_the_way(), note="The lift is broken").follow()

        assert stored(council, action).state is A.BLOCKED
        assert "Waiting on the landlord" in page.main
        assert "The lift is broken" in page.main
        assert "Something is in the way" in sign_in(council.partner).get("/my-actions").main

    def test_the_note_is_kept_and_nothing_saved_before_it_asked_why(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        page = form.send({"note": "No key", "more": "cannot"})

        assert "No key" in page.html
        assert "Why can this not be done?" in page.main
        assert stored(council, action).state is A.AGREED

    def test_it_asks_why_in_words(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        silent = cannot(sign_in, council.partner, action, {})
        half = cannot(sign_in, council.partner, action, {"why": "in_the_way", "note": "No key"})
        past = cannot(sign_in, council.partner, action, in_the_way(clock.today() - timedelta(days=1)), note="No key")

        assert silent.errors == ["Enter why this cannot be done", "Select why this cannot be done"]
        assert half.errors == ["Enter whom we are waiting for", "Enter when to look at this again"]
        assert past.errors == ["The date to look at it again must be today or later"]
        assert "No key" in past.html
        assert stored(council, action).state is A.AGREED

    def test_it_goes_on_again(self, council: Council, sign_in: SignIn) -> None:
        action = an_action_that_is(council, an_active_family(council), A.BLOCKED)

        sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"outcome": "in_progress"})

        assert stored(council, action).state is A.IN_PROGRESS
        assert events_about(council, action) == ["action.unblocked"]

    def test_or_is_still_in_the_way(self, council: Council, sign_in: SignIn) -> None:
        action = an_action_that_is(council, an_active_family(council), A.BLOCKED)
        later = clock.today() + timedelta(days=20)

        cannot(sign_in, council.partner, action, in_the_way(later), note="No part for the lift yet")

        assert (stored(council, action).state, stored(council, action).review_on) == (A.BLOCKED, later)
        assert events_about(council, action) == ["action.still_blocked"]

    def test_the_need_stays_covered_only_where_it_was_agreed(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.BLOCKED)
        uncovered = sign_in(council.lead).get(plan(team)).main

        with council.behind_the_scenes():
            db.session.get_one(PlanAction, action.id).agreed_on = clock.today()
            history.changed(team.family.id)

        assert "Nobody is covering" in uncovered
        assert "Nobody is covering" not in sign_in(council.lead).get(plan(team)).main


class TestAgreeing:
    def test_the_owner_agrees_where_they_update_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        asked, agreed = an_action(council, team, state=A.PROPOSED), an_action(council, team)
        partner = sign_in(council.partner)

        page = partner.submit(f"/actions/{asked.ref}/update", {"outcome": "agreed", "note": "On Friday"}).follow()

        assert (stored(council, asked).state, stored(council, asked).agreed_on) == (A.AGREED, clock.today())
        assert "On Friday" in page.main
        assert "Agree to this action" not in partner.get(f"/actions/{agreed.ref}/update").main


class TestHandingBack:
    def test_the_lead_is_told_and_finds_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = cannot(sign_in, council.partner, action, {"why": "hand_back"}, note="I am leaving the school").follow()

        assert stored(council, action).state is A.HANDED_BACK
        assert "Handed back. The lead professional is told" in page.text
        assert "Choose who does this instead" in sign_in(council.lead).get(f"/families/{team.ref}").main
        assert "Handed back" in sign_in(council.lead).get("/my-actions").main

    def test_whoever_is_no_owner_nor_leads_cannot(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, owner=team.parent)

        assert sign_in(council.partner).get(f"/actions/{action.ref}/update").status == 403


class TestDropping:
    @pytest.mark.parametrize("state", [A.PROPOSED, A.AGREED, A.IN_PROGRESS, A.BLOCKED, A.HANDED_BACK])
    def test_the_lead_says_why_and_whether_the_family_agrees(
        self, council: Council, sign_in: SignIn, state: ActionState
    ) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, state)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/drop", DROPPED).follow()

        assert stored(council, action).family_agreed is FamilyAgrees.DISAGREES
        assert "No longer needed" in page.main
        assert "The family does not agree" in page.main
        assert sign_in(council.lead).get(plan(team)).status == 200

    def test_it_asks_both(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/drop")

        assert page.errors == ["Enter why it is no longer needed", "Select whether the family agrees"]

    def test_carried_safety_only_by_social_work_s_manager(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        step_down = a_step_down(council, team.home).id
        action = an_action_that_is(council, team, A.AGREED, concerns_safety=True, step_down_id=step_down)

        refused = sign_in(council.lead).submit(f"/actions/{action.ref}/drop", DROPPED)
        done = sign_in(council.social_care_manager).submit(f"/actions/{action.ref}/drop", DROPPED)

        assert refused.errors == [
            f"{action.ref} concerns safety and was carried from social work: until the step-down is complete only the "
            f"social care manager can drop it. Ask {council.social_care_manager.name}"
        ]
        assert done.status == 303


class TestMovingTheDate:
    def test_why_is_asked_and_the_first_date_stays(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council), due_on=MONDAY)
        lead = sign_in(council.lead)

        for week in (1, 2):
            day = MONDAY + timedelta(weeks=week)
            page = lead.submit(f"/actions/{action.ref}/due", {"reason": "Half term", **date_parts("due_on", day)})

        found = stored(council, action)
        assert (found.due_on, found.first_due_on, found.due_moves) == (MONDAY + timedelta(weeks=2), MONDAY, 2)
        shown = page.follow().main
        assert "Moved 2 times, first Monday 30 November" in shown
        assert "from 7 December 2026 to 14 December 2026" in shown
        assert "Half term" in shown

    def test_a_weekend_becomes_the_next_working_day_and_says_so(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        saturday = MONDAY + timedelta(days=5)

        page = sign_in(council.lead).submit(
            f"/actions/{action.ref}/due", {"reason": "Half term", **date_parts("due_on", saturday)}
        )

        assert "because Saturday 5 December is not a working day" in page.follow().text
        assert stored(council, action).due_on == MONDAY + timedelta(days=7)

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            (date_parts("due_on", date(2001, 1, 1)), "Date it is due must be today or later"),
            ({"due_on-month": "13"}, "Date it is due must be a real date, like 27 3 2025"),
            ({"reason": " "}, "Enter why the date changes"),
            ({}, "It is due on 30 November 2026 already. Choose another date"),
        ],
    )
    def test_wrong_answers_are_refused_in_words(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], words: str
    ) -> None:
        action = an_action(council, an_active_family(council), due_on=MONDAY)

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/due", {"reason": "Half term", **answers})

        assert (page.status, page.errors) == (422, [words])

    def test_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council), due_on=MONDAY)
        lead = sign_in(council.lead)
        path = f"/actions/{action.ref}/due"

        opened = lead.get(path, htmx=True)
        piece = f"#due-{action.ref}"
        answers = {"reason": "Half term", **date_parts("due_on", MONDAY + timedelta(days=7))}
        saved = lead.get(path).form(path).send(answers, htmx=True)

        assert "<html" not in opened.html
        assert "Cancel" in opened.text_of(piece)
        assert "Monday 7 December" in saved.text_of(piece)
        assert "Undo" in saved.text_of(piece)
        assert "Date changed" in saved.text_of("#status")

    def test_from_the_rows_of_the_plan_and_of_the_list_of_families(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team, due_on=clock.today())
        links = {f"/actions/{action.ref}/due", f"/actions/{action.ref}/owner"}

        assert links <= set(sign_in(council.lead).get(plan(team)).links())
        assert links <= set(sign_in(council.coordinator).get("/families").links())
        assert not links & set(sign_in(council.partner).get(plan(team)).links())

    def test_not_by_the_owner(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        assert sign_in(council.partner).get(f"/actions/{action.ref}/due").status == 403


class TestPassingOn:
    def test_the_new_owner_is_asked_anew(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = sign_in(council.coordinator).submit(
            f"/actions/{action.ref}/owner", {"who": f"member-{team.parent.id}", **REASON}
        )

        found = stored(council, action)
        assert (found.state, found.owner_id, found.owner_moves) == (A.PROPOSED, team.parent.id, 1)
        shown = page.follow().main
        assert "passed A-1 on from Pat Partner to Siobhán O’Neill" in shown
        assert "Passed on once" in shown
        assert "Call school" not in sign_in(council.partner).get("/my-actions").main

    def test_who_takes_it_on_themselves_agrees_with_that(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, A.HANDED_BACK)

        sign_in(council.lead).submit(f"/actions/{action.ref}/owner", {"who": "me", **REASON})

        assert (stored(council, action).state, stored(council, action).owner_id) == (A.AGREED, team.lead.id)

    def test_somebody_outside_the_team_joins_it(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        other = council.partner_other_organisation

        sign_in(council.lead).submit(f"/actions/{action.ref}/owner", {"who": f"user-{other.id}", **REASON})

        assert "Call school" in sign_in(other).get("/my-actions").main

    def test_not_somebody_who_must_not_see_the_family(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action, other = an_action(council, team), council.partner_other_organisation
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=team.family.id, user_id=other.id, recorded_at=clock.now()))

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/owner", {"who": f"user-{other.id}", **REASON})

        assert page.errors == [
            "This person cannot be asked for this family. Choose somebody else, or ring the early help manager"
        ]
        assert stored(council, action).owner_id == team.partner.id

    def test_not_somebody_whose_organisation_does_not_share(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        nobody = f"user-{council.partner_without_agreement.id}"

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/owner", {"who": nobody, **REASON})

        assert page.errors == ["Select one of the answers in the list"]

    def test_it_asks_whom_and_why(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.lead).submit(f"/actions/{action.ref}/owner")

        assert page.errors == ["Choose who will do this", "Enter why somebody else does it"]


class TestAMoveThatIsNotOpen:
    """Somebody was faster, or sends what no page offers: 409 in words, whatever the address."""

    @pytest.mark.parametrize("state", ENDED)
    def test_an_update_of_one_that_is_not_open(self, council: Council, sign_in: SignIn, state: ActionState) -> None:
        team = an_active_family(council)
        action = an_action_that_is(council, team, state)
        opened = sign_in(council.partner).get(f"/actions/{an_action(council, team).ref}/update").form()
        sent = opened.instead(f"/actions/{action.ref}/update", action.version)

        for answers in ({}, {"outcome": "in_progress"}, {"outcome": "cannot", "why": "hand_back", "note": "No"}):
            page = sent.send(answers)
            assert page.status == 409
            assert "This cannot be done now" in page.main
        assert stored(council, action).state is state

    @pytest.mark.parametrize(
        ("path", "open_when", "state", "answers", "words"),
        [
            ("check", A.DONE, A.AGREED, CHECKED, "Only an action that is done, and not checked yet, can be checked"),
            ("check", A.DONE, A.VERIFIED, CHECKED, "and not checked yet, can be checked"),
            ("reopen", A.DONE, A.IN_PROGRESS, {"reason": "Why"}, "Only an action that is done can be opened again"),
            ("drop", A.AGREED, A.DONE, DROPPED, "This action is done, or was dropped already"),
            (
                "due",
                A.AGREED,
                A.DONE,
                {"reason": "Why", **date_parts("due_on", date(2199, 1, 1))},
                "its date stays as it is",
            ),
            ("owner", A.AGREED, A.DONE, {"who": "me", "reason": "Why"}, "so it cannot be passed on"),
        ],
    )
    def test_any_other_move_is_not_offered_and_sent_late_keeps_what_was_typed(
        self,
        council: Council,
        sign_in: SignIn,
        path: str,
        open_when: ActionState,
        state: ActionState,
        answers: dict[str, str],
        words: str,
    ) -> None:
        team, browser = an_active_family(council), sign_in(council.lead)
        action, other = an_action_that_is(council, team, state), an_action_that_is(council, team, open_when)
        opened = browser.get(f"/actions/{other.ref}/{path}").form()

        closed = browser.get(f"/actions/{action.ref}/{path}")
        late = opened.instead(f"/actions/{action.ref}/{path}", action.version).send(answers)

        for page in (closed, late):
            assert page.status == 409
            assert words in page.main
        assert f"/actions/{action.ref}" in closed.links()
        assert closed.soup.select("main form") == []
        assert all(typed in late.html for typed in answers.values())
        assert stored(council, action).state is state
