"""Who of a family each row of a spreadsheet speaks of, and what has to be asked before that is certain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.family_columns import BY_KEY
from portal.domain.family_sheet import SheetFamily, SheetRow
from portal.domain.identifiers import name_key
from portal.facts.numbers import OF_ONE_PERSON
from portal.models.families import Person
from portal.services.new_families import UNBORN, Wrong
from portal.services.people import EARLY, LATE, NUMBERS

Holders = Mapping[tuple[str, str], set[int]]
IN_USE = "is already that of another person in the portal. Check whose it is"


@dataclass
class Matched:
    """Each row with the person it speaks of; None for somebody who is not in the family yet."""

    pairs: list[tuple[SheetRow, Person | None]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def matched(each: SheetFamily, people: Sequence[Person], holders: Holders) -> Matched:
    """By number; else by name, born or expected on the same day where both are known. Whom a row may mean, though it
    does not name them so, is asked: nobody is doubled and nobody renamed on a guess."""
    found = Matched()
    lines: dict[int, int] = {}
    for row in each.rows:
        person = _by_number(row, people) or _by_name(row, people, lines)
        found.pairs.append((row, person))
        if person is None:
            continue
        if lines.setdefault(person.id, row.line) != row.line:
            found.wrong.append(Wrong("given_name", f"names the same person as line {lines[person.id]:,}", row.line))
        found.wrong += _against(person, row)
    for row, person in found.pairs:
        if person is None:
            found.wrong += _doubtful(row, [one for one in people if one.id not in lines])
        found.wrong += numbers_in_use(row, holders, person.id if person else None)
    return found


def numbers(families: Sequence[SheetFamily]) -> Iterator[tuple[str, str]]:
    """Each number that is one person's, by its column."""
    for each in families:
        for row in each.rows:
            yield from numbers_of(row)


def numbers_of(row: SheetRow) -> list[tuple[str, str]]:
    return [(column, row.values[column]) for column in OF_ONE_PERSON if column in row.values]


def numbers_in_use(row: SheetRow, holders: Holders, person_id: int | None) -> list[Wrong]:
    """The numbers of a row that are somebody else's, in this family or any other."""
    return [
        Wrong(column, IN_USE, row.line)
        for column, number in numbers_of(row)
        if holders.get((column, number), set()) - {person_id}
    ]


def _by_number(row: SheetRow, people: Sequence[Person]) -> Person | None:
    for column in NUMBERS:
        number = row.values.get(column)
        found = next((one for one in people if number and getattr(one, column) == number), None)
        if found is not None:
            return found
    return None


def _by_name(row: SheetRow, people: Sequence[Person], lines: Mapping[int, int]) -> Person | None:
    """Somebody whom no row before has named, where there are several."""
    alike = [one for one in people if _is_named(one, row) and _may_be(one.date_of_birth, row.values.get("born_on"))]
    free = [one for one in alike if one.id not in lines]
    # Twins who are not born yet have no names to tell them apart.
    return next(iter(free if row.values.get("expected_on") else free or alike), None)


def _is_named(person: Person, row: SheetRow) -> bool:
    given = name_key(row.values.get("given_name", UNBORN))
    return _same_surname(person, row) and given in {name_key(person.given_name), name_key(person.known_as or "")}


def _same_surname(person: Person, row: SheetRow) -> bool:
    return name_key(person.family_name) == name_key(row.values.get("family_name", ""))


def _may_be(known: date | None, said: date | None) -> bool:
    return known is None or said is None or known == said


def _against(person: Person, row: SheetRow) -> Iterator[Wrong]:
    """What cannot be so of the person whom a row names."""
    said = row.values
    like = _same_surname(person, row) or _is_named(person, row) or said.get("born_on") == person.date_of_birth
    key = next((column for column in NUMBERS if said.get(column) and getattr(person, column) == said[column]), None)
    if key is not None and not like:
        yield Wrong(key, f"is that of {person.name} of this family, who has another name and day of birth", row.line)
    if "kind" in said and said["kind"] != person.kind.value:
        yield Wrong("kind", f"{person.name} is recorded as {person.kind.value} in the portal", row.line)
    if "born_on" in said and person.expected_on is not None:
        yield Wrong("born_on", "is of a baby who is expected. Record the birth in the portal first", row.line)


def _doubtful(row: SheetRow, people: Sequence[Person]) -> Iterator[Wrong]:
    """That somebody whom no row names may be meant: of the same surname and day, or a baby expected about then."""
    said = row.values
    for person in people:
        if not _same_surname(person, row) or said.get("kind") != person.kind.value:
            continue
        if said.get("born_on") is not None and said["born_on"] == person.date_of_birth:
            yield Wrong(
                "given_name",
                f"may be {person.name}, who is in this family with the same {BY_KEY['born_on'].name.lower()}. If so, "
                "change the name in the portal first; if not, name both in the file",
                row.line,
            )
        elif _is_baby(person.expected_on, said.get("born_on")) and person.pregnancy_ended_on is None:
            yield Wrong(
                "born_on", "may be of the baby who is expected. If so, record the birth in the portal first", row.line
            )
        elif _is_baby(said.get("expected_on"), person.date_of_birth):
            yield Wrong("expected_on", f"may be of {person.name}, who was born. If so, write them so", row.line)


def _is_baby(expected: date | None, born: date | None) -> bool:
    return expected is not None and born is not None and expected - EARLY <= born <= expected + LATE
