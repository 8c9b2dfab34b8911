"""Columns that are sealed: how a mapped class has one, and how what lies in it is read.

    phone_sealed: Mapped[Sealed | None] = mapped_column(SealedText("safe_contact.phone_sealed"))
    phone = SealedField[str | None]("phone_sealed", longest=40)

A thing tells and takes the plain text (`contact.phone`). A statement that selects columns selects the sealed one and
the row's id, and opens it where it is shown: `opened(row.phone_sealed, row.id)`. What nobody shows is not opened.

What cannot be opened is UNREAD: words that say so. Given back to its field it leaves what is stored as it is."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar, cast, overload

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    event,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapper, class_mapper
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import sealing
from portal.core.errors import CANNOT_BE_READ, Unreadable

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Sealed:
    """As it lies in the database. Written onto a page by mistake it is an error, not a riddle."""

    place: str
    text: str
    keys: sealing.Keys

    def opened(self, row: int) -> str:
        """Raises Unreadable."""
        return self.keys.open(self.place, row, self.text)

    def __str__(self) -> str:
        raise TypeError(f"{self.place} is sealed: open it with its row's id")

    __html__ = __str__


@dataclass(frozen=True, eq=False)
class _NotYetSealed(Sealed):
    """Of a row that has no id yet; sealed as soon as it has one, in the same transaction."""

    def opened(self, row: int | None) -> str:
        return self.text


_NONE = sealing.Keys("", {})


class Unread(str):
    """In the place of a text that cannot be opened. It is something: nobody takes it for nothing known."""

    __slots__ = ()

    def __new__(cls, _: str = "") -> Self:
        return super().__new__(cls, CANNOT_BE_READ)


UNREAD = Unread()
_IN_A_SENTENCE = f"({CANNOT_BE_READ[:1].lower()}{CANNOT_BE_READ[1:].rstrip('.')})"


def within(text: str | None) -> str | None:
    """As a part of a sentence."""
    return _IN_A_SENTENCE if isinstance(text, Unread) else text


def opened(value: Sealed | None, row: int) -> str | None:
    """What is sealed in a row, by the row's id; UNREAD where it cannot be opened."""
    if value is None:
        return None
    try:
        return value.opened(row)
    except Unreadable:
        return UNREAD


class SealedText(TypeDecorator[Sealed]):
    """Of a column whose values are sealed; named table.column, as it stands in what they are sealed with. `mark`: the
    column beside it by which rows that hold the same are found."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str, mark: str | None = None) -> None:
        super().__init__()
        self.place = place
        self.mark = mark

    def marked(self, plain: str | None) -> str | None:
        """What stands in the column beside it."""
        return None if plain is None else sealing.keys().mark(self.place, plain)

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.place} is sealed: it is set through its field, and compared with nothing")
        # Nothing readable is ever written, not even for an instant: it would lie in the database's journal.
        return "" if isinstance(value, _NotYetSealed) else value.text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(self.place, value, sealing.keys())


def _as_it_is(value: Any) -> Any:
    return value


def _unread(_thing: Any) -> Any:
    return UNREAD


class SealedField(Generic[T]):
    """The plain text of a sealed column. On the class it is the column. `instead` is what a thing tells where it cannot
    be opened; where there is no such thing, None, asking raises Unreadable."""

    def __init__(
        self,
        column: str,
        *,
        longest: int | None = None,
        write: Callable[[Any], str] = _as_it_is,
        read: Callable[[str], Any] = _as_it_is,
        instead: Callable[[Any], Any] | None = _unread,
    ) -> None:
        self.column, self.longest = column, longest
        self._write, self._read, self._instead = write, read, instead

    @overload
    def __get__(self, thing: None, owner: type[Any]) -> Any: ...
    @overload
    def __get__(self, thing: object, owner: type[Any]) -> T: ...
    def __get__(self, thing: Any, owner: type[Any]) -> Any:
        if thing is None:
            return getattr(owner, self.column)
        held: Sealed | None = getattr(thing, self.column)
        if held is None:
            return None
        try:
            return self._read(held.opened(thing.id))
        except Unreadable:
            if self._instead is None:
                raise
            return self._instead(thing)

    def is_lost(self, thing: Any) -> bool:
        """Whether something is stored there that cannot be opened."""
        held: Sealed | None = getattr(thing, self.column)
        return held is not None and _opens(held, thing.id) is None

    def __set__(self, thing: Any, value: T) -> None:
        held: Sealed | None = getattr(thing, self.column)
        # What cannot be read may be read again once its key is back: only other words take its place, never nothing.
        if isinstance(value, Unread) or (not value and self.is_lost(thing)):
            return
        if value is None:
            self._keep(thing, None, None)
            return
        plain = self._write(value)
        if self.longest is not None and len(plain) > self.longest:
            raise ValueError(f"{self.column} of {type(thing).__name__} holds {self.longest} characters at most")
        if held is not None and _opens(held, thing.id) == plain:
            return
        place = _kind(thing, self.column).place
        sealed = _NotYetSealed(place, plain, _NONE) if thing.id is None else _seal(place, thing.id, plain)
        self._keep(thing, sealed, plain)

    def _keep(self, thing: Any, sealed: Sealed | None, plain: str | None) -> None:
        setattr(thing, self.column, sealed)
        kind = _kind(thing, self.column)
        if kind.mark is not None:
            setattr(thing, kind.mark, kind.marked(plain))


def _opens(held: Sealed, row: int) -> str | None:
    try:
        return held.opened(row)
    except Unreadable:
        return None


def sealed_json(column: str, *, instead: Callable[[Any], Any] | None = None) -> SealedField[Any]:
    """A field of answers by name."""
    return SealedField(column, write=json.dumps, read=json.loads, instead=instead)


def answers_in(value: Sealed | None, row: int, *, names: Collection[str] = ()) -> dict[str, Any]:
    """What such a field holds, of a row of which columns were selected; where it cannot be opened, under each of the
    names that it cannot be read. Without any it raises Unreadable."""
    if value is None:
        return {}
    text = value.opened(row) if not names else opened(value, row)
    return dict.fromkeys(names, UNREAD) if isinstance(text, Unread) else cast(dict[str, Any], json.loads(str(text)))


def untyped(column: Any) -> Any:
    """A sealed column beside others in one UNION, where a value can't tell which it is of."""
    return type_coerce(column, Text)


def sealed_in(column: Any, text: str | None) -> Sealed | None:
    """And what such a statement selected of it."""
    return cast(Sealed | None, column.type.process_result_value(text, None))


def holds(column: Any, plain: str) -> ColumnElement[bool]:
    """Of a sealed column that has a mark beside it: whether it holds exactly this."""
    kind: SealedText = column.type
    marks: ColumnElement[bool] = getattr(column.class_, str(kind.mark)).in_(sealing.keys().marks(kind.place, plain))
    return marks


def _kind(thing: Any, column: str) -> SealedText:
    return cast(SealedText, class_mapper(type(thing)).columns[column].type)


def _seal(place: str, row: int, plain: str) -> Sealed:
    keys = sealing.keys()
    return Sealed(place, keys.seal(place, row, plain), keys)


class HasSealed:
    """A table with sealed columns. Its rows have a number for an id."""

    id: Any


@event.listens_for(HasSealed, "after_insert", propagate=True)
def _with_its_id(mapper: Mapper[Any], connection: Connection, thing: Any) -> None:
    """A row has its id once it is inserted: what it is to hold is sealed then."""
    table = cast(Table, mapper.local_table)
    sealed: dict[str, Sealed] = {}
    for column in of_table(table):
        held = getattr(thing, column)
        if isinstance(held, _NotYetSealed):
            sealed[column] = _seal(held.place, thing.id, held.text)
    if sealed:
        connection.execute(update(table).where(table.c.id == thing.id).values(sealed))
    for column, value in sealed.items():
        set_committed_value(thing, column, value)


def of_table(table: Table) -> Iterator[str]:
    """The names of its sealed columns."""
    return (column.name for column in table.columns if isinstance(column.type, SealedText))


def everywhere(metadata: MetaData) -> list[tuple[Table, str]]:
    """Every sealed column of every table."""
    return [(table, column) for table in metadata.sorted_tables for column in of_table(table)]
