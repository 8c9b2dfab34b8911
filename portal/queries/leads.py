"""Who could lead and what they carry already; who was asked, and what they said."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, london_date, near
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import Role
from portal.domain.step_downs import Destination, needs_lead
from portal.domain.viewer import Viewer
from portal.facts import leading, sharing
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import Episode, LeadAssignment, StepDown
from portal.models.people import Organisation, User, UserRole
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries import doors
from portal.queries.doors import AskedAbout
from portal.queries.shapes import Due, Tag, due, tag

LEADERS = (Role.PARTNER, Role.COORDINATOR)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked. `words`: name, organisation and load."""

    user_id: int
    words: str


@dataclass(frozen=True)
class Acceptance:
    """What accepting one step-down asks. `chosen` is who was asked, where it is accepted already; `instead` says what
    happens where nobody has to be named."""

    candidates: list[Candidate]
    chosen: str | None
    instead: str | None

    @property
    def asks(self) -> bool:
        return self.instead is None


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked to lead, and what they answered."""

    name: str
    tag: Tag
    asked: str
    by_whom: str
    answered: str | None
    reason: str | None


@dataclass(frozen=True)
class Asking:
    """The page on which somebody is asked to lead. `chosen` is who leads or was asked, `chosen_ref` that request."""

    leads: str | None
    nominee: str | None
    chosen: str | None
    chosen_ref: str | None
    preferred: str | None
    history: list[Asked]
    candidates: list[Candidate]

    @property
    def open(self) -> bool:
        return self.leads is None and self.nominee is None


@dataclass(frozen=True)
class Question:
    """A request to lead that waits for the viewer's answer. It names nobody of the family: they do not reach it yet."""

    ref: str
    by_whom: str
    due: Due | None
    about: AskedAbout | None


def acceptance(step_down: StepDown) -> Acceptance:
    """Whom accepting asks for, or why nobody."""
    current = leading.current(step_down.family_id)
    own = current is not None and current.step_down_id == step_down.id
    if current is not None and not own:
        return Acceptance([], None, _keeps(current))
    if not needs_lead(step_down.destination):
        return Acceptance([], None, _nobody(step_down))
    return Acceptance(candidates(), str(current.user_id) if current and own else None, None)


def _keeps(current: leading.Leading) -> str:
    if current.accepted:
        return f"{current.name} is the family’s {{lead_professional}} already, and goes on."
    return f"{current.name} has been asked to be the family’s {{lead_professional}} already."


def _nobody(step_down: StepDown) -> str:
    if step_down.destination is Destination.SAME_WORKER:
        worker = db.session.execute(select(User.name).where(User.id == step_down.social_worker_id)).scalar_one()
        return f"{worker} goes on with the family, and becomes their {{lead_professional}} when you accept."
    return "Nobody is asked to lead: you become the family’s {coordinator}, and follow up until support has started."


def candidates() -> list[Candidate]:
    """Everybody who may be asked, by organisation and name, with what they carry already. Somebody who must not see
    the family is among them: their absence would tell."""
    today, days = clock.today(), calendar()
    people = db.session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            User.active,
            sharing.is_live(today),
            select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role.in_(LEADERS)).exists(),
        )
        .order_by(Organisation.name, User.name, User.id)
    ).all()
    families = _counts(
        select(LeadAssignment.user_id, func.count(LeadAssignment.id))
        .join(Episode, Episode.id == LeadAssignment.episode_id)
        .where(
            LeadAssignment.state == LeadState.ACCEPTED,
            Episode.state.in_([EpisodeState.PREPARING, EpisodeState.ACTIVE]),
        )
        .group_by(LeadAssignment.user_id)
    )
    overdue = _counts(
        select(TeamMember.user_id, func.count(PlanAction.id))
        .join(PlanAction, PlanAction.owner_id == TeamMember.id)
        .where(
            TeamMember.user_id.is_not(None),
            PlanAction.state.in_(OPEN_ACTIONS),
            PlanAction.due_on <= days.latest_overdue(today),
        )
        .group_by(TeamMember.user_id)
    )
    return [
        Candidate(row.id, f"{row.name}, {row.organisation}: {_load(families.get(row.id, 0), overdue.get(row.id, 0))}")
        for row in people
    ]


def _counts(statement: object) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}  # type: ignore[call-overload]


def _load(families: int, overdue: int) -> str:
    leads = f"leads {counted(families, 'family', 'families')}" if families else "leads no family"
    late = counted(overdue, "overdue action", "overdue actions") if overdue else "nothing overdue"
    return f"{leads}, {late}"


def asking(family: Family) -> Asking:
    """Who leads or was asked, whom the family would prefer, who said no and why."""
    current = leading.current(family.id)
    preferred = db.session.scalars(
        select(StepDown.preferred_lead)
        .where(StepDown.family_id == family.id, StepDown.preferred_lead.is_not(None))
        .order_by(StepDown.id.desc())
        .limit(1)
    ).first()
    nominee = current if current and not current.accepted else None
    return Asking(
        leads=current.name if current and current.accepted else None,
        nominee=nominee.name if nominee else None,
        chosen=str(current.user_id) if current else None,
        chosen_ref=f"{LeadAssignment.ref_prefix}-{current.assignment_id}" if current else None,
        preferred=preferred,
        history=_history(family.id),
        candidates=candidates(),
    )


def _history(family_id: int) -> list[Asked]:
    today = clock.today()
    rows = db.session.execute(
        select(LeadAssignment, User.name)
        .join(User, User.id == LeadAssignment.user_id)
        .where(LeadAssignment.family_id == family_id)
        .order_by(LeadAssignment.id.desc())
    ).all()
    return [
        Asked(
            name=row.name,
            tag=tag(row.LeadAssignment.state),
            asked=near(london_date(row.LeadAssignment.nominated_at), today),
            by_whom=row.LeadAssignment.nominated_by_name,
            answered=near(london_date(row.LeadAssignment.answered_at), today)
            if row.LeadAssignment.answered_at
            else None,
            reason=row.LeadAssignment.answer_reason,
        )
        for row in rows
    ]


def asked_of(viewer: Viewer) -> list[Question]:
    """Requests to lead that wait for the viewer, most urgent first; three statements beside the calendar."""
    rows = db.session.execute(
        select(LeadAssignment.id, LeadAssignment.nominated_by_name, LeadAssignment.answer_by)
        .where(LeadAssignment.user_id == viewer.user_id, LeadAssignment.state == LeadState.NOMINATED)
        .order_by(LeadAssignment.answer_by, LeadAssignment.id)
    ).all()
    if not rows:
        return []
    today, days, about = clock.today(), calendar(), doors.asked_about(viewer)
    return [
        Question(
            f"{LeadAssignment.ref_prefix}-{row.id}",
            row.nominated_by_name,
            due(row.answer_by, today, days),
            about.get(row.id),
        )
        for row in rows
    ]
