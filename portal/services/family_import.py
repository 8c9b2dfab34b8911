"""Families of a coordinator's spreadsheet: taken in by the council's own reference, and brought up to date by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.domain.family_sheet import Fault, Heading, SheetFamily, left_out
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import numbers
from portal.policies import rules
from portal.services import family_updates, known_families, new_families, same_people
from portal.services.known_families import KnownFamily
from portal.services.new_families import Colleagues, NewFamily, Wrong
from portal.services.same_people import Holders, Matched

PASSED = "has passed, so when the next one is, is not known"
TAKEN = "is in use here for a family that cannot be brought up to date this way. Ask the early help manager"


@dataclass
class Taken:
    """What one file did, or would do: families added, brought up to date and as before; what was left out and why."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    people: int = 0
    faults: list[Fault] = field(default_factory=list)
    # What was taken in otherwise than the file says.
    notes: list[Fault] = field(default_factory=list)
    # The line on which each reference, and each number of one person, stands first.
    references: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def families(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def wrong(self) -> int:
        """Faults themselves, without the lines that are left out because of one."""
        return sum(not fault.follows for fault in self.faults)


def take_in(heading: Heading, families: Sequence[SheetFamily], who: Colleagues, *, by: Viewer, into: Taken) -> None:
    """A few hundred families at a time, in the caller's transaction. One with a fault is left out whole and told of
    in `into`; nothing of it is stored. Who leads one is told. Raises NotAllowed."""
    rules.demand(by, P.ALREADY_HELPED)
    known = known_families.by_reference([each.reference for each in families])
    holders = numbers.holders(same_people.numbers(families))
    new: list[NewFamily] = []
    for each in families:
        wrong = _stands_twice(each, into)
        here = known.get(each.reference)
        if here is not None:
            of = same_people.matched(each, here.people, holders)
            wrong += of.wrong
            if not wrong and not each.faults:
                _bring_up_to_date(heading, here, each, of, by=by, into=into)
        elif each.reference in known:
            wrong.append(Wrong("reference", TAKEN, each.line))
        elif added := _new(each, who, holders, wrong, by=by):
            new.append(added)
        _tell(heading, each, wrong, into)
    new_families.add(new, by=by)
    into.added += len(new)
    into.people += sum(len(each.people) for each in new)


def _stands_twice(each: SheetFamily, into: Taken) -> list[Wrong]:
    """A reference, or a number of one person, that stands further up in the file too."""
    wrong = []
    first = into.references.setdefault(each.reference, each.line)
    if first != each.line:
        why = f"stands on line {first:,} too. Put the rows of one family one below the other"
        wrong.append(Wrong("reference", why, each.line))
    for row in each.rows:
        for column, number in same_people.numbers_of(row):
            first = into.numbers.setdefault((column, number), row.line)
            if first != row.line:
                wrong.append(Wrong(column, f"is that of the person on line {first:,} too. Check whose it is", row.line))
    return wrong


def _new(each: SheetFamily, who: Colleagues, holders: Holders, wrong: list[Wrong], *, by: Viewer) -> NewFamily | None:
    for row in each.rows:
        wrong += same_people.numbers_in_use(row, holders, None)
    return new_families.of_rows(each, who, wrong, by=by)


def _bring_up_to_date(
    heading: Heading, here: KnownFamily, each: SheetFamily, of: Matched, *, by: Viewer, into: Taken
) -> None:
    def note(line: int, key: str, words: str) -> None:
        into.notes.append(Fault(line, heading.name_of(key), words))

    changed = family_updates.bring_up_to_date(here, each, of.pairs, note, by=by)
    into.people += sum(person is None for _row, person in of.pairs)
    into.changed += changed
    into.unchanged += not changed


def _tell(heading: Heading, each: SheetFamily, wrong: Sequence[Wrong], into: Taken) -> None:
    faults = [*each.faults, *(Fault(one.line, heading.name_of(one.key), one.reason) for one in wrong)]
    if faults:
        into.faults += left_out(heading, each, faults)
    elif new_families.passed_review(each):
        into.notes.append(Fault(each.line_of("next_review_on"), heading.name_of("next_review_on"), PASSED))
