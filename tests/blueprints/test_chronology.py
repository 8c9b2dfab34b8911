"""One chronology of everything: notes in it for those they are for, narrowed, printed, corrected."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.models.people import User
from portal.models.record import Event
from tests.support.handovers import kept_apart
from tests.support.people import Council, Team, an_active_family
from tests.support.web import Page, SignIn, counted_statements


def write(sign_in: SignIn, person: User, team: Team, text: str, audience: str = "team") -> None:
    page = sign_in(person).submit(f"/families/{team.ref}/notes/new", {"text": text, "audience": audience})
    assert page.status == 303


def past(sign_in: SignIn, person: User, team: Team, **query: str) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return sign_in(person).get(f"/families/{team.ref}/history?{asked}")


def line_of(council: Council, kind: str) -> Event:
    with council.behind_the_scenes():
        return db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id.desc()).limit(1)).one()


class TestNotesInIt:
    def test_a_note_for_the_team_is_read_by_the_team(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        write(sign_in, council.partner, team, "She likes the new teacher")

        assert "She likes the new teacher" in past(sign_in, council.lead, team).main

    def test_one_for_the_writer_s_organisation_is_absent_for_others(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        write(sign_in, council.partner, team, "A word among us", "organisation")

        mine = past(sign_in, council.partner, team).main
        assert "A word among us" in mine
        assert "only for people of the writer’s organisation" in mine
        for other in (council.lead, council.coordinator, council.manager, council.auditor):
            for path in (
                f"/families/{team.ref}/history",
                f"/families/{team.ref}/history/whole",
                f"/families/{team.ref}",
            ):
                page = sign_in(other).get(path)
                assert "A word among us" not in page.html
                assert "Pat Partner wrote a note" not in page.main


class TestNarrowing:
    def test_to_one_subject(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        write(sign_in, council.partner, team, "She likes the new teacher")

        page = past(sign_in, council.lead, team, kind="notes")

        assert "She likes the new teacher" in page.main
        assert "added the family" not in page.main
        assert [option["value"] for option in page.soup.select("#kind option[selected]")] == ["notes"]

    def test_to_what_has_not_happened(self, council: Council, sign_in: SignIn) -> None:
        assert (
            "Nothing of this kind has happened."
            in past(sign_in, council.lead, an_active_family(council), kind="support").main
        )

    def test_to_what_does_not_exist(self, council: Council, sign_in: SignIn) -> None:
        assert past(sign_in, council.lead, an_active_family(council), kind="everything").status == 404


class TestOnOnePage:
    def test_has_every_line_and_says_who_printed_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        for number in range(25):
            write(sign_in, council.partner, team, f"Note number {number}.")

        browser = sign_in(council.lead)
        with counted_statements(council.app) as statements:
            page = browser.get(f"/families/{team.ref}/history/whole")

        assert "Note number 0." in page.main
        assert "Note number 24." in page.main
        assert page.text_of(".app-print-line").startswith(f"{team.ref}. Printed by Lena Lead, ")
        assert len(statements) <= 5

    def test_says_for_whom_it_is_not_where_people_are_kept_apart(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        whole = f"/families/{team.ref}/history/whole"
        assert "Everything stands here" not in sign_in(council.lead).get(whole).main
        kept_apart(council, team.home.children[0], team.home.parent)

        page = sign_in(council.lead).get(whole)

        words = "Child0 O’Neill must not meet Siobhán O’Neill. Everything stands here: this is for those who work with"
        assert words in page.text_of(".govuk-warning-text")

    def test_narrowed_too(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).get(f"/families/{team.ref}/history/whole?kind=people")

        assert "History: People and home" in page.main
        assert "added the family" in page.main


class TestCorrecting:
    def test_names_what_it_corrects_and_takes_nothing_away(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        write(sign_in, council.partner, team, "Visited on Monday")
        note = line_of(council, "note.written")

        page = sign_in(council.lead).submit(f"/events/{note.ref}/correct", {"text": "It was Tuesday"}).follow()

        assert "Lena Lead corrected an earlier line" in page.main
        assert "It was Tuesday" in page.main
        assert "Corrects: Pat Partner wrote a note, " in page.main
        assert "Visited on Monday" in page.main
        assert "Corrected " in page.main
        assert line_of(council, "line.corrected").corrects_id == note.id

    def test_of_a_narrow_line_is_as_narrow(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        write(sign_in, council.partner, team, "A word among us", "organisation")
        note = line_of(council, "note.written")

        assert sign_in(council.lead).get(f"/events/{note.ref}/correct").status == 404
        sign_in(council.partner).submit(f"/events/{note.ref}/correct", {"text": "Another word"})

        assert "Another word" in past(sign_in, council.partner, team).main
        assert "Another word" not in past(sign_in, council.lead, team).html

    def test_without_words(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        line = line_of(council, "episode.opened")

        page = sign_in(council.lead).submit(f"/events/{line.ref}/correct", {"text": " "})

        assert (page.status, page.errors) == (422, ["Enter what is right"])

    def test_is_not_for_those_who_only_read(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        line = line_of(council, "episode.opened")

        assert sign_in(council.auditor).get(f"/events/{line.ref}/correct").status == 403
        assert "/correct" not in past(sign_in, council.auditor, team).html


class TestWhoTried:
    def test_somebody_on_the_team_told_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(f"/families/{team.ref}/contacts/new").form()

        page = form.send({"method": "call", "answered": "no", "tried_by": str(team.partner.id)})

        assert page.status == 303
        read = past(sign_in, council.lead, team).main
        assert "Lena Lead recorded a call" in read
        assert "as told by Pat Partner" in read

    @pytest.mark.parametrize("who", ["coordinator", "partner"])
    def test_from_one_s_own_list(self, council: Council, sign_in: SignIn, who: str) -> None:
        team = an_active_family(council)
        person = getattr(council, who)
        start = sign_in(person).get("/my-actions" if who == "partner" else "/families")
        assert "/contacts" in start.links()

        page = sign_in(person).get("/contacts")

        assert f"/families/{team.ref}/contacts/new" in page.links()

    def test_nobody_to_record_for(self, council: Council, sign_in: SignIn) -> None:
        assert "You work with no family at present." in sign_in(council.partner).get("/contacts").main
