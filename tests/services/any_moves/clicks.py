"""One click of one person, on a day: what the portal refuses has to leave everything as it was."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import hypothesis
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from portal.core import clock
from portal.core.clock import LONDON
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, NotInReach, Refused
from portal.domain.leads import LeadState
from portal.domain.permissions import P
from portal.domain.step_downs import (
    Destination,
    StepDownState,
)
from portal.domain.viewer import Viewer
from portal.models.handover import LeadAssignment, StepDown, StepDownChild
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies import rules
from portal.policies.ties import remembered
from portal.services.summary import lock_family_of
from tests.support import any_moves, databases, handover
from tests.support.people import Home, a_family, found_council

FIRST_DAY = datetime(2026, 3, 2, 10, tzinfo=LONDON)
REFUSALS = (Refused, FieldRefused, NotAllowed, NotInReach)
S = StepDownState

# Whoever the work falls to comes first, and often; now and then it is anybody.
PEOPLE = (
    "social_worker",
    "social_care_manager",
    "coordinator",
    "manager",
    "lead",
    "partner",
    "other_coordinator",
    "partner_other_organisation",
    "social_worker_other_team",
    "partner_without_agreement",
    "front_door",
    "auditor",
    "admin",
)
anybody = st.sampled_from((None,) * 6 * len(PEOPLE) + PEOPLE)
now_and_then = st.sampled_from((False, False, False, True))
anyone_asked = st.sampled_from(
    ("lead", "partner", "partner_other_organisation", "coordinator", "partner_without_agreement")
)
numbers = st.integers(0, 11)
often = st.sampled_from((True, True, False))
destinations = st.sampled_from((Destination.TEAM, *Destination))
days_ahead = st.sampled_from((7, 21, 1, 0, -1, 200))


class Clicks(RuleBasedStateMachine):
    """Each rule is one click of one person. What the portal refuses has to leave everything as it was."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        databases.empty(app)
        self.now = FIRST_DAY
        with clock.at(self.now):
            self.council = found_council(app)
            self.homes: list[Home] = []
            self.clicked = False
            self.picture = any_moves.take(self.council)

    # The world

    @initialize(
        first=st.sampled_from((handover.an_accepted, handover.a_ready_to_confirm)),
        second=st.sampled_from((handover.a_draft, handover.a_proposed)),
        destination=destinations,
        other_destination=destinations,
    )
    def found(
        self,
        first: Callable[..., Any],
        second: Callable[..., Any],
        destination: Destination,
        other_destination: Destination,
    ) -> None:
        with clock.at(self.now):
            for name, make, where in (("Adeyemi", first, destination), ("Bloggs", second, other_destination)):
                home = a_family(self.council, name=name, children=2)
                make(self.council, home, destination=where)
                self.homes.append(home)
            self.picture = any_moves.take(self.council, self.picture)

    def user(self, name: str) -> User:
        found: User = getattr(self.council, name)
        return found

    def pick(self, model: type[Any], number: int, *states: Any) -> Any:
        """One thing of this kind: mostly in one of these states, now and then in any; None where there is none."""
        everything = self.picture.rows[model]
        fitting = [row for row in everything if not states or row.state in states]
        pool = everything if number >= 10 else fitting
        return pool[number % len(pool)] if pool else None

    def has(self, model: type[Any], *states: Any) -> bool:
        return any(row.state in states for row in self.picture.rows[model])

    def do(self, who: str, permission: P, thing: Any, change: Callable[[Any, Viewer], Any]) -> bool:
        """One click, as the gate lets it in: the family's lock, the thing within reach, the permission, the change.
        Returns whether it was accepted."""
        self.now += timedelta(minutes=3)
        self.clicked = True
        before = self.picture
        accepted = True
        with clock.at(self.now):
            try:
                with self.council.as_(self.user(who)) as viewer, remembered():
                    lock_family_of(type(thing), thing.id)
                    loaded = db.session.scalars(select(type(thing)).where(type(thing).id == thing.id)).one_or_none()
                    if loaded is None:
                        raise NotInReach("Not there")
                    rules.demand(viewer, permission, loaded)
                    change(loaded, viewer)
            except REFUSALS as refusal:
                accepted = False
                hypothesis.event(f"refused: {type(refusal).__name__}")
            self.picture = any_moves.take(self.council, self.picture)
        if not accepted:
            any_moves.demand_nothing_changed(before, self.picture)
        any_moves.demand_told(before, self.picture)
        any_moves.demand_complete_only_with_every_gate(before, self.picture)
        return accepted

    @invariant()
    def order(self) -> None:
        any_moves.demand_order(self.picture)

    @precondition(lambda self: self.clicked)
    @rule(days=st.sampled_from((1, 7, 7, 28)))
    def days_pass(self, days: int) -> None:
        self.clicked = False
        self.now += timedelta(days=days)
        with clock.at(self.now):
            self.picture = any_moves.take(self.council, self.picture)

    def name_of(self, user_id: int | None) -> str:
        return next((name for name in PEOPLE if self.user(name).id == user_id), "coordinator")

    def leader_of(self, family_id: int) -> str:
        """Whose the work with a family is: who leads, else the coordinator."""
        leading = self.picture.of(LeadAssignment, family_id=family_id, state=LeadState.ACCEPTED)
        return self.name_of(leading[0].user_id) if leading else "coordinator"

    def on_the_team(self, family_id: int) -> list[TeamMember]:
        return [row for row in self.picture.of(TeamMember, family_id=family_id) if row.left_on is None]

    def owner_of(self, action: PlanAction) -> str:
        """Who does it; for somebody without a sign-in, who leads."""
        owner = next(row for row in self.picture.rows[TeamMember] if row.id == action.owner_id)
        return self.name_of(owner.user_id) if owner.user_id else self.leader_of(action.family_id)

    def children_of(self, step_down: StepDown) -> list[int]:
        return [row.person_id for row in self.picture.of(StepDownChild, step_down_id=step_down.id)]
