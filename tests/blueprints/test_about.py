"""What anybody may read about the portal, from the foot of every page."""

import pytest

from tests.support.people import Council
from tests.support.web import SignIn

PAGES = {
    "/help": "Call 01632 960 100 for help with this service",
    "/privacy": "Every look at a family is recorded with your name",
    "/cookies": "You are signed out after 30 minutes without a click, and after 10 hours in any case",
    "/accessibility": "level AA of the Web Content Accessibility Guidelines 2.2",
}


class TestPagesAboutThePortal:
    @pytest.mark.parametrize("who", [None, "partner", "admin"])
    def test_are_at_the_foot_of_every_page_and_open_to_everybody(
        self, council: Council, sign_in: SignIn, who: str | None
    ) -> None:
        browser = sign_in(getattr(council, who) if who else None)
        foot = browser.get("/account" if who else "/sign-in").soup.select(".app-footer a[href]")

        assert [str(link["href"]) for link in foot][-len(PAGES) :] == list(PAGES)
        for address, words in PAGES.items():
            page = browser.get(address)
            assert page.status == 200
            assert words in page.main

    def test_name_every_cookie_there_is(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)

        told = [cell.get_text() for cell in browser.get("/cookies").soup.select("tbody th")]

        assert told == ["portal"]
        assert [name for _host, _path, name in browser.client._cookies or ()] == told
