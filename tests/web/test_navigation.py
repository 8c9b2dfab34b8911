"""The bar under the header: few places, and from them every other page."""

import pytest

from tests.support.handover import a_proposed
from tests.support.people import Council
from tests.support.web import Page, SignIn

MOST = 5
PEOPLE = (
    "coordinator",
    "manager",
    "social_worker",
    "social_care_manager",
    "front_door",
    "partner",
    "auditor",
    "admin",
)
TEAMS = ["/team-needs", "/meetings", "/waiting-longest", "/agreements", "/standards"]
OWNERS = ("manager", "social_worker", "social_care_manager", "partner")


def places(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select(".app-navigation li:not(.app-navigation__account) a[href]")]


@pytest.mark.parametrize("who", PEOPLE)
def test_no_role_has_more_than_five_places_and_each_opens(council: Council, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(council, who))

    found = places(browser.get("/account"))

    assert 1 <= len(found) <= MOST
    assert [browser.get(place).status for place in found] == [200] * len(found)


@pytest.mark.parametrize("who", OWNERS)
def test_whoever_can_own_an_action_finds_their_own_in_the_bar(council: Council, sign_in: SignIn, who: str) -> None:
    assert "/my-actions" in places(sign_in(getattr(council, who)).get("/account"))


def test_a_social_worker_finds_visits_and_their_families_from_step_downs(council: Council, sign_in: SignIn) -> None:
    family = a_proposed(council).family_ref

    links = sign_in(council.social_worker).get("/step-downs").links()

    assert {"/contacts", f"/families/{family}"} <= set(links)


@pytest.mark.parametrize("who", ["coordinator", "manager"])
def test_pages_about_teams_lead_to_each_other_from_one_place(council: Council, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(council, who))
    assert TEAMS[0] in places(browser.get("/families"))

    for path in TEAMS:
        page = browser.get(path)
        assert set(TEAMS) <= set(page.links())
        assert page.text_of(".app-navigation [aria-current]") == "Teams"


def test_a_partner_finds_meetings_in_the_bar(council: Council, sign_in: SignIn) -> None:
    page = sign_in(council.partner).get("/my-actions")

    assert "/meetings" in places(page)
    assert "/team-needs" not in page.links()


@pytest.mark.parametrize("who", PEOPLE)
def test_practice_standards_are_one_link_away_for_whoever_may_read_them(
    council: Council, sign_in: SignIn, who: str
) -> None:
    browser = sign_in(getattr(council, who))

    linked = bool(browser.get("/account").soup.select(".app-footer a[href='/standards']"))

    assert browser.get("/standards").status == (200 if linked else 403)
