"""A browser that asks its one person for no code for some days, where the council has set that."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.models.proving import TrustedDevice
from portal.services import trusted_devices
from tests.support.people import PASSWORD, Council
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.web import Browser, Page, SignIn

CODE, OWN = "/sign-in/code", "/account/second-factor"
COOKIE = "portal-device"


@pytest.fixture(autouse=True)
def thirty_days(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings.model_copy(update={"second_factor": True, "trusted_device_days": 30})
    monkeypatch.setitem(council.app.config, "PORTAL", chosen)


def trusted(council: Council) -> Browser:
    """The partner’s own browser."""
    with_an_app(council, council.partner)
    page = after_password(council.app, council.partner).follow()
    page.form(CODE).send({"code": code_of(council, council.partner), "trust": "y"})
    return page.browser


def again(council: Council, browser: Browser) -> Page:
    """They sign in some other day, in the same browser."""
    browser.client.delete_cookie("portal")
    return browser.submit("/sign-in", {"email": council.partner.email, "password": PASSWORD})


class TestTrustedBrowser:
    def test_asks_for_no_code_until_the_days_are_over(self, council: Council) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            browser = trusted(council)
            now.shift(timedelta(days=29, hours=23))
            assert again(council, browser).location == "/"
            now.shift(timedelta(hours=2))
            assert again(council, browser).location == CODE

    def test_the_page_about_cookies_names_what_it_is_known_by(self, council: Council) -> None:
        rows = trusted(council).get("/cookies").soup.select("tbody tr")

        assert [row.select_one("th").get_text() for row in rows] == ["portal", COOKIE]  # type: ignore[union-attr]
        assert "30 days" in rows[1].get_text()

    def test_is_one_browser_of_one_person_and_needs_the_password_still(self, council: Council) -> None:
        browser = trusted(council)
        cookie = browser.client.get_cookie(COOKIE)
        with_an_app(council, council.lead)
        browser.client.delete_cookie("portal")

        other = browser.submit("/sign-in", {"email": council.lead.email, "password": PASSWORD})
        wrong = browser.submit("/sign-in", {"email": council.partner.email, "password": "wrong"})

        assert cookie is not None
        assert (cookie.http_only, cookie.same_site) == (True, "Strict")
        assert other.location == CODE
        assert wrong.status == 422
        assert after_password(council.app, council.partner).location == CODE
        with council.behind_the_scenes():
            assert db.session.scalars(select(TrustedDevice.token_hash)).one() != cookie.value

    def test_is_forgotten_on_ones_own_account(self, council: Council) -> None:
        browser = trusted(council)
        page = browser.get(OWN)

        assert "Trusted since" in page.main
        gone = page.form(f"{OWN}/devices/forget").send().follow()

        assert "Trusted since" not in gone.main
        assert again(council, browser).location == CODE

    def test_is_nobody_elses_to_forget(self, council: Council) -> None:
        browser = trusted(council)
        with council.behind_the_scenes():
            trusted_devices.forget(council.lead.id, db.session.scalars(select(TrustedDevice.id)).one())

        assert again(council, browser).location == "/"

    def test_ends_with_the_app_it_was_trusted_by(self, council: Council) -> None:
        browser = trusted(council)

        with_an_app(council, council.partner)

        assert again(council, browser).location == CODE

    def test_ends_with_the_password_it_was_trusted_with(self, council: Council, sign_in: SignIn) -> None:
        browser, new = trusted(council), "four plain otters walked"
        sign_in(council.partner).submit("/account/password", {"current_password": PASSWORD, "new_password": new})
        browser.client.delete_cookie("portal")

        page = browser.submit("/sign-in", {"email": council.partner.email, "password": new})

        assert page.location == CODE

    def test_is_not_offered_where_it_is_not_set(
        self, council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
        with_an_app(council, council.partner)
        page = after_password(council.app, council.partner).follow()

        page.form(CODE).send({"code": code_of(council, council.partner), "trust": "y"})

        assert not page.soup.select("input[name=trust]")
        assert page.browser.client.get_cookie(COOKIE) is None
