"""The log as it is sealed and verified: its rows with everything that is signed of them, and its seals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.log import SIGNED, SIGNED_WHERE_FILLED, Head, Seal, Span
from portal.models.record import Audit, AuditSeal

LogRow: TypeAlias = Mapping[str, Any]
_OF_SEALS = ("number", "sealed_at", "spans", "high_id", "row_count", "digest")


def rows_between(first: int, last: int) -> Sequence[LogRow]:
    """In the order of their ids."""
    return _read(_rows().where(Audit.id.between(first, last)))


def rows_after(last: int, without: Sequence[Span], most: int) -> Sequence[LogRow]:
    """The first of those after this id that stand in none of these spans."""
    outside = (~Audit.id.between(first, last) for first, last in without)
    return _read(_rows().where(Audit.id > last, *outside).limit(most))


def _rows() -> Any:
    names = (*SIGNED, *SIGNED_WHERE_FILLED)
    signed = (Audit.rows.label(name) if name == "row_count" else getattr(Audit, name) for name in names)
    return select(Audit.id, Audit.mac, Audit.changes, *signed).order_by(Audit.id)


def _read(statement: Any) -> Sequence[LogRow]:
    return cast(Sequence[LogRow], db.session.execute(statement).mappings().all())


def head() -> Head | None:
    """The last seal of the chain."""
    row = db.session.execute(select(AuditSeal.number, AuditSeal.mac).order_by(AuditSeal.number.desc()).limit(1)).first()
    return Head(row.number, row.mac) if row else None


def spans_since(instant: datetime) -> list[str]:
    """What was sealed from then on."""
    return list(db.session.scalars(select(AuditSeal.spans).where(AuditSeal.sealed_at >= instant)))


def high_before(instant: datetime) -> int:
    """The greatest id that had been sealed by then; 0 where there was none."""
    found = db.session.execute(select(func.max(AuditSeal.high_id)).where(AuditSeal.sealed_at < instant))
    return found.scalar_one() or 0


def high() -> int:
    return db.session.execute(select(func.max(AuditSeal.high_id))).scalar_one() or 0


def seals_after(number: int, most: int) -> list[tuple[Seal, str]]:
    """The next ones with their signatures. Which seal came before is not said: whoever reads knows."""
    rows = db.session.execute(
        select(*(getattr(AuditSeal, name) for name in _OF_SEALS), AuditSeal.mac)
        .where(AuditSeal.number > number)
        .order_by(AuditSeal.number)
        .limit(most)
    ).mappings()
    return [(Seal(previous="", **{name: row[name] for name in _OF_SEALS}), row["mac"]) for row in rows]
