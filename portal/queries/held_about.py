"""Everything that is held about one person, line by line, with what has to be checked before it is given away."""

import enum
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import inspect, select

from portal.core.db import db
from portal.domain.dates import counted, full, london_date, moment
from portal.domain.event_kinds import E
from portal.domain.events import OF_REQUESTS, line
from portal.domain.redaction import Before, Others, Piece
from portal.domain.words import Word, say
from portal.facts import confidential, merging
from portal.models.asking import FamilyQuestion
from portal.models.base import Referenced
from portal.models.families import Family, HouseholdMembership, Person
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, SocialCareTeam, User
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import TeamMember
from portal.policies.scope import unscoped
from portal.queries import held_kept_back, looked
from portal.queries.held_kept_back import KeptBack
from portal.queries.held_parts import PARTS, Part, Rows
from portal.queries.held_values import Column, columns, value

HELD_BACK = "[HELD BACK: it would tell a confidential address]"
# Their lines tell how somebody is kept safe, or from whom.
_OF_SAFETY = ("keep_apart.", "confidential.", "safe_contact.", *sorted(OF_REQUESTS))
_ADDRESSES = frozenset({"address", "postcode"})


@dataclass(frozen=True)
class Told:
    """One thing that is held. `called` may hold concepts in braces."""

    called: str
    pieces: list[Piece]
    before: Before

    @property
    def text(self) -> str:
        return "".join(map(str, self.pieces))


@dataclass(frozen=True)
class Record:
    ref: str
    lines: list[Told]


@dataclass(frozen=True)
class Section:
    title: str
    records: list[Record]


@dataclass(frozen=True)
class Held:
    """`apart`: somebody is kept apart from this person; `kept_back`: what is held and not in here, and who has it."""

    sections: list[Section]
    kept_back: list[KeptBack]
    apart: bool

    @property
    def count(self) -> int:
        return sum(len(record.lines) for section in self.sections for record in section.records)


def about(person: Person, words: Mapping[str, Word]) -> Held:
    """All that whoever asks may read of it; one statement for each table."""
    teller = _Teller(person, _rows(person), words)
    sections = [teller.section(part) for part in PARTS]
    sections += [teller.history(), _messages(teller), *_lookers(teller)]
    return Held(
        sections=[section for section in sections if section.records],
        kept_back=held_kept_back.from_copy(person),
        apart=any(section.title == "Kept apart" and section.records for section in sections),
    )


def _rows(person: Person) -> Rows:
    found: dict[type[Any], list[Any]] = {}
    parts = merging.parts_of(person.family_id)
    for part in PARTS:
        model = part.model
        of_family = model.id if model is Family else model.family_id
        rows = db.session.scalars(select(model).where(of_family == person.family_id).order_by(model.id))
        found[model] = list(rows)
        if parts:
            # What stays behind there: whoever reaches the record may read it.
            with unscoped("what is left of a record that was merged into another"):
                found[model] += db.session.scalars(select(model).where(of_family.in_(parts)).order_by(model.id))
    also = [each for each, same in merging.same_people(person.family_id).items() if same == person.id]
    return Rows(person, found, also)


class _Teller:
    """Says rows in words, and marks what is somebody else's."""

    def __init__(self, person: Person, rows: Rows, words: Mapping[str, Word]) -> None:
        self.person, self.rows, self.words = person, rows, words
        self.hidden = confidential.marks(person.family_id)
        self.secret_homes = self._secret_homes(confidential.people(person.family_id))
        others = [each for each in self._family() if each.id not in rows.ids]
        self.others = Others.than(
            _names(person), [*(name for each in others for name in _names(each)), *self._outside()]
        )
        self.own_names = {name for name in _names(person) if name}
        self.targets = self._targets()

    def section(self, part: Part) -> Section:
        told = columns(cast(Hashable, part.model))
        found = []
        for row in self.rows.rows[part.model]:
            before = part.concerns(row, self.rows)
            if before is not None:
                lines = [line for column in told if (line := self._line(row, column, before))]
                found.append(Record(getattr(row, "ref", ""), lines))
        return Section(part.title, [record for record in found if record.lines])

    def history(self) -> Section:
        """Lines about another person of the family alone are not about this one."""
        another = {each.ref for each in self._family() if each.id not in self.rows.ids}
        rows = db.session.scalars(
            select(Event).where(Event.family_id == self.person.family_id).order_by(Event.recorded_at, Event.id)
        )
        return Section("History", [self._event(row) for row in rows if row.subject not in another])

    def told(self, called: str, text: str, before: Before) -> Told:
        if self.hidden.told_by(text):
            return Told(called, [Piece(HELD_BACK)], Before.COULD_HARM)
        pieces = self.others.find(text)
        return Told(called, pieces, max(before, Before.THIRD_PARTY) if any(p.other for p in pieces) else before)

    def _event(self, row: Event) -> Record:
        before = Before.COULD_HARM if row.kind.value.startswith(_OF_SAFETY) else Before.WHOLE_FAMILY
        said = line(
            E(row.kind),
            actor=row.actor_name,
            subject=row.subject,
            data=row.data | (row.private or {}),
            words=self.words,
        )
        when = moment(row.recorded_at)
        if row.happened_on != london_date(row.recorded_at):
            when += f"; happened on {full(row.happened_on)}"
        lines = [self.told(when, said, before)]
        if row.text:
            lines.append(self.told("Written", row.text, before))
        if row.told_by:
            lines.append(self._somebody("As told by", row.told_by, before))
        return Record(row.ref, lines)

    def _line(self, row: Any, column: Column, before: Before) -> Told | None:
        given = getattr(row, column.key)
        if column.could_harm and given not in (None, False, ""):
            before = Before.COULD_HARM
        if column.key in _ADDRESSES and given and getattr(row, "household_id", row.id) in self.secret_homes:
            return Told(column.called, [Piece(HELD_BACK)], Before.COULD_HARM)
        if column.target is not None:
            return self._pointed_to(column, given, before)
        text = value(column.key, given)
        if isinstance(given, enum.Enum) or column.key == "purpose":
            text = say(text, self.words)
        if not text:
            return None
        if column.somebody and not self.hidden.told_by(text):
            return self._somebody(column.called, text, before)
        return self.told(column.called, text, before)

    def _somebody(self, called: str, name: str, before: Before) -> Told:
        other = name not in self.own_names
        return Told(called, [Piece(name, other)], max(before, Before.THIRD_PARTY) if other else before)

    def _pointed_to(self, column: Column, given: int | None, before: Before) -> Told | None:
        """Who or what a row names by its number; nothing where that says nothing to anybody."""
        if given is None or column.target is None:
            return None
        if column.target == Person.__tablename__ and given in self.rows.ids:
            return Told(column.called, [Piece(self.person.name)], before)
        text = self.targets.get((column.target, given))
        return self.told(column.called, text, before) if text else None

    def _family(self) -> list[Person]:
        return self.rows.rows[Person]

    def _outside(self) -> list[str]:
        return [row.outside_name for row in self.rows.rows[TeamMember] if row.outside_name]

    def _secret_homes(self, hidden: set[int]) -> set[int]:
        """Where somebody lives whose address is confidential: the address of that home would tell it."""
        stays = self.rows.rows[HouseholdMembership]
        return {stay.household_id for stay in stays if stay.person_id in hidden and stay.to_on is None}

    def _targets(self) -> Mapping[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for model, rows in self.rows.rows.items():
            if issubclass(model, Referenced):
                table = str(inspect(model).local_table)
                found |= {(table, row.id): _called(row) for row in rows}
        for somebody in (User, Organisation, SocialCareTeam):
            for number, name in db.session.execute(select(somebody.id, somebody.name)):
                found[somebody.__tablename__, number] = name
        return found


def _called(row: Any) -> str:
    return str(getattr(row, "name", None) or getattr(row, "what", None) or row.ref)


def _names(person: Person) -> list[str | None]:
    """All the names by which somebody may be called in a sentence."""
    firsts = [name for name in (person.given_name, person.known_as) if name]
    return [*(f"{first} {person.family_name}" for first in firsts), *firsts, person.family_name]


def _messages(teller: _Teller) -> Section:
    """What was sent to the person: that it was sent, by which way and when. What it said is kept nowhere."""
    own = {row.ref for row in teller.rows.rows[FamilyQuestion] if row.person_id in teller.rows.ids}
    rows = db.session.execute(
        select(OutboxMessage.subject, Delivery.way, Delivery.status, Delivery.settled_at)
        .join(Delivery, Delivery.outbox_id == OutboxMessage.id)
        .where(OutboxMessage.family_id == teller.person.family_id, Delivery.user_id.is_(None))
        .order_by(Delivery.id)
    )
    told = [
        Record(row.subject, [teller.told(value("way", row.way), _sent(row), Before.NOTHING)])
        for row in rows
        if row.subject in own
    ]
    return Section("Messages to them", told)


def _sent(row: Any) -> str:
    if row.status is DeliveryStatus.SENT and row.settled_at:
        return f"Sent on {moment(row.settled_at)}"
    return f"Not sent: {value('status', row.status).lower()}"


def _lookers(teller: _Teller) -> Iterable[Section]:
    """Who opened the family's record, one line a person; and who found it by looking somebody up."""
    found = looked.at_family(teller.person.family_id)
    yield Section(
        "Who has looked",
        [
            Record(
                "",
                [
                    teller.told(
                        ", ".join(part for part in (each.name, each.organisation, each.what) if part),
                        f"{each.times}, last on {each.last}",
                        Before.WHOLE_FAMILY,
                    )
                ],
            )
            for each in [*found.team, *found.others]
        ],
    )
    yield Section(
        "Who looked the {family} up",
        [
            Record("", [teller.told(f"{each.name}, {each.organisation}, {each.at}", each.reason, Before.WHOLE_FAMILY)])
            for each in found.found_by
        ],
    )


def rows_of(held: Held) -> Iterator[tuple[str, str, str, str, Before]]:
    """The same for a file."""
    for section in held.sections:
        for record in section.records:
            for told in record.lines:
                yield section.title, record.ref, told.called, told.text, told.before


def left_words(kept: KeptBack) -> str:
    """2 notes for colleagues of one organisation alone"""
    return counted(kept.number, *kept.what)
