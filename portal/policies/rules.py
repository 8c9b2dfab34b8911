"""Who may do what: one rule for every permission, asked by the gate, by the moves and by the templates."""

from typing import Any

from portal.core.errors import NotAllowed, Refused
from portal.domain.dates import moment
from portal.domain.leads import LeadState
from portal.domain.permissions import GRANTS, P, Standing
from portal.domain.reaching import BRINGS, Way
from portal.domain.roles import Role, Tie
from portal.domain.step_downs import StepDownState
from portal.domain.support import CheckState
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SharedReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.models.record import Event
from portal.models.restricting import EmergencyOpening
from portal.models.teamwork import PlanAction
from portal.policies.ties import Ties, ties


def allowed(viewer: Viewer, permission: P, thing: Any = None) -> bool:
    """Whether the viewer may, given a thing already loaded within their reach (None: a page of no family)."""
    if _is_draft(thing) and not _granted(viewer, P.STEP_DOWN_EDIT, thing):
        return False  # what social work is still writing is nobody else's, whatever they may do with one that was sent
    if permission is P.CHECK_WAIVE and _is_escalated(thing) and Role(thing.escalated_to) not in viewer.roles:
        return False  # whoever it was taken from cannot silence it
    return _granted(viewer, permission, thing)


def _is_escalated(thing: Any) -> bool:
    return isinstance(thing, FollowUpCheck) and thing.state is CheckState.DUE and thing.escalated_to is not None


def _is_draft(thing: Any) -> bool:
    return isinstance(thing, StepDown) and thing.state is StepDownState.DRAFT


def _granted(viewer: Viewer, permission: P, thing: Any) -> bool:
    granted = GRANTS[permission]
    if granted & viewer.roles:
        return True
    return thing is not None and bool(granted & _ties(viewer, thing, granted))


def demand(viewer: Viewer, permission: P, thing: Any = None) -> None:
    """Raises NotAllowed where the viewer may not; Refused where they have, in another tab, already."""
    if not allowed(viewer, permission, thing):
        if _is_draft(thing):
            raise NotAllowed("This {step_down} has not been sent yet.")
        if permission is P.LEAD_ANSWER and thing.user_id == viewer.user_id:
            raise Refused(_answered(thing))
        if permission is P.CHECK_WAIVE and _is_escalated(thing):
            raise NotAllowed(f"This check was escalated: only the {{{thing.escalated_to}}} can put it off.")
        raise NotAllowed("You do not have permission to do this.")


def _answered(asked: LeadAssignment) -> str:
    """Who answered and when, or that nobody needs to any more."""
    if asked.state is LeadState.WITHDRAWN:
        return "You are not asked to be the {lead_professional} any more."
    when = f" on {moment(asked.answered_at)}" if asked.answered_at else ""
    return f"{asked.name} has already answered this{when}. Nothing was changed."


def as_manager(viewer: Viewer, permission: P) -> bool:
    """Whether the move is a worker's that this viewer makes as the manager; history says so."""
    granted = GRANTS[permission]
    early_help = Role.COORDINATOR in granted and Role.COORDINATOR not in viewer.roles
    social_care = Tie.SOCIAL_WORKER in granted and Role.SOCIAL_WORKER not in viewer.roles
    return (early_help and Role.EARLY_HELP_MANAGER in viewer.roles) or (
        social_care and Role.SOCIAL_CARE_MANAGER in viewer.roles
    )


def _ties(viewer: Viewer, thing: Any, granted: frozenset[Standing]) -> set[Standing]:
    found: set[Standing] = set()
    if isinstance(thing, StepDown):
        found |= _social_work(viewer, thing)
    if isinstance(thing, LeadAssignment) and thing.user_id == viewer.user_id and thing.state == LeadState.NOMINATED:
        found.add(Tie.NOMINEE)
    if isinstance(thing, Event) and thing.actor_id == viewer.user_id:
        found.add(Tie.RECORDER)
    if isinstance(thing, EmergencyOpening) and thing.user_id == viewer.user_id:
        found.add(Tie.RECORDER)
    if isinstance(thing, FollowUpCheck) and thing.owner_id == viewer.user_id:
        found.add(Tie.OWNER)
    if isinstance(thing, SharedReferral) and viewer.shares and thing.organisation_id == viewer.organisation_id:
        found.add(Tie.SERVICE)
    if not granted & {Tie.MEMBER, Tie.LEAD, Tie.COORDINATOR, Tie.OWNER, Tie.OPENED}:
        return found
    family_id = thing.id if isinstance(thing, Family) else thing.family_id
    grown = ties(viewer, family_id)
    found |= _grown(grown)
    if isinstance(thing, PlanAction) and thing.owner_id in grown.member_ids:
        found.add(Tie.OWNER)
    return found


def _grown(grown: Ties) -> set[Standing]:
    """Whoever covers today for who leads may what a member and the lead may."""
    by = {
        Way.MEMBER: bool(grown.member_ids),
        Way.LEAD: grown.leads,
        Way.COVER: grown.covers,
        Way.COORDINATOR: grown.coordinates,
        Way.OPENED: grown.open_until is not None,
    }
    return {standing for way, holds in by.items() if holds for standing in BRINGS[way]}


def _social_work(viewer: Viewer, step_down: StepDown) -> set[Standing]:
    same_team = viewer.social_care_team_id == step_down.social_care_team_id
    closed = step_down.social_work_closed_on is not None
    return {
        tie
        for tie, holds in {
            Tie.SOCIAL_WORKER: step_down.social_worker_id == viewer.user_id,
            Tie.SOCIAL_WORKERS_TEAM: same_team and Role.SOCIAL_WORKER in viewer.roles,
            Tie.SOCIAL_WORKERS_MANAGER: same_team and Role.SOCIAL_CARE_MANAGER in viewer.roles,
            Tie.AFTER_SOCIAL_WORK: closed and Role.EARLY_HELP_MANAGER in viewer.roles,
        }.items()
        if holds
    }
