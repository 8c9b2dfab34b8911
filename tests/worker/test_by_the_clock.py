"""What the worker does because a day has come: a question nobody answered comes back, a check put off is due again."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import to_utc
from portal.domain.support import CheckState
from portal.models.following import FollowUpCheck
from portal.models.record import Event
from portal.services import checks
from tests.support.following import a_referral, checks_of, coordinated, due_check
from tests.support.handover import an_accepted
from tests.support.people import Council, a_family, history_of, summary_of
from tests.support.post import Postbox
from tests.support.web import SignIn

WEDNESDAY, MONDAY, TUESDAY = date(2026, 10, 7), date(2026, 10, 12), date(2026, 10, 13)


def morning(day: date) -> datetime:
    return to_utc(day, time(8))


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


class TestARequestToLeadThatIsNotAnswered:
    def test_comes_back_to_the_coordinator_once_and_can_still_be_answered(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        handing = an_accepted(council, answered=False)
        by = handing.nomination.answer_by  # three working days after Wednesday
        with time_machine.travel(morning(by)):
            postbox.work()
            assert "lead.unanswered" not in history_of(council, handing.home.id)

        with time_machine.travel(morning(TUESDAY)):
            for _ in range(2):
                postbox.work()
            step = summary_of(council, handing.home.id)
            page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/history")
            answered = sign_in(council.lead).submit(f"/nominations/{handing.nomination.ref}", {"answer": "yes"})

        assert by == MONDAY
        assert history_of(council, handing.home.id).count("lead.unanswered") == 1
        assert f"{council.lead.name} has not answered in time whether they will be the lead professional" in page.main
        assert (step.next_kind, step.next_who) == ("ask_lead", council.coordinator.name)
        (digest,) = [each for each in postbox.letters if each.to == council.coordinator.email][-1:]
        assert "Who was asked to lead F-1 (O) has not answered: ask again, or ask somebody else" in digest.text
        assert f"http://localhost/families/{handing.family_ref}/team" in digest.text
        assert answered.status == 303


class TestACheckThatWasPutOff:
    def test_is_due_again_on_its_day_with_whom_the_checks_lie_then(self, council: Council, postbox: Postbox) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.as_(council.social_worker) as viewer:
            checks.waive(
                db.session.get_one(FollowUpCheck, check.id), by=viewer, until=MONDAY, reason="They are away until then"
            )
        coordinated(council, home)

        with time_machine.travel(morning(MONDAY) - timedelta(days=1)):
            postbox.work()
            assert checks_of(council, home)[0].state is CheckState.WAIVED
        with time_machine.travel(morning(TUESDAY)):
            for _ in range(2):
                postbox.work()

        again = due_check(council, home)
        assert (again.id, again.due_on, again.owner_id) == (check.id, MONDAY, council.coordinator.id)
        with council.behind_the_scenes():
            lines = db.session.scalars(select(Event).where(Event.kind == "check.due_again")).all()
        assert [(line.actor_id, line.actor_name) for line in lines] == [(None, "The portal")]

    def test_is_asked_no_more_where_the_same_is_asked_already(self, council: Council, postbox: Postbox) -> None:
        home = a_family(council)
        referral, check = a_referral(council, home)
        with council.as_(council.social_worker) as viewer:
            put_off = db.session.get_one(FollowUpCheck, check.id)
            checks.waive(put_off, by=viewer, until=MONDAY, reason="They are away until then")
            checks.make(referral, put_off.stage, by=viewer)

        with time_machine.travel(morning(MONDAY)):
            postbox.work()

        assert [each.state for each in checks_of(council, home)] == [CheckState.VOID, CheckState.DUE]
