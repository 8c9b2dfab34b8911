"""The council's own sign-in in a real browser: connected on one's account, then the way in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from portal.core.config import Settings
from portal.web import provider as council_sign_in
from tests.support.axe import assert_accessible
from tests.support.openid_provider import CLIENT, SECRET, running
from tests.support.people import PASSWORD, Council
from tests.support.proving import code_of, with_an_app
from tests.support.server import serve


@pytest.fixture
def base(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with serve(council.app) as address, running() as provider:
        provider.portal = address
        chosen = {
            "second_factor": True,
            "oidc_second_factor": "provider",
            "oidc_issuer": provider.address,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "Ambleford account",
        }
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update=chosen))
        yield address
        council_sign_in._client.cache_clear()


def test_is_connected_on_ones_account_and_then_the_way_in(council: Council, base: str, browser: Browser) -> None:
    with_an_app(council, council.partner)
    page = browser.new_page()
    page.goto(f"{base}/sign-in?next=/account/provider")
    assert_accessible(page)
    page.get_by_label("Email address").fill(council.partner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code from your app").fill(code_of(council, council.partner))
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.get_by_role("link", name="Sign in there and connect it").click()
    expect(page.get_by_text("Is that you?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Yes, connect it to my account").click()
    expect(page.get_by_text("You can sign in with Ambleford account, since")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.get_by_role("button", name="Sign in with Ambleford account").click()
    expect(page.get_by_role("heading", name="My actions")).to_be_visible()
    page.close()
