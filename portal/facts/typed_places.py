"""Every place where words that people typed about one family can stand: each column of text of each of its rows."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Enum, String, inspect, or_, select

from portal.core.db import db
from portal.core.sealed import SealedField, SealedText
from portal.facts import merging
from portal.models.base import FamilyScoped
from portal.models.families import ConfidentialAddress, Family, LookUp, Person
from portal.models.handover import EngagementRecord
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.models.merging import MovedValue, RecordMerge
from portal.models.record import Event, FamilySummary, FormDraft
from portal.models.restricting import ConflictDeclaration

# Computed anew from the rest; what was hidden itself; numbers of rows; and the one place an address belongs in that
# must not be known.
NOT_LOOKED_INTO: tuple[type[Any], ...] = (FamilySummary, HiddenWords, HiddenPlace, MovedValue, ConfidentialAddress)
# By which column rows that are not scoped to a family belong to one: forms that nobody sent yet, reasons of look-ups,
# why somebody must not see it.
BESIDE: Mapping[type[Any], str] = {
    FormDraft: "family_id",
    LookUp: "found_family_id",
    ConflictDeclaration: "family_id",
}
# No words that anybody typed about the family: who somebody is, whose doing it was, keys and codes.
WHO_IS_WHO: Mapping[type[Any], frozenset[str]] = {
    Family: frozenset({"name", "council_reference"}),
    Person: frozenset(
        {
            *("given_name", "family_name", "known_as", "name_key", "ethnicity"),
            *("social_care_number", "nhs_number", "upn"),
        }
    ),
    Event: frozenset({"actor_name"}),
    RecordMerge: frozenset({"marks"}),
}
# A sealed column is told and taken by its field, which is called as it would be.
SEALED = "_sealed"
CODES = frozenset({"subject", "token_hash", "sent", "click", "form", "searched_by", "postcode_mark"})
LANGUAGE_CODES = frozenset({"family_answer.language"})
# Kinds of line whose sentence says who was let in, kept out or past whom, or that words were hidden: it stands for
# good. What somebody wrote beside it can be hidden.
STANDING = ("emergency.", "family.restrict", "clearance.", "conflict.", "words.")
BY_WHOM = "_by_name"
# Whom the agreement was asked by is typed.
TYPED_NAMES = frozenset({(EngagementRecord, "asked_by_name")})
WHEN = (
    *("recorded_at", "written_at", "answered_at", "asked_at", "proposed_at", "made_at", "started_at", "added_at"),
    *("nominated_at", "decided_at", "saved_at", "at"),
)


@dataclass(frozen=True)
class Place:
    """One column of one row."""

    row: Any
    column: str

    @property
    def table(self) -> str:
        return str(self.row.__tablename__)

    @property
    def value(self) -> Any:
        return getattr(self.row, self.column)

    @property
    def is_lost(self) -> bool:
        """Whether what is sealed there cannot be opened."""
        field = vars(type(self.row))[self.column]
        return isinstance(field, SealedField) and field.is_lost(self.row)

    @property
    def longest(self) -> int | None:
        field = vars(type(self.row))[self.column]
        return field.longest if isinstance(field, SealedField) else getattr(field.type, "length", None)

    @property
    def may_be_empty(self) -> bool:
        columns = inspect(type(self.row)).columns
        return bool(columns[self.column if self.column in columns else self.column + SEALED].nullable)

    @property
    def written_at(self) -> datetime | None:
        """Not before then; None where the row tells no time."""
        return next((at for name in WHEN if (at := getattr(self.row, name, None)) is not None), None)


def of_family(family_id: int) -> Iterator[Place]:
    """Each that holds anything, what is left of records that were merged into it too. Its caller reads past the
    seat-belt: words vanish for everybody or for nobody."""
    whole = merging.whole(family_id)
    for model, columns in columns_by_model().items():
        by = model.id if model is Family else getattr(model, BESIDE.get(model, "family_id"))
        of_family = by.in_(whole)
        if model is RecordMerge:
            of_family = or_(of_family, RecordMerge.other_id.in_(whole))
        for row in db.session.scalars(select(model).where(of_family).order_by(model.id)):
            for column in columns:
                found = Place(row, column)
                if _tells(found):
                    yield found


def _tells(found: Place) -> bool:
    """What nobody can open any more tells nothing."""
    if isinstance(found.row, Event) and found.column == "data" and found.row.kind.startswith(STANDING):
        return False
    return not found.is_lost and bool(found.value)


def place(table: str, row_id: int, column: str) -> Place | None:
    """That one, locked by its family's lock; None where the row is gone."""
    model = next((each for each in columns_by_model() if each.__tablename__ == table), None)
    row = None if model is None else db.session.scalars(select(model).where(model.id == row_id)).one_or_none()
    return None if row is None else Place(row, column)


@cache
def columns_by_model() -> Mapping[type[Any], tuple[str, ...]]:
    """A new table or column of text joins by itself."""
    models = (mapper.class_ for mapper in Family.registry.mappers)
    wanted = [model for model in models if _is_of_families(model)]
    found = {model: _columns(model) for model in sorted(wanted, key=lambda model: model.__name__)}
    return {model: columns for model, columns in found.items() if columns}


def _is_of_families(model: type[Any]) -> bool:
    if model in NOT_LOOKED_INTO:
        return False
    return model is Family or model in BESIDE or issubclass(model, FamilyScoped)


def _columns(model: type[Any]) -> tuple[str, ...]:
    return tuple(column.key.removesuffix(SEALED) for column in inspect(model).columns if _is_typed(model, column))


def _is_typed(model: type[Any], column: Any) -> bool:
    if isinstance(column.type, SealedText):
        return True
    if isinstance(column.type, Enum) or not isinstance(column.type, String | JSON):
        return False
    if column.key in CODES | WHO_IS_WHO.get(model, frozenset()):
        return False
    if f"{model.__tablename__}.{column.key}" in LANGUAGE_CODES:
        return False
    return not column.key.endswith(BY_WHOM) or (model, column.key) in TYPED_NAMES


@cache
def _codes() -> frozenset[str]:
    return frozenset(str(each.value) for of in _enums(enum.StrEnum) for each in of)


def _enums(parent: type[enum.StrEnum]) -> Iterator[type[enum.StrEnum]]:
    for each in parent.__subclasses__():
        if each.__module__.startswith("portal."):
            yield each
        yield from _enums(each)


def is_code(text: str) -> bool:
    """Whether a text inside a JSON column is a word of the portal's own, as rows keep it."""
    return text in _codes()
