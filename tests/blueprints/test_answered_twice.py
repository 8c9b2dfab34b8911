"""A form answered twice and differently: the first answer stands, the second comes back in the words of the page."""

from portal.core import clock
from tests.support.handover import an_accepted
from tests.support.people import Council, a_family
from tests.support.receiving import sent
from tests.support.web import Page, SignIn, date_parts


def given_back(page: Page) -> list[tuple[str, str]]:
    """What was sent, as the page says it: question and answer."""
    questions = [" ".join(each.get_text().split()) for each in page.soup.select("main h3")]
    return list(zip(questions, [each.get_text().strip() for each in page.soup.select("main .app-typed")], strict=True))


def leads_to(page: Page) -> str:
    """Where one sees how it stands now."""
    return str(page.soup.find("a", string="See how it stands now")["href"])  # type: ignore[index]


class TestTheReceivingService:
    def test_reads_its_own_buttons_and_questions_and_is_led_to_the_very_thing(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, shared = sent(council)
        form = sign_in(council.partner).get(f"/received/{shared.ref}").form(f"/received/{shared.ref}")
        form.send({"told": "received"})

        page = form.send({"told": "declined", "why": "Full until the spring"})

        assert page.status == 409
        assert given_back(page) == [
            ("What you pressed", "We cannot take this on"),
            ("Why can you not take this on?", "Full until the spring"),
        ]
        assert leads_to(page) == f"/received/{shared.ref}"


class TestWhoeverSuggestsSupport:
    def test_reads_choices_in_words_and_a_date_as_one_answer(self, council: Council, sign_in: SignIn) -> None:
        home, day = a_family(council), clock.today()
        path = f"/families/{home.ref}/support/new"
        form = sign_in(council.social_worker).get(path).form(path)
        suggested = {
            "service_name": "Stay and play",
            "need_text": "Somewhere to go",
            "how_given": "leaflet",
            **date_parts("given_on", day),
        }
        form.send(suggested)

        page = form.send(suggested | {"service_name": "Money advice"})

        assert page.status == 409
        back = dict(given_back(page))
        assert back["Name of the service"] == "Money advice"
        assert back["When did you suggest it?"] == f"{day.day} {day.month} {day.year}"
        assert back["How did you suggest it?"] == "Gave a leaflet or address"
        assert leads_to(page) == f"/families/{home.ref}/support"


class TestWhoeverWasAskedToLead:
    def test_reads_the_words_of_the_choice_and_where_it_is_out_of_reach_goes_on(
        self, council: Council, sign_in: SignIn
    ) -> None:
        asked = an_accepted(council, answered=False).nomination
        form = sign_in(council.lead).get(f"/nominations/{asked.ref}").form()
        form.send({"answer": "no", "answer_reason": "I have eleven families"})

        page = form.send({"answer": "yes"})

        assert page.status == 409
        assert given_back(page) == [("Will you be the lead professional?", "I will lead")]
        assert page.browser.get(leads_to(page)).status == 200
