"""A passkey in a real browser: made, used alone, used after the password, removed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.config import Settings
from tests.support.axe import assert_accessible
from tests.support.people import PASSWORD, Council
from tests.support.proving import code_of, with_an_app
from tests.support.server import HOST, serve


@pytest.fixture
def base(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Passkeys belong to a name, not to a number."""
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
    with serve(council.app) as address:
        yield address.replace(HOST, "localhost")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """With a phone beside it, whose owner is there and puts a finger on it."""
    context = browser.new_context()
    page = context.new_page()
    phone = context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give_password(page: Page, council: Council) -> None:
    page.get_by_label("Email address").fill(council.partner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_is_made_then_opens_the_portal_alone_and_after_the_password_until_it_is_removed(
    council: Council, base: str, page: Page
) -> None:
    with_an_app(council, council.partner)
    page.goto(f"{base}/sign-in?next=/account/passkeys")
    assert_accessible(page)
    give_password(page, council)
    assert_accessible(page)
    page.get_by_label("Code from your app").fill(code_of(council, council.partner))
    press(page, "Sign in")

    assert_accessible(page)
    page.get_by_label("What do you call it?").fill("Work phone")
    press(page, "Make a passkey")
    expect(page.get_by_role("heading", name="Work phone")).to_be_visible()
    sign_out(page)

    assert_accessible(page)
    expect(page.get_by_text("Nothing came of it")).to_be_hidden()
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", name="My actions")).to_be_visible()
    sign_out(page)

    give_password(page, council)
    press(page, "Use a passkey instead")
    expect(page.get_by_role("heading", name="My actions")).to_be_visible()

    page.goto(f"{base}/account/passkeys")
    press(page, "Remove Work phone")
    expect(page.get_by_text("You have none.")).to_be_visible()
    sign_out(page)
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()
    page.get_by_role("link", name="Sign in another way").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_that_does_not_come_is_said_and_the_password_is_still_there(council: Council, base: str, page: Page) -> None:
    page.goto(f"{base}/sign-in")

    press(page, "Sign in with a passkey")

    expect(page.get_by_text("Nothing came of it. Try again, or use another way.")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
