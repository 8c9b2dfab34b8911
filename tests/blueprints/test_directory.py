"""The service directory: found by need, place, age and words; added, corrected and retired by hand."""

import json
from typing import Any

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain import hsds
from portal.domain.dates import full
from portal.models.following import Service, ServiceOrigin
from portal.services import directory
from portal.services.directory import Taken
from tests.support.following import a_service
from tests.support.people import Council, a_family
from tests.support.web import FilledForm, SignIn, date_parts


def published(council: Council, **more: Any) -> Taken:
    """One service as its publisher's file says it."""
    said = {
        "id": "6f0c8b1e-0000-4000-8000-000000000001",
        "name": "Money advice",
        "status": "active",
        "description": "Bills and debts",
        "minimum_age": 16,
        "phones": [{"id": "p1", "number": "01632 960 500"}],
        "organization": {"id": "o1", "name": "The Advice Shop", "description": "Advice"},
        **more,
    }
    with council.behind_the_scenes():
        return directory.take_in([hsds.read(json.dumps(said))])


def the_service(council: Council) -> Service:
    with council.behind_the_scenes():
        return db.session.query(Service).one()


def opened(sign_in: SignIn, council: Council, to: str, service: Service) -> FilledForm:
    """A form about the service, opened by the coordinator."""
    return sign_in(council.coordinator).get(f"/services/{service.ref}/{to}").form(f"/services/{service.ref}/{to}")


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["Dads’ Saturday", "Money advice", "Stay and play"]),
            ("words=PLAY", ["Stay and play"]),
            ("words=debt", ["Money advice"]),
            ("topic=debt", ["Money advice"]),
            ("topic=b%C3%A9n%C3%A9fits", ["Money advice"]),
            ("place=af1", ["Money advice", "Stay and play"]),
            ("place=AF1+1", ["Stay and play"]),
            ("place=mill+lane", ["Stay and play"]),
            ("age=3", ["Dads’ Saturday", "Stay and play"]),
            ("age=40", ["Dads’ Saturday", "Money advice"]),
            ("age=what", ["Dads’ Saturday", "Money advice", "Stay and play"]),
            ("words=100%25", []),
            ("words=money&place=zz", []),
        ],
    )
    def test_by_need_place_age_and_words(self, council: Council, sign_in: SignIn, query: str, found: list[str]) -> None:
        with council.behind_the_scenes():
            described: dict[str, dict[str, Any]] = {
                "Stay and play": {"address": "3 Mill Lane", "postcode": "AF1 1AB", "maximum_age": 5},
                "Money advice": {"postcode": "AF10 2ZZ", "minimum_age": 16, "topics": ["debt", "bénéfits"]},
                "Dads’ Saturday": {},
                "Closed long ago": {"active": False},
            }
            for name, more in described.items():
                service = Service(
                    origin=ServiceOrigin.HAND, name=name, organisation_name="A", changed_at=clock.now(), topics=[]
                )
                for column, value in more.items():
                    setattr(service, column, value)
                db.session.add(service)

        page = sign_in(council.partner).get(f"/services?{query}")

        assert [title.text for title in page.soup.select(".app-card__title")] == found
        assert ("No service matches" in page.main) is not bool(found)

    @pytest.mark.parametrize("typed", ["abc", "-3", "121"])
    def test_an_age_that_is_none_is_said_at_its_field_and_kept(
        self, council: Council, sign_in: SignIn, typed: str
    ) -> None:
        page = sign_in(council.partner).get(f"/services?age={typed}")

        assert page.errors == ["Age must be a whole number from 0 to 120"]
        assert page.text_of("#age-error") == "Error: Age must be a whole number from 0 to 120"
        assert page.soup.select_one("#age")["value"] == typed  # type: ignore[index]

    def test_says_when_it_was_last_assured(self, council: Council, sign_in: SignIn) -> None:
        service = a_service(council)
        before = sign_in(council.partner).get("/services").main
        with council.behind_the_scenes():
            db.session.merge(service).assured_on = clock.today()

        assert "Not known when it was last assured" in before
        assert "Last assured" in sign_in(council.partner).get("/services").main

    def test_a_postcode_that_the_address_holds_is_said_once(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            db.session.add(
                Service(
                    origin=ServiceOrigin.HAND,
                    name="Stay and play",
                    organisation_name="A",
                    address="3 Mill Lane, AF1 1AB",
                    postcode="AF1 1AB",
                    changed_at=clock.now(),
                    topics=[],
                )
            )

        page = sign_in(council.coordinator).get("/services")

        assert page.main.count("AF1 1AB") == 1


class TestByHand:
    def test_a_service_that_nobody_publishes(self, council: Council, sign_in: SignIn) -> None:
        new = {"name": "The Thursday group", "organisation_name": "The library"}
        answers = {**new, "topics": "reading\n reading\nplay", **date_parts("assured_on", clock.today())}

        page = sign_in(council.coordinator).submit("/services/new", answers).follow()

        assert "reading, play" in page.main
        assert council.coordinator.name in page.main
        published(council)
        assert "The Thursday group" in sign_in(council.coordinator).get("/services").main

    def test_ages_that_contradict_each_other(self, council: Council, sign_in: SignIn) -> None:
        new = {"name": "The Thursday group", "organisation_name": "The library", "fees": "Two pounds"}

        page = sign_in(council.coordinator).submit("/services/new", {**new, "minimum_age": "9", "maximum_age": "3"})

        assert page.errors == ["The highest age must not be below the lowest"]
        assert "Two pounds" in str(page.soup)

    @pytest.mark.parametrize(
        ("typed", "errors"),
        [
            (
                {"phone": "abc", "email": "nope", "url": "javascript:alert(1)"},
                [
                    "Enter a phone number, like 01632 960 001 or 111",
                    "Enter an email address, like name@example.com",
                    "Enter a web page, like https://www.example.org/advice",
                ],
            ),
            ({"phone": "116 123, ask for Jo", "email": "jo@example.org", "url": "www.example.org/a?b=1"}, []),
        ],
    )
    def test_what_it_is_reached_by_is_judged_at_each_field(
        self, council: Council, sign_in: SignIn, typed: dict[str, str], errors: list[str]
    ) -> None:
        new = {"name": "The Thursday group", "organisation_name": "The library", **typed}

        page = sign_in(council.coordinator).submit("/services/new", new)

        assert page.errors == errors
        if not errors:
            kept = the_service(council)
            assert (kept.phone, kept.email, kept.url) == (typed["phone"], typed["email"], f"https://{typed['url']}")
            assert kept.url in page.follow().links()

    def test_one_that_is_there_already_is_shown_before_a_second_is_kept(
        self, council: Council, sign_in: SignIn
    ) -> None:
        there = a_service(council)
        with council.behind_the_scenes():
            db.session.merge(there).active = False
        again = {"name": "stay  and PLAY", "organisation_name": "Ambleford Family Hubs", "fees": "Free"}
        browser = sign_in(council.coordinator)

        asked = browser.submit("/services/new", again)

        assert asked.errors == ["This service is in the directory already. Correct it, or tick that yours is another"]
        assert f"/services/{there.ref}" in asked.links()
        assert "No longer offered" in asked.main
        assert the_service(council).fees is None
        assert asked.form("/services/new").send({"another": "y"}).status == 303
        other = browser.submit("/services/new", {**again, "organisation_name": "The library"}).follow()
        assert "Stay and play" not in browser.get("/services").main
        assert "The library" in other.main

    def test_what_the_publisher_says_oddly_does_not_stop_a_correction(self, council: Council, sign_in: SignIn) -> None:
        published(council, phones=[{"id": "p1", "number": "see the web page"}])
        with council.behind_the_scenes():
            db.session.query(Service).one().url = "javascript:alert(1)"

        page = opened(sign_in, council, "edit", the_service(council)).send({"fees": "Free"})

        assert page.status == 303
        assert the_service(council).fees == "Free"
        shown = page.follow()
        assert "javascript:alert(1)" in shown.main
        assert not [link for link in shown.links() if link.startswith("javascript")]

    def test_what_was_corrected_stays_through_an_import_and_that_is_said(
        self, council: Council, sign_in: SignIn
    ) -> None:
        published(council)
        opened(sign_in, council, "edit", the_service(council)).send({"phone": "01632 960 777"})

        taken = published(council, phones=[{"id": "p1", "number": "01632 960 999"}], description="Debts")
        again = published(council, phones=[{"id": "p1", "number": "01632 960 999"}], description="Debts")

        assert (taken.kept, again.kept) == ([("Money advice", ["phone"])], [])
        now = the_service(council)
        assert (now.phone, now.description) == ("01632 960 777", "Debts")
        page = sign_in(council.partner).get(f"/services/{now.ref}").main
        assert "The publisher says something else" in page
        assert "01632 960 999" in page

    def test_then_what_the_publisher_says_can_be_taken(self, council: Council, sign_in: SignIn) -> None:
        published(council)
        opened(sign_in, council, "edit", the_service(council)).send({"phone": "01632 960 777"})
        published(council, phones=[{"id": "p1", "number": "01632 960 999"}])

        opened(sign_in, council, "publisher", the_service(council)).send()

        assert the_service(council).phone == "01632 960 999"
        published(council)
        assert the_service(council).phone == "01632 960 500"

    def test_of_two_who_correct_it_the_second_is_told_and_keeps_their_words(
        self, council: Council, sign_in: SignIn
    ) -> None:
        service = a_service(council)
        slow = opened(sign_in, council, "edit", service)
        opened(sign_in, council, "edit", service).send({"fees": "Free"})

        page = slow.send({"fees": "Two pounds"})

        assert page.status == 409
        assert f"{council.coordinator.name} changed this at 10" in page.main
        assert "Free" in page.main
        assert "Two pounds" in str(page.soup)
        assert the_service(council).fees == "Free"

    def test_one_that_is_retired_is_not_offered_and_comes_back(self, council: Council, sign_in: SignIn) -> None:
        service, home = a_service(council), a_family(council)
        browser = sign_in(council.coordinator)

        unsaid = opened(sign_in, council, "retire", service).send({"why": " "})
        page = opened(sign_in, council, "retire", service).send({"why": "It closed in June"}).follow()

        assert unsaid.errors == ["Enter why it is no longer offered"]
        assert "It closed in June" in page.main
        assert "Stay and play" not in browser.get(f"/families/{home.ref}/support/new").main
        assert "Stay and play" not in browser.get("/services").main
        assert "Stay and play" in browser.get("/services?retired=y").main
        opened(sign_in, council, "restore", service).send()
        assert "Stay and play" in browser.get("/services").main

    def test_whose_people_answer_is_named_by_early_help(self, council: Council, sign_in: SignIn) -> None:
        page = opened(sign_in, council, "answers", a_service(council)).send({"organisation": str(council.school.id)})

        assert council.school.name in page.follow().main
        assert the_service(council).organisation_id == council.school.id

    def test_a_service_that_is_not_there(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/services/D-999").status == 404

    def test_only_early_help_changes_it(self, council: Council, sign_in: SignIn) -> None:
        service, browser = a_service(council), sign_in(council.partner)

        assert "Correct this service" not in browser.get(f"/services/{service.ref}").main
        assert browser.get(f"/services/{service.ref}/edit").status == 403

    def test_the_day_it_was_assured_cannot_lie_ahead(self, council: Council, sign_in: SignIn) -> None:
        service, today = a_service(council), clock.today()

        page = opened(sign_in, council, "edit", service).send(
            date_parts("assured_on", today.replace(year=today.year + 1))
        )

        assert page.errors == ["The day it was last assured must be today or in the past"]
        opened(sign_in, council, "edit", service).send(date_parts("assured_on", today))
        assert full(today)[:-5] in sign_in(council.partner).get(f"/services/{service.ref}").main
