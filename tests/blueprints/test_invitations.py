"""Invited by an administrator: an account without a password, a link by which to set one, and nothing before."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.administering import Act
from portal.models.administering import AdminChange
from portal.models.people import User
from portal.models.record import Audit
from tests.support.people import Council
from tests.support.post import Postbox, links_in
from tests.support.web import Browser, Page, SignIn

NEW, WAITING, AGAIN = "/admin/invitations/new", "/admin/invitations", "/admin/invitations/again"
PASSWORD = "four plain otters walked"
ADDRESS = "noor.newcomer@school.example"


@pytest.fixture
def postbox(council: Council) -> Postbox:
    return Postbox(council.app)


def invited(council: Council, sign_in: SignIn, **answers: Any) -> Page:
    person = {"name": "Noor Newcomer", "email": ADDRESS, "organisation": str(council.school.id), "roles": ["partner"]}
    return sign_in(council.admin).submit(NEW, {**person, **answers})


def newcomer(council: Council) -> User:
    with council.behind_the_scenes():
        return db.session.scalars(select(User).where(User.email == ADDRESS)).one()


def link_in(postbox: Postbox) -> str:
    postbox.work()
    (link,) = links_in(postbox.letters[-1].text)
    return link.removeprefix("http://localhost")


def signs_in(council: Council, password: str = PASSWORD) -> bool:
    page = Browser(council.app.test_client()).submit("/sign-in", {"email": ADDRESS, "password": password})
    return page.status == 303


class TestInviting:
    def test_sends_a_link_by_which_they_set_a_password_and_come_in(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        assert NEW in sign_in(council.admin).get("/admin/people").links()

        done = invited(council, sign_in, job="Family support worker")
        link = link_in(postbox)

        assert "Noor Newcomer is invited: an email with a link is on its way" in done.follow().text
        (letter,) = postbox.letters
        assert (letter.to, letter.subject) == (ADDRESS, "You are invited to the Early Help Portal")
        assert "Noor" not in f"{letter.text}{letter.html}"
        assert not signs_in(council)
        assert Browser(council.app.test_client()).submit(link, {"new_password": PASSWORD}).status == 303
        assert signs_in(council)
        account = sign_in(newcomer(council)).get("/account").main
        assert "Noor Newcomer" in account
        assert "Partner professional" in account
        with council.behind_the_scenes():
            subject = db.session.scalars(select(Audit.subject).where(Audit.page == "invitations.new")).first()
        assert subject == newcomer(council).ref

    def test_opens_nothing_after_seven_days_until_it_is_sent_again(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            invited(council, sign_in)
            early = sign_in(council.admin).get(WAITING).main
            first = link_in(postbox)
            now.shift(timedelta(days=7))
            late = sign_in(council.admin).get(WAITING)
            assert Browser(council.app.test_client()).get(first).status == 404

            another = sign_in(council.admin).get(WAITING).form(AGAIN)
            again = late.form(AGAIN).send()
            second = link_in(postbox)
            assert Browser(council.app.test_client()).submit(second, {"new_password": PASSWORD}).status == 303
            too_late = another.send()

            assert "No link was sent yet" in early
            assert "7 October 2026 at 10am does not work any more" in late.main
            assert "Noor Newcomer is invited again" in again.follow().text
            assert too_late.status == 409
            assert "This person has set a password or come in already" in too_late.main
            assert "Everybody who was invited has set a password" in sign_in(council.admin).get(WAITING).main

    def test_is_withdrawn_from_the_list_and_its_link_opens_nothing(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        invited(council, sign_in)
        link, admin = link_in(postbox), sign_in(council.admin)
        path = f"{WAITING}/{newcomer(council).ref}/withdraw"
        assert path in admin.get(WAITING).links()
        late = admin.get(path).form()

        page = admin.submit(path, {"why": "Sent to the wrong address"})

        assert "The invitation of Noor Newcomer is withdrawn" in page.follow().text
        assert "Noor" not in admin.get(WAITING).main
        assert Browser(council.app.test_client()).get(link).status == 404
        with council.behind_the_scenes():
            change = db.session.scalars(select(AdminChange).order_by(AdminChange.id.desc())).first()
            assert change is not None
            assert (change.kind, change.why) == (Act.INVITATION_WITHDRAWN, "Sent to the wrong address")
        assert late.send({"why": "Twice"}).status == 409
        person = f"/admin/people/{newcomer(council).ref}"
        admin.submit(f"{person}/open", {"why": "It was right"})
        assert "Noor Newcomer" in admin.get(WAITING).main

    def test_of_whoever_has_come_in_is_not_withdrawn(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.admin).submit(f"{WAITING}/{council.partner.ref}/withdraw", {"why": "A mistake"})

        assert page.status == 409
        assert "has come in already" in page.main
        assert sign_in(council.partner).get("/account").status == 200

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"email": "PAT.PARTNER@ambleford.example"}, "There is an account with this email address already"),
            ({"email": "not an address"}, "Enter an email address, like name@example.com"),
            ({"roles": ["administrator", "partner"]}, "An administrator cannot have another role"),
            (
                {"roles": ["administrator"]},
                "Only people of the council do this. Select another organisation, or partner",
            ),
            ({"roles": []}, "Select what they do here"),
            ({"roles": ["god"]}, "Select only answers in the list"),
            ({"roles": ["social_worker"]}, "Select the social care team they work in"),
            ({"team": "1"}, "Only social workers and their managers are in a social care team"),
            ({"roles": ["social_worker"], "team": "1"}, "Select a team of the organisation they work for"),
            ({"organisation": "999"}, "Select one of the answers in the list"),
        ],
    )
    def test_is_refused_in_words_and_keeps_what_was_typed(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], error: str
    ) -> None:
        page = invited(council, sign_in, **answers)

        assert (page.status, page.errors) == (422, [error])
        assert page.form(NEW).values["name"] == ["Noor Newcomer"]

    def test_of_a_social_worker_puts_them_into_their_team(self, council: Council, sign_in: SignIn) -> None:
        answers = {"organisation": str(council.organisation.id), "roles": ["social_worker"]}

        assert invited(council, sign_in, **answers, team=str(council.team.id)).status == 303

        assert newcomer(council).social_care_team_id == council.team.id

    @pytest.mark.parametrize("name", ["O’Neill-Żółć", "李", "🦊", "נועה", "D'Arcy"])
    def test_takes_names_as_they_are(self, council: Council, sign_in: SignIn, name: str) -> None:
        page = invited(council, sign_in, name=name)

        assert f"{name} is invited" in page.follow().text
