"""Whom pages and letters tell people to ring, set by an administrator: everywhere from the next click on."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.domain.administering import Act
from portal.models.administering import AdminChange
from portal.models.record import CouncilContact
from tests.support.people import Council
from tests.support.post import Postbox
from tests.support.web import Browser, Page, SignIn

HERE = "/admin/settings/contacts"
HELP, FRONT_DOOR, AT_NIGHT, FAMILIES, PRIVACY = (
    "01632 960 701",
    "01632 960 702",
    "01632 960 703",
    "01632 960 704",
    "privacy@council.example",
)
OWN = {
    "help_phone": HELP,
    "front_door_phone": FRONT_DOOR,
    "out_of_hours_phone": AT_NIGHT,
    "family_phone": FAMILIES,
    "privacy_contact": PRIVACY,
}


def changed(council: Council, sign_in: SignIn, **answers: str) -> Page:
    return sign_in(council.admin).submit(HERE, answers)


class TestContacts:
    def test_stand_on_every_page_from_the_next_click_on(self, council: Council, sign_in: SignIn) -> None:
        worker, nobody = sign_in(council.coordinator), Browser(council.app.test_client())
        before = worker.get("/account").text
        assert "01632 960 100" in before

        changed(council, sign_in, **OWN)

        assert HELP in worker.get("/account").text
        assert "01632 960 100" not in worker.get("/account").text
        help_page = worker.get("/help").main
        assert FRONT_DOOR in help_page
        assert AT_NIGHT in help_page
        assert HELP in nobody.get("/sign-in").main
        privacy = nobody.get("/privacy").main
        assert PRIVACY in privacy
        assert FAMILIES in privacy
        assert FAMILIES in nobody.get("/s/no-such-link").text
        assert HELP in worker.get("/no-such-page").text

    def test_stand_in_letters(self, council: Council, sign_in: SignIn) -> None:
        changed(council, sign_in, **OWN)
        postbox = Postbox(council.app)

        sign_in(council.admin).submit(
            "/admin/invitations/new",
            {"name": "Noor New", "email": "noor@x.example", "organisation": "2", "roles": ["partner"]},
        )
        postbox.work()

        (letter,) = postbox.letters
        assert HELP in letter.text
        assert "01632 960 100" not in f"{letter.text}{letter.html}"

    def test_left_empty_are_the_servers_again_and_all_is_written_down(self, council: Council, sign_in: SignIn) -> None:
        changed(council, sign_in, **OWN)

        page = changed(council, sign_in, help_phone="")

        assert "01632 960 100" in sign_in(council.partner).get("/account").text
        assert f"Help with the portal: from {HELP} to nothing" in page.follow().main
        with council.behind_the_scenes():
            changes = list(db.session.scalars(select(AdminChange).order_by(AdminChange.id)))
            kept = set(db.session.scalars(select(CouncilContact.key)))
        assert [change.kind for change in changes] == [Act.CONTACTS_CHANGED] * 2
        assert (changes[1].before, changes[1].after) == ({"help_phone": HELP}, {"help_phone": None})
        assert kept == set(OWN) - {"help_phone"}
        assert "Nothing was changed" in changed(council, sign_in).follow().text

    def test_sentences_are_shown_first_and_nothing_is_saved(self, council: Council, sign_in: SignIn) -> None:
        page = changed(council, sign_in, family_phone=FAMILIES, preview="y")

        assert page.status == 200
        assert f"Or call us on {FAMILIES}, and we will write your answer down." in page.text_of("#examples")
        assert "Help with using this service: call 01632 960 100." in page.text_of("#examples")
        with council.behind_the_scenes():
            assert db.session.scalars(select(CouncilContact)).all() == []
        assert page.form(HERE).values["family_phone"] == [FAMILIES]

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"help_phone": "ring Kim"}, "Enter a phone number, like 01632 960 001 or 111"),
            ({"privacy_contact": "x" * 81}, "The contact must be 80 characters or fewer. It is 81"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str) -> None:
        page = changed(council, sign_in, **answers)

        assert (page.status, page.errors) == (422, [error])

    def test_changed_by_two_tells_the_second_and_keeps_what_was_typed(self, council: Council, sign_in: SignIn) -> None:
        late = sign_in(council.admin).get(HERE).form(HERE)
        changed(council, sign_in, help_phone=HELP)

        page = late.send({"help_phone": FRONT_DOOR})

        assert page.status == 409
        assert f"from nothing to {HELP}" in page.main
        assert page.form(HERE).values["help_phone"] == [FRONT_DOOR]
        assert page.form(HERE).send().status == 303
