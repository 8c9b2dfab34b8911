"""Rows of one record become rows of another, in one transaction; what each held before is written down."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select, update

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import Unread
from portal.domain.event_kinds import E
from portal.domain.merging import FILLED, FILLED_WORDS
from portal.domain.viewer import Viewer
from portal.facts.people import is_known
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    CoordinatorAssignment,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    ParentalResponsibility,
    Person,
    Relationship,
    SafeContact,
)
from portal.models.merging import MovedValue, RecordMerge
from portal.models.record import Event, FamilySeen, FormDraft
from portal.models.restricting import EmergencyOpening, Restriction, RestrictionRequest
from portal.models.step_down_ends import HolderQuestion
from portal.models.subjects import RetentionHold
from portal.models.teamwork import TeamMember
from portal.services import history
from portal.services.merge_fates import FATES, ORDER, Fate, of_family

Model = type[Any]
AT_ONCE = 500
NOT_CLEARED = "Two records were merged, and they were not cleared for both"
HELD_ALREADY = "The record was merged into one on which there is a hold already"
# What of a row makes it the same as another one, once what it leads to is one; None where it is no longer so.
Key = Callable[[Any], tuple[Any, ...] | None]


def _while(column: str, *names: str) -> Key:
    """The same while it is not over."""

    def key(row: Any) -> tuple[Any, ...] | None:
        return tuple(getattr(row, name) for name in names) if getattr(row, column) is None else None

    return key


def _ever(*names: str) -> Key:
    return lambda row: tuple(getattr(row, name) for name in names)


def _address(home: Household) -> tuple[Any, ...] | None:
    """Two homes are one where both are said to be at the same address; nobody knows it of what cannot be read."""
    if isinstance(home.address, Unread) or isinstance(home.postcode, Unread):
        return None
    address = "".join(each for each in (home.address or "").casefold() if each.isalnum())
    return (address, home.postcode) if address else None


def _somebody(member: TeamMember) -> tuple[Any, ...] | None:
    return None if member.left_on or member.outside_name else (member.user_id, member.person_id)


KEYS: Mapping[Model, Key] = {
    Household: _address,
    TeamMember: _somebody,
    KeepApart: _while("ended_on", "person_id", "other_id", "kind"),
    HouseholdMembership: _while("to_on", "household_id", "person_id"),
    Relationship: _ever("person_id", "other_id"),
    ParentalResponsibility: _ever("adult_id", "child_id"),
    SafeContact: _ever("person_id"),
    ConfidentialAddress: _ever("person_id"),
    ConflictOfInterest: _while("ended_at", "user_id"),
    Clearance: _while("ended_at", "user_id"),
    Restriction: _while("lifted_at"),
    FamilySeen: _ever("user_id"),
}


class Moves:
    """One merge on its way: what has become one, and what was changed so far."""

    def __init__(self, merge: RecordMerge, kept: Family, other: Family, pairs: Mapping[int, int], by: Viewer) -> None:
        self.merge, self.kept, self.other, self.by = merge, kept, other, by
        self.same: dict[str, dict[int, int]] = {"person": dict(pairs)}
        self.stored: list[MovedValue] = []

    def make(self) -> None:
        """Past the seat-belt: all of it moves, whoever could read which row."""
        self.merge.marks = marks()
        self._fill_families()
        self._fill_people()
        self._safer_side()
        self._end_one_of_two()
        for model in dict.fromkeys(ORDER):
            self._move(model)
        self._history()
        self.change(Family, "merged_into_id", {self.other.id: (None, self.kept.id)})
        earlier = db.session.scalars(select(Family.id).where(Family.merged_into_id == self.other.id)).all()
        self.change(Family, "merged_into_id", dict.fromkeys(earlier, (self.other.id, self.kept.id)))
        db.session.add_all(self.stored)
        db.session.flush()

    def change(self, model: Model, column: str, values: Mapping[int, tuple[Any, Any]]) -> None:
        """By number of the row: what the column holds, and what from now on."""
        alike: dict[Any, list[int]] = defaultdict(list)
        for number, (_before, after) in values.items():
            alike[after].append(number)
        for after, numbers in alike.items():
            write(model, numbers, **{column: after})
        self._tell(model, column, values)

    def _tell(self, model: Model, column: str, values: Mapping[int, tuple[Any, Any]]) -> None:
        of = {"family_id": self.kept.id, "merge_id": self.merge.id, "of_table": table_of(model), "of_column": column}
        self.stored += [
            MovedValue(**of, row_id=number, before=written(before), after=written(after))
            for number, (before, after) in values.items()
        ]

    def _move(self, model: Model) -> None:
        own, table = of_family(model), table_of(model)
        rows = db.session.scalars(select(model).where(getattr(model, own) == self.other.id).order_by(model.id)).all()
        leads = {name: to for name, to in leads_to(model).items() if to in self.same}
        changed: dict[str, dict[int, tuple[Any, Any]]] = defaultdict(dict)
        for row in rows:
            for name, to in leads.items():
                led = getattr(row, name)
                if led in self.same[to]:
                    changed[name][row.id] = led, self.same[to][led]
        stays = self._stays(model, rows, changed) if FATES[model] is Fate.ONCE else {}
        self.same.setdefault(table, {}).update(stays)
        for name, values in changed.items():
            self.change(model, name, {number: value for number, value in values.items() if number not in stays})
        moved = {row.id: (self.other.id, self.kept.id) for row in rows if row.id not in stays}
        self.change(model, own, moved)

    def _stays(self, model: Model, rows: Any, changed: Mapping[str, Mapping[int, tuple[Any, Any]]]) -> dict[int, int]:
        """By number of the other's row: that of the row of the kept record that says the same."""
        if model is Person:
            return self.same["person"]
        key = KEYS[model]
        known = {}
        for row in db.session.scalars(select(model).where(model.family_id == self.kept.id).order_by(model.id.desc())):
            if (found := key(row)) is not None:
                known[found] = row.id
        stays = {}
        for row in rows:
            as_moved = _Seen(row, {name: values[row.id][1] for name, values in changed.items() if row.id in values})
            found = key(as_moved)
            if found is not None and found in known:
                stays[row.id] = known[found]
        return stays

    def _fill_families(self) -> None:
        """Social work goes on where it goes on in either."""
        kept, other = self.kept, self.other
        theirs = other.social_worker_id is not None and other.social_work_closed_on is None
        ours = kept.social_worker_id is not None and kept.social_work_closed_on is None
        if ours or (not theirs and kept.social_worker_id is not None):
            return
        for column in ("social_worker_id", "social_care_team_id", "social_work_closed_on"):
            if getattr(kept, column) != getattr(other, column):
                self.change(Family, column, {kept.id: (getattr(kept, column), getattr(other, column))})

    def _fill_people(self) -> None:
        for one, same in self.same["person"].items():
            theirs, ours = db.session.get_one(Person, one), db.session.get_one(Person, same)
            for column in (*FILLED, *FILLED_WORDS):
                said = getattr(theirs, column)
                if is_known(said) and not is_known(getattr(ours, column)):
                    self.change(Person, column, {same: (getattr(ours, column), said)})

    def _safer_side(self) -> None:
        """Restricted where either is; where both are, for those alone who are cleared for both. What was opened in an
        emergency was opened of one record, and ends."""
        kept, other = self.kept, self.other
        restricted = [each.id for each in (kept, other) if each.restricted]
        if restricted:
            self._clear_alone(restricted)
        if restricted and not kept.restricted:
            self.change(Family, "restricted", {kept.id: (False, True)})
        now = clock.now()
        for row in (
            *self._open(EmergencyOpening, kept.id, "closed_at"),
            *self._open(EmergencyOpening, other.id, "closed_at"),
        ):
            if row.ends_at > now:
                history.record(E.EMERGENCY_CLOSED, row, by=self.by)
                row.closed_at = now
        db.session.flush()

    def _clear_alone(self, restricted: list[int]) -> None:
        """Whoever is cleared for each of those that are restricted, until the first of their last days."""
        rows = [row for each in (self.kept, self.other) for row in self._open(Clearance, each.id, "ended_at")]
        of_user: dict[int, list[Clearance]] = defaultdict(list)
        for row in rows:
            if row.family_id in restricted:
                of_user[row.user_id].append(row)
        goes_on = {user_id: found for user_id, found in of_user.items() if len(found) == len(restricted)}
        over = [row for row in rows if row.user_id not in goes_on]
        self._over(Clearance, over, ended_at=clock.now(), ended_by_id=self.by.user_id, ended_why=NOT_CLEARED)
        for user_id, found in goes_on.items():
            last = min((row.until_on for row in found if row.until_on), default=None)
            holds = next(row for row in rows if row.user_id == user_id)
            if holds.until_on != last:
                self.change(Clearance, "until_on", {holds.id: (holds.until_on, last)})

    def _end_one_of_two(self) -> None:
        today, now = clock.today(), clock.now()
        self._end(CoordinatorAssignment, "to_on", to_on=today)
        self._end(HolderQuestion, "ended_on", ended_on=today)
        self._end(RestrictionRequest, "answered_at", answered_at=now, answered_by_name=self.by.name)
        self._end(RetentionHold, "lifted_at", lifted_at=now, lifted_by_name=self.by.name, lifted_why=HELD_ALREADY)

    def _end(self, model: Model, column: str, **values: Any) -> None:
        if self._open(model, self.kept.id, column):
            self._over(model, self._open(model, self.other.id, column), **values)

    def _over(self, model: Model, rows: list[Any], **values: Any) -> None:
        """All at once, as the database asks for some of them together."""
        if rows:
            write(model, [row.id for row in rows], **values)
        for name, value in values.items():
            self._tell(model, name, {row.id: (getattr(row, name), value) for row in rows})

    def _open(self, model: Model, family_id: int, column: str) -> list[Any]:
        still = select(model).where(model.family_id == family_id, getattr(model, column).is_(None))
        return list(db.session.scalars(still.order_by(model.id)))

    def _history(self) -> None:
        """Lines say where they were written; what somebody was writing about the other record is offered at this one,
        but where they write the same about this one already."""
        moved = [each.row_id for each in self.stored if (each.of_table, each.of_column) == ("event", "family_id")]
        first = select(Event.id).where(Event.id.in_(moved), Event.written_in_id.is_(None))
        self.change(Event, "written_in_id", dict.fromkeys(db.session.scalars(first), (None, self.other.id)))
        drafts = list(
            db.session.scalars(select(FormDraft).where(FormDraft.subject.in_([self.kept.ref, self.other.ref])))
        )
        here = {(row.user_id, row.form) for row in drafts if row.subject == self.kept.ref}
        free = [row.id for row in drafts if row.subject == self.other.ref and (row.user_id, row.form) not in here]
        write(FormDraft, free, subject=self.kept.ref)


class _Seen:
    """A row as it will be: with what it leads to by then."""

    def __init__(self, row: Any, led: Mapping[str, Any]) -> None:
        self._row, self._led = row, led

    def __getattr__(self, name: str) -> Any:
        return self._led[name] if name in self._led else getattr(self._row, name)


def write(model: Model, numbers: Sequence[int], **values: Any) -> None:
    """Some hundreds at a time, without reading them."""
    for first in range(0, len(numbers), AT_ONCE):
        db.session.execute(
            update(model).where(model.id.in_(numbers[first : first + AT_ONCE])).values(values),
            execution_options={"synchronize_session": False},
        )


def written(value: Any) -> Any:
    """As it is written down: what a person could have typed is not."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else None


def marks() -> dict[str, int]:
    """Of each table of families the last number there is."""
    models = [model for model in FATES if model is not Family and "id" in inspect(model).columns]
    lasts = [select(func.coalesce(func.max(model.id), 0)).scalar_subquery() for model in models]
    row = db.session.execute(select(*lasts)).one()
    return {table_of(model): last for model, last in zip(models, row, strict=True)}


def table_of(model: Model) -> str:
    return str(inspect(model).local_table.name)


def leads_to(model: Model) -> dict[str, str]:
    """By attribute that is the number of a row of another table: which table."""
    found = {}
    for attribute in inspect(model).column_attrs:
        for key in attribute.columns[0].foreign_keys:
            found[attribute.key] = key.column.table.name
    return found
