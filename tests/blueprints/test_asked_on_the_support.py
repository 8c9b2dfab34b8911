"""The page of a support tells what the family answered to its links, and what comes next."""

import pytest

from portal.domain.support import CheckStage, CheckState
from portal.models.following import SupportReferral
from tests.support.asking import Link, answer, ask, question_of
from tests.support.following import a_referral, checks_of
from tests.support.people import Council, Home, a_family
from tests.support.web import SignIn


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def referral(council: Council, home: Home) -> SupportReferral:
    return a_referral(council, home)[0]


class TestOnThePageOfTheSupport:
    def test_every_answer_is_there_the_last_one_first(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        sheet = ask(council, sign_in, home, referral, "print").follow().form().send()
        path = "/s/" + sheet.text_of(".app-copy .app-wrap").rpartition("/s/")[2]
        link = Link(referral, question_of(council), path)
        answer(sign_in, link, answer="not_yet", words="No letter so far")
        answer(sign_in, link, answer="not_sure", call_me="y")

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        assert page.main.index("I am not sure. Please call me") < page.main.index("No letter so far")
        assert [check.stage for check in checks_of(council, home)][-1] is CheckStage.CALL_BACK

    def test_every_check_to_come_stands_there_whom_to_ring_first(
        self, council: Council, sign_in: SignIn, home: Home, referral: SupportReferral
    ) -> None:
        sheet = ask(council, sign_in, home, referral, "print").follow().form().send()
        path = "/s/" + sheet.text_of(".app-copy .app-wrap").rpartition("/s/")[2]
        answer(sign_in, Link(referral, question_of(council), path), answer="not_yet", call_me="y")

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        standing = [check for check in checks_of(council, home) if check.state is CheckState.DUE]
        (other,) = [check for check in standing if check.stage is not CheckStage.CALL_BACK]
        (call_back,) = [check for check in standing if check.stage is CheckStage.CALL_BACK]
        assert page.main.index(f"Open {call_back.ref}: ring them") < page.main.index(f"Open {other.ref}:")
