"""Who sees what of two records once they are one, that they do not see now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select

from portal.core.db import db
from portal.domain.dates import all_of
from portal.domain.step_downs import OPEN
from portal.domain.support import OPEN_REFERRALS
from portal.domain.viewer import asking
from portal.models.families import Family
from portal.models.following import SupportReferral
from portal.models.handover import LeadCover, StepDown
from portal.models.people import Organisation, SocialCareTeam, User
from portal.models.teamwork import TeamMember
from portal.policies import barred
from portal.policies.scope import unscoped
from portal.queries.viewers import as_viewer


@dataclass(frozen=True)
class Sees:
    """Each a sentence. `more`: who comes to see the other record; `restricted`: that only some see it then;
    `no_more`: who works with one of them and will not see it any more."""

    more: list[str]
    restricted: str | None
    no_more: list[str]


@dataclass(frozen=True)
class _Working:
    name: str
    organisation: str
    sees: frozenset[int]
    cleared: bool

    @property
    def called(self) -> str:
        return f"{self.name}, {self.organisation}"


def after(kept: Family, other: Family) -> Sees:
    """Whoever must not see one of the two is not named: nobody learns whose own family it is."""
    refs = {kept.id: kept.ref, other.id: other.ref}
    restricted = [each for each in (kept, other) if each.restricted]
    found = [each for each in _working(kept, other, restricted) if each.sees]
    go_on = [each for each in found if each.cleared] if restricted else found
    more = [
        f"{each.called}, sees {refs[one]} now and will see all of {refs[another]} too"
        for each in go_on
        for one, another in ((kept.id, other.id), (other.id, kept.id))
        if each.sees == {one}
    ]
    return Sees(
        more=more + _teams(kept, other),
        restricted=_restricted(kept, other, restricted) if restricted else None,
        no_more=[f"{each.called}: is not cleared" for each in found if not each.cleared] if restricted else [],
    )


def _working(kept: Family, other: Family, restricted: list[Family]) -> list[_Working]:
    """What each of those who work with one of them reaches is asked as they themselves would be answered."""
    both = [kept.id, other.id]
    tied = or_(
        _of(TeamMember, both, TeamMember.user_id == User.id, TeamMember.left_on.is_(None)),
        _of(LeadCover, both, LeadCover.user_id == User.id, LeadCover.withdrawn_at.is_(None)),
        _of(StepDown, both, StepDown.social_worker_id == User.id, StepDown.state.in_(OPEN)),
        _of(
            SupportReferral,
            both,
            SupportReferral.recorded_by_id == User.id,
            SupportReferral.state.in_(OPEN_REFERRALS),
        ),
        exists().where(Family.id.in_(both), Family.added_by_id == User.id).correlate(User),
    )
    free = [~barred.conflicted(each.id, User.id) for each in (kept, other)]
    cleared = [barred.cleared(each.id, User.id) for each in restricted]
    with unscoped("who works with two records that may be one family"):
        rows = db.session.execute(
            select(User.id, User.name, Organisation.name.label("organisation"), and_(True, *cleared).label("cleared"))
            .join(Organisation, Organisation.id == User.organisation_id)
            .where(User.active, tied, *free)
            .order_by(User.name, User.id)
        ).all()
    return [_Working(row.name, row.organisation, _reached(row.id, both), bool(row.cleared)) for row in rows]


def _of(model: Any, families: list[int], *conditions: Any) -> Any:
    return exists().where(model.family_id.in_(families), *conditions).correlate(User)


def _reached(user_id: int, families: list[int]) -> frozenset[int]:
    with asking(as_viewer(user_id)):
        return frozenset(db.session.scalars(select(Family.id).where(Family.id.in_(families))))


def _teams(kept: Family, other: Family) -> list[str]:
    """Teams of social workers who have handed over one of the two."""
    teams = {each.id: set(db.session.scalars(_team_names(each))) for each in (kept, other)}
    return [
        f"Social workers of {name} see {one.ref} now and will see all of {another.ref} too"
        for one, another in ((kept, other), (other, kept))
        for name in sorted(teams[one.id] - teams[another.id])
    ]


def _team_names(family: Family) -> Any:
    return (
        select(SocialCareTeam.name)
        .join(StepDown, StepDown.social_care_team_id == SocialCareTeam.id)
        .where(StepDown.family_id == family.id, StepDown.state.in_(OPEN))
    )


def _restricted(kept: Family, other: Family, restricted: list[Family]) -> str:
    names = db.session.scalars(
        select(User.name)
        .where(
            *(barred.cleared(each.id, User.id) for each in restricted),
            *(~barred.conflicted(each.id, User.id) for each in (kept, other)),
        )
        .order_by(User.name)
    ).all()
    which = "both are" if len(restricted) > 1 else f"{restricted[0].ref} is"
    return (
        f"The merged record is restricted, because {which}. Only those see it who are cleared for "
        f"{'both' if len(restricted) > 1 else restricted[0].ref}: {all_of(list(names))}"
    )
