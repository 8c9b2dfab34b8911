"""The receiving service opens what was sent to it, and answers: two clicks, with and without script, and by keys."""

import pytest

from portal.domain.support import ReferralState
from tests.journeys.conftest import Sits
from tests.journeys.test_keyboard import Keyboard
from tests.support.people import Council
from tests.support.receiving import sent, state_of

MOST = 2


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "plain"])
def test_two_clicks(council: Council, sits: Sits, scripted: bool) -> None:
    home, shared = sent(council)
    me = sits(council.partner, scripted=scripted).open("/received")
    before = me.clicks
    me.follow(home.children[0].name)
    me.press("We accept this")
    assert me.clicks - before <= MOST
    me.reads("Thank you. They know that you take them on")
    assert state_of(council, shared).state is ReferralState.ACCEPTED


def test_by_keyboard(council: Council, sits: Sits) -> None:
    home, shared = sent(council)
    me = sits(council.partner, checked=False).open("/received")
    keys, main = Keyboard(me.page), me.page.locator("main")
    keys.go(main.get_by_role("link", name=home.children[0].name))
    keys.go(main.get_by_role("button", name="We have received this"))
    me.reads("Thank you. They know that you have it")
    me.watch.assert_quiet()
    assert state_of(council, shared).state is ReferralState.RECEIVED
