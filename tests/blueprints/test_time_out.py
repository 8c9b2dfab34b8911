"""Until when somebody stays signed in: said on every form with the time of day, and put off by a link."""

from datetime import UTC, datetime, timedelta

import time_machine

from tests.support.people import Council, an_active_family
from tests.support.web import SignIn

START = datetime(2026, 10, 7, 9, 0, tzinfo=UTC)


class TestTheTimeOut:
    def test_is_said_on_a_form_and_put_off_without_leaving_it(self, council: Council, sign_in: SignIn) -> None:
        path = f"/families/{an_active_family(council).ref}/notes/new"
        with time_machine.travel(START, tick=False) as now:
            browser = sign_in(council.partner)
            page = browser.get(path)

            assert "you will be signed out at 10:30am if you do nothing on this page" in page.text_of("#time-out")
            link = page.soup.select_one("#time-out a[href='/stay-signed-in'][target=_blank]")
            assert link is not None
            now.shift(timedelta(minutes=25))
            opened = browser.get("/stay-signed-in")
            assert "You stay signed in until 10:55am" in opened.main
            in_place = browser.get("/stay-signed-in", htmx=True)
            assert "signed out at 10:55am" in in_place.text
            assert not in_place.soup.select("h1")
            now.shift(timedelta(minutes=29))
            assert page.form(path).send({"text": "Still here"}).status == 303

    def test_comes_on_its_day_however_much_somebody_clicks(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(START, tick=False) as now:
            browser = sign_in(council.partner)
            for _ in range(20):
                now.shift(timedelta(minutes=29))
                page = browser.get("/stay-signed-in")

            assert "You stay signed in until 8pm" in page.main

    def test_is_not_on_a_page_that_is_only_read(self, council: Council, sign_in: SignIn) -> None:
        assert not sign_in(council.partner).get("/my-actions").soup.select("#time-out")
