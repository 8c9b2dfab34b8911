"""A parent answers by the link in a text message: three taps, on a phone, with and without script, by keys alone."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from portal.core import clock
from tests.journeys.driver import Watch
from tests.support.asking import Link, a_link, answers_of
from tests.support.axe import assert_accessible
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family

PHONE = {"width": 375, "height": 667}
HEAVIEST, REQUESTS = 25_000, 3


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def link(council: Council, home: Home) -> Link:
    return a_link(council, home, a_referral(council, home, given_on=clock.today() - timedelta(days=7))[0])


def phone(browser: Browser, watch: Watch, *, scripted: bool = True) -> tuple[BrowserContext, Page]:
    context = browser.new_context(java_script_enabled=scripted, viewport=PHONE, is_mobile=False)  # type: ignore[arg-type]
    page = context.new_page()
    watch.over(page)
    return context, page


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_three_taps(council: Council, home: Home, browser: Browser, watch: Watch, link: Link, scripted: bool) -> None:
    context, page = phone(browser, watch, scripted=scripted)

    page.goto(watch.base + link.path)  # 1: the link
    if scripted:
        assert_accessible(page)
    page.get_by_text("Yes, it has started").click()  # 2
    expect(page.get_by_label("Day")).to_be_visible()
    if scripted:
        assert_accessible(page)
    page.get_by_role("button", name="Send my answer").click()  # 3
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    if scripted:
        assert_accessible(page)

    watch.assert_quiet()
    assert [each.said for each in answers_of(council, home)] == ["yes"]
    context.close()


def test_by_keys_alone_and_a_wrong_date_is_put_right(
    council: Council, home: Home, browser: Browser, watch: Watch, link: Link
) -> None:
    context, page = phone(browser, watch)
    watch.expected = {422}
    page.goto(watch.base + link.path)

    for key in ("Tab", "Tab", "Tab", "Space", "Tab"):  # the way out, the number, the first answer, the day
        page.keyboard.press(key)
    expect(page.get_by_label("Day")).to_be_focused()
    page.keyboard.type("31")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The date it started must be a real date")
    assert_accessible(page)
    page.get_by_role("alert").get_by_role("link").press("Enter")
    expect(page.get_by_label("Month")).to_be_focused()
    page.get_by_label("Day").fill("27")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("Year").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")

    watch.assert_quiet()
    assert [each.started_on for each in answers_of(council, home)] == [date(2026, 2, 27)]
    context.close()


def test_it_is_light_and_asks_no_other_host(browser: Browser, watch: Watch, link: Link) -> None:
    context, page = phone(browser, watch)
    asked: list[Request] = []

    def keep(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", keep)

    page.goto(watch.base + link.path, wait_until="networkidle")

    sizes = [request.sizes() for request in asked]
    assert len(asked) <= REQUESTS
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) <= HEAVIEST
    watch.assert_quiet()
    context.close()


def test_a_link_that_opens_nothing_has_a_number_to_ring(browser: Browser, watch: Watch) -> None:
    context, page = phone(browser, watch)
    watch.expected = {404}

    page.goto(watch.base + "/s/unknown")

    expect(page.get_by_role("heading", level=1)).to_have_text("This link has stopped working")
    expect(page.get_by_role("link", name="01632 960 133")).to_be_visible()
    assert_accessible(page)
    watch.assert_quiet()
    context.close()
