"""What ties a viewer to one family: membership, leading, being its coordinator. Read once a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select

from portal.core.db import db
from portal.core.kept import kept
from portal.domain.log import Tied
from portal.domain.viewer import Viewer
from portal.policies.criteria import ties_of
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class Ties:
    member_ids: frozenset[int] = frozenset()
    leads: bool = False
    coordinates: bool = False
    # Stands in today for who leads: may what a member and the lead may, and is neither.
    covers: bool = False
    # Reaches it in another way than by work or role: opened in an emergency, until then.
    open_until: datetime | None = None

    @property
    def standing(self) -> Tied | None:
        """The nearest of them, as the log keeps it."""
        held = {
            # Whatever else ties them to it: without this they would not be there.
            Tied.OPENED: self.open_until is not None,
            Tied.LEAD: self.leads,
            Tied.COORDINATOR: self.coordinates,
            Tied.COVER: self.covers,
            Tied.MEMBER: bool(self.member_ids),
        }
        return next((tied for tied, holds in held.items() if holds), None)


@dataclass
class _Memory:
    known: dict[tuple[int, int], Ties] = field(default_factory=dict)


_memory: ContextVar[_Memory | None] = ContextVar("ties", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Inside, the ties to one family are read once. The gate opens one for each request."""
    token = _memory.set(_Memory())
    try:
        yield
    finally:
        _memory.reset(token)


def forget() -> None:
    """Ties changed in this request: read them again."""
    memory = _memory.get()
    if memory is not None:
        memory.known.clear()


def ties(viewer: Viewer, family_id: int) -> Ties:
    """One statement, at most once a request."""
    memory = _memory.get()
    key = (viewer.user_id, family_id)
    if memory is not None and key in memory.known:
        return memory.known[key]
    found = _read(viewer, family_id)
    if memory is not None:
        memory.known[key] = found
    return found


def take(viewer: Viewer, family_id: int, row: Any) -> None:
    """Remember what a statement read beside the family's thing, by `criteria.ties_of`."""
    memory = _memory.get()
    if memory is not None:
        memory.known[viewer.user_id, family_id] = _ties(row)


@kept
def _statement() -> Any:
    user_id, family_id = (bindparam(name, type_=Integer()) for name in ("user", "family"))
    return select(*ties_of(family_id, user_id))


def known(viewer: Viewer, family_id: int) -> Ties | None:
    """What this request has read already, without a statement: for what stands on every page of a family."""
    memory = _memory.get()
    return memory.known.get((viewer.user_id, family_id)) if memory else None


def _read(viewer: Viewer, family_id: int) -> Ties:
    with unscoped("ties of the viewer to one family"):
        return _ties(db.session.execute(_statement(), {"user": viewer.user_id, "family": family_id}).one())


def _ties(row: Any) -> Ties:
    members = frozenset(map(int, row.member.split(","))) if row.member else frozenset()
    return Ties(
        members,
        leads=bool(members) and bool(row.leads),
        coordinates=bool(row.coordinates),
        covers=bool(row.covers),
        open_until=row.open_until,
    )
