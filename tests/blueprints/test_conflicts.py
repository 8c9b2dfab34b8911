"""Somebody's own family: said by themselves, recorded of them, ended by another; it beats every role."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Clearance, ConflictOfInterest, Family
from portal.models.people import User
from portal.models.record import Event
from portal.models.restricting import ConflictDeclaration
from tests.support.people import Council, Team, a_family, an_active_family, another_manager, history_of
from tests.support.web import Browser, Page, SignIn

OWN = "/account/own-families"
WHY = "My sister’s family"


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council, a_family(council, name="Sisterly"))


def say(browser: Browser, reference: str = "", who: str = "") -> Page:
    return browser.submit(OWN, {"reference": reference, "who": who, "why": WHY})


def sees(browser: Browser, team: Team) -> bool:
    status = browser.get(f"/families/{team.ref}").status
    assert status in (200, 404)
    return status == 200


def conflict_of(council: Council, user: User) -> ConflictOfInterest:
    with council.behind_the_scenes():
        return db.session.scalars(select(ConflictOfInterest).where(ConflictOfInterest.user_id == user.id)).one()


class TestSayingItOfOneself:
    @pytest.mark.parametrize("who", ["coordinator", "lead", "social_worker", "manager", "auditor"])
    def test_the_family_is_gone_from_the_next_request_on_whatever_the_role(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        browser = sign_in(getattr(council, who))
        assert sees(browser, team)

        page = say(browser, team.ref)

        assert page.status == 303
        assert not sees(browser, team)
        assert "Sisterly" not in browser.get(page.location).text

    def test_beats_a_clearance(self, council: Council, sign_in: SignIn, team: Team) -> None:
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).restricted = True
            of = {"family_id": team.family.id, "user_id": council.manager.id}
            db.session.add(Clearance(**of, cleared_at=clock.now()))
        browser = sign_in(council.manager)
        assert sees(browser, team)

        say(browser, team.ref)

        assert not sees(browser, team)

    @pytest.mark.parametrize("reference", ["F-999", "F-1", "somewhere", ""])
    def test_says_the_same_whether_there_is_such_a_family_or_not(
        self, council: Council, sign_in: SignIn, team: Team, reference: str
    ) -> None:
        """Of a family that a partner reaches, one they do not, and none."""
        assert team.ref == "F-1"
        browser = sign_in(council.partner_other_organisation)

        page = say(browser, reference, "The Browns of Mill Lane")
        after = page.follow()

        assert page.location == OWN
        assert "Recorded. If we work with them, you no longer see them here" in after.text
        assert after.text_of("main ol").startswith(", ".join(filter(None, (reference, "The Browns of Mill Lane"))))
        assert "Sisterly" not in after.text

    def test_asks_whom_they_mean(self, council: Council, sign_in: SignIn) -> None:
        page = say(sign_in(council.partner))

        assert page.status == 422
        assert page.errors == ["Enter who they are, or the reference"]
        assert WHY in page.html

    def test_the_history_does_not_tell_who(self, council: Council, sign_in: SignIn, team: Team) -> None:
        say(sign_in(council.partner), team.ref)

        page = sign_in(council.lead).get(f"/families/{team.ref}/history")

        assert "A colleague recorded that somebody must not see the family" in page.main
        with council.behind_the_scenes():
            line = db.session.scalars(select(Event).where(Event.kind == "conflict.recorded")).one()
        assert (line.actor_id, line.data, line.text) == (None, {}, None)

    def test_managers_are_told_and_see_whose_it_is(self, council: Council, sign_in: SignIn, team: Team) -> None:
        say(sign_in(council.partner), team.ref)

        page = sign_in(council.manager).get(f"/families/{team.ref}/restriction")

        assert "Pat Partner" in page.main
        assert WHY in page.main
        assert "declared by themselves" in page.main

    def test_twice_is_one_conflict(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.partner)

        say(browser, team.ref)
        say(browser, team.ref)

        assert conflict_of(council, council.partner).family_id == team.family.id

    def test_is_not_said_without_end(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        with council.behind_the_scenes():
            said = {"user_id": council.partner.id, "who": "Somebody", "why": WHY, "declared_at": clock.now()}
            db.session.add_all(ConflictDeclaration(**said) for _ in range(20))

        page = say(browser, who="The Browns")

        assert page.status == 429
        assert "The Browns" in page.html


class TestRecordedByAManager:
    @pytest.fixture
    def manager(self, sign_in: SignIn, council: Council) -> Browser:
        return sign_in(council.manager)

    def test_of_somebody(self, council: Council, sign_in: SignIn, team: Team, manager: Browser) -> None:
        coordinator = sign_in(council.coordinator)
        path = f"/families/{team.ref}/restriction/conflict"

        manager.submit(path, {"who": str(council.coordinator.id), "why": "Her neighbours"})

        assert not sees(coordinator, team)
        assert history_of(council, team.family.id)[-1] == "conflict.recorded"
        assert "Carol Coordinator" not in manager.get(path).text_of("select[name=who]")
        assert "Carol Coordinator" in manager.get("/conflicts").main

    @pytest.mark.parametrize("cleared", [None, False, True])
    def test_of_themselves_only_while_another_can_see_the_family(
        self, council: Council, team: Team, manager: Browser, cleared: bool | None
    ) -> None:
        if cleared is not None:
            other = another_manager(council)
            with council.behind_the_scenes():
                db.session.get_one(Family, team.family.id).restricted = True
                for user_id in (council.manager.id, other.id) if cleared else (council.manager.id,):
                    db.session.add(Clearance(family_id=team.family.id, user_id=user_id, cleared_at=clock.now()))

        page = manager.submit(
            f"/families/{team.ref}/restriction/conflict", {"who": str(council.manager.id), "why": "My neighbours"}
        )

        assert page.status == (303 if cleared else 422)
        assert cleared or "No other early help manager can see this family" in page.errors[0]
        assert sees(manager, team) is not bool(cleared)

    def test_whose_it_is_cannot_see_or_end_it(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        other = another_manager(council)
        answers = {"who": str(other.id), "why": "His neighbours"}
        manager.submit(f"/families/{team.ref}/restriction/conflict", answers)
        conflict = conflict_of(council, other)

        theirs = sign_in(other)

        assert theirs.get(f"/conflicts/{conflict.ref}/end").status == 404
        assert "His neighbours" not in theirs.get("/conflicts").text
        assert "His neighbours" not in theirs.get(OWN).text

    def test_another_manager_ends_it_with_a_reason(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = {"who": str(council.partner.id), "why": "Her neighbours"}
        manager.submit(f"/families/{team.ref}/restriction/conflict", answers)
        conflict = conflict_of(council, council.partner)
        later = clock.now() + timedelta(minutes=11)
        monkeypatch.setattr(clock, "now", lambda: later)
        path, why = f"/conflicts/{conflict.ref}/end", {"why": "They moved away"}

        same = sign_in(council.manager).submit(path, why)
        another = sign_in(another_manager(council)).submit(path, why)

        assert same.status == 409
        assert "another early help manager has to end it" in same.main
        assert another.status == 303
        assert sees(sign_in(council.partner), team)
        ended = conflict_of(council, council.partner)
        assert ended.ended_why == "They moved away"

    def test_a_slip_is_taken_back_within_minutes(
        self, council: Council, sign_in: SignIn, team: Team, manager: Browser
    ) -> None:
        answers = {"who": str(council.partner.id), "why": "Meant somebody else"}
        manager.submit(f"/families/{team.ref}/restriction/conflict", answers)

        page = manager.submit(f"/conflicts/{conflict_of(council, council.partner).ref}/end", {"why": "Wrong person"})

        assert page.status == 303
        assert sees(sign_in(council.partner), team)


class TestSaidWithoutAReference:
    def test_waits_for_a_manager_who_says_which_family_it_is(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        partner, manager = sign_in(council.partner), sign_in(council.manager)
        say(partner, who="My sister Siobhán in Mill Lane")
        assert sees(partner, team)
        (link,) = [link for link in manager.get("/conflicts").links() if "/declared/" in link]

        page = manager.submit(link, {"reference": team.ref, "answer": "Rang her"})

        assert page.status == 303
        assert not sees(partner, team)
        assert "/declared/" not in str(manager.get("/conflicts").links())
        assert manager.submit(link, {"reference": team.ref, "answer": "Again"}).status == 409

    def test_or_that_there_is_none(self, council: Council, sign_in: SignIn) -> None:
        say(sign_in(council.partner), who="The Browns")
        manager = sign_in(council.manager)
        (link,) = [link for link in manager.get("/conflicts").links() if "/declared/" in link]

        wrong = manager.submit(link, {"reference": "F-99", "answer": "Looked"})
        right = manager.submit(link, {"reference": "", "answer": "Nobody of that name"})

        assert wrong.errors == ["Enter the reference of a family that you can open, like F-1042"]
        assert right.status == 303
        with council.behind_the_scenes():
            assert db.session.scalar(select(func.count(ConflictOfInterest.id))) == 0

    def test_one_s_own_is_for_another_manager(self, council: Council, sign_in: SignIn) -> None:
        own, other = sign_in(council.manager), sign_in(another_manager(council))
        say(own, who="My brother’s family")
        (link,) = [link for link in other.get("/conflicts").links() if "/declared/" in link]

        assert own.get(link).status == 404
        assert "/declared/" not in str(own.get("/conflicts").links())
        assert other.get(link).status == 200

    def test_is_for_managers(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/conflicts").status == 403
