"""Who may see a restricted family, who could, and who works with it and does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.models.families import Clearance, CoordinatorAssignment, Family
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import Organisation, User, UserRole
from portal.models.restricting import Restriction
from portal.models.teamwork import TeamMember
from portal.policies import barred

NOT_RECORDED = "Not recorded"
AS_WHAT = {
    "coordinator": "{coordinator}",
    "lead": "{lead_professional}",
    "member": "on the {team}",
    "social_worker": "social worker",
    "social_care_manager": "{social_care_manager}",
    "early_help_manager": "{early_help_manager}",
}


@dataclass(frozen=True)
class Cleared:
    """One person who may see it, or could: `ended` says when that was over and why."""

    ref: str
    name: str
    organisation: str
    why: str
    since: str
    until: str
    ended: str | None
    own: bool


@dataclass(frozen=True)
class Working:
    """Somebody who works with the family; `what` as: words with concepts in braces."""

    user_id: int
    name: str
    organisation: str
    what: str
    manages: bool
    cleared: bool


@dataclass(frozen=True)
class Restricted:
    """What the page shows. `since` is empty where the family is not restricted."""

    since: str | None
    by: str
    why: str
    cleared: list[Cleared]
    earlier: list[Cleared]
    shut_out: list[Working]


def of_family(family: Family, viewer: Viewer) -> Restricted:
    """Three statements."""
    row = db.session.execute(
        select(Restriction.restricted_at, Restriction.why, User.name)
        .join(User, User.id == Restriction.restricted_by_id)
        .where(Restriction.family_id == family.id, Restriction.lifted_at.is_(None))
    ).first()
    rows = [(bool(each.holds), _cleared(each, viewer)) for each in _clearances(family.id)]
    return Restricted(
        since=(moment(row.restricted_at) if row else NOT_RECORDED) if family.restricted else None,
        by=row.name if row else NOT_RECORDED,
        why=row.why if row else NOT_RECORDED,
        cleared=[each for holds, each in rows if holds],
        earlier=[each for holds, each in rows if not holds],
        shut_out=[each for each in working_with(family) if not each.cleared and not each.manages]
        if family.restricted
        else [],
    )


def _clearances(family_id: int) -> Iterable[Any]:
    by, ended_by = aliased(User), aliased(User)
    return db.session.execute(
        select(
            Clearance,
            User.name,
            Organisation.name.label("organisation"),
            by.name.label("by"),
            ended_by.name.label("ended_by"),
            barred.holds(Clearance).label("holds"),
        )
        .join(User, User.id == Clearance.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(by, by.id == Clearance.cleared_by_id)
        .outerjoin(ended_by, ended_by.id == Clearance.ended_by_id)
        .where(Clearance.family_id == family_id)
        .order_by(User.name, Clearance.id)
    )


def _cleared(row: Any, viewer: Viewer) -> Cleared:
    one: Clearance = row.Clearance
    ended = f"{full(london_date(one.ended_at))}, by {row.ended_by}: {one.ended_why}" if one.ended_at else None
    last = full(one.until_on) if one.until_on else "Until it is ended"
    return Cleared(
        ref=one.ref,
        name=row.name,
        organisation=row.organisation,
        why=one.why or NOT_RECORDED,
        since=f"{full(london_date(one.cleared_at))}, by {row.by}" if row.by else full(london_date(one.cleared_at)),
        until=last,
        ended=ended or (None if row.holds else f"Its last day was {last}"),
        own=one.user_id == viewer.user_id,
    )


def working_with(family: Family) -> list[Working]:
    """Its coordinator, lead, team and social work, then the early help managers; each once, never whose own family it
    is. One statement."""
    of_family = {"family_id": family.id}
    open_step_downs = [StepDown.family_id == family.id, StepDown.state.in_(OPEN)]
    teams = or_(
        User.social_care_team_id == family.social_care_team_id,
        User.social_care_team_id.in_(select(StepDown.social_care_team_id).where(*open_step_downs)),
    )
    kinds: dict[str, Any] = {
        "coordinator": User.id.in_(select(CoordinatorAssignment.user_id).filter_by(**of_family, to_on=None)),
        "lead": User.id.in_(
            select(LeadAssignment.user_id).where(
                LeadAssignment.family_id == family.id,
                LeadAssignment.user_id.is_not(None),
                LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
            )
        ),
        "member": User.id.in_(
            select(TeamMember.user_id).where(
                TeamMember.family_id == family.id, TeamMember.user_id.is_not(None), TeamMember.left_on.is_(None)
            )
        ),
        "social_worker": or_(
            User.id == family.social_worker_id if family.social_work_closed_on is None else false(),
            User.id.in_(select(StepDown.social_worker_id).where(*open_step_downs)),
        ),
        "social_care_manager": and_(_has(Role.SOCIAL_CARE_MANAGER), teams),
        "early_help_manager": _has(Role.EARLY_HELP_MANAGER),
    }
    rows = db.session.execute(
        union_all(
            *(
                _people(family, literal(kind, String).label("kind"), literal(place).label("place")).where(condition)
                for place, (kind, condition) in enumerate(kinds.items())
            )
        )
    ).all()
    found: dict[int, Working] = {}
    for row in sorted(rows, key=lambda row: (row.place, row.name, row.id)):
        found.setdefault(
            row.id,
            Working(
                row.id,
                row.name,
                row.organisation,
                AS_WHAT[row.kind],
                manages=row.kind == "early_help_manager",
                cleared=bool(row.cleared),
            ),
        )
    return list(found.values())


def who_could_be_cleared(family: Family) -> list[tuple[int, str]]:
    """Everybody with a sign-in, a role and a sharing organisation, by organisation; not who is cleared already.
    Whoever must not see the family is not there, and nothing says why."""
    rows = db.session.execute(
        _people(family)
        .where(~barred.cleared(family.id, User.id), sharing.is_live(clock.today()))
        .order_by(Organisation.name, User.name, User.id)
    )
    return [(row.id, f"{row.organisation}: {row.name}{f' ({row.job})' if row.job else ''}") for row in rows]


def _people(family: Family, *more: Any) -> Any:
    has_role = select(UserRole.role).where(UserRole.user_id == User.id).exists()
    return (
        select(
            User.id,
            User.name,
            User.job,
            Organisation.name.label("organisation"),
            barred.cleared(family.id, User.id).label("cleared"),
            *more,
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active, has_role, ~_has(Role.ADMINISTRATOR), ~barred.conflicted(family.id, User.id))
    )


def _has(role: Role) -> Any:
    return select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role == role).exists()


def name_of(user_id: int) -> str:
    return db.session.scalars(select(User.name).where(User.id == user_id)).one()


@dataclass(frozen=True)
class RestrictedFamily:
    """One line of the manager's list."""

    ref: str
    name: str
    since: str
    why: str
    cleared: list[str]
    changed: str


def everywhere() -> list[RestrictedFamily]:
    """Every restricted family that the viewer is cleared for, with who else is; the one restricted last first."""
    rows = db.session.execute(
        select(Family.id, Family.name, Restriction.restricted_at, Restriction.why)
        .outerjoin(Restriction, and_(Restriction.family_id == Family.id, Restriction.lifted_at.is_(None)))
        .where(Family.restricted)
        .order_by(func.coalesce(Restriction.restricted_at, Family.added_at).desc(), Family.id)
    ).all()
    cleared: dict[int, list[Any]] = {row.id: [] for row in rows}
    for each in db.session.execute(
        select(Clearance, User.name, barred.holds(Clearance).label("holds"))
        .join(User, User.id == Clearance.user_id)
        .where(Clearance.family_id.in_(cleared))
        .order_by(User.name, Clearance.id)
    ):
        cleared[each.Clearance.family_id].append(each)
    return [
        RestrictedFamily(
            ref=f"{Family.ref_prefix}-{row.id}",
            name=row.name,
            since=moment(row.restricted_at) if row.restricted_at else NOT_RECORDED,
            why=row.why or NOT_RECORDED,
            cleared=[_named(each) for each in cleared[row.id] if each.holds],
            changed=_changed(cleared[row.id]),
        )
        for row in rows
    ]


def _named(row: Any) -> str:
    until = row.Clearance.until_on
    return f"{row.name}, until {full(until)}" if until else row.name


def _changed(rows: Iterable[Any]) -> str:
    """When somebody was cleared, or a clearance ended, last."""
    days = [day for row in rows for day in (row.Clearance.cleared_at, row.Clearance.ended_at) if day]
    return full(london_date(max(days))) if days else NOT_RECORDED
