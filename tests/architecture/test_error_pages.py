"""Pages for what went wrong: what to do, a number to quote, whom to call, and what was typed given back."""

import re

import pytest
from flask import Flask, abort
from jinja2 import DictLoader
from werkzeug.exceptions import default_exceptions

from portal import create_app
from portal.core.config import Settings
from portal.models.teamwork import PlanAction
from tests.support.faults import without_table
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Browser, SignIn, check_page, sign_in_with

PHONE, NUMBER = "01632 960 100", re.compile(r"[Rr]eference: ([0-9A-F]{8})\b")
WHAT_TO_DO = re.compile(r"Go back|Open the page|Go to your|Wait a|Try again|ask the person|See how it stands|Check the")
# What a person meets by one of these names is one of the pages there are.
SHOWN_AS = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}


pytestmark = pytest.mark.usefixtures("council")


@pytest.fixture(scope="module")
def breaking(settings: Settings) -> Flask:
    """The portal as people use it, with an address that fails as it is told to."""
    app = create_app(settings.model_copy(update={"environment": "demonstration"}))
    app.add_url_rule("/broken/<int:code>", "broken", abort)
    return app


@pytest.mark.parametrize("code", sorted(code for code in default_exceptions if code >= 400))
def test_every_fault_has_its_page(breaking: Flask, code: int) -> None:
    page = Browser(breaking.test_client()).get(f"/broken/{code}")

    check_page(page)
    assert page.status == (code if code in SHOWN_AS else 400 if code < 500 else 500)
    assert page.text_of("h1") in page.title
    assert PHONE in page.main
    assert NUMBER.search(page.main)
    assert WHAT_TO_DO.search(page.main), page.main


def test_each_has_a_number_of_its_own(breaking: Flask) -> None:
    numbers = {NUMBER.findall(Browser(breaking.test_client()).get("/broken/500").main)[0] for _ in range(3)}

    assert len(numbers) == 3


def test_where_no_page_can_be_made_there_are_words(breaking: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking.jinja_env, "loader", DictLoader({}))
    monkeypatch.setattr(breaking.jinja_env, "cache", None)

    answer = breaking.test_client().get("/sign-in")

    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "Try again later" in answer.text
    assert PHONE in answer.text
    assert NUMBER.search(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


class TestWhatWasTyped:
    NOTE = "Rang <b>Mrs</b> O’Brien\nand\x00 wrote"

    @pytest.fixture
    def action(self, council: Council) -> PlanAction:
        return an_action(council, an_active_family(council))

    def test_is_given_back_where_the_database_cannot_save_it(
        self, council: Council, action: PlanAction, breaking: Flask
    ) -> None:
        form = sign_in_with(breaking)(council.partner).get(f"/actions/{action.ref}/update").form()
        with without_table(breaking, "event"):
            page = form.send({"note": self.NOTE.replace("\x00", "")})

        assert page.status in (500, 503)
        check_page(page)
        assert "What you sent" in page.main
        assert "Rang <b>Mrs</b> O’Brien" in page.main
        assert "csrf" not in page.main.lower()
        assert form.values["idempotency_key"][0] not in page.html
        assert "Call school" not in page.html
        assert form.send({"note": "Rang"}).status == 303

    def test_is_given_back_where_the_form_was_sent_without_its_key(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = sign_in(council.partner).get(f"/actions/{action.ref}/update").form()

        page = form.send({"note": self.NOTE, "idempotency_key": "short"})

        assert page.status == 400
        assert "Rang <b>Mrs</b> O’Brien and\N{REPLACEMENT CHARACTER} wrote" in page.main

    @pytest.mark.parametrize(
        ("path", "answers", "question", "text"),
        [
            ("/families/{}/contacts/new", {"child_2-why": "She slept"}, "Whether you saw a child", "She slept"),
            ("/families/{}/contacts/new", {"nobody_asked": "A word"}, "One of your answers", "A word"),
            ("/families/new", {"people-0-given_name": "Ann"}, "Given name", "Ann"),
            ("/families/{}/plan/actions/new", {"what_2": "Ring them"}, "What will happen?", "Ring them"),
        ],
    )
    def test_is_given_back_under_words_that_people_know(
        self, council: Council, sign_in: SignIn, path: str, answers: dict[str, str], question: str, text: str
    ) -> None:
        address = path.format(an_active_family(council).ref)
        form = sign_in(council.coordinator).get(address).form(address)

        page = form.send({**answers, "idempotency_key": "short"})

        asked = [each.get_text() for each in page.soup.select("main h3")]
        (place,) = [at for at, each in enumerate(asked) if each.startswith(question)]
        assert page.soup.select("main .app-typed")[place].get_text().strip() == text
        assert not [each for each in asked if "_" in each or "-" in each]

    def test_is_not_shown_for_a_page_of_another_site_nor_is_a_password(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner)

        forged = browser.post(f"/actions/{action.ref}/update", {"note": self.NOTE, "csrf_token": "guessed"})
        form = Browser(council.app.test_client()).get("/sign-in").form("/sign-in")
        signing_in = form.send({"email": council.partner.email, "password": "a secret one", "idempotency_key": "short"})

        assert (forged.status, signing_in.status) == (400, 400)
        assert "Mrs" not in forged.html
        assert "a secret one" not in signing_in.html
