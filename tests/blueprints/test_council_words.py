"""The council's own words, set by an administrator: on every page from the next click, looked at before, given back."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.domain.administering import Act
from portal.domain.word_examples import sentences
from portal.domain.words import SHIPPED, Word
from portal.models.administering import AdminChange
from portal.models.record import WordLabel
from tests.support.people import Council
from tests.support.web import Page, SignIn

LIST, CHANGE, RESET = "/admin/settings/words", "/admin/settings/words/change", "/admin/settings/words/reset"
OWN = {"key": "step_down", "one": "move-on", "many": "move-ons", "a": "a move-on"}


def changed(council: Council, sign_in: SignIn, **answers: str) -> Page:
    return sign_in(council.admin).submit(CHANGE, {**OWN, **answers})


class TestTheCouncilsWords:
    def test_are_said_from_the_next_click_and_given_back(self, council: Council, sign_in: SignIn) -> None:
        worker = sign_in(council.social_worker)
        assert "Start a step-down" in worker.get("/step-downs").text

        page = changed(council, sign_in)

        assert "Start a move-on" in worker.get("/step-downs").text
        shown = page.follow()
        assert "One: from step-down to move-on" in shown.main
        assert shown.form(RESET).send().status == 303
        assert "Start a step-down" in worker.get("/step-downs").text
        assert sign_in(council.admin).get(LIST).soup.select(f"form[action='{RESET}']") == []
        with council.behind_the_scenes():
            acts = list(db.session.scalars(select(AdminChange.kind).order_by(AdminChange.id)))
            assert db.session.scalars(select(WordLabel)).all() == []
        assert acts == [Act.WORD_CHANGED, Act.WORD_RESET]

    def test_are_said_in_the_bar_and_at_the_head_of_lists(self, council: Council, sign_in: SignIn) -> None:
        changed(council, sign_in, key="family", one="household", many="households", a="a household")

        page = sign_in(council.coordinator).get("/families")

        assert page.text_of(".app-navigation [aria-current]") == "Households"
        assert page.text_of("h1") == "My households"

    def test_a_link_beside_one_chooses_it_as_it_is_said_now(self, council: Council, sign_in: SignIn) -> None:
        changed(council, sign_in)

        form = sign_in(council.admin).get(f"{CHANGE}?word=step_down").form(CHANGE)

        assert (form.values["key"], form.values["a"]) == (["step_down"], ["a move-on"])

    def test_sentences_are_shown_first_and_nothing_is_saved(self, council: Council, sign_in: SignIn) -> None:
        page = changed(council, sign_in, preview="y")

        assert page.status == 200
        examples = page.text_of("#examples")
        assert "2 move-ons" in examples
        assert "The move-on waits to be accepted again" in examples
        assert page.form(CHANGE).values["one"] == ["move-on"]
        with council.behind_the_scenes():
            assert db.session.scalars(select(WordLabel)).all() == []
        assert page.form(CHANGE).send().status == 303

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"one": " "}, "Enter how one is called"),
            ({"many": "move{ons}"}, "How several are called must not hold braces"),
            ({"a": "a" * 61}, "How it is called with “a” or “an” must be 60 characters or fewer. It is 61"),
            ({"key": "nothing"}, "Select one of the answers in the list"),
            ({"one": "step-down", "many": "step-downs", "a": "a step-down"}, "These are the words already"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str) -> None:
        page = changed(council, sign_in, **answers)

        assert (page.status, page.errors) == (422, [error])

    def test_changed_by_two_tells_the_second_and_keeps_what_was_typed(self, council: Council, sign_in: SignIn) -> None:
        late = sign_in(council.admin).get(CHANGE).form(CHANGE)
        changed(council, sign_in)

        page = late.send({**OWN, "one": "hand-on"})

        assert page.status == 409
        assert "One: from step-down to move-on" in page.main
        assert page.form(CHANGE).values["one"] == ["hand-on"]
        assert page.form(CHANGE).send().status == 303
        assert "hand-on" in sign_in(council.admin).get(LIST).main

    def test_what_is_given_back_twice_is_said(self, council: Council, sign_in: SignIn) -> None:
        changed(council, sign_in)
        first, second = (sign_in(council.admin).get(LIST).form(RESET) for _ in range(2))

        assert first.send().status == 303
        page = second.send()

        assert page.status == 409
        assert "the portal’s own words already" in page.main


@pytest.mark.parametrize("key", SHIPPED)
def test_every_word_has_sentences_with_nothing_raw_in_them(key: str) -> None:
    found = sentences(key, SHIPPED, Word("thing", "things", "a thing"))

    assert found[:3] == ["1 thing", "2 things", "This is a thing."]
    assert not [sentence for sentence in found if "{" in sentence]
