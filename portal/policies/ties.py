"""What ties a viewer to one family: membership, leading, being its coordinator. Read once a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Date, Integer, String, bindparam, literal, select, union_all

from portal.core import clock
from portal.core.db import db, written
from portal.core.kept import kept
from portal.domain.leads import LeadState
from portal.domain.log import Tied
from portal.domain.viewer import Viewer
from portal.models.families import CoordinatorAssignment
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.teamwork import TeamMember
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class Ties:
    member_ids: frozenset[int] = frozenset()
    leads: bool = False
    coordinates: bool = False
    # Stands in today for who leads: may what a member and the lead may, and is neither.
    covers: bool = False

    @property
    def standing(self) -> Tied | None:
        """The nearest of them, as the log keeps it."""
        held = {
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


@kept
def _statement() -> Any:
    user_id, family_id = (bindparam(name, type_=Integer()) for name in ("user", "family"))
    today = bindparam("today", type_=Date())
    member = select(literal("member", String).label("tie"), TeamMember.id.label("id")).where(
        TeamMember.family_id == family_id, TeamMember.user_id == user_id, TeamMember.left_on.is_(None)
    )
    leads = select(literal("lead", String), LeadAssignment.id.cast(Integer)).where(
        LeadAssignment.family_id == family_id,
        LeadAssignment.user_id == user_id,
        LeadAssignment.state == written(LeadState.ACCEPTED),
    )
    coordinates = select(literal("coordinator", String), CoordinatorAssignment.id.cast(Integer)).where(
        CoordinatorAssignment.family_id == family_id,
        CoordinatorAssignment.user_id == user_id,
        CoordinatorAssignment.to_on.is_(None),
    )
    covers = (
        select(literal("cover", String), LeadCover.id.cast(Integer))
        .join(LeadAssignment, LeadAssignment.id == LeadCover.assignment_id)
        .where(
            LeadCover.family_id == family_id,
            LeadCover.user_id == user_id,
            LeadCover.withdrawn_at.is_(None),
            LeadCover.from_on <= today,
            LeadCover.to_on >= today,
            LeadAssignment.state == written(LeadState.ACCEPTED),
        )
    )
    return union_all(member, leads, coordinates, covers)


def _read(viewer: Viewer, family_id: int) -> Ties:
    given = {"user": viewer.user_id, "family": family_id, "today": clock.today()}
    with unscoped("ties of the viewer to one family"):
        rows = db.session.execute(_statement(), given).all()
    members = frozenset(row.id for row in rows if row.tie == "member")
    return Ties(
        members,
        leads=bool(members) and any(row.tie == "lead" for row in rows),
        coordinates=any(row.tie == "coordinator" for row in rows),
        covers=any(row.tie == "cover" for row in rows),
    )
