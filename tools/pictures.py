"""Take the pictures of docs/screens.md: what people see, in a demonstration made for it and thrown away."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright

from portal import create_app
from portal.core.config import Settings
from portal.demo import load
from tests.support import server
from tests.support.browser import launch_arguments

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 760}
Way = Callable[["Visit"], None]


@dataclass(frozen=True)
class Picture:
    """Who goes where, on a screen of which size, and what they do there before the picture is taken."""

    name: str
    who: str | None
    path: str
    screen: dict[str, int]
    way: Way = lambda _visit: None


@dataclass(frozen=True)
class Visit:
    page: Page
    browser: Browser
    base: str
    logins: dict[str, dict[str, str]]


def first(selector: str) -> Way:
    """Follow the first such link."""
    return lambda visit: visit.page.locator(selector).first.click()


def two_at_once(visit: Visit) -> None:
    """Somebody else says how a parent can safely be reached while this person writes it down."""
    visit.page.locator("main a[href^='/families/F-']").first.click()
    visit.page.goto(f"{visit.page.url}/household")
    visit.page.locator("main a[href$='/safe-contact']").first.click()
    note = "main form textarea, main form input[name=note]"
    other = signed_in(visit.browser, visit.base, visit.logins["manager"], WIDE)
    other.goto(visit.page.url)
    other.locator(note).first.fill("Only between ten and two, when the children are at school.")
    save(other)
    visit.page.locator(note).first.fill("After six in the evening, on her sister’s telephone.")
    save(visit.page)


def save(page: Page) -> None:
    page.locator("main form button.govuk-button:not(.govuk-button--secondary)").last.click()


def looked(visit: Visit) -> None:
    visit.page.locator("main a[href^='/families/F-']").first.click()
    visit.page.wait_for_url("**/families/F-*")
    visit.page.goto(f"{visit.page.url}/who-has-looked")


SHOWN = (
    Picture("home", "coordinator", "/home", WIDE),
    Picture("family", "coordinator", "/families", WIDE, first("main a[href^='/families/F-']")),
    Picture("sign-in", None, "/sign-in", NARROW),
    Picture("update", "partner", "/my-actions", NARROW, first("main a[href^='/actions/A-']")),
    Picture("conflict", "coordinator", "/families", WIDE, two_at_once),
    Picture("looked", "manager", "/families", WIDE, looked),
    Picture("break-glass", "coordinator", "/break-glass", WIDE),
    Picture("people", "admin", "/admin/people", WIDE),
    Picture("organisations", "admin", "/admin/organisations", WIDE),
    Picture("settings", "admin", "/admin/settings", WIDE),
    Picture("log", "admin", "/admin/log", WIDE),
)


def signed_in(browser: Browser, base: str, login: dict[str, str] | None, screen: Any) -> Page:
    page = browser.new_context(viewport=screen, locale="en-GB", timezone_id="Europe/London").new_page()
    if login:
        page.goto(f"{base}/sign-in")
        page.get_by_label("Email address").fill(login["username"])
        page.get_by_label("Password", exact=True).fill(login["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
    return page


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Its address and its sign-ins."""
    with TemporaryDirectory() as folder:
        settings = Settings(
            environment="demonstration",
            secret_key="for pictures alone, and thrown away with them",  # noqa: S106  (it keeps nothing secret)
            instance_folder=Path(folder),
        )
        app = create_app(settings)
        with app.app_context():
            upgrade()
            logins = load.run(settings, families=60, seed=1, say=lambda _line: None)
        with server.serve(app) as base:
            yield base, json.loads(Path(logins).read_text(encoding="utf-8"))


@click.command()
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Take all pictures, or those NAMED."""
    with demonstration() as (base, logins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        for each in SHOWN:
            if names and each.name not in names:
                continue
            page = signed_in(browser, base, logins[each.who] if each.who else None, each.screen)
            page.goto(base + each.path)
            each.way(Visit(page, browser, base, logins))
            page.screenshot(path=PICTURES / f"{each.name}.png")
            click.echo(f"{each.name}: {page.title()}")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
