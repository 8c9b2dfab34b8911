"""A family's link leaves the house: by the way that was chosen, not at night, and only while it is still asked."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.domain.asking import LINK_LIVES
from portal.domain.dates import to_utc
from portal.models.following import SupportReferral
from portal.models.messages import DeliveryStatus, Way
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family
from tests.support.post import Postbox, attempts, deliveries, links_in
from tests.support.web import SignIn


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def referral(council: Council, home: Home) -> SupportReferral:
    return a_referral(council, home)[0]


def ask(council: Council, sign_in: SignIn, home: Home, referral: SupportReferral) -> None:
    page = sign_in(council.social_worker).submit(
        f"/referrals/{referral.ref}/ask", {"person": str(home.parent.id), "way": "text"}
    )
    assert page.status == 303


def tonight() -> datetime:
    return to_utc(clock.today(), time(21, 30))


class TestALinkToAFamily:
    def test_is_sent_by_text_and_opens_the_question(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, postbox: Postbox
    ) -> None:
        ask(council, sign_in, home, referral)

        done = postbox.work()

        (letter,) = postbox.letters
        assert (done.sent, letter.way, letter.to) == (1, Way.TEXT, "01632 960 300")
        (link,) = links_in(letter.text)
        page = sign_in(None).get("/s/" + link.removesuffix(".").rpartition("/s/")[2])
        assert "Has the support started?" in page.text
        assert home.parent.name not in letter.text + letter.subject

    def test_waits_for_the_morning(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, postbox: Postbox
    ) -> None:
        ask(council, sign_in, home, referral)

        with time_machine.travel(tonight()):
            postbox.work()
            at_night = list(postbox.letters)
            postbox.work()
        with time_machine.travel(tonight() + timedelta(hours=10, minutes=31)):
            postbox.work()

        assert at_night == []
        assert len(postbox.letters) == 1
        assert [each.number for each in attempts(council.app)] == [1, 1]

    def test_is_not_sent_once_it_was_stopped(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, postbox: Postbox
    ) -> None:
        ask(council, sign_in, home, referral)
        browser = sign_in(council.social_worker)
        stop = next(link for link in browser.get(f"/referrals/{referral.ref}").links() if "stop" in link)
        browser.submit(stop, {})

        postbox.work()

        assert postbox.letters == []
        to_family = [each.status for each in deliveries(council.app) if each.user_id is None]
        assert to_family == [DeliveryStatus.WITHHELD]

    def test_a_reminder_is_another_link_to_the_same_question_and_there_is_no_third(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, postbox: Postbox
    ) -> None:
        ask(council, sign_in, home, referral)
        for days in range(LINK_LIVES.days + 10):
            with time_machine.travel(clock.now() + timedelta(days=days)):
                postbox.work()

        to_family = [link for letter in postbox.letters for link in links_in(letter.text) if "/s/" in link]
        assert len(set(to_family)) == len(to_family) == 2

    def test_a_message_tried_again_is_the_same_message(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, postbox: Postbox
    ) -> None:
        ask(council, sign_in, home, referral)
        with postbox.refuses():
            postbox.work()
        with time_machine.travel(clock.now() + timedelta(hours=2)):
            postbox.work()

        assert len(postbox.letters) == 1
        assert len({letter.message_id for letter in postbox.tried}) == 1
