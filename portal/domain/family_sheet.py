"""A coordinator's spreadsheet of families, saved as CSV: which column is what, and what each row says."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.domain import births
from portal.domain.dates import all_of, full
from portal.domain.episodes import EARLIEST_START
from portal.domain.family_columns import BY_KEY, COLUMNS, KNOWN, Column, plain

MOST_ROWS = 100_000


class BrokenSheet(Exception):
    """The file cannot be read at all; the words say why and what to do."""


@dataclass(frozen=True)
class Fault:
    """Why one row cannot be taken in, by its line in the file and the name of its column there. `follows`: nothing is
    wrong with it but the family it belongs to."""

    line: int
    column: str
    reason: str
    follows: bool = False

    def __str__(self) -> str:
        return f"line {self.line:,}, {self.column}: {self.reason}"


@dataclass(frozen=True)
class Heading:
    """The first line: which column of the file is what, by its place, and which are not used."""

    columns: Mapping[int, Column]
    names: Sequence[str]
    unused: Sequence[str]

    @property
    def matched(self) -> list[tuple[str, str]]:
        """Name in the file and what it is taken as, in the file's order."""
        return [(self.names[place], column.name) for place, column in self.columns.items()]

    @property
    def missing(self) -> list[str]:
        found = {column.key for column in self.columns.values()}
        return [column.name for column in COLUMNS if column.key not in found]

    def name_of(self, key: str) -> str:
        """What the file calls a column; the template's name where it has none."""
        return next((self.names[place] for place, each in self.columns.items() if each.key == key), BY_KEY[key].name)


def read_heading(names: Sequence[str]) -> Heading:
    """Raises BrokenSheet where a needed column is missing, or two are the same."""
    columns: dict[int, Column] = {}
    for place, name in enumerate(names):
        key = KNOWN.get(plain(name))
        if key is None:
            continue
        taken = next((names[other] for other, column in columns.items() if column.key == key), None)
        if taken is not None:
            raise BrokenSheet(f"the columns “{taken}” and “{name}” both say the {BY_KEY[key].name}. Rename one of them")
        columns[place] = BY_KEY[key]
    found = {column.key for column in columns.values()}
    lacking = [column.name for column in COLUMNS if column.needed and column.key not in found]
    if lacking:
        raise BrokenSheet(
            f"there is no column for {', '.join(lacking)}. The first line must name the columns, as the template does"
        )
    unused = [name for place, name in enumerate(names) if place not in columns and name.strip()]
    return Heading(columns, list(names), unused)


@dataclass(frozen=True)
class SheetRow:
    """One person of one family, and the line it stands on. Keys are those of COLUMNS; what is empty is left out."""

    line: int
    values: Mapping[str, Any]


@dataclass
class SheetFamily:
    """The rows of one family that stand together, and what the file alone tells is wrong with them."""

    reference: str
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.rows[0].line

    def said(self, key: str) -> Any:
        """What the family's rows say in a column of the family; the first that says anything."""
        return next((row.values[key] for row in self.rows if key in row.values), None)

    def line_of(self, key: str) -> int:
        """The line on which they say it first."""
        return next((row.line for row in self.rows if key in row.values), self.line)


def families(
    heading: Heading, lines: Iterable[tuple[int, Sequence[str]]], today: date
) -> Iterator[SheetFamily | Fault]:
    """Each family with its rows and their faults, in the file's order; a fault alone where it is nobody's. Raises
    BrokenSheet past MOST_ROWS rows."""
    gathered, count = None, 0
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise BrokenSheet(
                f"it has more than {MOST_ROWS:,} rows with something in them. Split it into several files"
            )
        values, wrong = _values(heading, line, cells, today)
        reference = values.get("reference")
        if gathered is not None and reference is not None and reference != gathered.reference:
            yield _whole(heading, gathered)
            gathered = None
        if reference is None:
            # It belongs to nobody for certain, and the family above may lack this very person.
            unclaimed = wrong or [_no_reference(heading, line)]
            if gathered is None:
                yield from unclaimed
            else:
                gathered.faults += unclaimed
            continue
        gathered = gathered or SheetFamily(reference)
        gathered.rows.append(SheetRow(line, values))
        gathered.faults += wrong
    if gathered is not None:
        yield _whole(heading, gathered)


def left_out(heading: Heading, family: SheetFamily, faults: Iterable[Fault]) -> list[Fault]:
    """Every fault of a family, and a word on each of its other lines: it is left out whole, for half a family would
    look like a whole one."""
    found = list(faults)
    wrong = sorted({fault.line for fault in found})
    lines = all_of([f"{line:,}" for line in wrong])
    why = f"the family {family.reference} is left out whole until {'line' if len(wrong) == 1 else 'lines'} {lines} "
    return [
        *found,
        *(
            Fault(row.line, heading.name_of("reference"), f"{why}{'is' if len(wrong) == 1 else 'are'} put right", True)
            for row in family.rows
            if row.line not in wrong
        ),
    ]


def _no_reference(heading: Heading, line: int) -> Fault:
    return Fault(
        line,
        heading.name_of("reference"),
        "is empty. Where cells were merged in the spreadsheet, unmerge them and repeat the reference on each row",
    )


def _values(heading: Heading, line: int, cells: Sequence[str], today: date) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, column in heading.columns.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if not cell:
            if column.needed and column.key != "reference":
                faults.append(Fault(line, heading.names[place], "is empty"))
            continue
        try:
            values[column.key] = column.read(cell)
        except ValueError as wrong:
            faults.append(Fault(line, heading.names[place], str(wrong)))
    if len(cells) > len(heading.names) and any(cell.strip() for cell in cells[len(heading.names) :]):
        faults.append(Fault(line, "after the last column", "there is more than the first line names"))
    return values, faults + _contradictions(heading, line, values, today)


def _contradictions(heading: Heading, line: int, values: Mapping[str, Any], today: date) -> list[Fault]:
    found = []
    for key, why in _impossible(values, today).items():
        if why:
            found.append(Fault(line, heading.name_of(key), why))
    if "born_on" in values and "expected_on" in values:
        found.append(Fault(line, heading.name_of("expected_on"), "cannot stand beside a date of birth"))
    if values.get("responsible") and values.get("kind") == "child":
        found.append(Fault(line, heading.name_of("responsible"), "is only for an adult"))
    if values.get("safe_to_ring") and "phone" not in values:
        found.append(Fault(line, heading.name_of("phone"), "is empty, though ringing it is said to be safe"))
    unnamed = "given_name" not in values and "expected_on" not in values
    if unnamed and "kind" in values:
        found.append(Fault(line, heading.name_of("given_name"), "is empty"))
    return found


def _impossible(values: Mapping[str, Any], today: date) -> dict[str, str | None]:
    """Dates that cannot be, and why."""
    found: dict[str, str | None] = {}
    if "born_on" in values:
        found["born_on"] = births.against_birth(values["born_on"], today, is_child=values.get("kind") == "child")
    if values.get("started_on", today) > today:
        found["started_on"] = "must be today or in the past"
    elif values.get("started_on", today) < EARLIEST_START:
        found["started_on"] = f"must be after {full(EARLIEST_START)}"
    return found


def _whole(heading: Heading, family: SheetFamily) -> SheetFamily:
    """With what contradicts itself from row to row."""
    for column in COLUMNS:
        said = [(row.line, row.values[column.key]) for row in family.rows if column.key in row.values]
        if column.of_family:
            family.faults += [
                Fault(line, heading.name_of(column.key), f"is another one than on line {said[0][0]:,}")
                for line, value in said[1:]
                if value != said[0][1]
            ]
    return family


def rows_of(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Number of the line on which each row ends, and its cells. Comma, semicolon and tab are told apart by the first
    line; a byte-order mark is no part of it. Raises BrokenSheet."""
    given = iter(lines)
    first = next(given, "").removeprefix("\ufeff")
    if not first.strip():
        raise BrokenSheet("its first line is empty. It must name the columns, as the template does")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(_readable([first], given), delimiter=separator, strict=False)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as wrong:
        raise BrokenSheet(f"line {reader.line_num:,} cannot be read as CSV ({wrong})") from wrong


def _readable(first: list[str], rest: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate((part for source in (first, rest) for part in source), start=1):
        if "\0" in line:
            raise BrokenSheet(f"line {number:,} holds a character that no spreadsheet writes. Save it as CSV again")
        yield line
