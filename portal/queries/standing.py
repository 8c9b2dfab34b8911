"""For whom somebody acts today: themselves, coordinators and leads they cover for, the roles they have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from portal.core.db import written
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.facts import at_once
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import CoordinatorCover
from portal.models.record import FamilySummary
from portal.queries.waiting_rows import COORDINATORS, MANAGERS, SOCIAL_CARE_MANAGERS

_CONCEPTS = {
    Role.EARLY_HELP_MANAGER: MANAGERS,
    Role.SOCIAL_CARE_MANAGER: SOCIAL_CARE_MANAGERS,
}


@dataclass(frozen=True)
class Standing:
    """`coordinators`: whose families are the viewer's to hold today, their own number among them; `led`: families
    whose lead they cover for; `concepts`: what waits for whichever of them comes first."""

    user_id: int
    coordinates: bool
    coordinators: frozenset[int]
    led: frozenset[int]
    concepts: frozenset[str]

    def holds(self, of: Any) -> ColumnElement[bool]:
        """The families this person coordinates or leads today. `of` has family_id, coordinator_id, lead_id."""
        return or_(
            of.coordinator_id.in_(self.coordinators),
            of.lead_id == self.user_id,
            of.family_id.in_(self.led) if self.led else false(),
        )

    def holds_summaries(self) -> ColumnElement[bool]:
        """The same of the families' summaries."""
        return or_(
            FamilySummary.coordinator_id.in_(self.coordinators),
            FamilySummary.lead_user_id == self.user_id,
            FamilySummary.family_id.in_(self.led) if self.led else false(),
        )

    def coordinated(self, of: Any) -> ColumnElement[bool]:
        """The families this person coordinates today, and what waits for any coordinator of those that none has."""
        return or_(of.coordinator_id.in_(self.coordinators), self._unheld(of))

    def waited_for(self, of: Any) -> ColumnElement[bool]:
        """What waits on this person today; `is_waited_for` says the same of a row."""
        waits = or_(
            of.who_id == self.user_id,
            and_(of.who_id == of.coordinator_id, of.coordinator_id.in_(self.coordinators)),
            and_(of.who_id == of.lead_id, of.family_id.in_(self.led)) if self.led else false(),
            and_(of.who == COORDINATORS, of.coordinator_id.in_(self.coordinators)) if self.coordinates else false(),
            self._unheld(of),
            of.who.in_(self.concepts) if self.concepts else false(),
        )
        # Where nobody with a sign-in is waited for, the answer is no, and not that nothing is known.
        return func.coalesce(waits, false())

    def is_waited_for(self, row: Any) -> bool:
        return (
            row.who_id == self.user_id
            or (row.who_id is not None and row.who_id == row.coordinator_id and row.who_id in self.coordinators)
            or (row.who_id is not None and row.who_id == row.lead_id and row.family_id in self.led)
            or (
                self.coordinates
                and row.who == COORDINATORS
                and (row.coordinator_id is None or row.coordinator_id in self.coordinators)
            )
            or row.who in self.concepts
        )

    def _unheld(self, of: Any) -> ColumnElement[bool]:
        return and_(of.coordinator_id.is_(None), of.who == COORDINATORS) if self.coordinates else false()


def of(viewer: Viewer, today: date) -> Standing:
    """In one statement."""
    rows = at_once.read(
        {
            "coordinators": select(CoordinatorCover.user_id).where(
                CoordinatorCover.cover_id == viewer.user_id, *_today(CoordinatorCover, today)
            ),
            "leads": select(LeadCover.family_id)
            .join(LeadAssignment, LeadAssignment.id == LeadCover.assignment_id)
            .where(
                LeadCover.user_id == viewer.user_id,
                LeadAssignment.state == written(LeadState.ACCEPTED),
                *_today(LeadCover, today),
            ),
        }
    )
    return Standing(
        user_id=viewer.user_id,
        coordinates=Role.COORDINATOR in viewer.roles,
        coordinators=frozenset({viewer.user_id, *(row.user_id for row in rows["coordinators"])}),
        led=frozenset(row.family_id for row in rows["leads"]),
        concepts=frozenset(words for role, words in _CONCEPTS.items() if role in viewer.roles),
    )


def _today(cover: Any, today: date) -> Iterable[ColumnElement[bool]]:
    return cover.withdrawn_at.is_(None), cover.from_on <= today, cover.to_on >= today
