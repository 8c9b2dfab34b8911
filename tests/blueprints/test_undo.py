"""Undo: ten minutes, by the same person, while nothing else happened to the thing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.core.db import db
from portal.domain.plans import ActionState
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import PlanAction
from portal.services import moves
from tests.support.actions import an_action_that_is, cannot, events_about, in_the_way, notices, stored
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Page, SignIn, date_parts

A = ActionState
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hours() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def done(sign_in: SignIn, council: Council, action: PlanAction) -> Page:
    return sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Rang them"}).follow()


def kept(council: Council, action: PlanAction) -> dict[str, object]:
    """Every column of an action but its version."""
    row = stored(council, action)
    columns = [column.key for column in PlanAction.__mapper__.columns if column.key != "version"]
    return moves.as_it_is(row, columns)


class TestUndoing:
    def test_a_button_in_the_banner_puts_back_what_was(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        before = kept(council, action)

        page = done(sign_in, council, action).undo().send()

        assert kept(council, action) == before
        shown = page.follow()
        assert f"{action.ref}: the change was undone" in shown.text
        assert f"Pat Partner marked {action.ref} as done: Call school – undone" in shown.main
        assert events_about(council, action) == ["action.done", "change.undone"]

    def test_what_was_updated_in_place_too(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/update", htmx=True)
        page.undo().send()

        assert stored(council, action).state is A.AGREED

    def test_one_click_that_made_two_changes_is_taken_back_whole(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council), state=A.PROPOSED)
        before = kept(council, action)

        done(sign_in, council, action).undo().send()

        assert kept(council, action) == before
        assert events_about(council, action) == ["action.agreed", "action.done", "change.undone", "change.undone"]

    def test_every_move_of_an_action(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead, day = council.lead, NOW.date() + timedelta(days=20)
        told = {"told_how": "call"}
        tries: list[tuple[ActionState, User, str, dict[str, str]]] = [
            (A.AGREED, council.partner, "update", {"outcome": "in_progress"}),
            (A.BLOCKED, lead, "update", {"outcome": "in_progress", **told}),
            (A.BLOCKED, lead, "update", told),
            (A.DONE, lead, "check", {"what_changed": "All of it", "source": "seen"}),
            (A.VERIFIED, lead, "reopen", {"reason": "Not all of it"}),
            (A.HANDED_BACK, lead, "drop", {"dropped_reason": "They moved", "family_agreed": "agrees"}),
            (A.BLOCKED, lead, "due", {"reason": "Half term", **date_parts("due_on", day)}),
            (A.HANDED_BACK, lead, "owner", {"reason": "I know them", "who": "me"}),
            (A.PROPOSED, lead, "owner", {"reason": "She asked", "who": f"member-{team.parent.id}"}),
        ]

        for state, who, path, answers in tries:
            action = an_action_that_is(council, team, state)
            before = kept(council, action)
            page = sign_in(who).submit(f"/actions/{action.ref}/{path}", answers).follow()
            assert kept(council, action) != before, (state, path)

            assert page.undo().send().status == 303, (state, path)

            assert kept(council, action) == before, (state, path)

    def test_the_third_button_too(self, council: Council, sign_in: SignIn) -> None:
        for why in (in_the_way(), {"why": "hand_back"}):
            action = an_action(council, an_active_family(council))
            before = kept(council, action)

            cannot(sign_in, council.partner, action, why, note="No key").follow().undo().send()

            assert kept(council, action) == before
            assert notices(council, action) == []

    def test_agreeing_too(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council), state=A.PROPOSED)

        page = sign_in(council.partner).submit(f"/actions/{action.ref}/agree", on=f"/actions/{action.ref}").follow()
        page.undo().send()

        assert (stored(council, action).state, stored(council, action).agreed_on) == (A.PROPOSED, None)

    def test_who_joined_for_it_sees_the_family_no_longer(self, council: Council, sign_in: SignIn) -> None:
        action, other = an_action(council, an_active_family(council)), council.partner_other_organisation
        answers = {"who": f"user-{other.id}", "reason": "She asked"}
        page = sign_in(council.lead).submit(f"/actions/{action.ref}/owner", answers).follow()
        assert sign_in(other).get(f"/actions/{action.ref}").status == 200

        page.undo().send()

        assert sign_in(other).get(f"/actions/{action.ref}").status == 404


class TestLaterOn:
    @pytest.mark.parametrize("where", ["/actions/{}", "/my-actions"])
    def test_pages_opened_again_still_offer_it_to_who_made_the_change(
        self, council: Council, sign_in: SignIn, where: str, hours: time_machine.Traveller
    ) -> None:
        action = an_action(council, an_active_family(council))
        done(sign_in, council, action)
        page, partner = where.format(action.ref), sign_in(council.partner)
        hours.move_to(NOW + timedelta(minutes=9))
        words = "You can undo your change until 10:10am"

        assert words in partner.get(page).main
        assert words not in sign_in(council.lead).get(page).main
        partner.get(page).undo().send()

        assert stored(council, action).state is A.AGREED
        assert words not in partner.get(page).main

    def test_not_after_ten_minutes_nor_once_it_was_changed_again(
        self, council: Council, sign_in: SignIn, hours: time_machine.Traveller
    ) -> None:
        team = an_active_family(council)
        old, changed = an_action(council, team), an_action(council, team)
        done(sign_in, council, old)
        hours.move_to(NOW + timedelta(minutes=10, seconds=1))
        done(sign_in, council, changed)
        sign_in(council.lead).submit(f"/actions/{changed.ref}/reopen", {"reason": "Not yet"})

        assert "You can undo" not in sign_in(council.partner).get("/my-actions").main
        assert "You can undo" not in sign_in(council.partner).get(f"/actions/{old.ref}").main


class TestNoLonger:
    def test_after_ten_minutes(self, council: Council, sign_in: SignIn, hours: time_machine.Traveller) -> None:
        action = an_action(council, an_active_family(council))
        form = done(sign_in, council, action).undo()

        hours.move_to(NOW + timedelta(minutes=10, seconds=1))
        page = form.send()

        assert page.status == 409
        assert "A change can be undone for ten minutes, and they have passed" in page.main
        assert stored(council, action).state is A.DONE

    def test_until_the_last_second_it_can(
        self, council: Council, sign_in: SignIn, hours: time_machine.Traveller
    ) -> None:
        action = an_action(council, an_active_family(council))
        form = done(sign_in, council, action).undo()

        hours.move_to(NOW + timedelta(minutes=10))

        assert form.send().status == 303

    def test_once_somebody_else_changed_it(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = done(sign_in, council, action).undo()
        sign_in(council.lead).submit(f"/actions/{action.ref}/reopen", {"reason": "Not yet"})

        page = form.send()

        assert page.status == 409
        assert "Lena Lead changed this at 10am" in page.main
        assert stored(council, action).state is A.IN_PROGRESS

    def test_twice(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council), state=A.PROPOSED)
        shown = done(sign_in, council, action)
        first, again = shown.undo(), shown.undo()
        again.values["idempotency_key"] = ["another-key-of-16-letters"]

        assert (first.send().status, first.send().status) == (303, 303)
        page = again.send()

        assert page.status == 409
        assert "This change was already undone." in page.main

    def test_by_somebody_else(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = done(sign_in, council, action).undo()

        for other, status in ((council.lead, 403), (council.partner_other_organisation, 404)):
            theirs = sign_in(other)
            token = theirs.get("/account").soup.select_one("input[name=csrf_token]")
            assert token is not None
            page = theirs.post(form.action, {**form.values, "csrf_token": str(token["value"])})
            assert page.status == status

    def test_what_is_no_such_move(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = done(sign_in, council, action).undo()
        with council.behind_the_scenes():
            for event in db.session.query(Event).filter(Event.subject == action.ref):
                event.before = None

        page = form.send()

        assert page.status == 409
        assert "This change cannot be undone" in page.main


class TestNotices:
    def test_those_of_the_change_are_not_sent(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        page = cannot(sign_in, council.partner, action, {"why": "hand_back"}, note="I am leaving").follow()
        assert notices(council, action) == ["lead_professional"]

        page.undo().send()

        assert notices(council, action) == []
