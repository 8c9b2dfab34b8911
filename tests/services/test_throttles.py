"""What is limited waits, and nobody else waits with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.limits import PACES, Limit, Pace, kept_for
from portal.models.throttles import LimitedUse
from portal.services import throttles


def take(app: Flask, *who: object, limit: Limit = Limit.RESET) -> bool:
    with app.app_context():
        return throttles.take(limit, *who) is not None


class TestLimits:
    @pytest.mark.parametrize("limit", list(Limit))
    def test_each_lets_through_as_many_as_it_says_and_then_again_after_its_time(self, app: Flask, limit: Limit) -> None:
        pace = PACES[limit][0]
        with time_machine.travel(clock.now(), tick=False) as now:
            tries = [take(app, "somebody", limit=limit) for _ in range(pace.times + 2)]
            now.shift(pace.within)
            after = take(app, "somebody", limit=limit)

        assert tries == [True] * pace.times + [False, False]
        assert after
        with app.app_context():
            still = 1 if kept_for(limit) == pace.within else pace.times + 1
            assert db.session.scalar(select(func.count(LimitedUse.id))) == still, "what counts no more is kept"

    def test_of_two_paces_both_hold(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(PACES, Limit.RESET, (Pace(2, timedelta(minutes=5)), Pace(3, timedelta(days=1))))
        with time_machine.travel(clock.now(), tick=False) as now:
            first = [take(app, "somebody") for _ in range(3)]
            now.shift(timedelta(minutes=5))
            later = [take(app, "somebody") for _ in range(2)]

        assert (first, later) == ([True, True, False], [True, False])

    def test_others_and_other_limits_are_counted_apart(self, app: Flask) -> None:
        (pace,) = PACES[Limit.RESET]
        for _ in range(pace.times):
            take(app, "somebody", "192.0.2.1")

        assert not take(app, "somebody", "192.0.2.1")
        assert take(app, "somebody", "192.0.2.2")
        assert take(app, "somebody else", "192.0.2.1")
        assert take(app, "somebody", "192.0.2.1", limit=Limit.SIGN_IN)

    def test_what_is_given_back_counts_no_more(self, app: Flask) -> None:
        (pace,) = PACES[Limit.RESET]
        with app.app_context():
            for _ in range(pace.times):
                use = throttles.take(Limit.RESET, "somebody")
                assert use is not None
                throttles.give_back(use)
                db.session.commit()

        assert take(app, "somebody")

    def test_of_many_at_one_instant_no_more_come_through_than_may(self, app: Flask) -> None:
        (pace,) = PACES[Limit.RESET]

        with ThreadPoolExecutor(8) as pool:
            let_through = sum(pool.map(lambda _: take(app, "somebody"), range(pace.times * 4)))

        assert 0 < let_through <= pace.times
