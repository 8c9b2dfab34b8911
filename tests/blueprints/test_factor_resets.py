"""Somebody has neither phone nor recovery code: one administrator asks, another confirms, they begin anew."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.domain.roles import Role
from portal.models.people import User, UserRole
from portal.models.record import Audit, AuditKind
from tests.support.people import Council
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.web import Page, SignIn

PAGE = "/admin/second-factors"
WHY = "I rang her on the school’s number"


@pytest.fixture(autouse=True)
def asked(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))


@pytest.fixture
def second(council: Council) -> User:
    """Another administrator."""
    with council.behind_the_scenes():
        user = User(name="Ada Admin", email="ada@ambleford.example", organisation_id=council.organisation.id)
        user.roles = [UserRole(role=Role.ADMINISTRATOR)]
        db.session.add(user)
    return user


def ask(council: Council, sign_in: SignIn, whom: User) -> Page:
    return sign_in(council.admin).submit(f"{PAGE}/ask", {"person": str(whom.id), "why": WHY})


def on_the_server(council: Council, email: str) -> str:
    return council.app.test_cli_runner().invoke(args=["portal", "user", "begin-anew", "--email", email]).output


class TestBeginningAnew:
    def test_takes_two_administrators_and_signs_the_person_out_everywhere(
        self, council: Council, sign_in: SignIn, second: User
    ) -> None:
        recovery, *_ = with_an_app(council, council.partner)
        theirs = sign_in(council.partner)

        listed = ask(council, sign_in, council.partner).follow()
        assert "Waits for another administrator" in listed.main
        assert not listed.soup.select(f"form[action='{PAGE}/confirm']")
        assert theirs.get("/my-actions").status == 200
        page = sign_in(second).get(PAGE)
        assert WHY in page.main
        done = page.form(f"{PAGE}/confirm").send().follow()

        assert f"{second.name} confirmed it on" in done.main
        assert theirs.get("/my-actions").location.startswith("/sign-in")
        again = after_password(council.app, council.partner)
        assert again.location == "/sign-in/set-up"
        with council.behind_the_scenes():
            subjects = db.session.scalars(
                select(Audit.subject).where(Audit.kind == AuditKind.CHANGE, Audit.page.like("factor_resets.%"))
            ).all()
        assert subjects == [council.partner.ref] * 2
        set_up = again.follow().form().send({"code": code_of(council, council.partner, waiting=True)})
        assert recovery not in set_up.html

    def test_is_not_confirmed_by_whoever_asked_nor_by_whom_it_is_about(
        self, council: Council, sign_in: SignIn, second: User
    ) -> None:
        with_an_app(council, second)
        ask(council, sign_in, second)
        for somebody in (council.admin, second):
            browser = sign_in(somebody)
            form = browser.get(PAGE).form(f"{PAGE}/withdraw")
            form.action = f"{PAGE}/confirm"
            assert form.send().status == 409

        assert code_of(council, second), "their app counts no more"

    def test_is_not_asked_for_oneself_nor_twice(self, council: Council, sign_in: SignIn, second: User) -> None:
        assert str(council.admin.id) not in sign_in(council.admin).get(f"{PAGE}/ask").form().values["person"]
        ask(council, sign_in, council.partner)

        assert ask(council, sign_in, council.admin).errors == ["Select one of the answers in the list"]
        assert ask(council, sign_in, council.partner).errors == [f"{council.admin.name} has asked for this already"]

    def test_is_withdrawn_or_too_old_and_then_confirmed_no_more(
        self, council: Council, sign_in: SignIn, second: User
    ) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            ask(council, sign_in, council.partner)
            opened = sign_in(second).get(PAGE)
            sign_in(council.admin).get(PAGE).form(f"{PAGE}/withdraw").send()
            assert opened.form(f"{PAGE}/confirm").send().status == 409

            ask(council, sign_in, council.partner)
            opened = sign_in(second).get(PAGE)
            now.shift(timedelta(days=7, seconds=1))
            refused = sign_in(second).get(PAGE)
            assert "Nobody confirmed it in time" in refused.main
            assert not refused.soup.select(f"form[action='{PAGE}/confirm']")
            assert ask(council, sign_in, council.partner).status == 303

    def test_of_the_only_administrator_is_done_on_the_server(self, council: Council) -> None:
        with_an_app(council, council.admin)

        told = on_the_server(council, council.admin.email)
        unknown = on_the_server(council, "no@body.example")

        assert "sets up an app at the next sign-in" in told
        assert "There is no account for no@body.example" in unknown
        assert after_password(council.app, council.admin).location == "/sign-in/set-up"
