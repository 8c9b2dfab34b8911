"""Whom a message is for, as things stand when it is sent: people on the team now, not those of when it was written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from portal.core.db import db
from portal.domain.deciding import Side
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import Role
from portal.domain.support import CheckState, Escalation, ReferralState
from portal.facts import leading
from portal.models.deciding import JointDecision
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.models.handover import LeadAssignment, LeadCover, OutstandingAction, StepDown, StepDownQuestion
from portal.models.people import CoordinatorCover, User, UserRole
from portal.models.record import Event, OutboxMessage
from portal.models.restricting import RestrictionRequest
from portal.models.step_down_ends import FamilySaidNo, HolderQuestion
from portal.models.teamwork import MeetingInvitee, PlanAction, TeamMember
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class About:
    """What a message is about: its family, the reference it names, and the day."""

    family_id: int
    subject: str
    today: date
    event_id: int | None = None

    @property
    def letter(self) -> str:
        return self.subject.partition("-")[0]

    @property
    def number(self) -> int:
        """0, which no row has, where it names nothing."""
        return int(self.subject.partition("-")[2] or 0)


def of_message(message: OutboxMessage, today: date) -> list[int]:
    """The users it is for, each once. Nobody is told of what they did themselves; what was asked of a person a while
    ago is not asked of somebody who left the team or the work since. Raises LookupError for a rule without people."""
    if message.family_id is None:
        return []
    about = About(message.family_id, message.subject, today, message.event_id)
    find = RULES.get(message.rule)
    if find is None:
        raise LookupError(f"No rule {message.rule!r} says whom a message is for")
    with unscoped("whom a message is for"):
        found = find(about)
        actor = db.session.scalars(select(Event.actor_id).where(Event.id == message.event_id)).first()
    return [user_id for user_id in dict.fromkeys(found) if user_id != actor]


def _ids(statement: Select[Any]) -> list[int]:
    return list(db.session.scalars(statement))


def _with_role(role: Role, team_id: int | None = None) -> list[int]:
    people = select(User.id).join(UserRole, UserRole.user_id == User.id).where(User.active, UserRole.role == role)
    return _ids((people if team_id is None else people.where(User.social_care_team_id == team_id)).order_by(User.id))


def coordinators_of(family_id: int, today: date) -> list[int]:
    """The family's coordinator, and whoever covers for them on that day."""
    holds = select(CoordinatorAssignment.user_id).where(
        CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None)
    )
    covers = select(CoordinatorCover.cover_id).where(
        CoordinatorCover.user_id.in_(holds),
        CoordinatorCover.withdrawn_at.is_(None),
        CoordinatorCover.from_on <= today,
        CoordinatorCover.to_on >= today,
    )
    return [*_ids(holds), *_ids(covers)]


def _coordinator(about: About) -> list[int]:
    return coordinators_of(about.family_id, about.today)


def _coordinators(about: About) -> list[int]:
    """Whose family it is; every coordinator while it is nobody's."""
    return _coordinator(about) or _with_role(Role.COORDINATOR)


def _early_help_managers(_about: About) -> list[int]:
    return _with_role(Role.EARLY_HELP_MANAGER)


def _step_down_id(about: About) -> int:
    """Of the thing the message names, where it belongs to a step-down."""
    if about.letter == StepDown.ref_prefix:
        return about.number
    for model in (JointDecision, OutstandingAction, LeadAssignment):
        if about.letter == model.ref_prefix:
            return db.session.scalars(select(model.step_down_id).where(model.id == about.number)).first() or 0
    return 0


def _social_care_manager(about: About) -> list[int]:
    team = select(StepDown.social_care_team_id).where(StepDown.id == _step_down_id(about))
    of_family = select(Family.social_care_team_id).where(Family.id == about.family_id)
    team_id = db.session.scalars(team).first() or db.session.scalars(of_family).first()
    return [] if team_id is None else _with_role(Role.SOCIAL_CARE_MANAGER, team_id)


def managers_of(to: Escalation, family_id: int, today: date) -> list[int]:
    """To whom something of a family comes when nobody answers."""
    about = About(family_id, "", today)
    return _social_care_manager(about) if to is Escalation.SOCIAL_CARE_MANAGER else _early_help_managers(about)


def _social_worker(about: About) -> list[int]:
    worker = select(StepDown.social_worker_id).where(StepDown.id == _step_down_id(about))
    of_family = select(Family.social_worker_id).where(
        Family.id == about.family_id, Family.social_worker_id.is_not(None)
    )
    return _ids(worker) or _ids(of_family)


def _managers(about: About) -> list[int]:
    return [*_social_care_manager(about), *_early_help_managers(about)]


def _asked(about: About) -> list[int]:
    return _ids(
        select(StepDownQuestion.asked_of_id).where(
            StepDownQuestion.step_down_id == about.number, StepDownQuestion.answered_at.is_(None)
        )
    )


def _nominee(about: About) -> list[int]:
    return _ids(
        select(LeadAssignment.user_id).where(
            LeadAssignment.id == about.number,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.WITHDRAWN]),
            LeadAssignment.user_id.is_not(None),
        )
    )


def _lead_cover(about: About) -> list[int]:
    """Who covers, or will; where nobody does any more, whose cover ended last."""
    covers = select(LeadCover.user_id).where(LeadCover.assignment_id == about.number)
    standing = covers.where(LeadCover.withdrawn_at.is_(None), LeadCover.to_on >= about.today)
    last = covers.where(LeadCover.withdrawn_at.is_not(None)).order_by(LeadCover.withdrawn_at.desc()).limit(1)
    return _ids(standing) or _ids(last)


def _action_owner(about: About) -> list[int]:
    actions = select(TeamMember.user_id).join(PlanAction, PlanAction.owner_id == TeamMember.id)
    if about.letter == OutstandingAction.ref_prefix:
        actions = actions.join(OutstandingAction, OutstandingAction.plan_action_id == PlanAction.id)
        actions = actions.where(OutstandingAction.id == about.number)
    else:
        actions = actions.where(PlanAction.id == about.number)
    return _ids(actions.where(TeamMember.left_on.is_(None), TeamMember.user_id.is_not(None)))


def _waited_for(about: About) -> list[int]:
    """Whose open action or due check it is now, with whoever covers today for them as the lead or the coordinator."""
    check = select(FollowUpCheck.owner_id).where(
        FollowUpCheck.id == about.number, FollowUpCheck.state == CheckState.DUE
    )
    action = (
        select(TeamMember.user_id)
        .join(PlanAction, PlanAction.owner_id == TeamMember.id)
        .where(
            PlanAction.id == about.number,
            PlanAction.state.in_(OPEN_ACTIONS),
            TeamMember.left_on.is_(None),
            TeamMember.user_id.is_not(None),
        )
    )
    owner = _ids(check if about.letter == FollowUpCheck.ref_prefix else action)
    with_covers = (list(_lead_professional(about)), _coordinator(about))
    return [*owner, *(user_id for told in with_covers if told[:1] == owner for user_id in told)]


def _check_owner(about: About) -> list[int]:
    """Whoever is to ask about this support next, where that is neither the lead nor the coordinator."""
    owners = select(FollowUpCheck.owner_id).where(
        FollowUpCheck.referral_id == about.number, FollowUpCheck.state == CheckState.DUE
    )
    told = {*_lead_professional(about), *_coordinator(about)}
    return [user_id for user_id in _ids(owners.order_by(FollowUpCheck.id)) if user_id not in told]


def _asked_last(about: About) -> list[int]:
    """Whoever was to ask about this support when it was over, where that is not the lead, who is told anyway."""
    last = select(FollowUpCheck.owner_id).where(FollowUpCheck.referral_id == about.number)
    leads = set(_lead_professional(about))
    return [user_id for user_id in _ids(last.order_by(FollowUpCheck.id.desc()).limit(1)) if user_id not in leads]


def _receiving_service(about: About) -> list[int]:
    """Everybody of the service, while what was sent to it has no answer."""
    return _ids(
        select(User.id)
        .join(SharedReferral, SharedReferral.organisation_id == User.organisation_id)
        .join(SupportReferral, SupportReferral.id == SharedReferral.referral_id)
        .where(
            SupportReferral.id == about.number,
            SupportReferral.state == ReferralState.SENT,
            SupportReferral.declined_on.is_(None),
            User.active,
        )
        .order_by(User.id)
    )


def _invited(about: About) -> Select[Any]:
    return (
        select(TeamMember.user_id)
        .join(MeetingInvitee, MeetingInvitee.member_id == TeamMember.id)
        .where(MeetingInvitee.meeting_id == about.number, TeamMember.left_on.is_(None), TeamMember.user_id.is_not(None))
        .order_by(TeamMember.user_id)
    )


def _meeting_invitees(about: About) -> list[int]:
    return _ids(_invited(about))


def _newly_invited(about: About) -> list[int]:
    """Whom the line of history names as asked too, and who still is."""
    told = db.session.scalars(select(Event.data).where(Event.id == about.event_id)).one()
    return _ids(_invited(about).where(TeamMember.id.in_(told["added"])))


def _other_manager(about: About) -> list[int]:
    proposed_for = db.session.scalars(
        select(JointDecision.proposed_for).where(JointDecision.id == about.number)
    ).first()
    return _social_care_manager(about) if proposed_for is Side.EARLY_HELP else _early_help_managers(about)


def _holder(about: About) -> list[int]:
    return _ids(
        select(HolderQuestion.holder_id).where(
            HolderQuestion.family_id == about.family_id,
            HolderQuestion.holder_id.is_not(None),
            HolderQuestion.ended_on.is_(None),
        )
    )


def _reviewer(about: About) -> list[int]:
    by = db.session.scalars(select(FamilySaidNo.review_by).where(FamilySaidNo.step_down_id == about.number)).first()
    return _social_care_manager(about) if by is Escalation.SOCIAL_CARE_MANAGER else _early_help_managers(about)


def _watcher(about: About) -> list[int]:
    return _ids(
        select(FamilySaidNo.watcher_id).where(
            FamilySaidNo.step_down_id == about.number, FamilySaidNo.watcher_id.is_not(None)
        )
    )


def _restriction_asker(about: About) -> list[int]:
    return _ids(select(RestrictionRequest.asked_by_id).where(RestrictionRequest.event_id == about.event_id))


def _lead_professional(about: About) -> Iterable[int]:
    return leading.told(about.family_id, about.today)


RULES: Mapping[str, Callable[[About], Iterable[int]]] = {
    "lead_professional": _lead_professional,
    "coordinator": _coordinator,
    "coordinators": _coordinators,
    "managers": _managers,
    "early_help_managers": _early_help_managers,
    "social_care_manager": _social_care_manager,
    "social_worker": _social_worker,
    "asked": _asked,
    "nominee": _nominee,
    "lead_cover": _lead_cover,
    "action_owner": _action_owner,
    "check_owner": _check_owner,
    "asked_last": _asked_last,
    "receiving_service": _receiving_service,
    "waited_for": _waited_for,
    "meeting_invitees": _meeting_invitees,
    "newly_invited": _newly_invited,
    "other_manager": _other_manager,
    "holder": _holder,
    "reviewer": _reviewer,
    "watcher": _watcher,
    "restriction_asker": _restriction_asker,
}
# Told of something that is theirs before, or after, the family itself is in their reach.
BEYOND_REACH = frozenset({"nominee", "lead_cover", "watcher", "receiving_service"})
