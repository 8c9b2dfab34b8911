"""Everything that is sealed, anew: with which keys it is, and from an older key to the newest one."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Engine, MetaData, Table, Text, func, select, text, type_coerce, update

from portal.core.db import writing
from portal.core.errors import Unreadable
from portal.core.sealed import Sealed, SealedText, everywhere
from portal.core.sealing import FORM, NAME_LENGTH, Keys

# So few that whoever works meanwhile waits for none of it.
BATCH = 200


@dataclass
class Outcome:
    """How many were sealed anew, and which rows hold what cannot be opened, as (table.column, row)."""

    sealed: int = 0
    unreadable: list[tuple[str, int]] = field(default_factory=list)


def by_key(connection: Connection, metadata: MetaData) -> Counter[str]:
    """How many values are sealed with each key, by its name."""
    found: Counter[str] = Counter()
    for table, column in everywhere(metadata):
        stored = type_coerce(table.c[column], Text)
        name = func.substr(stored, len(FORM) + 2, NAME_LENGTH)
        for key, values in connection.execute(select(name, func.count()).where(stored.is_not(None)).group_by(name)):
            found[key] += values
    return found


def unreadable(connection: Connection, metadata: MetaData, keys: Keys) -> Iterator[tuple[str, int]]:
    """Which rows hold what cannot be opened, as (table.column, row): everything is tried."""
    for table, column in everywhere(metadata):
        place, stored = f"{table.name}.{column}", type_coerce(table.c[column], Text)
        rows = select(table.c.id, stored.label("sealed")).where(stored.is_not(None)).order_by(table.c.id)
        for row in connection.execute(rows.execution_options(yield_per=BATCH)):
            try:
                keys.open(place, row.id, row.sealed)
            except Unreadable:
                yield place, row.id


def reseal(engine: Engine, metadata: MetaData, keys: Keys, say: Callable[[str], None]) -> Outcome:
    """Seal with the newest key what is sealed with another, a few rows a transaction. It may be stopped at any instant
    and begun again; what somebody changes meanwhile is theirs."""
    outcome = Outcome()
    for table, column in everywhere(metadata):
        done, last = 0, 0
        while True:
            with writing(), engine.begin() as connection:
                rows = connection.execute(_older(table, column, keys, last)).all()
                done += sum(_anew(connection, table, column, keys, row, outcome) for row in rows)
            if not rows:
                break
            last = rows[-1].id
            say(f"{table.name}.{column}: {done:,}")
        outcome.sealed += done
    return outcome


def _older(table: Table, column: str, keys: Keys, last: int) -> Any:
    stored = type_coerce(table.c[column], Text)
    newest = f"{FORM}.{keys.newest}."
    return (
        select(table.c.id, stored.label("sealed"))
        .where(stored.is_not(None), func.substr(stored, 1, len(newest)) != newest, table.c.id > last)
        .order_by(table.c.id)
        .limit(BATCH)
    )


def _anew(connection: Connection, table: Table, column: str, keys: Keys, row: Any, outcome: Outcome) -> int:
    place = f"{table.name}.{column}"
    try:
        plain = keys.open(place, row.id, row.sealed)
    except Unreadable:
        outcome.unreadable.append((place, row.id))
        return 0
    as_it_was = type_coerce(table.c[column], Text) == row.sealed
    anew: dict[str, Any] = {column: Sealed(place, keys.seal(place, row.id, plain), keys)}
    if mark := cast(SealedText, table.c[column].type).mark:
        anew[mark] = keys.mark(place, plain)
    return connection.execute(update(table).where(table.c.id == row.id, as_it_was).values(anew)).rowcount


def sweep_out(engine: Engine, metadata: MetaData) -> None:
    """Give back, overwritten, what the database's files still hold of rows as they were before they were sealed."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # Past SQLAlchemy, which would begin a transaction.
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in dict.fromkeys(table.name for table, _ in everywhere(metadata)):
            connection.execute(text(f"VACUUM (FULL) {name}"))
