"""Several people, or one person's two clicks, at the same instant: real threads on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.models.people import User, UserRole
from portal.models.record import Event, FamilySeen
from portal.models.teamwork import PlanAction
from portal.services import history
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Page, SignIn

ROUNDS = 5


def at_once(*clicks: Callable[[], Page]) -> list[Page]:
    """Each click in a thread of its own, all let go together."""
    barrier = Barrier(len(clicks))

    def click(send: Callable[[], Page]) -> Page:
        barrier.wait(timeout=30)
        return send()

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(click, clicks))


def times_done(council: Council, action: PlanAction) -> int:
    with council.behind_the_scenes():
        return db.session.execute(
            select(func.count()).where(Event.subject == action.ref, Event.kind == "action.done")
        ).scalar_one()


def another_administrator(council: Council, name: str) -> User:
    with council.behind_the_scenes():
        email = f"{name.lower().replace(' ', '.')}@ambleford.example"
        password = db.session.get_one(User, council.admin.id).password_hash
        made = User(name=name, email=email, organisation_id=council.organisation.id, password_hash=password)
        made.roles = [UserRole(role=Role.ADMINISTRATOR)]
        db.session.add(made)
        db.session.flush()
        return made


def done_by_administrators(pages: list[Page]) -> list[Page]:
    """What was saved. Whoever came second is told so, or has to sign in."""
    assert {page.status for page in pages} <= {303, 403}
    return [page for page in pages if page.status == 303 and page.location.startswith("/admin/people/")]


@pytest.mark.parametrize("turn", range(ROUNDS))
class TestSameInstant:
    def test_two_people_mark_one_action_done(self, council: Council, sign_in: SignIn, turn: int) -> None:
        action = an_action(council, an_active_family(council))
        forms = [
            sign_in(person).get(f"/actions/{action.ref}/update").form() for person in (council.partner, council.lead)
        ]

        pages = at_once(*(lambda form=form: form.send({"note": "Done", "told_how": "call"}) for form in forms))

        assert sorted(page.status for page in pages) == [303, 409]
        assert times_done(council, action) == 1
        lost = next(page for page in pages if page.status == 409)
        assert "Done" in lost.html

    def test_one_person_marks_as_seen_in_two_tabs(self, council: Council, sign_in: SignIn, turn: int) -> None:
        home = an_active_family(council).home
        with council.as_(council.partner) as viewer:
            history.record(E.NOTE_WRITTEN, db.session.get_one(Family, home.id), by=viewer)
        forms = [sign_in(council.coordinator).get("/home").form("/home/seen") for _ in range(2)]

        pages = at_once(*(lambda form=form: form.send({"family": "all"}) for form in forms))

        assert [page.status for page in pages] == [303, 303]
        with council.behind_the_scenes():
            assert db.session.scalars(select(FamilySeen.family_id)).all() == [home.id]

    def test_a_double_click_makes_one_thing(self, council: Council, sign_in: SignIn, turn: int) -> None:
        action = an_action(council, an_active_family(council))
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        pages = at_once(*(lambda: form.send({"note": "Done"}) for _ in range(3)))

        assert [page.status for page in pages] == [303, 303, 303]
        assert len({page.location for page in pages}) == 1
        assert times_done(council, action) == 1

    def test_changes_of_two_families_do_not_wait_in_a_ring(self, council: Council, sign_in: SignIn, turn: int) -> None:
        actions = [an_action(council, an_active_family(council)) for _ in range(2)]
        forms = [
            sign_in(person).get(f"/actions/{action.ref}/update").form()
            for action in actions
            for person in (council.partner, council.lead)
        ]

        pages = at_once(*(lambda form=form: form.send({"note": "Done", "told_how": "call"}) for form in forms))

        assert sorted(page.status for page in pages) == [303, 303, 409, 409]
        assert [times_done(council, action) for action in actions] == [1, 1]

    @pytest.mark.parametrize("others", [0, 1])
    def test_of_two_administrators_who_close_each_other_one_stays(
        self, council: Council, sign_in: SignIn, turn: int, others: int
    ) -> None:
        """Whoever comes second is an administrator no more, with a third one there or without."""
        two = [council.admin, another_administrator(council, "Agnes Admin")]
        for number in range(others):
            another_administrator(council, f"Andy Admin {number}")
        forms = [sign_in(who).get(f"/admin/people/{whom.ref}/close").form() for who, whom in (two, reversed(two))]

        pages = at_once(*(lambda form=form: form.send({"why": "Has left"}) for form in forms))

        assert len(done_by_administrators(pages)) == 1
        with council.behind_the_scenes():
            assert sorted(db.session.get_one(User, who.id).active for who in two) == [False, True]

    def test_of_two_administrators_who_take_that_from_each_other_one_stays(
        self, council: Council, sign_in: SignIn, turn: int
    ) -> None:
        two = [council.admin, another_administrator(council, "Agnes Admin")]
        another_administrator(council, "Andy Admin")
        forms = [sign_in(who).get(f"/admin/people/{whom.ref}/edit").form() for who, whom in (two, reversed(two))]

        pages = at_once(*(lambda form=form: form.send({"roles": ["coordinator"]}) for form in forms))

        assert len(done_by_administrators(pages)) == 1
        with council.behind_the_scenes():
            administer = set(db.session.scalars(select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR)))
        assert len(administer & {who.id for who in two}) == 1

    def test_two_people_never_lead_one_family(self, council: Council, sign_in: SignIn, turn: int) -> None:
        """The lead who stops, the successor who accepts, the manager who decides and a coordinator who asks: whatever
        comes first, one person leads, or nobody and that is seen."""
        team = an_active_family(council)
        with council.behind_the_scenes():
            lead = db.session.scalars(select(LeadAssignment).where(LeadAssignment.family_id == team.family.id)).one()
        coordinator = sign_in(council.coordinator)
        coordinator.submit(
            f"/leads/{lead.ref}/end", {"end_code": "caseload", "then": "followed", "lead": str(council.partner.id)}
        )
        with council.behind_the_scenes():
            asked = db.session.scalars(select(LeadAssignment).where(LeadAssignment.state == LeadState.NOMINATED)).one()
        accept = sign_in(council.partner).get(f"/nominations/{asked.ref}").form()
        again = sign_in(council.partner).get(f"/nominations/{asked.ref}").form()
        end = sign_in(council.lead).get(f"/leads/{lead.ref}/end").form()
        decide = sign_in(council.manager).get(f"/families/{team.ref}/team/lead/not-found").form()

        pages = at_once(
            lambda: accept.send({"answer": "yes"}),
            lambda: again.send({"answer": "yes"}),
            lambda: end.send({"end_code": "left_role", "then": "nobody"}),
            lambda: decide.send(
                {
                    "decision": "council_worker",
                    "why": "Nobody else",
                    "worker": str(council.other_coordinator.id),
                    "until_on-day": "1",
                    "until_on-month": "2",
                    "until_on-year": "2199",
                }
            ),
        )

        assert {page.status for page in pages} <= {303, 403, 404, 409, 422}
        with council.behind_the_scenes():
            leads = db.session.scalars(
                select(LeadAssignment.name).where(LeadAssignment.state == LeadState.ACCEPTED)
            ).all()
        assert len(leads) <= 1
        assert leads in ([council.partner.name], [council.other_coordinator.name])
