"""An administrator sees what could not be sent and sends it again, and learns of no family by it."""

from datetime import timedelta

import pytest
import time_machine

from portal.core import clock
from portal.core.db import db
from portal.models.messages import Delivery, DeliveryStatus
from tests.support.people import Council, an_active_family
from tests.support.post import Postbox, deliveries
from tests.support.web import SignIn, counted_statements

HELD = timedelta(minutes=11)
AGAIN = "/admin/messages/again"


@pytest.fixture
def refused(council: Council, sign_in: SignIn) -> Postbox:
    """A message to the partner that the mail server refused for good."""
    postbox = Postbox(council.app)
    an_action_is_given(council, sign_in)
    with time_machine.travel(clock.now() + HELD), postbox.refuses(for_good=True):
        postbox.work()
    return postbox


def an_action_is_given(council: Council, sign_in: SignIn) -> None:
    """To the partner, who is told once it can no longer be undone."""
    team = an_active_family(council)
    sign_in(council.lead).submit(
        f"/families/{team.ref}/plan/actions/new",
        {"what": "Ring Siobhán", "who": f"member-{team.partner.id}", "due": "two_weeks"},
    )


class TestMessagesOnTheirWay:
    def test_are_counted_apart_from_those_that_can_still_be_undone(self, council: Council, sign_in: SignIn) -> None:
        an_action_is_given(council, sign_in)
        admin = sign_in(council.admin)

        at_once = admin.get("/admin/messages").main
        with time_machine.travel(clock.now() + HELD):
            later = admin.get("/admin/messages").main
            Postbox(council.app).work()
            done = admin.get("/admin/messages").main

        assert "0 messages are on their way. 1 message is held until it can no longer be undone." in at_once
        assert ("1 message is on its way, the oldest since" in later, "held" in later) == (True, False)
        assert ("0 messages are on their way." in done, "held" in done) == (True, False)


class TestMessagesThatCouldNotBeSent:
    def test_are_listed_with_whom_and_why_and_without_any_family(
        self, council: Council, refused: Postbox, sign_in: SignIn
    ) -> None:
        page = sign_in(council.admin).get("/admin/messages")

        row = page.text_of("#message-1")
        assert "Pat Partner Hillside Primary School An action is given to you" in row
        assert "The mail server asked to try later (code 451)" in row
        for hidden in ("F-1", "A-1", "O’Neill", "Siobhán"):
            assert hidden not in page.main

    def test_are_sent_again_by_a_click(self, council: Council, refused: Postbox, sign_in: SignIn) -> None:
        with time_machine.travel(clock.now() + HELD):
            page = sign_in(council.admin).get("/admin/messages").form(AGAIN).send({}).follow()
            refused.work()

        assert "1 message is sent again" in page.text
        assert refused.to(council.partner)
        assert deliveries(council.app)[0].status is DeliveryStatus.SENT

    def test_are_not_sent_twice_by_two_clicks(self, council: Council, refused: Postbox, sign_in: SignIn) -> None:
        browser = sign_in(council.admin)
        first, second = (browser.get("/admin/messages").form(AGAIN) for _ in range(2))

        first.send({})
        late = second.send({})

        assert "This was sent again already." in late.text

    def test_cost_the_same_however_many(self, council: Council, refused: Postbox, sign_in: SignIn) -> None:
        browser = sign_in(council.admin)
        browser.get("/admin/messages")
        with counted_statements(council.app) as one:
            browser.get("/admin/messages")
        with council.behind_the_scenes():
            for number in range(30):
                db.session.add(
                    Delivery(
                        digest_on=clock.today() - timedelta(days=number),
                        user_id=council.partner.id,
                        status=DeliveryStatus.FAILED,
                        message_id=f"m{number}",
                        made_at=clock.now(),
                        next_at=clock.now(),
                        settled_at=clock.now(),
                        why="The mail server refused it (code 550)",
                    )
                )
        with counted_statements(council.app) as many:
            page = browser.get("/admin/messages")

        assert len(many) == len(one)
        assert "Send all of them again (31)" in page.main

    def test_too_old_ones_are_only_known(self, council: Council, refused: Postbox, sign_in: SignIn) -> None:
        with time_machine.travel(clock.now() + timedelta(days=15)):
            page = sign_in(council.admin).get("/admin/messages")

        assert "Too old to be sent again" in page.text_of("#message-1")
