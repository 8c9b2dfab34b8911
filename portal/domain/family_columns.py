"""What a spreadsheet of families can say: each column, other names it goes by, and how a cell of it is read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain import identifiers
from portal.domain.characters import INVISIBLE

SHORT, LINE = 60, 100


@dataclass(frozen=True)
class Column:
    """A thing the portal can take in: its name in the template, other names it is known by, how a cell is read."""

    key: str
    name: str
    read: Callable[[str], Any]
    says: str
    also: tuple[str, ...] = ()
    needed: bool = False
    of_family: bool = False


def _text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise ValueError(f"must be {longest} characters or fewer. It is {len(cell)}")
        if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in cell):
            raise ValueError("must not hold control characters")
        if INVISIBLE.search(cell):
            raise ValueError("has an invisible character. Type it again")
        return unicodedata.normalize("NFC", cell)

    return read


_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_SPOKEN = ("%d %B %Y", "%d %b %Y")
LARGEST_MONTH = 12
NOT_A_DATE = "must be a real date, day first, like 27/3/2025"
MONTH_FIRST = "is written month first. Dates must be day first, like 27/3/2025"


def _date(cell: str) -> date:
    if found := _YEAR_FIRST.fullmatch(cell):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(cell):
        if is_month_first(cell):
            raise ValueError(MONTH_FIRST)
        return _real(int(found[3]), int(found[2]), int(found[1]))
    for style in _SPOKEN:
        try:
            return datetime.strptime(cell, style).date()  # noqa: DTZ007  (a date, of no time zone)
        except ValueError:
            continue
    raise ValueError(NOT_A_DATE)


def is_month_first(cell: str) -> bool:
    """Whether it can only be read with the month before the day."""
    found = _DAY_FIRST.fullmatch(cell)
    return found is not None and int(found[2]) > LARGEST_MONTH >= int(found[1]) > 0


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise ValueError(NOT_A_DATE) from wrong


def style_of(cell: str) -> str | None:
    """How a date is written: with slashes, year first or in words."""
    if _YEAR_FIRST.fullmatch(cell):
        return "2025-03-27"
    return "27/3/2025" if _DAY_FIRST.fullmatch(cell) else None


_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}


def _yes(cell: str) -> bool:
    said = cell.casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise ValueError("must be yes or no")


def _kind(cell: str) -> str:
    said = cell.casefold()
    if said in {"child", "adult"}:
        return said
    raise ValueError("must be child or adult")


COLUMNS: tuple[Column, ...] = (
    Column(
        "reference",
        "Reference",
        _text(40),
        "The council’s own reference of the family, the same on each of its rows: a later import knows it by that.",
        ("ref", "our ref", "our reference", "family reference", "family ref", "family id"),
        needed=True,
        of_family=True,
    ),
    Column(
        "family",
        "Family",
        _text(200),
        "What the family is called, like The O’Brien family. Empty: The, the first surname, and family.",
        ("called", "household name", "name of family"),
        of_family=True,
    ),
    Column(
        "given_name", "Given name", _text(LINE), "Of one person; a row for each person.", ("first name", "forename")
    ),
    Column(
        "family_name",
        "Surname",
        _text(LINE),
        "Of the same person.",
        ("last name", "family name", "second name"),
        needed=True,
    ),
    Column(
        "kind",
        "Child or adult",
        _kind,
        "child or adult.",
        ("type", "person type", "child adult"),
        needed=True,
    ),
    Column("born_on", "Date of birth", _date, "Day first, like 27/3/2016.", ("dob", "birth date", "born")),
    Column("expected_on", "Expected date", _date, "Of a child who is not born yet.", ("edd", "due date", "baby due")),
    Column(
        "relation", "Relationship", _text(SHORT), "To the children: mother, stepfather, grandmother.", ("relation",)
    ),
    Column(
        "responsible",
        "Parental responsibility",
        _yes,
        "yes or no, of an adult, for the children of the family.",
        ("pr", "has pr"),
    ),
    Column("school", "School", _text(200), "School, nursery or college.", ("nursery", "setting")),
    Column("nhs_number", "NHS number", identifiers.nhs_number, "Ten digits, checked.", ("nhs", "nhs no")),
    Column("upn", "UPN", identifiers.upn, "Unique pupil number, checked.", ("unique pupil number",)),
    Column(
        "social_care_number",
        "Social care number",
        identifiers.social_care_number,
        "As social care writes it.",
        ("social care id", "liquidlogic id", "mosaic id"),
    ),
    Column("phone", "Phone", identifiers.phone, "Of this person.", ("phone number", "telephone", "mobile", "tel")),
    Column(
        "safe_to_ring", "Safe to ring", _yes, "yes where ringing that number is safe.", ("safe to call", "safe contact")
    ),
    Column(
        "address", "Address", _text(400), "Of the family’s home. Never put a confidential address here.", of_family=True
    ),
    Column("postcode", "Postcode", identifiers.postcode, "Of the same home.", ("post code",), of_family=True),
    Column(
        "started_on",
        "In early help since",
        _date,
        "Empty: not known.",
        ("start date", "early help start", "started", "open date", "date opened"),
        of_family=True,
    ),
    Column(
        "lead_email",
        "Lead professional",
        identifiers.email,
        "The email address with which they sign in. Empty: nobody, or not known.",
        ("lead email", "lead", "lp", "lead practitioner", "lead professional email"),
        of_family=True,
    ),
    Column(
        "next_review_on",
        "Next review",
        _date,
        "Empty: not known.",
        ("review date", "next review date", "review", "next taf", "next meeting"),
        of_family=True,
    ),
    Column(
        "coordinator_email",
        "Coordinator",
        identifiers.email,
        "The email address of the family’s early help coordinator. Empty: whoever takes the file in.",
        ("coordinator email", "early help coordinator", "ehc"),
        of_family=True,
    ),
)
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", unicodedata.normalize("NFKD", name).casefold()).strip()


KNOWN: Mapping[str, str] = {
    plain(name): column.key for column in COLUMNS for name in (column.name, column.key, *column.also)
}
