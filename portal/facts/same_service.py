"""Whether a service is in the directory already: the same people offer one of that name, however it is typed."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.models.following import Service


@dataclass(frozen=True)
class SameService:
    ref: str
    active: bool


def same_services(name: str | None, run_by: str | None, *, but: int | None = None) -> list[SameService]:
    """Those no longer offered, too, in the order they came in. One statement."""
    wanted = _folded(name), _folded(run_by)
    rows = db.session.execute(
        select(Service.id, Service.name, Service.organisation_name, Service.active).order_by(Service.id)
    )
    return [
        SameService(f"{Service.ref_prefix}-{row.id}", row.active)
        for row in rows
        if row.id != but and (_folded(row.name), _folded(row.organisation_name)) == wanted
    ]


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
