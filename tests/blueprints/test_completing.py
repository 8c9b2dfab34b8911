"""Confirming that a step-down is complete: responsibility moves then, and not before."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.episodes import EpisodeState
from portal.domain.plans import ActionState
from portal.domain.step_downs import Destination, StepDownState
from portal.facts import holders, open_things
from portal.facts.holders import Holding
from portal.models.families import Family
from portal.models.following import FollowUpCheck
from portal.models.handover import Episode, OutstandingAction, StepDown
from portal.models.record import Event
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import actions, history
from tests.support.handover import Handing, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family, summary_of
from tests.support.web import Browser, Page, SignIn, from_today

CONFIRM = {"read": "y"}


def held_by(handing: Handing) -> set[tuple[Holding, str | None]]:
    with handing.council.behind_the_scenes():
        found = holders.of_family(handing.home.id, open_things.of_family(handing.home.id))
    return {(child.holding, child.who) for child in found}


def checks_of(handing: Handing) -> list[FollowUpCheck]:
    with handing.council.behind_the_scenes():
        return list(db.session.scalars(select(FollowUpCheck).order_by(FollowUpCheck.id)))


def post_straight(browser: Browser, handing: Handing) -> Page:
    """Without the page's button: to the address itself, with the token of another page."""
    token = browser.get(f"/step-downs/{handing.ref}").soup.select_one("input[name=csrf_token]")
    assert token is not None
    return browser.post(
        f"/step-downs/{handing.ref}/complete",
        {"csrf_token": str(token["value"]), "idempotency_key": "k" * 24, **CONFIRM},
    )


class TestConfirming:
    def test_moves_responsibility_to_the_lead(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        before = held_by(handing)

        page = sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        assert before == {(Holding.SOCIAL_WORK, council.social_worker.name)}
        assert page.status == 303
        assert "The step-down is complete. Responsibility has moved" in page.follow().text
        assert held_by(handing) == {(Holding.EARLY_HELP, council.lead.name)}
        assert handing.state is StepDownState.COMPLETED
        with council.behind_the_scenes():
            assert db.session.scalars(select(Episode.state)).one() is EpisodeState.ACTIVE
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is not None

    def test_three_clicks_from_the_link(self, council: Council, sign_in: SignIn) -> None:
        """The link, the tick, the button: the page of the link is the page of the button."""
        handing = a_ready_to_confirm(council)

        page = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/complete")

        ticks = page.soup.select("input[type=checkbox]")
        assert [tick["name"] for tick in ticks] == ["read"]
        assert "Confirm the step-down is complete" in page.text_of("main form button")
        assert page.main.count("In place") == 8
        assert f"responsibility for these children moves to {council.lead.name}" in page.main

    def test_the_tick_is_needed(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)

        page = sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete")

        assert (page.status, page.errors) == (422, ["Select that you have read the summary"])
        assert handing.state is StepDownState.ACCEPTED

    def test_the_manager_says_why_it_is_not_the_worker(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        manager, address = sign_in(council.social_care_manager), f"/step-downs/{handing.ref}/complete"

        unsaid = manager.submit(address, CONFIRM)
        page = manager.submit(address, {**CONFIRM, "instead": "Sam is on leave"}).follow()

        assert unsaid.errors == ["Enter why the social worker does not confirm it"]
        assert "recorded by the manager" in page.main
        assert "Sam is on leave" in page.main

    def test_it_says_that_their_social_work_may_close(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        worker, address = sign_in(council.social_worker), f"/step-downs/{handing.ref}/complete"

        assert "you say that their social work may close" in worker.get(address).main
        page = worker.submit(address, CONFIRM).follow()

        assert f"social work for {handing.home.children[0].name} may close" in page.main

    def test_a_double_click_confirms_once(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        form = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/complete").form()

        statuses = [form.send(CONFIRM).status for _ in range(2)]

        assert statuses == [303, 303]
        with council.behind_the_scenes():
            kinds = [str(kind) for kind in db.session.scalars(select(Event.kind))]
        assert kinds.count("step_down.completed") == 1

    def test_worker_and_manager_at_once(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        address = f"/step-downs/{handing.ref}/complete"
        worker, manager = (
            sign_in(each).get(address).form() for each in (council.social_worker, council.social_care_manager)
        )

        won, lost = worker.send(CONFIRM), manager.send({**CONFIRM, "instead": "Sam is on leave"})

        assert (won.status, lost.status) == (303, 409)
        assert "is already complete" in lost.main

    def test_the_worker_leaves_the_team_but_still_reads_it(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        worker = sign_in(council.social_worker)

        worker.submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        assert worker.get(f"/step-downs/{handing.ref}").status == 200
        assert handing.read(TeamMember, handing.member_id(council.social_worker)).left_on == clock.today()

    def test_the_worker_stays_on_the_team_while_an_action_waits_for_them(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_ready_to_confirm(council)
        member_id = handing.member_id(council.social_worker)
        with council.as_(council.coordinator) as viewer:
            worker = db.session.get_one(TeamMember, member_id)
            episode = db.session.scalars(select(Episode.id).where(Episode.family_id == handing.home.id)).one()
            action = actions.propose(
                "Send the letter", episode_id=episode, owner=worker, due_on=clock.today(), by=viewer
            )
            ref = action.ref
        browser = sign_in(council.social_worker)

        assert browser.submit(f"/step-downs/{handing.ref}/complete", CONFIRM).status == 303

        assert handing.read(TeamMember, handing.member_id(council.social_worker)).left_on is None
        assert browser.submit(f"/actions/{ref}/update", {}).status == 303

    def test_the_same_worker_says_that_the_family_was_told(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council, destination=Destination.SAME_WORKER)
        worker = sign_in(council.social_worker)
        address = f"/step-downs/{handing.ref}/complete"
        told = f"The family has been told what changes for them Waiting on {council.social_worker.name}"
        assert told in worker.get(f"/step-downs/{handing.ref}").main

        page = worker.submit(address, CONFIRM)

        assert page.errors == ["Tell the family what changes, then tick to confirm that you have"]
        assert worker.submit(address, {**CONFIRM, "family_told": "y"}).status == 303
        assert held_by(handing) == {(Holding.EARLY_HELP, council.social_worker.name)}

    def test_universal_is_held_by_the_coordinator(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council, destination=Destination.UNIVERSAL)

        sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        assert held_by(handing) == {(Holding.EARLY_HELP, council.coordinator.name)}

    def test_universal_is_followed_until_it_goes_well(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council, destination=Destination.UNIVERSAL, outstanding=1)
        sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)
        coordinator, family = sign_in(council.coordinator), f"/families/{handing.family_ref}"

        (check,) = checks_of(handing)
        assert (check.step_down_id, check.owner_id) == (handing.step_down_id, council.coordinator.id)
        assert check.due_on == Calendar().due(Calendar().weeks_after(clock.today(), 4))
        assert "Ask how things are, and whether the family found what it needs" in coordinator.get(family).main
        page = coordinator.get(f"/checks/{check.ref}")
        assert "How are things? Did you find what you need?" in page.main
        assert page.form(f"/checks/{check.ref}").send({}).errors == ["Select how things are"]
        later = from_today("next_on", days=30)
        coordinator.submit(f"/checks/{check.ref}", {"outcome": "not_yet", "waiting_on": "The nursery", **later})
        _, again = checks_of(handing)
        assert f"/checks/{again.ref}" in coordinator.get("/checks?view=all").links()

        coordinator.submit(f"/checks/{again.ref}", {"outcome": "happened"})

        assert summary_of(council, handing.home.id).next_kind is None
        assert len(checks_of(handing)) == 2
        assert "No lead professional: the early help coordinator holds the family" in coordinator.get(family).main

    def test_social_work_stays_open_while_a_sibling_is_left(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        home.children = home.children[:1]
        handing = a_ready_to_confirm(council, home)

        sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        with council.behind_the_scenes():
            assert db.session.get_one(Family, home.id).social_work_closed_on is None
        assert held_by(handing) == {
            (Holding.EARLY_HELP, council.lead.name),
            (Holding.SOCIAL_WORK, council.social_worker.name),
        }


class TestOnceSocialWorkHasClosed:
    def closed(self, council: Council, handing: Handing) -> date:
        day = clock.today() - timedelta(days=3)
        with council.behind_the_scenes():
            db.session.get_one(StepDown, handing.step_down_id).social_work_closed_on = day
            db.session.get_one(Family, handing.home.id).social_work_closed_on = day
            history.changed(handing.home.id)
        return day

    def test_the_early_help_manager_completes_it_late(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        day = self.closed(council, handing)
        manager = sign_in(council.manager)

        page = manager.get(f"/step-downs/{handing.ref}")
        assert "You act next: confirm that this step-down is complete" in page.main
        assert f"/step-downs/{handing.ref}/complete" in page.links()

        done = manager.submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        assert done.status == 303
        assert held_by(handing) == {(Holding.EARLY_HELP, council.lead.name)}
        assert handing.read(Family, handing.home.id).social_work_closed_on == day
        assert "completed late, after social work had closed" in done.follow().main

    def test_nobody_else_of_early_help_does(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        self.closed(council, handing)

        for reader in (council.coordinator, council.lead, council.auditor):
            browser = sign_in(reader)
            assert browser.get(f"/step-downs/{handing.ref}/complete").status == 403
            assert f"/step-downs/{handing.ref}/complete" not in browser.get(f"/step-downs/{handing.ref}").links()

    @pytest.mark.parametrize("path", ["", "/complete"])
    @pytest.mark.parametrize("ready", [True, False])
    def test_no_page_says_that_the_social_worker_is_responsible(
        self, council: Council, sign_in: SignIn, path: str, ready: bool
    ) -> None:
        handing = a_ready_to_confirm(council) if ready else an_accepted(council)
        day = self.closed(council, handing)

        self.assert_nobody(sign_in(council.manager).get(f"/step-downs/{handing.ref}{path}"), day)

    @pytest.mark.parametrize("path", ["", "/accept", "/decline"])
    def test_nor_before_it_is_accepted(self, council: Council, sign_in: SignIn, path: str) -> None:
        handing = a_proposed(council)
        day = self.closed(council, handing)

        self.assert_nobody(sign_in(council.manager).get(f"/step-downs/{handing.ref}{path}"), day)

    def assert_nobody(self, page: Page, day: date) -> None:
        red = [tag.get_text() for tag in page.soup.select("main .govuk-tag--red")]
        assert f"Nobody holds this family: social work closed on {full(day)}" in red
        for claim in ("the social worker is responsible", "stays responsible", "their social work may close"):
            assert claim not in page.main


class TestWhileAGateIsOpen:
    def test_the_family_is_not_said_to_be_ready(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, destination=Destination.SAME_WORKER)
        worker = sign_in(council.social_worker)

        first = worker.get(f"/families/{handing.family_ref}").main
        for action in handing.outstanding:
            done = {"outcome": "complete", "evidence": "The surgery has it"}
            assert worker.submit(f"/outstanding/{action.ref}", done).status == 303
        second = worker.get(f"/families/{handing.family_ref}").main

        assert "Settle each outstanding action of the step-down" in first
        assert "Agree something for each need that the step-down leaves" in second
        assert "Confirm that the step-down is complete" not in first + second

    @pytest.mark.parametrize("destination", Destination)
    def test_the_page_says_what_is_missing_and_has_no_button(
        self, council: Council, sign_in: SignIn, destination: Destination
    ) -> None:
        handing = an_accepted(council, destination=destination)

        page = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/complete")

        assert "This step-down is not complete yet" in page.main
        assert "2 of 2 still to settle" in page.main
        assert not page.soup.select("main form")

    @pytest.mark.parametrize("destination", Destination)
    def test_posting_straight_is_refused_in_words(
        self, council: Council, sign_in: SignIn, destination: Destination
    ) -> None:
        handing = a_ready_to_confirm(council, destination=destination)
        with council.behind_the_scenes():
            db.session.add(
                OutstandingAction(family_id=handing.home.id, step_down_id=handing.step_down_id, what="One more")
            )
            history.changed(handing.home.id)

        page = post_straight(sign_in(council.social_worker), handing)

        assert page.status == 409
        assert "This step-down cannot be confirmed yet. Still missing: what becomes of each outstanding" in page.main
        assert handing.state is StepDownState.ACCEPTED
        assert held_by(handing) == {(Holding.SOCIAL_WORK, council.social_worker.name)}

    def test_a_gate_that_closed_after_the_page_was_opened(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        form = sign_in(council.social_worker).get(f"/step-downs/{handing.ref}/complete").form()
        with council.behind_the_scenes():
            db.session.scalars(select(PlanAction)).one().state = ActionState.PROPOSED
            history.changed(handing.home.id)

        page = form.send(CONFIRM)

        assert page.status == 409
        assert f"waiting on {council.partner.name}" in page.main
        assert handing.state is StepDownState.ACCEPTED

    def test_not_before_it_is_accepted(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        worker = sign_in(council.social_worker)

        assert not worker.get(f"/step-downs/{handing.ref}/complete").soup.select("main form")
        assert post_straight(worker, handing).status == 409

    def test_responsibility_stays_all_the_way(self, council: Council) -> None:
        """Accepted, led, met, everything settled: the social worker holds every child until they confirm."""
        social_work = {(Holding.SOCIAL_WORK, council.social_worker.name)}

        assert held_by(a_proposed(council, a_family(council))) == social_work
        assert held_by(an_accepted(council, a_family(council))) == social_work
        assert held_by(a_ready_to_confirm(council, a_family(council, children=2))) == social_work


class TestWhoMay:
    def test_another_team_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)

        assert sign_in(council.social_worker_other_team).get(f"/step-downs/{handing.ref}/complete").status == 404

    def test_early_help_does_not_confirm(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)

        for reader in (council.coordinator, council.manager, council.lead, council.auditor):
            browser = sign_in(reader)
            assert browser.get(f"/step-downs/{handing.ref}/complete").status == 403
            assert f"/step-downs/{handing.ref}/complete" not in browser.get(f"/step-downs/{handing.ref}").links()
