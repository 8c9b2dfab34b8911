"""A family only some may see: restricting it, clearing people, lifting it; who finds it meanwhile."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.roles import Role
from portal.models.families import Clearance, ConflictOfInterest, Family
from portal.models.people import User, UserRole
from portal.models.record import Audit, AuditKind
from tests.support.people import Council, Team, a_family, an_active_family, another_manager, history_of
from tests.support.web import Browser, Page, SignIn, date_parts

WHY = "A cousin of the father works at the school"


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council, a_family(council, name="Hidden"))


def restrict(browser: Browser, team: Team, *who: User, **more: Any) -> Page:
    answers: Mapping[str, Any] = {"why": WHY, "who": [str(user.id) for user in who], **more}
    return browser.submit(f"/families/{team.ref}/restriction/new", answers)


def clearances(council: Council, team: Team) -> dict[str, Clearance]:
    with council.behind_the_scenes():
        rows = db.session.execute(
            select(User.name, Clearance)
            .join(Clearance, Clearance.user_id == User.id)
            .where(Clearance.family_id == team.family.id, Clearance.ended_at.is_(None))
        )
        return {row.name: row.Clearance for row in rows}


def sees(browser: Browser, team: Team) -> bool:
    status = browser.get(f"/families/{team.ref}").status
    assert status in (200, 404)
    return status == 200


class TestRestricting:
    def test_only_who_is_chosen_sees_it_from_the_next_request_on(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        manager, lead, coordinator = sign_in(council.manager), sign_in(council.lead), sign_in(council.coordinator)
        partner, auditor = sign_in(council.partner), sign_in(council.auditor)
        everybody = [manager, lead, coordinator, partner, auditor]
        assert all(sees(each, team) for each in everybody)

        page = restrict(manager, team, council.manager, council.lead)

        assert page.follow().main.count("Cleared to see it") == 1
        assert [sees(each, team) for each in everybody] == [True, True, False, False, False]
        assert "Hidden" not in coordinator.get("/families").main
        assert "Hidden" in manager.get("/families").main

    def test_is_a_line_of_history_and_a_row_of_the_log(self, council: Council, sign_in: SignIn, team: Team) -> None:
        restrict(sign_in(council.manager), team, council.manager)

        assert history_of(council, team.family.id)[-1] == "family.restricted"
        with council.behind_the_scenes():
            last = db.session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).one()
        assert (last.kind, last.family_id, last.page) == (
            AuditKind.CHANGE,
            team.family.id,
            "restriction.restrict",
        )

    def test_whoever_works_with_it_is_offered_and_only_oneself_as_chosen(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        """The person it is to be kept from may be the one who works with them."""
        page = sign_in(council.manager).get(f"/families/{team.ref}/restriction/new")

        offered = {int(str(box["value"])) for box in page.soup.select("input[name=who]")}
        assert {council.manager.id, council.coordinator.id, council.lead.id, council.partner.id} <= offered
        assert page.form().values["who"] == [str(council.manager.id)]
        assert "is not whom it is kept from" in page.main

    def test_a_manager_does_not_shut_themselves_out_by_mistake(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        manager, other = sign_in(council.manager), another_manager(council)

        asked = restrict(manager, team, other)

        assert asked.status == 422
        assert asked.errors == ["You are not among them. Say that you know you cannot open it after this"]
        assert WHY in asked.html
        assert sees(manager, team)

        said = asked.form().send({"without_me": "y"})

        assert said.status == 303
        assert manager.get(said.location).status == 200
        assert not sees(manager, team)
        assert sees(sign_in(other), team)

    def test_somebody_stays_who_can_clear_others(self, council: Council, sign_in: SignIn, team: Team) -> None:
        page = restrict(sign_in(council.manager), team, council.lead, without_me="y")

        assert page.status == 422
        assert "at least one early help manager has to stay cleared" in page.errors[0]

    def test_whose_own_family_it_is_is_not_offered_and_not_taken(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        with council.behind_the_scenes():
            of = {"family_id": team.family.id, "user_id": council.partner.id}
            db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))
        manager = sign_in(council.manager)

        form = manager.get(f"/families/{team.ref}/restriction/new").form()

        assert str(council.partner.id) not in form.values["who"]
        assert restrict(manager, team, council.manager, council.partner).status == 422

    def test_twice_is_once(self, council: Council, sign_in: SignIn, team: Team) -> None:
        manager = sign_in(council.manager)
        late = manager.get(f"/families/{team.ref}/restriction/new").form()
        restrict(manager, team, council.manager)

        page = late.send({"why": WHY, "who": [str(council.manager.id)]})

        assert page.status == 409
        assert "restricted already" in page.main
        assert WHY in page.html


class TestClearing:
    @pytest.fixture
    def manager(self, council: Council, sign_in: SignIn, team: Team) -> Browser:
        browser = sign_in(council.manager)
        restrict(browser, team, council.manager)
        return browser

    def test_somebody_sees_it_until_that_is_ended(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        coordinator = sign_in(council.coordinator)
        path = f"/families/{team.ref}/restriction"

        manager.submit(f"{path}/clear", {"who": str(council.coordinator.id), "why": "Holds the family"})

        assert sees(coordinator, team)
        row = manager.get(path).main
        assert "Carol Coordinator" in row
        assert "Holds the family" in row
        clearance = clearances(council, team)["Carol Coordinator"]
        manager.submit(f"/clearances/{clearance.ref}/end", {"why": "Another coordinator took over"})
        assert not sees(coordinator, team)
        assert "Another coordinator took over" in manager.get(path).main
        assert history_of(council, team.family.id)[-2:] == ["clearance.given", "clearance.ended"]

    def test_for_some_days(
        self,
        council: Council,
        sign_in: SignIn,
        team: Team,
        manager: Browser,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        coordinator, last = sign_in(council.coordinator), clock.today()
        answers = {"who": str(council.coordinator.id), "why": "Stands in", **date_parts("until_on", last)}
        manager.submit(f"/families/{team.ref}/restriction/clear", answers)
        assert sees(coordinator, team)

        tomorrow = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: tomorrow)

        assert not sees(sign_in(council.coordinator), team)
        again = {"who": str(council.coordinator.id), "why": "Stands in again"}
        assert sign_in(council.manager).submit(f"/families/{team.ref}/restriction/clear", again).status == 303
        assert sees(sign_in(council.coordinator), team)

    def test_the_last_manager_stays(self, council: Council, team: Team, manager: Browser) -> None:
        own = clearances(council, team)["Moira Manager"]

        page = manager.submit(f"/clearances/{own.ref}/end", {"why": "Leaving"})

        assert page.status == 409
        assert "at least one early help manager has to stay cleared" in page.main
        assert sees(manager, team)

    def test_a_manager_who_is_cleared_for_some_days_does_not_count_as_one_who_stays(
        self, council: Council, team: Team, manager: Browser
    ) -> None:
        other = another_manager(council)
        answers = {"who": str(other.id), "why": "Stands in", **date_parts("until_on", clock.today())}
        manager.submit(f"/families/{team.ref}/restriction/clear", answers)

        page = manager.submit(f"/clearances/{clearances(council, team)['Moira Manager'].ref}/end", {"why": "Leaving"})

        assert page.status == 409

    def test_one_s_own_is_asked_about(self, council: Council, sign_in: SignIn, team: Team, manager: Browser) -> None:
        other = another_manager(council)
        manager.submit(f"/families/{team.ref}/restriction/clear", {"who": str(other.id), "why": "Takes over"})
        path = f"/clearances/{clearances(council, team)['Moira Manager'].ref}/end"

        asked = manager.submit(path, {"why": "Leaving"})
        said = asked.form().send({"without_me": "y"})

        assert asked.status == 422
        assert said.status == 303
        assert not sees(manager, team)
        assert sees(sign_in(other), team)

    def test_opens_nothing_for_whom_neither_role_nor_team_does(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        outsider = council.partner_other_organisation

        manager.submit(f"/families/{team.ref}/restriction/clear", {"who": str(outsider.id), "why": "A mistake"})

        assert not sees(sign_in(outsider), team)

    def test_a_clearance_of_a_family_out_of_reach_is_not_there(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        own = clearances(council, team)["Moira Manager"]

        assert sign_in(another_manager(council)).get(f"/clearances/{own.ref}/end").status == 404
        assert manager.get(f"/clearances/{own.ref}/end").status == 200

    def test_who_works_with_it_and_cannot_see_it_is_named(self, council: Council, team: Team, manager: Browser) -> None:
        page = manager.get(f"/families/{team.ref}/restriction")

        assert "Lena Lead" in page.text_of("main ul.govuk-list--bullet")
        manager.submit(f"/families/{team.ref}/restriction/clear", {"who": str(council.lead.id), "why": "Leads"})
        assert "Lena Lead" not in manager.get(f"/families/{team.ref}/restriction").text_of("ul.govuk-list--bullet")

    def test_lifting_opens_it_to_whoever_saw_it_before(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        coordinator, outsider = sign_in(council.coordinator), sign_in(council.partner_other_organisation)
        assert not sees(coordinator, team)

        manager.submit(f"/families/{team.ref}/restriction/lift", {"why": "The cousin left the school"})

        assert sees(coordinator, team)
        assert not sees(outsider, team)
        assert clearances(council, team) == {}
        assert history_of(council, team.family.id)[-1] == "family.restriction_lifted"
        restrict(manager, team, council.manager)
        assert not sees(coordinator, team)


class TestTheManagersList:
    def test_holds_those_one_is_cleared_for_and_who_else_is(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        other, manager = another_manager(council), sign_in(council.manager)
        assert "You are cleared for no restricted family" in manager.get("/restricted").main
        restrict(manager, team, council.manager, council.lead)

        page = manager.get("/restricted")

        assert "The Hidden family" in page.main
        assert WHY in page.main
        assert "Lena Lead" in page.main
        assert "Hidden" not in sign_in(other).get("/restricted").text

    def test_is_for_managers(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/restricted").status == 403


class TestRightsEnd:
    """On the next request, with the session open."""

    def test_with_the_role(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.coordinator)
        assert sees(browser, team)

        with council.behind_the_scenes():
            for row in db.session.scalars(select(UserRole).where(UserRole.user_id == council.coordinator.id)):
                db.session.delete(row)
            db.session.add(UserRole(user_id=council.coordinator.id, role=Role.FRONT_DOOR))

        assert not sees(browser, team)

    def test_with_the_account(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.coordinator)
        assert sees(browser, team)

        with council.behind_the_scenes():
            db.session.get_one(User, council.coordinator.id).active = False

        assert browser.get(f"/families/{team.ref}").location.startswith("/sign-in")

    def test_with_the_place_on_the_team(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser, coordinator = sign_in(council.partner), sign_in(council.coordinator)
        assert sees(browser, team)

        left = coordinator.submit(f"/members/{team.partner.ref}/leave", {"why": "other", "note": "Moved"})

        assert left.status == 303, left.errors
        assert not sees(browser, team)

    def test_with_a_conflict_of_interest_whatever_the_role(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.manager)
        restrict(browser, team, council.manager)

        with council.behind_the_scenes():
            of = {"family_id": team.family.id, "user_id": council.manager.id}
            db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))

        assert not sees(browser, team)
        assert browser.get(f"/families/{team.ref}/restriction").status == 404


def test_a_family_is_restricted_on_both_sides_of_the_flag(council: Council, sign_in: SignIn, team: Team) -> None:
    """What every statement asks for, and what the page tells of it."""
    manager = sign_in(council.manager)
    restrict(manager, team, council.manager)

    with council.behind_the_scenes():
        assert db.session.get_one(Family, team.family.id).restricted
    assert "Restricted: only people cleared for this family can see it" in manager.get(f"/families/{team.ref}").main
