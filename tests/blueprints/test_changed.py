"""What changed since somebody last looked: news until they look or say so, for them alone, and undone for minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import FamilySeen
from portal.services import history
from tests.support.asking import a_link, answer
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.web import Browser, Page, SignIn

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
NOTHING = "Nothing has changed since you last looked"
Clock = time_machine.Traveller


@pytest.fixture(autouse=True)
def hours() -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def homes(council: Council, hours: Clock) -> list[Home]:
    """Two families that the coordinator holds and the lead leads; somebody else wrote of both an hour ago."""
    found = [an_active_family(council, a_family(council, name=name)).home for name in ("One", "Two")]
    hours.shift(timedelta(hours=1))
    for home in found:
        happens(council, home, council.partner)
    hours.shift(timedelta(hours=1))
    return found


def happens(council: Council, home: Home, by: User) -> None:
    with council.as_(by) as viewer:
        history.record(E.NOTE_WRITTEN, db.session.get_one(Family, home.id), by=viewer)


def changed(page: Page) -> list[str]:
    """The names of the families that stand as changed."""
    return [found.get_text() for found in page.soup.select("#changed li > a.govuk-link")]


def mark(page: Page, which: str, *, htmx: bool = False) -> Page:
    return page.form("/home/seen").send({"family": which}, htmx=htmx)


def marks_of(council: Council, who: User) -> int:
    with council.behind_the_scenes():
        return len(db.session.scalars(select(FamilySeen).where(FamilySeen.user_id == who.id)).all())


@pytest.mark.usefixtures("homes")
class TestWhatStandsAsChanged:
    def test_the_latest_line_of_somebody_else_and_how_many_more(
        self, council: Council, sign_in: SignIn, homes: list[Home]
    ) -> None:
        happens(council, homes[0], council.lead)

        page = sign_in(council.coordinator).get("/home")

        assert changed(page) == ["The One family", "The Two family"]
        assert "Lena Lead wrote a note" in page.text_of("#changed li:first-child")
        assert "more changes" in page.text_of("#changed li:first-child")

    def test_what_the_family_answered_before_what_followed_from_it(
        self, council: Council, sign_in: SignIn, homes: list[Home]
    ) -> None:
        referral, _ = a_referral(council, homes[0], by=council.lead)
        answer(sign_in, a_link(council, homes[0], referral, by=council.lead), call_me="y")
        happens(council, homes[0], council.partner)

        line = sign_in(council.coordinator).get("/home").text_of("#changed li:first-child")

        assert "about Stay and play: “Please call me”" in line
        assert "will check on" not in line
        assert "more changes" in line

    def test_not_what_one_did_oneself(self, council: Council, sign_in: SignIn, homes: list[Home], hours: Clock) -> None:
        browser = sign_in(council.lead)
        mark(browser.get("/home"), "all")
        hours.shift(timedelta(minutes=10))
        happens(council, homes[0], council.lead)

        assert NOTHING in browser.get("/home").main

    def test_whoever_looked_at_the_family_has_seen_it_until_something_else_happens(
        self, council: Council, sign_in: SignIn, homes: list[Home], hours: Clock
    ) -> None:
        browser = sign_in(council.coordinator)

        browser.get(f"/families/{homes[0].ref}")
        assert changed(browser.get("/home")) == ["The Two family"]
        assert len(changed(sign_in(council.lead).get("/home"))) == 2

        hours.shift(timedelta(minutes=1))
        happens(council, homes[0], council.partner)
        assert changed(browser.get("/home")) == ["The One family", "The Two family"]

    def test_news_for_four_weeks(self, council: Council, sign_in: SignIn, hours: Clock) -> None:
        hours.shift(timedelta(days=29))

        assert NOTHING in sign_in(council.coordinator).get("/home").main

    def test_the_list_of_families_has_them_as_a_view(
        self, council: Council, sign_in: SignIn, homes: list[Home], hours: Clock
    ) -> None:
        browser = sign_in(council.coordinator)

        def listed() -> list[str]:
            page = browser.get("/families?view=changed")
            found = sorted(link.get_text() for link in page.soup.select(".app-worklist tbody th a"))
            assert page.text_of("[aria-current=page].app-views__link") == f"Changed ({len(found)})"
            return found

        assert listed() == ["The One family", "The Two family"]
        browser.get(f"/families/{homes[0].ref}")
        assert listed() == ["The Two family"]
        mark(browser.get("/home"), "all")
        assert "No families match" in browser.get("/families?view=changed").main
        hours.shift(timedelta(minutes=1))
        happens(council, homes[0], council.partner)
        happens(council, homes[1], council.coordinator)
        assert listed() == ["The One family"]
        hours.shift(timedelta(weeks=4))
        assert "No families match" in sign_in(council.coordinator).get("/families?view=changed").main

    def test_eight_are_shown_and_the_others_when_they_are_asked_for(self, council: Council, sign_in: SignIn) -> None:
        for number in range(8):
            an_active_family(council, a_family(council, name=f"More {number}"))

        page = sign_in(council.coordinator).get("/home")

        assert "Changed since you last looked (10)" in page.text_of("#changed-heading")
        assert len(page.soup.select("#changed li")) == 10
        assert len(page.soup.select("#changed details li")) == 2
        assert page.text_of("#changed summary") == "Show all 10"

    def test_nobody_else_s_families(self, council: Council, sign_in: SignIn) -> None:
        for who in (council.other_coordinator, council.partner):
            assert NOTHING in sign_in(who).get("/home").main


@pytest.mark.usefixtures("homes")
class TestMarkingAsSeen:
    @pytest.mark.parametrize("htmx", [False, True])
    def test_all_with_one_click(self, council: Council, sign_in: SignIn, *, htmx: bool) -> None:
        browser = sign_in(council.coordinator)

        answer = mark(browser.get("/home"), "all", htmx=htmx)

        assert "2 families marked as seen" in (answer.text if htmx else answer.follow().text)
        assert changed(browser.get("/home")) == []
        assert len(changed(sign_in(council.lead).get("/home"))) == 2

    def test_one(self, council: Council, sign_in: SignIn, homes: list[Home]) -> None:
        browser = sign_in(council.coordinator)

        mark(browser.get("/home"), homes[1].ref)

        assert changed(browser.get("/home")) == ["The One family"]

    def test_what_happened_after_the_page_was_made_stays_unseen(
        self, council: Council, sign_in: SignIn, homes: list[Home], hours: Clock
    ) -> None:
        browser = sign_in(council.coordinator)
        page = browser.get("/home")
        hours.shift(timedelta(minutes=1))
        happens(council, homes[0], council.partner)
        hours.shift(timedelta(minutes=1))

        mark(page, "all")

        assert changed(browser.get("/home")) == ["The One family"]

    def test_nothing_is_kept_of_a_family_that_is_not_theirs(
        self, council: Council, sign_in: SignIn, homes: list[Home]
    ) -> None:
        browser = sign_in(council.other_coordinator)
        token = sign_in(council.coordinator).get("/home")
        values = {**token.form("/home/seen").values, "family": homes[0].ref}
        own = browser.get("/home").soup.select_one("form input[name=csrf_token]")
        assert own is not None

        browser.post("/home/seen", {**values, "csrf_token": own["value"]})

        assert marks_of(council, council.other_coordinator) == 0

    @pytest.mark.parametrize("answers", [{"family": "F-x"}, {"family": "all", "until": "tomorrow"}])
    def test_an_altered_form_is_refused_in_words(
        self, council: Council, sign_in: SignIn, answers: dict[str, str]
    ) -> None:
        answer = sign_in(council.coordinator).get("/home").form("/home/seen").send(answers)

        assert answer.status == 422
        assert "Open this page again" in answer.main
        assert marks_of(council, council.coordinator) == 0


@pytest.mark.usefixtures("homes")
class TestTakingItBack:
    def undo(self, browser: Browser) -> Page:
        return browser.get("/home").form("/home/seen/undo").send()

    def test_for_ten_minutes_what_stood_before_stands_again(
        self, council: Council, sign_in: SignIn, hours: Clock
    ) -> None:
        browser = sign_in(council.coordinator)
        mark(browser.get("/home"), "all")
        hours.shift(timedelta(minutes=9))

        answer = self.undo(browser).follow()

        assert "Undone for 2 families" in answer.text
        assert len(changed(answer)) == 2

    def test_then_no_longer(self, council: Council, sign_in: SignIn, hours: Clock) -> None:
        browser = sign_in(council.coordinator)
        mark(browser.get("/home"), "all")
        form = browser.get("/home").form("/home/seen/undo")
        hours.shift(timedelta(minutes=11))

        answer = form.send()

        assert answer.status == 409
        assert "ten minutes" in answer.main
        assert "You can undo this" not in browser.get("/home").main

    def test_a_family_one_has_seen_stands_as_changed_again(
        self, council: Council, sign_in: SignIn, homes: list[Home]
    ) -> None:
        browser = sign_in(council.coordinator)
        mark(browser.get("/home"), "all")

        answer = browser.submit(f"/families/{homes[0].ref}/not-seen", on=f"/families/{homes[0].ref}").follow()

        assert changed(answer) == ["The One family"]
        assert "Mark as not seen" not in sign_in(council.partner).get(f"/families/{homes[0].ref}").main
