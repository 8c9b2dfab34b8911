"""On which days digests come, and in which of them each thing that is due stands."""

from datetime import date, datetime, timedelta

import pytest

from portal.core.clock import LONDON
from portal.domain.dates import Calendar
from portal.domain.digests import Ladder, Often, Rung, Window, has_weekly, may_begin, monday_of, windows

DAYS = Calendar(frozenset({date(2026, 12, 29)}))  # the council is closed on the Tuesday after Christmas
LADDER = Ladder(3, 3, 8, DAYS)
MONDAY = Window(date(2026, 12, 21), date(2026, 12, 21))
WEDNESDAY = Window(date(2026, 12, 30), date(2026, 12, 30))
WEEK = Window(date(2026, 12, 28), date(2027, 1, 3))


class TestWhenDigestsCome:
    @pytest.mark.parametrize(
        ("at", "may"),
        [
            ("2026-10-23T07:59", False),
            ("2026-10-23T08:00", True),  # summer time: seven in UTC
            ("2026-10-24T08:00", False),  # a Saturday
            ("2026-10-26T07:59", False),
            ("2026-10-26T08:00", True),  # eight in UTC
            ("2026-10-26T17:59", True),
            ("2026-10-26T18:00", False),
            ("2026-12-28T09:00", False),  # a bank holiday
            ("2026-12-29T09:00", False),
            ("2026-12-30T09:00", True),
        ],
    )
    def test_from_eight_in_london_on_working_days(self, at: str, may: bool) -> None:
        assert may_begin(datetime.fromisoformat(at).replace(tzinfo=LONDON), DAYS) is may

    @pytest.mark.parametrize(
        ("day", "last", "has"),
        [
            (date(2026, 12, 21), None, True),
            (date(2026, 12, 22), None, False),  # the very first ones wait for the first day of a week
            (date(2026, 12, 22), date(2026, 12, 21), False),
            (date(2026, 12, 22), date(2026, 12, 14), True),  # on Monday no worker ran
            (date(2026, 12, 30), date(2026, 12, 21), True),
            (date(2026, 12, 31), date(2026, 12, 30), False),
        ],
    )
    def test_once_a_week_on_its_first_working_day(self, day: date, last: date | None, has: bool) -> None:
        assert has_weekly(day, last, DAYS) is has


class TestWhatADigestTellsOf:
    def test_each_time_of_each_thing_stands_in_one_digest_however_often_the_worker_was_down(self) -> None:
        first = date(2026, 11, 30)
        days = [first + timedelta(days=number) for number in range(70)]
        ran = [day for day in days if DAYS.is_working_day(day) and day.day % 7]
        told: dict[Often, list[Window]] = {Often.DAILY: [], Often.WEEKLY: []}
        last, last_weekly = None, None
        for day in ran:
            found = windows(day, last, last_weekly)
            told[Often.DAILY].append(found[Often.DAILY])
            if has_weekly(day, last_weekly, DAYS):
                told[Often.WEEKLY].append(found[Often.WEEKLY])
                last_weekly = day
            last = day

        for often, found_windows in told.items():
            covered = [day for day in days if ran[0] <= day <= ran[-1] and day >= monday_of(ran[0])]
            assert {sum(window.holds(day) for window in found_windows) for day in covered} == {1}, often

    @pytest.mark.parametrize(
        ("window", "due_on", "rung"),
        [
            (MONDAY, date(2026, 12, 24), Rung.SOON),
            (MONDAY, date(2026, 12, 23), None),
            (WEDNESDAY, date(2026, 12, 25), Rung.TODAY),  # due on the next working day
            (WEDNESDAY, date(2026, 12, 22), Rung.LATE),
            (WEDNESDAY, date(2026, 12, 15), Rung.LATE_AGAIN),
            (WEDNESDAY, date(2026, 12, 16), None),
            (WEEK, date(2026, 12, 16), Rung.LATE_AGAIN),
            (WEEK, date(2026, 12, 14), None),
            (WEEK, date(2026, 12, 31), Rung.TODAY),
        ],
    )
    def test_before_it_is_due_on_the_day_and_twice_after_it(
        self, window: Window, due_on: date, rung: Rung | None
    ) -> None:
        assert LADDER.rung_in(window, due_on) is rung
        if rung is not None:
            assert LADDER.may_stand_in(window).holds(due_on)
