"""Changing one's own password: what it takes, what is good enough, and what ends with the old one."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.domain import passwords
from portal.models.people import User
from portal.models.record import Audit, AuditKind, IdempotencyKey
from portal.services import sign_in as sign_in_service
from tests.support.people import PASSWORD, Council
from tests.support.web import Browser, Page, SignIn

ADDRESS = "/account/password"
NEW = "four plain otters walked"


def signs_in(app: Flask, email: str, password: str) -> bool:
    return Browser(app.test_client()).submit("/sign-in", {"email": email, "password": password}).status == 303


def changed(browser: Browser, new: str = NEW, current: str = PASSWORD) -> Page:
    return browser.submit(ADDRESS, {"current_password": current, "new_password": new})


class TestChangingMyPassword:
    def test_counts_from_now_on_and_signs_me_out_everywhere_else(self, council: Council, sign_in: SignIn) -> None:
        here, there = sign_in(council.partner), sign_in(council.partner)
        cookie = here.client.get_cookie("portal")
        assert ADDRESS in here.get("/account").links()

        page = changed(here)

        assert "Your password is changed, and you are signed out everywhere else" in page.follow().text
        assert there.get("/account").status == 303
        assert signs_in(council.app, council.partner.email, NEW)
        assert not signs_in(council.app, council.partner.email, PASSWORD)
        assert cookie is not None
        there.client.set_cookie("portal", cookie.value)
        assert there.get("/account").status == 303, "the session's old token still opens it"
        with council.behind_the_scenes():
            kinds = db.session.scalars(select(Audit.kind).where(Audit.page == "account.password")).all()
            (kept,) = db.session.scalars(select(IdempotencyKey)).all()
        assert kinds == [AuditKind.CHANGE]
        assert kept.location == "/account"

    def test_counts_letter_for_letter_to_the_end_however_long_and_does_not_run_out(
        self, council: Council, sign_in: SignIn
    ) -> None:
        long = "Twelve quiet herons stood beside the mill and counted the slow barges going by until dusk. " * 2
        new = long[:199] + "Z"
        assert changed(sign_in(council.partner), new).status == 303

        for other in (new.swapcase(), new.lower(), new[:-1], new[:-1] + "z", new[:72], new[:64]):
            assert not signs_in(council.app, council.partner.email, other), other
        with time_machine.travel(clock.now() + timedelta(days=500)):
            assert signs_in(council.app, council.partner.email, new)

    def test_is_kept_by_argon2id_as_it_is_set(self, settings: Settings) -> None:
        """Outside tests nobody may set less memory than this: production refuses it."""
        memory = Settings.model_fields["password_memory_kib"].default

        kept = sign_in_service.hash_password(NEW, memory)

        assert kept.startswith(f"$argon2id$v=19$m={memory},t=3,p=4$")
        assert memory >= 19_456
        salt, hashed = kept.split("$")[4:]
        assert (len(salt), len(hashed)) == (22, 43)

    def test_leaves_nothing_by_which_it_could_be_guessed_quickly(self, council: Council, sign_in: SignIn) -> None:
        """The form's fingerprint is of a quick hash: two passwords give the same one."""
        changed(sign_in(council.partner))
        changed(sign_in(council.lead), "seven cups on the roof")

        with council.behind_the_scenes():
            (first, second) = db.session.scalars(select(IdempotencyKey.body_hash)).all()
        assert first == second

    def test_takes_the_password_i_have_and_few_guesses(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        for _ in range(10):
            wrong = changed(browser, current="not my password at all")
            assert (wrong.status, wrong.errors) == (422, ["Enter the password that you sign in with now"])
            assert NEW not in wrong.html

        page = changed(browser)

        assert page.status == 429
        assert "There were too many tries. Wait 5 minutes, then try again" in page.main
        assert changed(sign_in(council.lead)).status == 303

    def test_is_another_one(self, council: Council, sign_in: SignIn) -> None:
        page = changed(sign_in(council.partner), PASSWORD)

        assert (page.status, page.errors) == (422, ["This is the password you have now. Choose another"])

    @pytest.mark.parametrize(
        ("new", "why"),
        [
            ("fourteen chars", "Your password must have 15 characters or more"),
            ("x" * 30 + " many words" * 20, "Your password must have 200 characters or fewer"),
            ("qazwsxedcrfvtgb", "This password is on lists of common passwords"),
            ("1QAZ2wsx3edc4RFV", "This password is on lists of common passwords"),
            ("otterotterotterotter", "Choose a password that does not say the same again and again"),
            ("aaaaaaaaaaaaaaaa b c", "Choose a password that does not say the same again and again"),
            ("the PARTNER of many", "Choose a password without your name"),
            ("early help portal 9!", "Choose a password without your name"),
        ],
    )
    def test_must_be_long_and_unknown_to_those_who_guess(
        self, council: Council, sign_in: SignIn, new: str, why: str
    ) -> None:
        page = changed(sign_in(council.partner), new)

        assert page.status == 422
        (error,) = page.errors
        assert error.startswith(why)
        assert signs_in(council.app, council.partner.email, PASSWORD)

    @pytest.mark.parametrize(
        "new",
        ["  spaces count at both ends  ", "żółte słonie śpią długo!", "🦊🦉🐢🐝🐞🦀🐙🦎🐸🐧🦆🐡🦔🐫🦒"],
    )
    def test_takes_whatever_people_type(self, council: Council, sign_in: SignIn, new: str) -> None:
        assert changed(sign_in(council.partner), new).status == 303

        assert signs_in(council.app, council.partner.email, new)
        assert not signs_in(council.app, council.partner.email, new.strip(" !🦊"))

    def test_an_accent_may_be_typed_in_either_way(self, council: Council, sign_in: SignIn) -> None:
        assert changed(sign_in(council.partner), "caf\u00e9 under the old bridge").status == 303

        assert signs_in(council.app, council.partner.email, "cafe\u0301 under the old bridge")

    def test_password_managers_find_it_and_know_which_is_which(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.partner).get("/.well-known/change-password").follow()

        marked = {str(field["name"]): field["autocomplete"] for field in page.soup.select("input[type=password]")}
        assert marked == {"current_password": "current-password", "new_password": "new-password"}
        assert not page.soup.select("[onpaste]")


class TestTheList:
    def test_holds_the_common_ones_that_are_long_enough(self) -> None:
        assert len(passwords.FILE.read_bytes()) // passwords.BYTES > 3000
        assert passwords.is_common("123456789qwerty")
        assert not passwords.is_common(NEW)


class TestAddingSomebodyFromTheCommandLine:
    @pytest.mark.parametrize(
        ("instead", "words"),
        [
            (("--email", "x"), "email address"),
            (("--name", " "), "Enter the name"),
            (("--organisation", ""), "Enter the organisation"),
        ],
    )
    def test_asks_for_what_everybody_has(self, app: Flask, instead: tuple[str, str], words: str) -> None:
        person = {"--email": "ada@ambleford.example", "--name": "Ada Admin", "--organisation": "Ambleford Council"}
        said = [part for pair in (person | dict([instead])).items() for part in pair]

        done = app.test_cli_runner().invoke(
            args=["portal", "user", "add", *said, "--role", "administrator", "--password", NEW]
        )

        assert done.exit_code == 1
        assert words in done.output
        with app.app_context():
            assert not db.session.scalars(select(User)).all()

    def test_stands_in_the_account_and_in_the_log(self, council: Council, sign_in: SignIn) -> None:
        person = ["--email", "bo@ambleford.example", "--name", "Bo Admin", "--organisation", "Ambleford Council"]
        council.app.test_cli_runner().invoke(
            args=["portal", "user", "add", *person, "--role", "administrator", "--password", NEW]
        )

        with council.behind_the_scenes():
            added = db.session.scalars(select(User).where(User.name == "Bo Admin")).one()
            assert db.session.scalars(select(Audit.page).where(Audit.subject == added.ref)).all() == ["cli.add_user"]
        assert "Whoever runs the server added Bo Admin" in sign_in(council.admin).get(f"/admin/people/{added.ref}").main

    def test_judges_the_password_in_the_same_way(self, app: Flask) -> None:
        def add(password: str) -> str:
            person = ["--email", "ada@ambleford.example", "--name", "Ada Admin", "--organisation", "Ambleford Council"]
            arguments = ["portal", "user", "add", *person, "--role", "administrator", "--password", password]
            return app.test_cli_runner().invoke(args=arguments).output

        assert "on lists of common passwords" in add("123456789qwerty")
        assert "without your name" in add("ada@ambleford.example!")
        assert add(NEW) == "Ada Admin can sign in with ada@ambleford.example.\n"
        assert signs_in(app, "ada@ambleford.example", NEW)
