"""Notes: for everybody who works with the family, or for one's own organisation alone."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.models.families import Note
from portal.models.people import User
from portal.models.record import Event
from portal.queries import notes
from tests.support.people import Council, Team, an_active_family
from tests.support.situations import confidential
from tests.support.web import Page, SignIn


def write(sign_in: SignIn, person: User, team: Team, answers: dict[str, Any]) -> Page:
    return sign_in(person).submit(f"/families/{team.ref}/notes/new", answers)


def read(council: Council, person: User, team: Team) -> list[notes.NoteRow]:
    with council.as_(person):
        return notes.of_family(team.family.id)


class TestWritingANote:
    def test_for_the_team(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = write(sign_in, council.partner, team, {"text": "She likes the new\nteacher"})

        assert (page.status, page.location) == (303, f"/families/{team.ref}/history")
        (note,) = read(council, council.lead, team)
        assert note.text == "She likes the new\nteacher"
        assert note.byline.startswith("Pat Partner, Hillside Primary School, ")
        assert not note.own

    def test_for_my_own_organisation_is_absent_for_others(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        assert write(sign_in, council.partner, team, {"text": "A secret", "audience": "organisation"}).status == 303

        assert [note.own for note in read(council, council.partner, team)] == [True]
        for other in (council.lead, council.coordinator, council.manager, council.auditor):
            assert read(council, other, team) == []

    @pytest.mark.parametrize("audience", ["team", "organisation"])
    def test_history_never_says_what_it_says(self, council: Council, sign_in: SignIn, audience: str) -> None:
        team = an_active_family(council)

        write(sign_in, council.partner, team, {"text": "A secret", "audience": audience})

        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).where(Event.kind == "note.written")).one()
            assert (event.text, event.data, event.subject) == (None, {}, team.ref)

    def test_double_click_writes_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(f"/families/{team.ref}/notes/new").form()

        first, second = form.send({"text": "Once"}), form.send({"text": "Once"})

        assert (first.status, second.status) == (303, 303)
        assert len(read(council, council.lead, team)) == 1

    def test_newest_first(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        for text in ("First", "Second"):
            write(sign_in, council.lead, team, {"text": text})

        assert [note.text for note in read(council, council.lead, team)] == ["Second", "First"]

    @pytest.mark.parametrize("told", ["They are at 12 hidden row now", "Near AF99ZZ"])
    def test_never_the_words_of_a_confidential_address(self, council: Council, sign_in: SignIn, told: str) -> None:
        team = an_active_family(council)
        confidential(council, team.home)

        page = write(sign_in, council.partner, team, {"text": told})

        assert page.status == 422
        assert page.errors[0].startswith("This tells an address that is kept confidential")
        assert page.form(f"/families/{team.ref}/notes/new").values["text"] == [told]
        assert read(council, council.lead, team) == []

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"text": " \n "}, "Enter a note"),
            ({"text": "x" * 10001}, "Note must be 10,000 characters or fewer. It is 10,001"),
            ({"text": "a\x1bb"}, "Note must not hold control characters. Delete them and type the text again"),
            ({"text": "a", "audience": "everybody"}, "Select one of the answers in the list"),
            ({"text": "a", "audience": None}, "Select who the note is for"),
        ],
    )
    def test_bad_input_is_refused_in_words(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], error: str
    ) -> None:
        team = an_active_family(council)

        page = write(sign_in, council.lead, team, answers)

        assert page.status == 422
        assert page.errors == [error]
        with council.behind_the_scenes():
            assert db.session.scalars(select(Note)).all() == []

    def test_who_may(self, council: Council, sign_in: SignIn) -> None:
        path = f"/families/{an_active_family(council).ref}/notes/new"

        assert sign_in(council.auditor).get(path).status == 403
        for stranger in (council.partner_other_organisation, council.front_door, council.admin):
            assert sign_in(stranger).get(path).status == 404
