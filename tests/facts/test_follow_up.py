"""The follow-up policy over dates, holidays and clock changes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
import time_machine

from portal.core import clock
from portal.core.clock import LONDON
from portal.domain.dates import Calendar
from portal.domain.following import FOLLOWED_AS, POLICY
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.support import OPEN_REFERRALS, CheckStage
from portal.facts.follow_up import AskingDates

S = CheckStage
LONG_AGO = date(2020, 1, 1)
CLOSED = Calendar(frozenset({date(2026, 6, 12)}))


def policy(today: date = LONG_AGO, own: Mapping[Standard, int] | None = None) -> AskingDates:
    """With the council's closure day of June, and its own practice standards where it has any."""
    amounts = {rule.after: DEFAULTS[rule.after].amount for rule in POLICY.values()}
    return AskingDates(today, CLOSED, amounts | dict(own or {}))


class TestWhenItIsAsked:
    @pytest.mark.parametrize(
        ("stage", "since", "due_on"),
        [
            # 5 working days: the first one after is day 1, whatever day it began
            (S.SIGNPOSTED, date(2026, 10, 7), date(2026, 10, 14)),
            (S.SIGNPOSTED, date(2026, 10, 10), date(2026, 10, 16)),
            # Christmas Day a Friday, Boxing Day a Saturday and made up for on the Monday
            (S.SIGNPOSTED, date(2026, 12, 21), date(2026, 12, 30)),
            # Good Friday and Easter Monday, with the clocks forward between
            (S.SENT, date(2026, 3, 27), date(2026, 4, 7)),
            (S.SENT, date(2026, 3, 30), date(2026, 4, 8)),
            # the early May bank holiday; and 29 February
            (S.SENT, date(2026, 5, 1), date(2026, 5, 11)),
            (S.SENT, date(2028, 2, 25), date(2028, 3, 3)),
            # 10 working days, over Christmas and New Year
            (S.ACCEPTED, date(2026, 12, 17), date(2027, 1, 5)),
            # 20 working days, with the clocks back between
            (S.WAITING, date(2026, 10, 1), date(2026, 10, 29)),
            # 2 working days after the day that was booked: the summer bank holiday, the council's own closure
            (S.BOOKED, date(2026, 8, 28), date(2026, 9, 2)),
            (S.BOOKED, date(2026, 6, 10), date(2026, 6, 15)),
            # 6 weeks by the calendar, then the next working day: after a bank holiday; the Sunday the clocks go forward
            (S.STARTED, date(2026, 11, 16), date(2026, 12, 29)),
            (S.STARTED, date(2026, 2, 15), date(2026, 3, 30)),
        ],
    )
    def test_in_working_days_of_the_council_after_its_stage_began(
        self, stage: CheckStage, since: date, due_on: date
    ) -> None:
        assert policy().first(stage, since) == due_on

    @pytest.mark.parametrize(
        ("expected_on", "due_on"),
        [
            (date(2026, 10, 14), date(2026, 10, 14)),
            (date(2026, 10, 18), date(2026, 10, 19)),  # a Sunday
            (date(2026, 12, 1), date(2026, 10, 29)),  # the list is looked at before
        ],
    )
    def test_no_later_than_the_day_a_place_is_expected(self, expected_on: date, due_on: date) -> None:
        assert policy().first(S.WAITING, date(2026, 10, 1), expected_on) == due_on

    @pytest.mark.parametrize("stage", [stage for stage in POLICY if stage is not S.SIGNPOSTED])
    def test_what_began_long_ago_is_asked_about_today_or_on_the_next_working_day(self, stage: CheckStage) -> None:
        saturday, monday = date(2026, 10, 10), date(2026, 10, 12)

        assert policy(saturday).first(stage, LONG_AGO, LONG_AGO) == monday

    def test_what_was_suggested_long_ago_is_overdue(self) -> None:
        assert policy(date(2026, 10, 10)).first(S.SIGNPOSTED, date(2026, 8, 3)) == date(2026, 8, 10)

    def test_by_the_council_s_own_standard(self) -> None:
        assert policy(own={Standard.SENT: 1}).first(S.SENT, date(2026, 4, 2)) == date(2026, 4, 7)

    def test_always_on_a_working_day_and_never_sooner_for_what_began_later(self) -> None:
        asked = policy()
        for stage in POLICY:
            before = LONG_AGO
            for number in range(2 * 366):
                due_on = asked.first(stage, date(2026, 1, 1) + timedelta(days=number))
                assert CLOSED.is_working_day(due_on)
                assert due_on >= before
                before = due_on

    def test_every_stage_of_open_support_has_its_row(self) -> None:
        assert FOLLOWED_AS.keys() == OPEN_REFERRALS
        assert set(FOLLOWED_AS.values()) == POLICY.keys()

    @pytest.mark.parametrize(
        ("instant", "today"),
        [
            # half past midnight in London is still yesterday in UTC while summer time lasts, and only then
            (datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), date(2026, 3, 29)),
            (datetime(2026, 3, 30, 0, 30, tzinfo=LONDON), date(2026, 3, 30)),
            (datetime(2026, 10, 25, 0, 30, tzinfo=LONDON), date(2026, 10, 25)),
            (datetime(2026, 10, 26, 0, 30, tzinfo=LONDON), date(2026, 10, 26)),
        ],
    )
    def test_today_is_london_s_in_the_nights_the_clocks_change(self, instant: datetime, today: date) -> None:
        with time_machine.travel(instant):
            assert policy(clock.today()).first(S.SENT, LONG_AGO) == CLOSED.due(today)
