"""The team around a family: who joins, and who may not."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.facts import agreement, meetings, sharing
from portal.models.families import Family, Person
from portal.models.people import Organisation, OrganisationKind, User, UserRole
from portal.models.teamwork import TeamMember
from portal.policies import barred
from portal.policies.scope import unscoped
from portal.services import history

FIELD = "who"
APART = "apart"


@dataclass(frozen=True)
class Outside:
    """Somebody without a sign-in."""

    name: str
    organisation: str | None = None
    job: str | None = None
    contact: str | None = None


def join_user(family: Family, user_id: int, *, by: Viewer, field: str = FIELD) -> TeamMember:
    """Put somebody with a sign-in on the team; who already is stays as they are. Raises FieldRefused, at `field`,
    for an account that is closed, an organisation without a live agreement, or somebody who must not see the
    family."""
    found = db.session.execute(
        select(User, Organisation).join(Organisation, Organisation.id == User.organisation_id).where(User.id == user_id)
    ).one()
    user, organisation = found
    may_see(family, user, field=field)
    with unscoped("whether somebody is on the team already"):
        member = _known(family.id, TeamMember.user_id == user_id)
    if member is not None and member.left_on is None:
        return member
    _demand_not_stopped(family, organisation, field=field)
    return _join(
        member or TeamMember(family_id=family.id, user_id=user.id),
        by=by,
        name=user.name,
        organisation=organisation.name,
        job=user.job,
        contact=user.phone,
    )


def join_person(person: Person, *, by: Viewer, job: str | None = None, apart_considered: bool = False) -> TeamMember:
    """Put somebody of the family on the team; who already is stays as they are. Raises FieldRefused at `apart` where
    they must never be contacted, or be kept apart from somebody on the team, unless that was considered: then the
    event says so."""
    member = _known(person.family_id, TeamMember.person_id == person.id)
    if member is not None and member.left_on is None:
        return member
    others = db.session.scalars(
        select(TeamMember.person_id).where(
            TeamMember.family_id == person.family_id, TeamMember.person_id.is_not(None), TeamMember.left_on.is_(None)
        )
    ).all()
    before = meetings.apart(person.family_id, [other for other in others if other])
    found = meetings.apart(person.family_id, [person.id, *(other for other in others if other)])
    warned = [words for words in found if words not in before]
    warn(warned, considered=apart_considered)
    return _join(
        member or TeamMember(family_id=person.family_id, person_id=person.id),
        by=by,
        apart_considered=bool(warned),
        name=person.name,
        job=job,
    )


def warn(apart: list[str], *, considered: bool) -> None:
    """Raises FieldRefused at `apart` where people to be kept apart would be brought together unconsidered, or somebody
    who must never be contacted be asked."""
    if apart and not considered:
        raise FieldRefused(
            APART, "; ".join(apart) + ". Leave somebody out, or tick that you have thought about their safety"
        )


def join_outside(family: Family, who: Outside, *, by: Viewer) -> TeamMember:
    """Put somebody without a sign-in on the team: they see nothing, the lead records for them. Raises FieldRefused
    at `name` where somebody of that name and organisation is on the team."""
    member = _known(
        family.id, TeamMember.outside_name == who.name, TeamMember.organisation.is_not_distinct_from(who.organisation)
    )
    if member is not None and member.left_on is None:
        raise FieldRefused("name", on_already(who.name))
    return _join(
        member or TeamMember(family_id=family.id, outside_name=who.name),
        by=by,
        name=who.name,
        organisation=who.organisation,
        job=who.job,
        contact=who.contact,
    )


def on_already(name: str) -> str:
    return f"{name} is on the team already"


def may_see(family: Family, user: User, *, field: str = FIELD) -> None:
    """Raises FieldRefused where this person cannot be given the family to see."""
    if not user.active:
        raise FieldRefused(field, "This person’s account is closed. Choose somebody else")
    if not sharing.is_live_for_user(user.id):
        raise FieldRefused(
            field, "This person’s organisation has no sharing agreement at present. Choose somebody else"
        )
    with unscoped("whether somebody may see this family"):
        knows = db.session.execute(
            select(Family.id).where(Family.id == family.id, barred.may_know(Family, user.id))
        ).first()
        # Administrators reach no family, whatever else they are asked to.
        administers = db.session.execute(
            select(UserRole.role).where(UserRole.user_id == user.id, UserRole.role == Role.ADMINISTRATOR)
        ).first()
    # One sentence for all, so that nobody learns of a conflict of interest by trying.
    if knows is None or administers:
        raise FieldRefused(
            field, "This person cannot be asked for this family. Choose somebody else, or ring the {early_help_manager}"
        )


def _demand_not_stopped(family: Family, organisation: Organisation, *, field: str) -> None:
    """After somebody asked us to stop, nobody new of another body is given the family, unless it was decided since to
    share with it on a basis that needs no agreement."""
    if organisation.kind is OrganisationKind.COUNCIL:
        return
    with unscoped("whether sharing was stopped"):
        limit = agreement.stopped(agreement.limits(family.id))
        if limit is not None and not agreement.may_be_shared_with(family.id, organisation.id):
            raise FieldRefused(
                field,
                f"{limit.words}. Nobody new of {organisation.name} is given this {{family}} before it is decided, "
                "under agreement and sharing, to share on another basis than consent",
            )


def leave(member: TeamMember) -> None:
    """End a membership today; what the person can see ends with it."""
    member.left_on = clock.today()


def _known(family_id: int, *who: ColumnElement[bool]) -> TeamMember | None:
    """Who is meant: on the team, else who left it last."""
    return db.session.scalars(
        select(TeamMember)
        .where(TeamMember.family_id == family_id, *who)
        .order_by(TeamMember.left_on.desc().nulls_first(), TeamMember.id.desc())
        .limit(1)
    ).first()


def _join(member: TeamMember, *, by: Viewer, apart_considered: bool = False, **facts: str | None) -> TeamMember:
    """Who left comes back on their own row, so that nobody is on a team twice."""
    back = member.left_on is not None
    for column, fact in facts.items():
        setattr(member, column, fact)
    member.joined_on, member.left_on, member.left_why, member.left_note = clock.today(), None, None, None
    db.session.add(member)
    db.session.flush()
    data = {"whom": member.name, **({"apart_considered": True} if apart_considered else {})}
    history.record(E.TEAM_REJOINED if back else E.TEAM_JOINED, member, by=by, data=data)
    return member
