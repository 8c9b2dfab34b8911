"""What the database itself promises, asked of it: that a commit outlives a power cut, that the log can only grow."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

FULL = 2
GROWING = ("admin_change", "audit", "audit_seal")
CHANGES = ("UPDATE", "DELETE", "TRUNCATE")


def faults(connection: Connection) -> Iterator[str]:
    """A sentence for each promise that it does not give."""
    if connection.dialect.name == "sqlite":
        yield from _of_sqlite(connection)
    else:
        yield from _of_postgresql(connection)


def _of_sqlite(connection: Connection) -> Iterator[str]:
    if int(connection.execute(text("PRAGMA synchronous")).scalar_one()) < FULL:
        yield "SQLite does not wait for the disk (synchronous is below FULL): a power cut could take what was saved."
    guarded = connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    yield from _open_to_change(
        set(GROWING).difference(guarded), "Its triggers are gone: bring back a backup and find out who took them away."
    )


def _of_postgresql(connection: Connection) -> Iterator[str]:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if connection.execute(text(f"SHOW {name}")).scalar_one() in {"off", "local"}:
            yield (
                f"PostgreSQL's {name} is off: a power cut could take what was saved. "
                f"Set {name} = on in postgresql.conf, and for this role and database."
            )
    role = connection.execute(text("SELECT current_user")).scalar_one()
    there = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).scalars()
    may = "SELECT bool_or(has_table_privilege(current_user, :name, kind)) FROM unnest(CAST(:kinds AS text[])) AS kind"
    changeable = [
        name
        for name in sorted(set(GROWING) & set(there))
        if connection.execute(text(may), {"name": name, "kinds": list(CHANGES)}).scalar_one()
    ]
    yield from _open_to_change(
        changeable,
        "Let the portal run as a role that owns no table and may only read and add there, and run the migrations as "
        f"another. As the owner: REVOKE {', '.join(CHANGES)} ON {', '.join(GROWING)} FROM {role}",
    )


def _open_to_change(tables: Iterable[str], remedy: str) -> Iterator[str]:
    *others, last = [*sorted(tables)] or [""]
    names = " and ".join(part for part in (", ".join(others), last) if part)
    if names:
        yield f"The log could be changed: the portal's own role may change or delete rows of {names}. {remedy}"
