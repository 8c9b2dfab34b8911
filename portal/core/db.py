"""The database: base class, column types, connections, and which transactions may write."""

import enum
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    bindparam,
    event,
    literal_column,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import to_instance

from portal.core.errors import WriteWhileReading
from portal.core.kept import KeepingSession

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

_BEGIN_WRITING = "BEGIN IMMEDIATE"
_writing: ContextVar[bool] = ContextVar("writing", default=True)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(of: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in of]


class WhenRun(ColumnElement[Any]):
    """Stands in a statement for a parameter of this name, which is made when the statement is compiled: one, however
    often it stands there, and nothing to be looked through each time it runs."""

    __visit_name__ = "when_run"
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  (SQLAlchemy declares it as one of the instance)
        ("name", InternalTraversal.dp_string),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(self, name: str, read: Callable[[], Any], type_: Any) -> None:
        self.name = name
        self.type = to_instance(type_)
        self.parameter = bindparam(name, callable_=read, type_=type_)


@compiles(WhenRun)
def _parameter(element: WhenRun, compiler: SQLCompiler, **_: Any) -> str:
    return compiler.process(compiler.binds.get(element.name, element.parameter))


def when_run(name: str, read: Callable[[], Any], type_: Any) -> ColumnElement[Any]:
    """A value that is read whenever the statement runs, so that a statement can be written once and kept. Of one name
    it is one parameter of a statement, however often it stands there: the name says what is read."""
    return WhenRun(name, read, type_)


class _IsoDay(FunctionElement[str]):
    type = String()
    inherit_cache = True


@compiles(_IsoDay)
def _to_char(element: _IsoDay, compiler: SQLCompiler, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)}, 'YYYY-MM-DD')"


@compiles(_IsoDay, "sqlite")
def _as_stored(element: _IsoDay, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


def iso_day(day: ColumnElement[Any]) -> ColumnElement[str]:
    """A date as text, 2024-09-02, however the server writes its dates."""
    return _IsoDay(day)


def written(word: enum.StrEnum) -> ColumnElement[str]:
    """A word of the portal's as part of a statement's text, not as a value beside it. Where an index holds the rows of
    one state alone, SQLite understands a statement anew at each run, to see which value it is given."""
    return literal_column(f"'{word.value}'", String())


def written_all(words: Iterable[enum.StrEnum]) -> list[ColumnElement[str]]:
    return [written(word) for word in sorted(words)]


def written_figure(number: int) -> ColumnElement[int]:
    """The same of a number that never differs from run to run."""
    return literal_column(str(number), Integer())


def vocabulary(of: type[enum.Enum]) -> Enum:
    """A column of words that grow with every feature: kinds of event, practice standards. Without a check in the
    database, which would have to be rebuilt for each new word; what is read is still one of the words, or an error."""
    return Enum(of, native_enum=False, create_constraint=False, length=60, values_callable=_values)


class Base(DeclarativeBase):
    """Parent of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime,
            enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=True, length=40, values_callable=_values),
            dict[str, Any]: JSON,
            list[str]: JSON,
            str: String(200),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"class_": KeepingSession, "expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read; a flush in one is a fault of the program."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write. On SQLite they take the write lock at once."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def alone(session: Session) -> Iterator[Connection]:
    """A short transaction of its own, committed at the end, on the connection that the session reads from; what was
    read or changed until here is let go first. The driver ends one and begins the other: by way of SQLAlchemy that
    takes longer than a row does. Raises DBAPIError where it cannot be committed."""
    with writing():
        connection = session.connection()
        driver: Any = connection.connection.driver_connection
        try:
            driver.rollback()
            if connection.dialect.name == "sqlite":
                driver.execute(_BEGIN_WRITING)
            yield connection
            driver.commit()
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(None, None, error, connection.dialect.loaded_dbapi.Error) from error
        finally:
            session.rollback()


def refuse_flush_while_reading(session: Session, *_: Any) -> None:
    if _writing.get():
        return
    changed = [thing for thing in session.dirty if session.is_modified(thing)]
    if session.new or session.deleted or changed:
        raise WriteWhileReading(f"changed while only reading: {session.new or session.deleted or changed}")


# That SQLAlchemy keeps put together. One role's pages alone have some five hundred, as many as it keeps by itself; a
# large one takes longer to put together than to answer.
STATEMENTS = 1000


def engine_options(url: str) -> dict[str, Any]:
    """Of a file, values go by name: one that stands in a statement a hundred times is sent once, as PostgreSQL's driver
    does by itself. A connection over a network may have gone since it was used last, and is tried first. What a
    statement was given is not told by its error: that may be a name."""
    of_its_kind = {"paramstyle": "named"} if url.startswith("sqlite") else {"pool_pre_ping": True}
    return {"hide_parameters": True, "query_cache_size": STATEMENTS, **of_its_kind}


def prepare(engine: Engine) -> None:
    """Set what the portal promises on every connection of this engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling lost 337 of 400 concurrent increments; ours begins explicitly.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(_BEGIN_WRITING if _writing.get() else "BEGIN")
