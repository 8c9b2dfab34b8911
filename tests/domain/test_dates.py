"""Working days across the holidays of England and Wales, and the words for dates and times."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import dates
from portal.domain.dates import Calendar

# As the government publishes them to 2028; after that by the rules of the Banking and Financial Dealings Act 1971
PUBLISHED = {
    2020: "1 Jan, 10 Apr, 13 Apr, 8 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2021: "1 Jan, 2 Apr, 5 Apr, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2022: "3 Jan, 15 Apr, 18 Apr, 2 May, 2 Jun, 3 Jun, 29 Aug, 19 Sep, 26 Dec, 27 Dec",
    2023: "2 Jan, 7 Apr, 10 Apr, 1 May, 8 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2024: "1 Jan, 29 Mar, 1 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2025: "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2026: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2027: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2028: "3 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2029: "1 Jan, 30 Mar, 2 Apr, 7 May, 28 May, 27 Aug, 25 Dec, 26 Dec",
    2030: "1 Jan, 19 Apr, 22 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2031: "1 Jan, 11 Apr, 14 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2032: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2033: "3 Jan, 15 Apr, 18 Apr, 2 May, 30 May, 29 Aug, 26 Dec, 27 Dec",
    2034: "2 Jan, 7 Apr, 10 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2035: "1 Jan, 23 Mar, 26 Mar, 7 May, 28 May, 27 Aug, 25 Dec, 26 Dec",
}

COUNCIL = Calendar()
MONDAY = date(2026, 6, 1)

years_around_now = st.dates(min_value=date(2015, 1, 1), max_value=date(2045, 12, 31))
closures = st.frozensets(st.dates(min_value=date(2025, 12, 1), max_value=date(2026, 4, 30)), max_size=12)
days_in_2026 = st.dates(min_value=date(2025, 11, 1), max_value=date(2026, 6, 30))


class TestBankHolidays:
    @pytest.mark.parametrize("year", PUBLISHED)
    def test_each_one_falls_where_it_is_published(self, year: int) -> None:
        kept = [day for day in sorted(dates.bank_holidays(year)) if day.weekday() < 5]

        assert ", ".join(f"{day.day} {day:%b}" for day in kept) == PUBLISHED[year]

    def test_a_year_nobody_has_published_is_known(self) -> None:
        assert not COUNCIL.is_working_day(date(2071, 12, 25))

    def test_one_off_holidays_are_days_off(self) -> None:
        jubilee, funeral, coronation = date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)

        assert not any(map(COUNCIL.is_working_day, (jubilee, funeral, coronation)))


class TestWorkingDays:
    def test_weekdays_are_and_weekends_are_not(self) -> None:
        week = [MONDAY + timedelta(days=n) for n in range(7)]

        assert [COUNCIL.is_working_day(day) for day in week] == [True] * 5 + [False] * 2

    def test_a_day_the_council_is_closed_is_not(self) -> None:
        closed = Calendar(frozenset({MONDAY}))

        assert not closed.is_working_day(MONDAY)
        assert closed.due(MONDAY) == date(2026, 6, 2)

    def test_the_day_after_the_trigger_is_day_1(self) -> None:
        assert COUNCIL.working_days_after(MONDAY, 1) == date(2026, 6, 2)

    def test_monday_is_day_1_after_a_trigger_on_a_saturday(self) -> None:
        assert COUNCIL.working_days_after(date(2026, 5, 30), 1) == MONDAY
        assert COUNCIL.working_days_between(date(2026, 5, 30), MONDAY) == 1

    def test_across_easter(self) -> None:
        maundy_thursday = date(2026, 4, 2)

        assert COUNCIL.working_days_after(maundy_thursday, 1) == date(2026, 4, 7)
        assert COUNCIL.working_days_between(maundy_thursday, date(2026, 4, 8)) == 2

    def test_across_christmas_with_a_substitute_day(self) -> None:
        christmas_eve = date(2026, 12, 24)

        assert COUNCIL.working_days_after(christmas_eve, 1) == date(2026, 12, 29)
        assert COUNCIL.working_days_after(christmas_eve, 4) == date(2027, 1, 4)

    def test_across_christmas_when_the_council_closes_between(self) -> None:
        closed = Calendar(frozenset(date(2026, 12, day) for day in (29, 30, 31)))

        assert closed.working_days_after(date(2026, 12, 24), 1) == date(2027, 1, 4)

    def test_across_29_february(self) -> None:
        assert COUNCIL.working_days_after(date(2024, 2, 28), 1) == date(2024, 2, 29)
        assert COUNCIL.working_days_after(date(2024, 2, 28), 2) == date(2024, 3, 1)
        assert COUNCIL.working_days_after(date(2025, 2, 27), 2) == date(2025, 3, 3)

    def test_across_both_clock_changes(self) -> None:
        assert COUNCIL.working_days_after(date(2026, 3, 27), 1) == date(2026, 3, 30)
        assert COUNCIL.working_days_after(date(2026, 10, 23), 1) == date(2026, 10, 26)

    def test_counting_backwards_is_refused(self) -> None:
        with pytest.raises(ValueError, match="forwards"):
            COUNCIL.working_days_after(MONDAY, -1)

    def test_weeks_are_calendar_weeks_and_due_the_next_working_day(self) -> None:
        six_weeks = COUNCIL.weeks_after(date(2026, 2, 20), 6)

        assert six_weeks == date(2026, 4, 3)  # Good Friday
        assert COUNCIL.due(six_weeks) == date(2026, 4, 7)

    @given(start=days_in_2026, n=st.integers(1, 60), closed=closures)
    def test_counting_back_gives_the_number_counted(self, start: date, n: int, closed: frozenset[date]) -> None:
        calendar = Calendar(closed)

        assert calendar.working_days_between(start, calendar.working_days_after(start, n)) == n

    @given(start=days_in_2026, n=st.integers(0, 60), closed=closures)
    def test_a_counted_day_is_a_working_day(self, start: date, n: int, closed: frozenset[date]) -> None:
        calendar = Calendar(closed)

        assert calendar.is_working_day(calendar.working_days_after(start, n))

    @given(first=years_around_now, last=years_around_now)
    def test_the_count_is_that_of_looking_at_every_day(self, first: date, last: date) -> None:
        first, last = sorted((first, last))
        days = (first + timedelta(days=n) for n in range(1, min((last - first).days, 800) + 1))
        last = min(last, first + timedelta(days=800))

        assert COUNCIL.working_days_within(first, last) == sum(map(COUNCIL.is_working_day, days))

    @given(first=years_around_now, last=years_around_now)
    def test_the_other_way_round_is_the_same_count_below_nought(self, first: date, last: date) -> None:
        assert COUNCIL.working_days_between(last, first) == -COUNCIL.working_days_between(first, last)

    @given(day=days_in_2026, today=days_in_2026, closed=closures)
    def test_a_query_by_the_latest_overdue_date_agrees(self, day: date, today: date, closed: frozenset[date]) -> None:
        calendar = Calendar(closed)

        assert calendar.is_overdue(day, today) == (day <= calendar.latest_overdue(today))


class TestDatesInWords:
    def test_in_full(self) -> None:
        assert dates.full(date(2024, 9, 2)) == "2 September 2024"

    @pytest.mark.parametrize(
        ("today", "words"),
        [
            (date(2024, 9, 2), "Monday 2 September"),
            (date(2024, 8, 5), "Monday 2 September"),
            (date(2024, 8, 4), "2 September 2024"),
            (date(2024, 9, 30), "Monday 2 September"),
            (date(2024, 10, 1), "2 September 2024"),
        ],
    )
    def test_the_weekday_stands_within_four_weeks_either_way(self, today: date, words: str) -> None:
        assert dates.near(date(2024, 9, 2), today) == words

    def test_a_short_date_has_its_year_where_it_is_another_year(self) -> None:
        assert dates.short(date(2024, 9, 2), date(2024, 1, 1)) == "2 September"
        assert dates.short(date(2025, 1, 2), date(2024, 12, 1)) == "2 January 2025"

    def test_counts_agree_in_number(self) -> None:
        words = [dates.counted(n, "family", "families") for n in (0, 1, 2, 1200)]

        assert words == ["0 families", "1 family", "2 families", "1,200 families"]


class TestDueWords:
    @pytest.mark.parametrize(
        ("due", "words"),
        [
            (None, "no date set"),
            (date(2026, 5, 22), "5 working days overdue"),  # Spring bank holiday on the 25th is not counted
            (date(2026, 5, 28), "2 working days overdue"),
            (date(2026, 5, 29), "1 working day overdue"),
            (date(2026, 5, 30), "due today"),  # A Saturday is due on the Monday
            (date(2026, 6, 1), "due today"),
            (date(2026, 6, 2), "due tomorrow"),
            (date(2026, 6, 3), "due in 2 working days"),
            (date(2026, 6, 6), "due in 5 working days"),
            (date(2026, 6, 15), "due in 10 working days"),
            (date(2026, 6, 16), "due 16 June"),
            (date(2027, 1, 5), "due 5 January 2027"),
        ],
    )
    def test_on_a_monday(self, due: date | None, words: str) -> None:
        assert dates.due_words(due, MONDAY, COUNCIL) == words

    @pytest.mark.parametrize(
        ("due", "words"),
        [
            (date(2026, 5, 29), "under 1 working day overdue"),
            (date(2026, 5, 28), "1 working day overdue"),
            (date(2026, 5, 30), "due in 1 working day"),
            (date(2026, 6, 1), "due in 1 working day"),
            (date(2026, 6, 2), "due in 2 working days"),
        ],
    )
    def test_on_a_saturday(self, due: date, words: str) -> None:
        assert dates.due_words(due, date(2026, 5, 30), COUNCIL) == words

    def test_from_a_friday_monday_is_one_working_day_away(self) -> None:
        assert dates.due_words(MONDAY, date(2026, 5, 29), COUNCIL) == "due in 1 working day"

    def test_across_easter(self) -> None:
        assert dates.due_words(date(2026, 4, 3), date(2026, 4, 2), COUNCIL) == "due in 1 working day"
        assert dates.due_words(date(2026, 4, 2), date(2026, 4, 7), COUNCIL) == "1 working day overdue"

    @given(due=days_in_2026, today=days_in_2026, closed=closures)
    def test_overdue_is_said_of_what_is_overdue_and_of_nothing_else(
        self, due: date, today: date, closed: frozenset[date]
    ) -> None:
        calendar = Calendar(closed)

        assert dates.due_words(due, today, calendar).endswith("overdue") == calendar.is_overdue(due, today)


class TestAge:
    @pytest.mark.parametrize(
        ("born", "words"),
        [
            (date(2026, 6, 2), "not yet born"),
            (date(2026, 6, 1), "under 1 week"),
            (date(2026, 5, 4), "4 weeks"),
            (date(2026, 5, 1), "1 month"),
            (date(2025, 3, 20), "14 months"),
            (date(2024, 6, 2), "23 months"),
            (date(2024, 6, 1), "2 years"),
            (date(2015, 6, 2), "10 years"),
        ],
    )
    def test_in_the_unit_a_family_would_use(self, born: date, words: str) -> None:
        assert dates.age_words(born, MONDAY) == words

    def test_a_child_born_on_29_february_has_a_birthday_on_1_march(self) -> None:
        born = date(2016, 2, 29)

        assert dates.age_words(born, date(2026, 2, 28)) == "9 years"
        assert dates.age_words(born, date(2026, 3, 1)) == "10 years"
        assert dates.age_words(born, date(2028, 2, 29)) == "12 years"


class TestTimes:
    def test_a_moment_is_shown_by_the_clock_in_london(self) -> None:
        summer, winter = datetime(2024, 9, 2, 8, 32, tzinfo=UTC), datetime(2024, 12, 2, 9, 32, tzinfo=UTC)

        assert dates.moment(summer) == "2 September 2024 at 9:32am"
        assert dates.moment(winter) == "2 December 2024 at 9:32am"

    @pytest.mark.parametrize(
        ("at", "words"),
        [(time(0, 0), "12am"), (time(0, 5), "12:05am"), (time(10, 42), "10:42am"), (time(12, 0), "midday"),
         (time(12, 30), "12:30pm"), (time(14, 0), "2pm"), (time(23, 59), "11:59pm")],
    )  # fmt: skip
    def test_clock_times(self, at: time, words: str) -> None:
        assert dates.clock_time(datetime.combine(date(2026, 1, 15), at, UTC)) == words

    def test_half_past_midnight_in_summer_belongs_to_the_new_day(self) -> None:
        assert dates.london_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)

    def test_a_moment_without_a_time_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            dates.moment(datetime(2024, 9, 2, 8, 32))  # noqa: DTZ001 - the mistake under test

    def test_local_times_either_side_of_the_spring_change(self) -> None:
        assert dates.to_utc(date(2026, 3, 28), time(9)) == datetime(2026, 3, 28, 9, tzinfo=UTC)
        assert dates.to_utc(date(2026, 3, 29), time(9)) == datetime(2026, 3, 29, 8, tzinfo=UTC)

    @pytest.mark.parametrize("minutes", [0, 30, 59])
    def test_the_hour_that_spring_leaves_out_is_refused_in_words(self, minutes: int) -> None:
        with pytest.raises(ValueError, match=r"There is no 1.*am on 29 March 2026, because the clocks go forward"):
            dates.to_utc(date(2026, 3, 29), time(1, minutes))

    def test_of_the_hour_that_autumn_repeats_the_first_is_meant(self) -> None:
        repeated = date(2026, 10, 25)

        assert dates.to_utc(repeated, time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert dates.to_utc(repeated, time(1, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert dates.to_utc(repeated, time(2, 0)) == datetime(2026, 10, 25, 2, tzinfo=UTC)

    @given(day=years_around_now, at=st.times())
    def test_a_local_time_comes_back_as_it_was_typed(self, day: date, at: time) -> None:
        try:
            utc = dates.to_utc(day, at)
        except ValueError:
            assert (day.month, day.weekday(), at.hour) == (3, 6, 1)
            return

        assert dates.london_date(utc) == day
        assert utc.astimezone(dates.LONDON).time() == at
