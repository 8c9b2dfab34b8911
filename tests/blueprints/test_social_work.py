"""Social work closes before early help has begun, opens again, or goes to another worker; child protection."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.roles import Role
from portal.domain.step_downs import DeclinedThen, Origin, StepDownState
from portal.models.families import Family
from portal.models.following import FollowUpCheck
from portal.models.handover import StepDown, StepDownChild
from portal.models.people import User, UserRole
from portal.models.record import OutboxMessage
from portal.services import history
from tests.blueprints.test_completing import CONFIRM
from tests.support.following import a_referral
from tests.support.handover import Handing, a_draft, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family, summary_of
from tests.support.web import Browser, Page, SignIn, date_parts

NOBODY = "Nobody holds this family: social work closed on"


def close(sign_in: SignIn, handing: Handing, *, on: int = 0) -> Page:
    day = clock.today() - timedelta(days=on)
    url = f"/families/{handing.family_ref}/social-work-closed"
    return sign_in(handing.council.social_worker).submit(url, date_parts("on", day))


def _sent(browser: Browser) -> dict[str, str]:
    """What a form sends that was never on a page."""
    token = browser.get("/account").soup.select_one("input[name=csrf_token]")
    assert token is not None
    return {"csrf_token": str(token["value"]), "idempotency_key": "straight-to-the-address", "read": "y"}


class TestClosing:
    def test_nobody_holds_the_family_and_both_managers_are_told(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = close(sign_in, handing).follow()

        words = f"{NOBODY} {full(clock.today())}"
        assert words in page.main
        coordinator = sign_in(council.coordinator)
        assert words in coordinator.get(f"/step-downs/{handing.ref}").main
        assert words in coordinator.get("/step-downs").main
        summary = summary_of(council, handing.home.id)
        assert summary.next_kind == "name_holder"
        assert summary.next_due_on == Calendar().working_days_after(clock.today(), 2)
        with council.behind_the_scenes():
            rules = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "social_work.closed"))
            assert list(rules) == ["managers"]

    def test_a_family_without_a_step_down_is_nobody_s_fault(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.coordinator).submit(f"/families/{home.ref}/social-work-closed")

        assert page.status == 303
        assert NOBODY not in page.follow().main

    def test_a_day_to_come_and_a_second_time_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        ahead = close(sign_in, handing, on=-1)
        close(sign_in, handing)
        again = close(sign_in, handing)

        assert ahead.errors == ["The date social work closed must be today or in the past"]
        assert again.status == 409

    def test_the_gates_still_apply_and_then_it_is_completed_late(self, council: Council, sign_in: SignIn) -> None:
        waiting, ready = an_accepted(council), a_ready_to_confirm(council)
        close(sign_in, waiting)
        close(sign_in, ready)
        manager = sign_in(council.manager)

        early = manager.submit(f"/step-downs/{ready.ref}/complete", {"read": "y"})

        assert early.status == 303
        assert "1 step-down completed late" in manager.get("/step-downs").main
        assert "completed late, after social work had closed" in manager.get(f"/step-downs/{ready.ref}").main
        refused = manager.post(f"/step-downs/{waiting.ref}/complete", _sent(manager))
        assert (refused.status, "Still missing" in refused.main) == (409, True)
        assert waiting.state is StepDownState.ACCEPTED


class TestWhoHoldsIt:
    def test_somebody_is_named_and_nobody_is_not_said_any_more(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        close(sign_in, handing)

        page = sign_in(council.manager).submit(
            f"/families/{handing.family_ref}/holder",
            {"answer": "named", "holder": str(council.lead.id), "words": "She knows the family"},
        )

        main = page.follow().main
        assert NOBODY not in main
        assert f"For now, until the step-down is complete: {council.lead.name}" in main

    def test_whoever_is_named_reads_it_on_their_own_first_page_until_it_is_complete(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_ready_to_confirm(council)
        close(sign_in, handing)
        manager = sign_in(council.manager)
        for user in (council.partner, council.lead):
            assert "hold for now" not in sign_in(user).get("/my-actions").main
        answers = {"answer": "named", "holder": str(council.partner.id), "words": "He knows the family"}
        manager.submit(f"/families/{handing.family_ref}/holder", answers)

        for first in ("/my-actions", "/home"):
            page = sign_in(council.partner).get(first)
            assert f"{council.manager.name} named you on" in page.main
            assert "He knows the family" in page.main
            assert f"/families/{handing.family_ref}" in page.links()
        assert "hold for now" not in sign_in(council.lead).get("/home").main
        manager.submit(f"/step-downs/{handing.ref}/complete", CONFIRM)
        assert "hold for now" not in sign_in(council.partner).get("/home").main

    def test_asked_to_open_again_it_waits_on_social_care_until_it_is(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        close(sign_in, handing)
        sign_in(council.manager).submit(
            f"/families/{handing.family_ref}/holder", {"answer": "reopen", "words": "We have nobody yet"}
        )
        assert summary_of(council, handing.home.id).next_kind == "reopen_social_work"

        page = sign_in(council.social_care_manager).submit(
            f"/families/{handing.family_ref}/social-work-open", {"words": "Closed by mistake"}
        )

        assert NOBODY not in page.follow().main
        with council.behind_the_scenes():
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is None
            assert db.session.get_one(StepDown, handing.step_down_id).social_work_closed_on is None

    def test_a_step_down_begun_for_another_child_opens_social_work_for_each_of_them(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council, children=2)
        first = a_proposed(council, replace(home, children=home.children[:1]))
        page = close(sign_in, first).follow()
        assert NOBODY in page.main

        a_draft(council, replace(home, children=home.children[1:]))

        assert NOBODY not in sign_in(council.coordinator).get(f"/families/{home.ref}").main
        assert first.read(StepDown, first.step_down_id).social_work_closed_on is None
        assert summary_of(council, home.id).nobody_holds_since is None

    def test_nobody_chosen_and_a_family_that_is_held_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        manager = sign_in(council.manager)
        url = f"/families/{handing.family_ref}/holder"
        held = manager.submit(url, {"answer": "named", "holder": str(council.lead.id), "words": "She knows them"})
        close(sign_in, handing)

        page = manager.submit(url, {"answer": "named", "words": "Somebody"})

        assert held.status == 409
        assert page.errors == ["Choose who holds the family for now"]


class TestNotAccepted:
    def declined(self, council: Council, sign_in: SignIn, *, closed_first: bool = True) -> Handing:
        handing = a_proposed(council)
        if closed_first:
            close(sign_in, handing)
        answers = {"decline_code": "other", "decline_reason": "Ask the school"}
        assert sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/decline", answers).status == 303
        if not closed_first:
            close(sign_in, handing)
        return handing

    def settle(self, council: Council, sign_in: SignIn, handing: Handing, then: DeclinedThen) -> Page:
        answers = {"declined_then": then.value, "declined_then_words": "The health visitor goes on"}
        return sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/what-now", answers)

    @pytest.mark.parametrize("closed_first", [True, False])
    def test_nobody_holds_the_family_until_social_work_has_said_what_happens_now(
        self, council: Council, sign_in: SignIn, closed_first: bool
    ) -> None:
        handing = self.declined(council, sign_in, closed_first=closed_first)
        manager = sign_in(council.manager)

        words = f"{NOBODY} {full(clock.today())}"
        for page in (f"/families/{handing.family_ref}", f"/step-downs/{handing.ref}"):
            assert words in manager.get(page).main
        summary = summary_of(council, handing.home.id)
        assert (summary.next_kind, summary.next_who) == ("name_holder", "{early_help_manager:many}")
        assert summary.next_due_on == Calendar().working_days_after(clock.today(), 2)

        self.settle(council, sign_in, handing, DeclinedThen.ANOTHER_ROUTE)

        assert NOBODY not in manager.get(f"/families/{handing.family_ref}").main
        assert summary_of(council, handing.home.id).next_kind is None
        assert manager.get(f"/families/{handing.family_ref}/holder").status == 200
        answers = {"answer": "named", "holder": str(council.lead.id), "words": "She knows them"}
        assert manager.submit(f"/families/{handing.family_ref}/holder", answers).status == 409

    def test_who_is_named_holds_it_meanwhile(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined(council, sign_in)

        answers = {"answer": "named", "holder": str(council.lead.id), "words": "She knows them"}
        page = sign_in(council.manager).submit(f"/families/{handing.family_ref}/holder", answers).follow()

        assert NOBODY not in page.main
        assert summary_of(council, handing.home.id).next_kind == "settle_decline"

    def test_what_stays_open_to_social_care_is_open_again(self, council: Council, sign_in: SignIn) -> None:
        handing = self.declined(council, sign_in)

        self.settle(council, sign_in, handing, DeclinedThen.STAYS_OPEN)

        page = sign_in(council.manager).get(f"/families/{handing.family_ref}")
        assert NOBODY not in page.main
        assert f"Social worker: {council.social_worker.name}" in page.main
        with council.behind_the_scenes():
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is None


class TestAnotherWorker:
    def test_several_families_and_their_checks_go_to_another_of_the_team(
        self, council: Council, sign_in: SignIn
    ) -> None:
        with council.behind_the_scenes():
            other = User(
                name="Second Worker",
                email="second.worker@ambleford.example",
                organisation_id=council.organisation.id,
                social_care_team_id=council.team.id,
                active=True,
            )
            db.session.add(other)
            db.session.flush()
            db.session.add(UserRole(user_id=other.id, role=Role.SOCIAL_WORKER))
        home = a_family(council)
        _, check = a_referral(council, home)
        handing = a_proposed(council, home)
        second = a_family(council, name="Nowak")

        page = sign_in(council.social_care_manager).submit(
            "/social-work/pass-on",
            {"families": [str(home.id), str(second.id)], "worker": str(other.id), "words": "Long leave"},
        )

        assert "2 families passed on" in page.follow().text
        assert handing.read(StepDown, handing.step_down_id).social_worker_id == other.id
        assert handing.read(FollowUpCheck, check.id).owner_id == other.id
        assert handing.read(Family, second.id).social_worker_id == other.id

    def test_nothing_chosen_and_another_team_s_family_are_refused(self, council: Council, sign_in: SignIn) -> None:
        a_family(council)
        south = a_family(council, name="South", by=council.social_worker_other_team)
        manager = sign_in(council.social_care_manager)

        empty = manager.submit("/social-work/pass-on")
        foreign = manager.submit("/social-work/pass-on", {"families": [str(south.id)], "words": "Long leave"})

        assert empty.errors[0] == "Select at least one family"
        assert foreign.errors[0] == "Select only answers in the list"


class TestChildProtection:
    def test_goes_straight_only_with_the_manager_s_reason_and_a_change_takes_it_back(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_draft(council)
        with council.behind_the_scenes():
            for child in db.session.scalars(select(StepDownChild)):
                child.origin = Origin.CHILD_PROTECTION
            history.changed(handing.home.id)
        manager = sign_in(council.social_care_manager)
        check, url = f"/step-downs/{handing.ref}/check", f"/step-downs/{handing.ref}/child-protection"
        assert "It cannot be agreed or sent yet" in manager.get(check).main
        assert manager.submit(url).errors == ["Enter why these children go straight to early help"]
        assert sign_in(council.social_worker).get(url).status == 403

        manager.submit(url, {"protection_override": "The panel decided so"})

        assert "It cannot be agreed or sent yet" not in manager.get(check).main
        who = f"{council.social_care_manager.name}, social care manager, decided that this goes straight"
        because = "from child protection to early help, because: The panel decided so"
        assert f"{who} {because}" in manager.get(check).main


class TestADraftThatIsLate:
    def test_stands_on_the_manager_s_list(self, council: Council, sign_in: SignIn) -> None:
        a_draft(council, decided=clock.today() - timedelta(days=10))

        assert "Being written for too long" in sign_in(council.social_care_manager).get("/step-downs").main
        assert "Being written for too long" not in sign_in(council.social_worker).get("/step-downs").main
