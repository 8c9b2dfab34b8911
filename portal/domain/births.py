"""Which dates somebody can be born on, or a baby be expected."""

from datetime import date, timedelta

ELDEST_CHILD = timedelta(days=26 * 365)
OVERDUE, AHEAD = timedelta(weeks=4), timedelta(weeks=44)


def wrong_birth(born_on: date, today: date, *, is_child: bool) -> str | None:
    """Why nobody can have been born then, in words; None where they can."""
    why = against_birth(born_on, today, is_child=is_child)
    return f"Date of birth {why}" if why else None


def against_birth(born_on: date, today: date, *, is_child: bool) -> str | None:
    """The same without its subject: a spreadsheet has its own name for it."""
    if born_on > today:
        return "must be today or in the past"
    if is_child and today - born_on > ELDEST_CHILD:
        return "of a child must be less than 26 years ago"
    return None


def wrong_expectation(expected_on: date, today: date) -> str | None:
    """Why no baby can be expected then, in words; None where one can."""
    if not today - OVERDUE <= expected_on <= today + AHEAD:
        return "Expected date must be within the next 10 months"
    return None
