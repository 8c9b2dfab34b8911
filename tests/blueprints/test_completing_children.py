"""A step-down complete for some of its children: the others go on in a linked one, and every page says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.step_downs import ChildOutcome, StepDownState
from portal.facts import gates
from portal.models.families import Family
from portal.models.handover import OutstandingAction, StepDown, StepDownChild, StepDownNeed, StepDownParent
from portal.models.teamwork import TeamMember
from portal.services import drafts
from tests.blueprints.test_completing import CONFIRM, held_by
from tests.support.gates import arrange
from tests.support.handover import Handing, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family
from tests.support.web import Page, SignIn


@pytest.fixture
def handing(council: Council) -> Handing:
    """Two children, every gate holds."""
    return a_ready_to_confirm(council, a_family(council, children=2))


def for_the_first(handing: Handing, sign_in: SignIn) -> Page:
    first = str(handing.home.children[0].id)
    return sign_in(handing.council.social_worker).submit(
        f"/step-downs/{handing.ref}/complete", {**CONFIRM, "children": [first]}
    )


def further(handing: Handing) -> StepDown:
    with handing.council.behind_the_scenes():
        return db.session.scalars(select(StepDown).where(StepDown.linked_to_id == handing.step_down_id)).one()


class TestForAll:
    def test_every_child_is_chosen_beforehand(self, handing: Handing, sign_in: SignIn) -> None:
        page = sign_in(handing.council.social_worker).get(f"/step-downs/{handing.ref}/complete")

        ticks = page.soup.select("input[name=children]")
        assert [tick.has_attr("checked") for tick in ticks] == [True, True]

    def test_nobody_goes_on(self, handing: Handing, sign_in: SignIn) -> None:
        sign_in(handing.council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        with handing.council.behind_the_scenes():
            assert set(db.session.scalars(select(StepDownChild.outcome))) == {ChildOutcome.HANDED_OVER}
            assert len(db.session.scalars(select(StepDown)).all()) == 1
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is not None


class TestForSome:
    def test_needs_at_least_one(self, handing: Handing, sign_in: SignIn) -> None:
        worker = sign_in(handing.council.social_worker)

        page = worker.submit(f"/step-downs/{handing.ref}/complete", {**CONFIRM, "children": None})

        assert (page.status, page.errors) == (422, ["Select at least one child"])
        assert handing.state is StepDownState.ACCEPTED

    def test_responsibility_moves_for_that_child_alone(self, handing: Handing, sign_in: SignIn) -> None:
        council = handing.council

        page = for_the_first(handing, sign_in).follow()

        assert f"The others go on in {further(handing).ref}" in page.text
        assert {who for _, who in held_by(handing)} == {council.lead.name, council.social_worker.name}
        with council.behind_the_scenes():
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is None

    def test_the_other_goes_on_as_far_as_it_was(self, handing: Handing, sign_in: SignIn) -> None:
        for_the_first(handing, sign_in)

        other = further(handing)
        assert other.state is StepDownState.ACCEPTED
        with handing.council.behind_the_scenes():
            row = db.session.scalars(select(StepDownChild).where(StepDownChild.step_down_id == other.id)).one()
            assert (row.person_id, row.is_open, row.outcome) == (handing.home.children[1].id, True, None)
            assert (row.why, row.view, row.level_now) == ("The plan’s aims are met", "I like my school", 2)
            for model in (StepDownParent, StepDownNeed):
                assert db.session.scalars(select(model).where(model.step_down_id == other.id)).all()
            assert all(each.holds for each in gates.of(db.session.get_one(StepDown, other.id)))

    def test_the_other_waits_since_it_was_left_out(self, handing: Handing, sign_in: SignIn) -> None:
        council = handing.council
        with council.behind_the_scenes():
            db.session.get_one(StepDown, handing.step_down_id).answered_at = clock.now() - timedelta(days=10)
        for_the_first(handing, sign_in)
        other = further(handing)
        arrange(handing, OutstandingAction(family_id=handing.home.id, step_down_id=other.id, what="Ring the GP"))

        page = sign_in(council.manager).get(f"/step-downs/{other.ref}")
        longest = sign_in(council.manager).get("/waiting-longest")

        waits = f"Waiting on {council.lead.name} since {near(clock.today(), clock.today())}"
        assert f"Outstanding actions settled {waits}" in page.text_of(".app-way")
        assert waits in page.text_of(".govuk-task-list")
        (row,) = (row for row in longest.soup.select("tr") if "Ring the GP" in row.get_text())
        assert "since today" in " ".join(row.get_text(" ").split())

    def test_the_worker_stays_and_completes_that_one_too(self, handing: Handing, sign_in: SignIn) -> None:
        council = handing.council
        for_the_first(handing, sign_in)
        assert handing.read(TeamMember, handing.member_id(council.social_worker)).left_on is None

        page = sign_in(council.social_worker).submit(f"/step-downs/{further(handing).ref}/complete", CONFIRM)

        assert page.status == 303
        assert {who for _, who in held_by(handing)} == {council.lead.name}
        with council.behind_the_scenes():
            assert db.session.get_one(Family, handing.home.id).social_work_closed_on is not None

    def test_both_pages_link_to_each_other_and_tell_the_outcome(self, handing: Handing, sign_in: SignIn) -> None:
        first, second = (child.name for child in handing.home.children)
        one = for_the_first(handing, sign_in).follow()
        other = one.browser.get(f"/step-downs/{further(handing).ref}")

        assert f"Linked with step-down {further(handing).ref} , {second}" in one.main
        assert f"Linked with step-down {handing.ref} , {first}" in other.main
        assert "Handed over to early help" in one.main
        assert "Left out: goes on in a linked step-down" in one.main

    @pytest.mark.parametrize("page", ["", "/plan", "/team", "/support", "/history", "/household", "/contacts/new"])
    def test_every_page_says_who_is_still_open_to_social_care(
        self, handing: Handing, sign_in: SignIn, page: str
    ) -> None:
        council, words = handing.council, f"{handing.home.children[1].name} is still open to social care"
        coordinator = sign_in(council.coordinator)
        assert words not in coordinator.get(f"/families/{handing.family_ref}{page}").main

        for_the_first(handing, sign_in)

        assert words in coordinator.get(f"/families/{handing.family_ref}{page}").main


class TestASecondForASibling:
    def test_opens_linked_and_both_pages_say_so(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        only_first = home.children
        home.children = only_first[:1]
        handing = an_accepted(council, home)
        with council.as_(council.social_worker) as viewer:
            second = drafts.start(db.session.get_one(Family, home.id), by=viewer)
            second_id = second.id
        with council.behind_the_scenes():
            row = db.session.get_one(StepDown, second_id)
            assert row.linked_to_id == handing.step_down_id
