"""What the rules say of an address: worked out from its door, the tables of reach and of permissions, and the rows as
they stand. Nothing of the code that answers is asked."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.permissions import GRANTS, P, Standing
from portal.domain.reaching import BRINGS, LETS_THROUGH, REACHES, Bar, Way
from portal.domain.roles import Role, Tie
from portal.domain.step_downs import OPEN, StepDownState
from portal.domain.support import OPEN_REFERRALS
from portal.domain.viewer import Viewer
from portal.models.base import FamilyScoped
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    CoordinatorAssignment,
    Family,
    KeepApartReason,
    Note,
)
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.models.handover import LeadAssignment, LeadCover, StepDown
from portal.models.hiding import HiddenWords
from portal.models.record import Event
from portal.models.restricting import EmergencyOpening, RestrictionRequest
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed, TeamMember
from portal.web.policy import Anyone, ByBrowser, ByLink, Policy
from portal.web.refs import Ref
from tests.support.people import Council
from tests.support.routes import door_of

OPENS, FORBIDDEN, ABSENT, SIGN_IN = "opens", "forbidden", "absent", "sign in"
EARLY_HELP = {Role.COORDINATOR, Role.EARLY_HELP_MANAGER}
# Nothing of these narrower tables is named by an address; one that were would need its own line in `_narrower`.
NOT_NAMED = (ActionPlan, ConfidentialAddress, KeepApartReason, Note, RestrictionRequest)


class Rules:
    """The rows that tie people to families, read once: nobody changes any while addresses are tried."""

    def __init__(self, council: Council) -> None:
        self.app = council.app
        self.things: dict[type[Any], dict[int, Any]] = {}
        with council.behind_the_scenes():
            for mapper in Family.registry.mappers:
                model = mapper.class_
                if hasattr(model, "id") and (issubclass(model, Family | FamilyScoped) or hasattr(model, "ref_prefix")):
                    self.things[model] = {row.id: row for row in db.session.scalars(select(model))}

    def say(self, viewer: Viewer | None, path: str, method: str) -> str | None:
        """What whoever asks gets; None where there is no such address, or where having the link is all it takes."""
        endpoint, values = self.address(path, method)
        if endpoint is None or endpoint == "static":
            return None
        door = door_of(self.app, endpoint)
        if isinstance(door, ByLink):
            return None
        if isinstance(door, Anyone | ByBrowser):
            return OPENS
        if viewer is None:
            return SIGN_IN
        return self._judge(door, viewer, values) if isinstance(door, Policy) else OPENS

    def address(self, path: str, method: str) -> tuple[str | None, Mapping[str, Any]]:
        try:
            endpoint, values = self.app.url_map.bind("").match(path, method=method)
        except HTTPException:
            return None, {}
        return str(endpoint), values

    def reached(self, viewer: Viewer, family: Family) -> bool:
        bar = self.bar(viewer, family)
        ways = self.ties(viewer, family.id) - (set() if viewer.shares else {Way.MEMBER, Way.LEAD, Way.COVER})
        ways |= {way for way, holds in self._others(viewer, family).items() if holds}
        return any(viewer.roles & REACHES[way] and way in LETS_THROUGH[bar] for way in ways)

    def bar(self, viewer: Viewer, family: Family) -> Bar:
        today = clock.today()
        if any(row.ended_at is None for row in self._of(ConflictOfInterest, viewer, family.id)):
            return Bar.CONFLICT
        if not family.restricted:
            return Bar.NOTHING
        cleared = [row for row in self._of(Clearance, viewer, family.id) if row.ended_at is None]
        return Bar.CLEARED if any(row.until_on is None or row.until_on >= today for row in cleared) else Bar.RESTRICTED

    def ties(self, viewer: Viewer, family_id: int) -> set[Way]:
        """What the work tied them to it by."""
        today, now = clock.today(), clock.now()
        member = any(row.left_on is None for row in self._of(TeamMember, viewer, family_id))
        leads = any(row.state is LeadState.ACCEPTED for row in self._of(LeadAssignment, viewer, family_id))
        holds = {
            Way.MEMBER: member,
            Way.LEAD: member and leads,
            Way.COVER: any(
                row.withdrawn_at is None
                and row.from_on <= today <= row.to_on
                and self.things[LeadAssignment][row.assignment_id].state is LeadState.ACCEPTED
                for row in self._of(LeadCover, viewer, family_id)
            ),
            Way.COORDINATOR: any(row.to_on is None for row in self._of(CoordinatorAssignment, viewer, family_id)),
            Way.OPENED: any(
                row.closed_at is None and row.ends_at > now for row in self._of(EmergencyOpening, viewer, family_id)
            ),
        }
        return {way for way, tied in holds.items() if tied}

    def _others(self, viewer: Viewer, family: Family) -> dict[Way, bool]:
        team = viewer.social_care_team_id
        since = clock.now() - timedelta(days=viewer.looks_back)
        goes_on = family.social_work_closed_on is None or family.social_work_closed_on > since.date()
        works = [row for row in self._in(StepDown, family.id) if _is_worked_on(row, since)] if goes_on else []
        asks = [row for row in self._in(SupportReferral, family.id) if _is_followed(row, since)] if goes_on else []
        manages = Role.SOCIAL_CARE_MANAGER in viewer.roles and team is not None
        added = family.added_by_id == viewer.user_id or (manages and family.social_care_team_id == team)
        return {
            Way.ROLE: True,
            Way.STEP_DOWN: any(row.social_worker_id == viewer.user_id for row in works)
            or any(row.recorded_by_id == viewer.user_id for row in asks),
            Way.TEAM: team is not None and any(row.social_care_team_id == team for row in [*works, *asks]),
            Way.ADDED: added and family.added_at > since,
        }

    def _judge(self, door: Policy, viewer: Viewer, values: Mapping[str, Any]) -> str:
        thing = None
        if door.model is not None:
            ref = next(value for value in values.values() if isinstance(value, Ref))
            thing = self.things[door.model].get(ref.id) if ref.prefix == door.model.ref_prefix else None
            if thing is None or not self._there(viewer, thing):
                return ABSENT
        return OPENS if self._may(viewer, door.permission, thing) else FORBIDDEN

    def _there(self, viewer: Viewer, thing: Any) -> bool:
        """Whether this thing is there for them: of a family they reach, or of none, and not narrower than that."""
        if not isinstance(thing, Family | FamilyScoped):
            return True
        family = thing if isinstance(thing, Family) else self.things[Family][thing.family_id]
        within = self.reached(viewer, family)
        assert not isinstance(thing, NOT_NAMED), thing
        narrower = self._narrower().get(type(thing))
        return narrower(viewer, thing, within) if narrower else within

    def _narrower(self) -> dict[type[Any], Callable[[Viewer, Any, bool], bool]]:
        return {
            LeadAssignment: lambda viewer, row, within: (
                within
                or (row.user_id == viewer.user_id and row.state is LeadState.NOMINATED and self._may_know(viewer, row))
            ),
            SharedReferral: lambda viewer, row, within: (
                within
                or (
                    viewer.shares
                    and row.organisation_id == viewer.organisation_id
                    and row.ended_on is None
                    and self._may_know(viewer, row)
                )
            ),
            HiddenWords: lambda viewer, _row, within: within and Role.EARLY_HELP_MANAGER in viewer.roles,
            Event: lambda viewer, row, within: (
                within
                and row.revision_id is None
                and row.organisation_id in {None, viewer.organisation_id}
                and not row.keepers_only
            ),
            PlanAction: self._not_of_a_revision,
            PlanNeed: self._not_of_a_revision,
        }

    def _not_of_a_revision(self, viewer: Viewer, row: Any, within: bool) -> bool:
        writes = bool(viewer.roles & EARLY_HELP or self.ties(viewer, row.family_id) & {Way.LEAD, Way.COVER})
        return within and (row.revision_id is None or writes)

    def _may_know(self, viewer: Viewer, thing: Any) -> bool:
        """Somebody who does not reach the family may learn of this one thing."""
        return self.bar(viewer, self.things[Family][thing.family_id]) in {Bar.NOTHING, Bar.CLEARED}

    def _may(self, viewer: Viewer, permission: P, thing: Any) -> bool:
        standing = self._standing(viewer, thing)
        is_draft = isinstance(thing, StepDown) and thing.state is StepDownState.DRAFT
        if is_draft and not GRANTS[P.STEP_DOWN_EDIT] & standing:
            return False
        if permission is P.CHECK_WAIVE and isinstance(thing, FollowUpCheck) and thing.escalated_to is not None:
            return Role(thing.escalated_to) in viewer.roles
        return bool(GRANTS[permission] & standing)

    def _standing(self, viewer: Viewer, thing: Any) -> set[Standing]:
        if not isinstance(thing, Family | FamilyScoped):
            return set(viewer.roles)
        family_id = thing.id if isinstance(thing, Family) else thing.family_id
        found: set[Standing] = set(viewer.roles)
        for way in self.ties(viewer, family_id):
            found |= BRINGS[way]
        return found | {tie for tie, holds in self._own(viewer, thing).items() if holds}

    def _own(self, viewer: Viewer, thing: Any) -> dict[Tie, bool]:
        """What ties somebody to this very thing."""
        who = viewer.user_id
        if isinstance(thing, StepDown):
            same = thing.social_care_team_id == viewer.social_care_team_id
            return {
                Tie.SOCIAL_WORKER: thing.social_worker_id == who,
                Tie.SOCIAL_WORKERS_TEAM: same and Role.SOCIAL_WORKER in viewer.roles,
                Tie.SOCIAL_WORKERS_MANAGER: same and Role.SOCIAL_CARE_MANAGER in viewer.roles,
                Tie.AFTER_SOCIAL_WORK: thing.social_work_closed_on is not None
                and Role.EARLY_HELP_MANAGER in viewer.roles,
            }
        if isinstance(thing, LeadAssignment):
            return {Tie.NOMINEE: thing.user_id == who and thing.state is LeadState.NOMINATED}
        if isinstance(thing, Event):
            return {Tie.RECORDER: thing.actor_id == who}
        if isinstance(thing, EmergencyOpening):
            return {Tie.RECORDER: thing.user_id == who}
        if isinstance(thing, FollowUpCheck):
            return {Tie.OWNER: thing.owner_id == who}
        if isinstance(thing, SharedReferral):
            return {Tie.SERVICE: viewer.shares and thing.organisation_id == viewer.organisation_id}
        if isinstance(thing, PlanAction):
            owner = self.things[TeamMember].get(thing.owner_id or 0)
            return {Tie.OWNER: owner is not None and owner.user_id == who and owner.left_on is None}
        return {}

    def _in(self, model: type[Any], family_id: int) -> list[Any]:
        return [row for row in self.things[model].values() if row.family_id == family_id]

    def _of(self, model: type[Any], viewer: Viewer, family_id: int) -> list[Any]:
        return [row for row in self._in(model, family_id) if row.user_id == viewer.user_id]


def _is_worked_on(step_down: StepDown, since: datetime) -> bool:
    unsettled = step_down.state is StepDownState.DECLINED and step_down.declined_then is None
    lately = (step_down.completed_at, step_down.answered_at, step_down.ended_at)
    return step_down.state in OPEN or unsettled or any(at is not None and at > since for at in lately)


def _is_followed(referral: SupportReferral, since: datetime) -> bool:
    return referral.state in OPEN_REFERRALS or (referral.ended_at is not None and referral.ended_at > since)
