"""By when: each choice as a working day, said before it is chosen, and refused in words where it lacks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from werkzeug.datastructures import MultiDict

from portal.domain.dates import Calendar
from portal.web.due_dates import DueDate, fields, offer, resolve
from portal.web.forms import Row
from tests.support.web import date_parts

DAYS = Calendar()
MEETING = date(2026, 4, 30)


class Asked(DueDate, Row):
    """As a form has it."""


@pytest.fixture(autouse=True)
def before_easter() -> Iterator[None]:
    """Friday 27 March 2026: the next Friday is Good Friday."""
    with time_machine.travel(datetime(2026, 3, 27, 10, tzinfo=UTC)):
        yield


def asked(answers: dict[str, str], *, meeting: date | None = MEETING, form: Any = Asked) -> Any:
    found = form(MultiDict(answers))
    offer(found, DAYS, next_meeting=meeting)
    found.validate()
    return found


class TestWhatIsOffered:
    def test_each_choice_says_its_working_day(self) -> None:
        hints = {choice.value: (choice.render_kw or {}).get("hint") for choice in asked({}).due.iter_choices()}

        assert hints == {
            "one_week": "Tuesday 7 April, because Friday 3 April is not a working day",
            "two_weeks": "Friday 10 April",
            "next_meeting": "30 April 2026",
            "date": None,
        }

    def test_no_meeting_no_choice(self) -> None:
        for meeting in (None, date(2026, 3, 26)):
            values = [choice.value for choice in asked({}, meeting=meeting).due.iter_choices()]
            assert "next_meeting" not in values


class TestWhatIsMeant:
    @pytest.mark.parametrize(
        ("answers", "day"),
        [
            ({"due": "one_week"}, date(2026, 4, 7)),
            ({"due": "two_weeks"}, date(2026, 4, 10)),
            ({"due": "next_meeting"}, MEETING),
            ({"due": "date", **date_parts("due_on", date(2026, 4, 4))}, date(2026, 4, 7)),
            ({"due": "date", **date_parts("due_on", date(2026, 3, 27))}, date(2026, 3, 27)),
        ],
    )
    def test_a_working_day(self, answers: dict[str, str], day: date) -> None:
        meant = resolve(asked(answers), DAYS, next_meeting=MEETING)

        assert meant is not None
        assert meant.on == day

    @pytest.mark.parametrize(
        ("answers", "field", "words"),
        [
            ({"due_on-day": "1"}, "due", "Select when this should be done by"),
            ({"due": "date"}, "due_on", "Enter the date it is due"),
            (
                {"due": "date", **date_parts("due_on", date(2026, 3, 26))},
                "due_on",
                "Date it is due must be today or later",
            ),
            (
                {"due": "date", "due_on-day": "31", "due_on-month": "2", "due_on-year": "2026"},
                "due_on",
                "Date it is due must be a real date, like 27 3 2025",
            ),
            ({"due": "soon"}, "due", "Select one of the answers in the list"),
        ],
    )
    def test_what_lacks_is_said_at_its_field(self, answers: dict[str, str], field: str, words: str) -> None:
        form = asked(answers)

        assert resolve(form, DAYS, next_meeting=MEETING) is None
        assert list(form[field].errors) == [words]

    def test_the_next_meeting_of_a_form_that_does_not_say_when_it_is(self) -> None:
        form = Asked(MultiDict({"due": "next_meeting"}))
        offer(form, DAYS, meeting_asked=True)
        form.validate()

        assert resolve(form, DAYS) is None
        assert list(form.due.errors) == ["Enter the date of the next meeting, or choose another time"]

    def test_an_empty_row_has_none_and_needs_none(self) -> None:
        form = asked({})

        assert resolve(form, DAYS) is None
        assert not form.errors

    def test_several_in_one_form(self) -> None:
        both = type("Both", (Row,), {**fields("-1"), **fields("-2")})
        form = both(MultiDict({"due-1": "one_week", "due-2": "two_weeks"}))
        for end in ("-1", "-2"):
            offer(form, DAYS, end=end)
        form.validate()

        found = [resolve(form, DAYS, end=end) for end in ("-1", "-2")]

        assert [meant.on for meant in found if meant] == [date(2026, 4, 7), date(2026, 4, 10)]
