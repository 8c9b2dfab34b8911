"""A family opened in an emergency that no manager may look into: administrators are told, and not of which family."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Clearance, ConflictOfInterest
from portal.models.people import User
from tests.support.emergencies import WHY, a_restricted_team, open_it
from tests.support.people import Council, Team, another_manager
from tests.support.post import Postbox
from tests.support.web import SignIn


@pytest.fixture
def team(council: Council) -> Team:
    return a_restricted_team(council)


class TestWhereNoManagerMayLookIntoIt:
    @pytest.fixture
    def postbox(self, council: Council) -> Postbox:
        return Postbox(council.app)

    @pytest.mark.parametrize("why", ["it is their own", "their account is closed", "they opened it themselves"])
    def test_administrators_are_told_and_not_of_which_family(
        self, council: Council, sign_in: SignIn, team: Team, postbox: Postbox, why: str
    ) -> None:
        who = shut_out(council, team, why)

        open_it(sign_in(who), team.ref)

        postbox.work()
        (letter,) = postbox.letters
        assert (letter.to, letter.subject) == (council.admin.email, "Opened in an emergency: EO-1")
        assert "7 October 2026" in letter.text
        assert "Ambleford Council, 01632 960 200" in letter.text
        for hidden in (team.ref, "Hidden", WHY, who.name):
            assert hidden not in letter.text
            assert hidden not in str(letter.html)

    def test_it_stands_on_the_first_page_of_administrators_until_it_is_looked_into(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        shut_out(council, team, "it is their own")
        admin = sign_in(council.admin)
        assert "Opened in an emergency" not in admin.get("/admin").main

        open_it(sign_in(council.coordinator), team.ref)

        page = admin.get("/admin")
        assert "EO-1, on 7 October 2026" in page.main
        assert f"/admin/people/U-{council.coordinator.id}" in page.links()
        assert team.ref not in page.main
        assert "Hidden" not in page.main
        assert admin.get("/emergencies/EO-1").status in (403, 404)

    def test_whoever_becomes_a_manager_and_comes_in_finds_it_listed_and_looks_into_it(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        shut_out(council, team, "it is their own")
        open_it(sign_in(council.coordinator), team.ref)
        other = sign_in(another_manager(council))

        open_it(other, team.ref)
        listed = other.get("/emergencies").main
        page = other.submit("/emergencies/EO-1/review", {"review": "Rang the police, it was needed"})

        assert "Carol Coordinator" in listed
        assert page.status == 303
        assert "EO-1," not in sign_in(council.admin).get("/admin").main

    def test_administrators_are_told_of_nothing_else(
        self, council: Council, sign_in: SignIn, team: Team, postbox: Postbox
    ) -> None:
        open_it(sign_in(council.coordinator), team.ref)

        postbox.work()

        assert postbox.to(council.admin) == []
        assert postbox.to(council.manager) == ["Opened in an emergency: EO-1"]
        assert "Opened in an emergency" not in sign_in(council.admin).get("/admin").main


def shut_out(council: Council, team: Team, why: str) -> User:
    """The one manager may not look into it; who opens it then."""
    with council.behind_the_scenes():
        if why == "their account is closed":
            db.session.get_one(User, council.manager.id).active = False
            return council.coordinator
        if why == "it is their own":
            of = {"family_id": team.family.id, "user_id": council.manager.id}
            db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))
            return council.coordinator
        for clearance in db.session.scalars(select(Clearance).where(Clearance.user_id == council.manager.id)):
            clearance.ended_at, clearance.ended_why = clock.now(), "Moved on"
    return council.manager
