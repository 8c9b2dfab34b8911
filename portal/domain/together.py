"""What is done to several families at once, in words: for how many, and why some are left as they are."""

from collections.abc import Mapping, Sequence

from portal.domain.dates import all_of, counted

# So many are told by name; more are counted.
NAMED = 8
NOBODY_ASKED = "Nobody was asked"
NOT_SET = "No date was set"
NOT_BEGUN = "{early_help} has not begun"
NOT_YOURS = "not yours to change"
NOT_OPEN = "{early_help} is not open"
TOO_LATE = "This can be undone for ten minutes, and they have passed, or it was undone already."


def asked(who: str, number: int, left: Mapping[str, str]) -> str:
    """Sam Lead was asked to lead 3 families. Left as they are: The Evans family, F-39 (Sam Lead leads it)"""
    return f"{who} was asked to lead {counted(number, 'family', 'families')}{_left(left)}"


def review_set(day: str, number: int, left: Mapping[str, str]) -> str:
    """Next review by 7 November 2026 for 3 families"""
    return f"Next review by {day} for {counted(number, 'family', 'families')}{_left(left)}"


def arranged(day: str) -> str:
    return f"a meeting is arranged for {day}: move that one"


def already(day: str) -> str:
    return f"it is {day} already"


def nothing(words: str, left: Mapping[str, str]) -> str:
    return f"{words}: {_each(left)}"


def undone(number: int, left: Mapping[str, str]) -> str:
    return f"Undone for {counted(number, 'family', 'families')}{_left(left)}"


def _left(left: Mapping[str, str]) -> str:
    return f". Left as {'it is' if len(left) == 1 else 'they are'}: {_each(left)}" if left else ""


def _each(left: Mapping[str, str]) -> str:
    said: Sequence[str] = [f"{name} ({why})" for name, why in left.items()]
    more = [counted(len(said) - NAMED, "more", "more")] if len(said) > NAMED else []
    return all_of([*said[:NAMED], *more])
