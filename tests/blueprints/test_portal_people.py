"""People as an administrator sees them: found, changed, closed and opened again, each change written down."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.administering import Act
from portal.domain.roles import Role
from portal.models.administering import AdminChange
from portal.models.families import Clearance, Family
from portal.models.people import PasswordLink, User, UserRole
from portal.models.record import Audit, AuditKind
from tests.support.handover import a_proposed
from tests.support.people import PASSWORD, Council, an_action, an_active_family
from tests.support.web import Browser, Page, SignIn

LIST = "/admin/people"


def at(user: User, page: str = "") -> str:
    return f"{LIST}/{user.ref}{page}"


def changes(council: Council) -> list[AdminChange]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(AdminChange).order_by(AdminChange.id)))


OF_THE_COUNCIL = "Only people of the council do this. Select another organisation, or partner"


def another_administrator(council: Council, *, came: bool = True) -> User:
    with council.behind_the_scenes():
        user = User(name="Agnes Second", email="agnes@ambleford.example", organisation_id=council.organisation.id)
        user.password_hash = council.admin.password_hash if came else None
        user.roles = [UserRole(role=Role.ADMINISTRATOR)]
        db.session.add(user)
    return user


def closed(council: Council, sign_in: SignIn, user: User, why: str = "Has left") -> Page:
    return sign_in(council.admin).submit(at(user, "/close"), {"why": why})


def signs_in(council: Council, user: User) -> bool:
    page = Browser(council.app.test_client()).submit("/sign-in", {"email": user.email, "password": PASSWORD})
    return page.status == 303


class TestFinding:
    @pytest.mark.parametrize(
        ("asked", "there", "not_there"),
        [
            ({}, ["Pat Partner", "Carol Coordinator"], []),
            ({"words": "PARTN"}, ["Pat Partner"], ["Carol Coordinator"]),
            ({"words": "%"}, [], ["Pat Partner"]),
            ({"organisation": "2"}, ["Pat Partner"], ["Carol Coordinator"]),
            ({"role": "coordinator"}, ["Carol Coordinator", "Cyril Coordinator"], ["Pat Partner"]),
            ({"state": "closed"}, [], ["Pat Partner", "Carol Coordinator"]),
            ({"state": "invited"}, [], ["Pat Partner"]),
            ({"factor": "has"}, [], ["Pat Partner"]),
            ({"factor": "has_not"}, ["Pat Partner"], []),
            ({"signed_in": "never"}, ["Carol Coordinator"], ["Pat Partner"]),
            ({"signed_in": "lately"}, ["Pat Partner"], ["Carol Coordinator"]),
        ],
    )
    def test_by_what_they_are(
        self, council: Council, sign_in: SignIn, asked: dict[str, str], there: list[str], not_there: list[str]
    ) -> None:
        sign_in(council.partner).get("/my-actions")

        page = sign_in(council.admin).submit(LIST, asked)

        assert page.status == 200
        names = [link.get_text() for link in page.soup.select("tbody th a")]
        assert set(there) <= set(names)
        assert not set(not_there) & set(names)
        assert ("Nobody is like that" in page.main) is (not names)

    def test_by_what_nobody_is_called_is_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.admin)

        words = browser.submit(LIST, {"words": "Pat\x00"})
        role = browser.submit(LIST, {"role": "nobody"})

        assert (words.status, role.status) == (422, 422)
        assert "must not hold control characters" in words.errors[0]
        assert council.partner.name in words.main

    def test_no_name_stands_in_an_address(self, council: Council, sign_in: SignIn) -> None:
        form = sign_in(council.admin).get(LIST).soup.select_one("main form")

        assert form is not None
        assert form["method"] == "post"


class TestChanging:
    def change(self, council: Council, sign_in: SignIn, user: User, **answers: Any) -> Page:
        return sign_in(council.admin).submit(at(user, "/edit"), answers)

    def test_counts_from_the_next_click_and_is_written_down(self, council: Council, sign_in: SignIn) -> None:
        theirs = sign_in(council.partner)
        assert theirs.get("/my-actions").status == 200

        page = self.change(council, sign_in, council.partner, name="Pat O’Partner", phone="01632 960 300")

        shown = page.follow()
        assert "Saved. It counts from their next click on" in shown.text
        assert "Phone: from a number to another number" in shown.main
        assert shown.main.count("01632 960 300") == 1
        assert "Name: from Pat Partner to Pat O’Partner" in shown.main
        assert "Pat O’Partner" in theirs.get("/account").main
        (change,) = changes(council)
        assert (change.kind, change.by_id, change.subject) == (
            Act.PERSON_CHANGED,
            council.admin.id,
            council.partner.ref,
        )
        assert (change.before, change.after) == (
            {"name": "Pat Partner", "phone": "a number"},
            {"name": "Pat O’Partner", "phone": "another number"},
        )
        with council.behind_the_scenes():
            (row,) = db.session.scalars(
                select(Audit).where(Audit.page == "people.edit", Audit.kind == AuditKind.CHANGE)
            )
            assert row.subject == council.partner.ref

    def test_of_a_number_it_is_told_whether_there_is_one(self, council: Council, sign_in: SignIn) -> None:
        """Which it was is kept for good nowhere."""
        without = self.change(council, sign_in, council.partner, phone="").follow()
        again = self.change(council, sign_in, council.partner, phone="01632 960 300").follow()

        assert "Phone: from a number to nothing" in without.main
        assert "Phone: from nothing to a number" in again.main

    def test_another_role_signs_them_out_and_opens_what_it_may(self, council: Council, sign_in: SignIn) -> None:
        theirs = sign_in(council.other_coordinator)
        assert theirs.get("/families").status == 200

        self.change(council, sign_in, council.other_coordinator, roles=["front_door"])

        assert theirs.get("/families").location.startswith("/sign-in")
        again = sign_in(council.other_coordinator)
        assert again.get("/families").status == 403
        assert again.get("/look-up").status == 200
        assert changes(council)[0].after == {"roles": "Front door"}

    def test_another_address_ends_the_links_sent_to_the_one_before(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            link = PasswordLink(user_id=council.partner.id, token_hash="x", made_at=clock.now(), expires_at=clock.now())
            db.session.add(link)

        self.change(council, sign_in, council.partner, email="pat@elsewhere.example")

        with council.behind_the_scenes():
            assert db.session.scalars(select(PasswordLink.ended_at)).one() is not None

    @pytest.mark.parametrize(
        ("who", "answers", "error"),
        [
            ("partner", {"name": " "}, "Enter their full name"),
            (
                "partner",
                {"email": "CAROL.coordinator@ambleford.example"},
                "There is an account with this email address already",
            ),
            ("partner", {"roles": ["partner", "administrator"]}, "An administrator cannot have another role"),
            ("partner", {"roles": ["social_worker"]}, "Select the social care team they work in"),
            ("social_worker", {"organisation": "2"}, "Select a team of the organisation they work for"),
            ("partner", {"roles": ["coordinator"]}, OF_THE_COUNCIL),
            ("partner", {"roles": ["administrator"]}, OF_THE_COUNCIL),
            ("admin", {"roles": ["coordinator"]}, "There is no other administrator. Make somebody else one first"),
        ],
    )
    def test_is_refused_at_the_answer_and_keeps_what_was_typed(
        self, council: Council, sign_in: SignIn, who: str, answers: dict[str, Any], error: str
    ) -> None:
        page = self.change(council, sign_in, getattr(council, who), job="A job as typed", **answers)

        assert (page.status, page.errors) == (422, [error])
        assert page.form(at(getattr(council, who), "/edit")).values["job"] == ["A job as typed"]
        assert changes(council) == []

    def test_of_what_one_may_oneself_is_somebody_elses(self, council: Council, sign_in: SignIn) -> None:
        another_administrator(council)

        page = self.change(council, sign_in, council.admin, roles=["coordinator"])

        assert page.errors == ["These are your own. Ask another administrator to change them"]
        assert sign_in(council.admin).get("/families").status == 403

    def test_over_what_another_administrator_saved_shows_both(self, council: Council, sign_in: SignIn) -> None:
        second = another_administrator(council)
        early = sign_in(council.admin).get(at(council.coordinator, "/edit")).form()
        sign_in(second).submit(at(council.coordinator, "/edit"), {"roles": ["coordinator", "front_door"]})

        page = early.send({"job": "Teacher"})

        assert page.status == 409
        assert "Agnes Second changed this at 10am" in page.main
        assert "Early help coordinator, Front door" in page.text_of("#taken")
        values = page.form(at(council.coordinator, "/edit")).values
        assert (values["job"], values["roles"]) == (["Teacher"], ["coordinator", "front_door"])

    def test_nothing_different_is_no_change(self, council: Council, sign_in: SignIn) -> None:
        assert "Nothing was changed" in self.change(council, sign_in, council.partner).follow().text
        assert changes(council) == []


class TestClosing:
    def test_ends_everything_at_the_next_click(self, council: Council, sign_in: SignIn) -> None:
        theirs = sign_in(council.partner)
        assert theirs.get("/my-actions").status == 200

        page = closed(council, sign_in, council.partner, "Has left the school")

        assert "The account of Pat Partner is closed, and they are signed out" in page.follow().text
        assert theirs.get("/my-actions").location.startswith("/sign-in")
        assert not signs_in(council, council.partner)
        assert "Has left the school" in sign_in(council.admin).get(at(council.partner)).main
        (change,) = changes(council)
        assert (change.kind, change.why) == (Act.PERSON_CLOSED, "Has left the school")

    def test_and_opening_again_lets_them_in(self, council: Council, sign_in: SignIn) -> None:
        before = sign_in(council.partner)
        closed(council, sign_in, council.partner)

        page = sign_in(council.admin).submit(at(council.partner, "/open"), {"why": "Came back"})

        assert "open again" in page.follow().text
        assert before.get("/my-actions").location.startswith("/sign-in")
        assert signs_in(council, council.partner)
        assert [change.kind for change in changes(council)] == [Act.PERSON_CLOSED, Act.PERSON_OPENED]
        late = sign_in(council.admin).get(at(council.partner, "/open")).form().send({"why": "Twice"})
        assert late.status == 409
        assert "open already" in late.main

    def test_says_in_numbers_what_they_hold_and_names_no_family(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        for what in ("Ring the dentist", "Ring the school"):
            an_action(council, team, owner=team.lead, what=what)

        page = sign_in(council.admin).get(at(council.lead, "/close"))

        assert "1 family they lead, or are asked to, passed on by the early help manager" in page.main
        assert "2 actions, passed on by the early help manager" in page.main
        with council.behind_the_scenes():
            family = db.session.get_one(Family, team.family.id)
        assert family.name not in page.html
        assert family.ref not in page.html
        assert "dentist" not in page.html

    @pytest.mark.parametrize("second", [False, True])
    def test_not_the_last_administrator_nor_ones_own(self, council: Council, sign_in: SignIn, second: bool) -> None:
        if second:
            another_administrator(council)

        page = closed(council, sign_in, council.admin)

        assert page.status == 409
        assert "This is your own account" in page.main
        assert sign_in(council.admin).get("/admin").status == 200

    def test_of_an_administrator_leaves_one(self, council: Council, sign_in: SignIn) -> None:
        other = another_administrator(council)

        assert sign_in(other).submit(at(council.admin, "/close"), {"why": "Has left"}).status == 303

        assert sign_in(council.admin).get("/admin").location.startswith("/sign-in")
        page = sign_in(other).submit(at(other, "/edit"), {"roles": ["coordinator"]})
        assert page.errors == ["There is no other administrator. Make somebody else one first"]

    def test_somebody_who_never_came_is_no_other_administrator(self, council: Council, sign_in: SignIn) -> None:
        invited = another_administrator(council, came=False)

        page = sign_in(invited).submit(at(council.admin, "/close"), {"why": "Has left"})

        assert page.status == 409
        assert "There is no other administrator" in page.main

    def test_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        assert closed(council, sign_in, council.partner, " ").errors == ["Enter why the account is closed"]


class TestSigningOut:
    def test_ends_every_session_of_theirs_and_nothing_else(self, council: Council, sign_in: SignIn) -> None:
        theirs, others = sign_in(council.partner), sign_in(council.lead)
        form = sign_in(council.admin).get(at(council.partner)).form(at(council.partner, "/sign-out"))

        page = form.send()

        assert "Pat Partner is signed out everywhere" in page.follow().text
        assert theirs.get("/my-actions").location.startswith("/sign-in")
        assert others.get("/my-actions").status == 200
        assert signs_in(council, council.partner)
        assert [change.kind for change in changes(council)] == [Act.SIGNED_OUT]


class TestWhatALeaverHeld:
    @pytest.fixture
    def left(self, council: Council, sign_in: SignIn) -> Any:
        team = an_active_family(council)
        an_action(council, team, owner=team.lead, what="Ring the dentist")
        closed(council, sign_in, council.lead)
        return team

    def test_is_said_to_the_manager_until_nothing_is_left(self, council: Council, sign_in: SignIn, left: Any) -> None:
        manager = sign_in(council.manager)
        words = "account is closed: 2 things wait to be passed on"

        page = manager.get("/families")

        assert words in page.main
        here = f"/coordinators/pass-on?who={council.lead.id}"
        assert here in page.links()
        to = f"{here}&to={council.partner.id}"
        assert manager.get(to).form("/coordinators/pass-on").send().status == 303
        # Somebody who is asked to lead holds nothing of it yet: the family stays with whoever left, and is said still.
        sign_in(council.partner).get("/my-actions")
        assert words not in manager.get("/families").main
        assert words not in sign_in(council.coordinator).get("/families").main

    def test_of_a_restricted_family_only_to_a_manager_who_is_cleared(
        self, council: Council, sign_in: SignIn, left: Any
    ) -> None:
        with council.behind_the_scenes():
            db.session.get_one(Family, left.family.id).restricted = True
        assert "account is closed" not in sign_in(council.manager).get("/families").main

        with council.behind_the_scenes():
            db.session.add(Clearance(family_id=left.family.id, user_id=council.manager.id, cleared_at=clock.now()))
        assert "account is closed" in sign_in(council.manager).get("/families").main
        assert "1 action, passed on" in sign_in(council.admin).get(at(council.lead)).main

    def test_in_social_work_is_said_to_the_manager_of_the_team(self, council: Council, sign_in: SignIn) -> None:
        a_proposed(council)
        closed(council, sign_in, council.social_worker)

        page = sign_in(council.social_care_manager).get("/step-downs")

        assert "Sam Social’s account is closed: 1 family waits to be passed on" in page.main
        assert "/social-work/pass-on" in page.links()
        assert "1 family in social work, passed on by the social care manager" in (
            sign_in(council.admin).get(at(council.social_worker)).main
        )

    def test_as_coordinator_counts_open_families(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)

        page = sign_in(council.admin).get(at(council.coordinator))

        assert "1 family they coordinate, passed on by the early help manager" in page.main


class TestWrittenDown:
    def test_invitations_and_resets_are_too(self, council: Council, sign_in: SignIn) -> None:
        admin = sign_in(council.admin)
        admin.submit(
            "/admin/invitations/new",
            {"name": "Noor New", "email": "noor@x.example", "organisation": "2", "roles": ["partner"]},
        )
        admin.submit("/admin/second-factors/ask", {"person": str(council.partner.id), "why": "They rang me"})

        invited, asked = changes(council)

        assert (invited.kind, invited.about) == (Act.INVITED, "Noor New")
        assert invited.after is not None
        assert invited.after["roles"] == "Partner professional"
        assert (asked.kind, asked.why) == (Act.FACTOR_ASKED, "They rang me")
        assert "Ada" not in invited.about
