"""Until when an organisation is covered, and when its end is said."""

from datetime import date, timedelta

import pytest

from portal.domain.sharing import Warn, covered_until, standing

TODAY = date(2026, 3, 2)


def span(begins: int, ends: int) -> tuple[date, date]:
    return TODAY + timedelta(days=begins), TODAY + timedelta(days=ends)


@pytest.mark.parametrize(
    ("spans", "until"),
    [
        ([], None),
        ([span(-9, -1)], None),
        ([span(-9, 0)], 0),
        ([span(-9, 5), span(6, 40)], 40),
        ([span(-9, 5), span(7, 40)], 5),
        ([span(1, 40)], None),
        ([span(-9, 50), span(-5, 10)], 50),
    ],
)
def test_an_agreement_that_begins_the_day_after_another_goes_on_with_it(
    spans: list[tuple[date, date]], until: int | None
) -> None:
    assert covered_until(spans, TODAY) == (None if until is None else TODAY + timedelta(days=until))


@pytest.mark.parametrize(
    ("ends", "warn", "words"),
    [
        (61, Warn.NOT_YET, ""),
        (60, Warn.FIRST, "The sharing agreement with Hillside ends on 1 May 2026, in 60 days"),
        (30, Warn.LAST, "The sharing agreement with Hillside ends on 1 April 2026, in 30 days"),
        (1, Warn.LAST, "The sharing agreement with Hillside ends on 3 March 2026, in 1 day"),
        (0, Warn.LAST, "The sharing agreement with Hillside ends on 2 March 2026, today"),
        (-1, Warn.ENDED, "The sharing agreement with Hillside ended on 1 March 2026"),
    ],
)
def test_its_end_is_said_twice_before_it_comes_and_once_it_has(ends: int, warn: Warn, words: str) -> None:
    found = standing("Hillside", [span(-400, ends)], TODAY, first=60, again=30)

    assert (found.warn, found.words) == (warn, words)


def test_who_never_had_one_is_said_to_have_none() -> None:
    assert standing("Hillside", [], TODAY, first=60, again=30).words == "Hillside has no sharing agreement"
