"""By when: in a week, in two, at the next meeting or on a date; it always comes out as a working day."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core import clock
from portal.domain.dates import Calendar, near
from portal.web.forms import DateField, RadiosField, Row, SelectChoice


class When(enum.StrEnum):
    WEEK = "one_week"
    FORTNIGHT = "two_weeks"
    MEETING = "next_meeting"
    DATE = "date"


WEEKS = {When.WEEK: 1, When.FORTNIGHT: 2}
DUE, DUE_ON = "due", "due_on"


@dataclass(frozen=True)
class Meant:
    """The working day a choice came to, and the words that show it back. `moved`: the day itself was none."""

    on: date
    words: str
    moved: bool = False


def fields(end: str = "", *, label: str = "When should this be done by?") -> dict[str, Any]:
    """The two questions, for a form that is put together; `end` tells several groups of one form apart."""
    return {
        DUE + end: RadiosField(label),
        DUE_ON + end: DateField("Date", called="Date it is due"),
    }


class DueDate:
    """Mixed into a form, or a row of one, that asks once by when."""

    due = RadiosField("When should this be done by?")
    due_on = DateField("Date", called="Date it is due")


def offer(
    form: Any, days: Calendar, *, next_meeting: date | None = None, meeting_asked: bool = False, end: str = ""
) -> None:
    """Fill in the choices, each with the working day it comes to. The next meeting is one where it has a date still
    to come, or where this same form asks for it (`meeting_asked`)."""
    today = clock.today()
    found = [_choice(when, f"In {n} week{'s' if n > 1 else ''}", _weeks(when, days)) for when, n in WEEKS.items()]
    if next_meeting is not None and next_meeting >= today:
        found.append(_choice(When.MEETING, "At the next meeting", _meant(next_meeting, days)))
    elif meeting_asked:
        hint = {"hint": "The date you give on this page"}
        found.append(SelectChoice(When.MEETING.value, "At the next meeting", hint))
    found.append(SelectChoice(When.DATE.value, "On another date"))
    form[DUE + end].choices = found


def resolve(form: Any, days: Calendar, *, next_meeting: date | None = None, end: str = "") -> Meant | None:
    """The working day that was meant. None where there is no answer, or a wrong one: the words are then at the
    field. Call it after the form's own validation. A row that is wholly empty has none and needs none."""
    if isinstance(form, Row) and form.is_empty:
        return None
    due, due_on = form[DUE + end], form[DUE_ON + end]
    if due.errors:
        return None
    match due.data:
        case When.WEEK | When.FORTNIGHT:
            return _weeks(When(due.data), days)
        case When.MEETING if next_meeting is not None:
            return _meant(next_meeting, days)
        case When.MEETING:
            _say(due, "Enter the date of the next meeting, or choose another time")
        case When.DATE if due_on.data is not None and due_on.data >= clock.today():
            return _meant(due_on.data, days)
        case When.DATE if due_on.data is not None:
            _say(due_on, "Date it is due must be today or later")
        case When.DATE if not due_on.errors:
            _say(due_on, "Enter the date it is due")
        case When.DATE:
            pass
        case _:
            _say(due, "Select when this should be done by")
    return None


def _say(field: Any, words: str) -> None:
    field.errors = [*field.errors, words]


def _weeks(when: When, days: Calendar) -> Meant:
    return _meant(days.weeks_after(clock.today(), WEEKS[when]), days)


def _meant(day: date, days: Calendar) -> Meant:
    today, due = clock.today(), days.due(day)
    words = near(due, today)
    if due == day:
        return Meant(due, words)
    return Meant(due, f"{words}, because {near(day, today)} is not a working day", moved=True)


def _choice(when: When, words: str, meant: Meant) -> SelectChoice:
    return SelectChoice(when.value, words, {"hint": meant.words})
