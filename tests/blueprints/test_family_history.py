"""A family's history: newest first, and more on request."""

import pytest

from portal.domain.event_kinds import E
from portal.services import history
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.web import SignIn


class TestHistory:
    def write(self, council: Council, home: Home, number: int) -> None:
        with council.as_(council.coordinator) as viewer:
            for n in range(number):
                history.record(E.NOTE_WRITTEN, home.family, by=viewer, text=f"Note number {n}.")

    def test_newest_first_and_more_on_request(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        self.write(council, team.home, 30)
        browser = sign_in(council.lead)

        first = browser.get(f"/families/{team.ref}/history")
        more = first.soup.select_one("#show-more")
        assert more
        second = browser.get(str(more["href"]))

        assert first.main.index("Note number 29.") < first.main.index("Note number 10.")
        assert "Note number 9." not in first.main
        assert second.main.index("Note number 9.") < second.main.index("Sam Social added the family")
        assert not second.soup.select("#show-more")

    def test_in_place_with_htmx(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        self.write(council, team.home, 30)
        browser = sign_in(council.lead)
        more = browser.get(f"/families/{team.ref}/history").soup.select_one("#show-more")
        assert more

        piece = browser.get(str(more["hx-get"]), htmx=True)

        assert "<html" not in piece.html
        assert "Note number 9." in piece.text_of("#earlier")
        assert piece.text_of("#status") == "Earlier lines are shown below"

    @pytest.mark.parametrize("before", ["x", "-1", "1 OR 1", "٣", "99999999999999"])
    def test_an_impossible_page_is_not_there(self, council: Council, sign_in: SignIn, before: str) -> None:
        home = a_family(council)

        assert sign_in(council.social_worker).get(f"/families/{home.ref}/history?before={before}").status == 404

    def test_an_event_of_another_family_opens_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_family(council, name="Ray")

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/history?before=2")

        assert "There is nothing earlier." in page.main
