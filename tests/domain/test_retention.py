"""How long a record is kept: the later of two, and never by a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.episodes import EpisodeState
from portal.domain.retention import Kept, Rule, latest_before, years_after

RULE = Rule(6, 25)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def kept(last_on: date, born_on: date | None, *, is_open: bool = False, missing: tuple[str, ...] = ()) -> Kept:
    return Kept(is_open, "Support ended", last_on, born_on, missing, RULE)


class TestDueOn:
    @pytest.mark.parametrize(
        ("last_on", "born_on", "due_on"),
        [
            (date(2010, 5, 4), date(2000, 3, 1), date(2025, 3, 1)),
            (date(2020, 5, 4), date(2000, 3, 1), date(2026, 5, 4)),
            (date(2000, 5, 4), date(2000, 2, 29), date(2025, 3, 1)),
            (date(2016, 2, 29), date(1980, 1, 1), date(2022, 3, 1)),
            (date(2010, 5, 4), None, date(2016, 5, 4)),
        ],
    )
    def test_is_the_later_of_both(self, last_on: date, born_on: date | None, due_on: date) -> None:
        assert kept(last_on, born_on).due_on == due_on

    def test_cannot_be_said_while_open_or_while_something_is_missing(self) -> None:
        for one in (
            kept(date(2000, 1, 1), date(1970, 1, 1), is_open=True),
            kept(date(2000, 1, 1), date(1970, 1, 1), missing=("No child is recorded",)),
        ):
            assert one.due_on is None
            assert not one.is_due(date(2090, 1, 1))

    def test_is_due_on_that_day(self) -> None:
        one = kept(date(2010, 5, 4), date(2000, 3, 1))

        assert not one.is_due(date(2025, 2, 28))
        assert one.is_due(date(2025, 3, 1))

    @given(day=DAYS, today=DAYS, years=st.integers(1, 40))
    def test_a_list_asks_the_same_as_one_record(self, day: date, today: date, years: int) -> None:
        assert (years_after(day, years) <= today) == (day <= latest_before(today, years))

    @pytest.mark.parametrize(
        ("today", "years", "latest"),
        [
            (date(2028, 2, 29), 6, date(2022, 2, 28)),
            (date(2028, 2, 29), 4, date(2024, 2, 29)),
            (date(2026, 2, 28), 6, date(2020, 2, 28)),
            (date(2026, 3, 1), 6, date(2020, 3, 1)),
        ],
    )
    def test_what_began_on_29_february_is_asked_for_from_1_march_on(
        self, today: date, years: int, latest: date
    ) -> None:
        found = latest_before(today, years)

        assert found == latest
        following = found + timedelta(days=1)
        assert years_after(found, years) <= today < years_after(following, years)


def test_a_new_way_in_which_early_help_ends_is_looked_at() -> None:
    """Whoever adds one says in portal/facts/retention.py on which day it ends: the years begin there."""
    assert set(EpisodeState) == {EpisodeState.PREPARING, EpisodeState.ACTIVE, EpisodeState.ENDED_BEFORE_START}
