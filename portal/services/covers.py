"""Who stands in, between which dates: for a lead, for a coordinator; and when organisations close."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import CoordinatorCover, OrganisationClosure, User, UserRole
from portal.policies import rules, ties
from portal.services import history, team

WHO = "who"


def cover_lead(assignment: LeadAssignment, user_id: int, *, from_on: date, to_on: date, by: Viewer) -> LeadCover:
    """Somebody stands in for the lead. Raises FieldRefused for dates in the wrong order or gone by, for the lead
    themself, for somebody who cannot see the family, and where somebody covers on one of those days already."""
    rules.demand(by, P.LEAD_COVER, assignment)
    if assignment.state is not LeadState.ACCEPTED:
        raise Refused(f"{assignment.name} is not the {{lead_professional}}, so there is nobody to cover for.")
    _in_order(from_on, to_on)
    if user_id == assignment.user_id:
        raise FieldRefused(WHO, "Choose somebody else: they cannot cover for themselves")
    user = db.session.get_one(User, user_id)
    family = db.session.get_one(Family, assignment.family_id)
    team.may_see(family, user, field=WHO)
    other = db.session.execute(
        select(User.name, LeadCover.from_on, LeadCover.to_on)
        .join(User, User.id == LeadCover.user_id)
        .where(
            LeadCover.assignment_id == assignment.id,
            LeadCover.withdrawn_at.is_(None),
            LeadCover.from_on <= to_on,
            LeadCover.to_on >= from_on,
        )
        .order_by(LeadCover.from_on, LeadCover.id)
    ).first()
    if other is not None:
        raise FieldRefused("from_on", f"{other.name} covers from {full(other.from_on)} to {full(other.to_on)} already")
    made = LeadCover(
        family_id=assignment.family_id,
        assignment_id=assignment.id,
        user_id=user_id,
        from_on=from_on,
        to_on=to_on,
        named_by_name=by.name,
        named_at=clock.now(),
    )
    db.session.add(made)
    history.record(
        E.LEAD_COVERED,
        assignment,
        by=by,
        data={"whom": user.name, "lead": assignment.name, "start": full(from_on), "end": full(to_on)},
        notify=("lead_cover", "coordinator"),
    )
    ties.forget()
    return made


def end_lead_cover(cover: LeadCover, *, by: Viewer) -> None:
    """The cover ends now; what was done meanwhile stays."""
    rules.demand(by, P.LEAD_COVER, cover)
    if cover.withdrawn_at is not None or cover.to_on < clock.today():
        raise Refused("This cover has already ended.")
    cover.withdrawn_at = clock.now()
    assignment = db.session.get_one(LeadAssignment, cover.assignment_id)
    whom = db.session.get_one(User, cover.user_id).name
    history.record(
        E.LEAD_COVER_ENDED, assignment, by=by, data={"whom": whom, "lead": assignment.name}, notify=("lead_cover",)
    )
    ties.forget()


def cover_coordinator(user_id: int, cover_id: int, *, from_on: date, to_on: date, by: Viewer) -> CoordinatorCover:
    """Somebody holds a coordinator's families between two dates; the families stay theirs."""
    rules.demand(by, P.COORDINATOR_ASSIGN)
    _in_order(from_on, to_on)
    if cover_id == user_id:
        raise FieldRefused(WHO, "Choose somebody else: they cannot cover for themselves")
    coordinates = select(User.id).join(UserRole, UserRole.user_id == User.id)
    able = coordinates.where(User.id == cover_id, User.active, UserRole.role == Role.COORDINATOR)
    if db.session.execute(able).first() is None:
        raise FieldRefused(WHO, "Choose {coordinator:a} whose account is open")
    other = db.session.execute(
        select(CoordinatorCover.id).where(
            CoordinatorCover.user_id == user_id,
            CoordinatorCover.withdrawn_at.is_(None),
            CoordinatorCover.from_on <= to_on,
            CoordinatorCover.to_on >= from_on,
        )
    ).first()
    if other is not None:
        raise FieldRefused("from_on", "Somebody covers on some of these days already. End that cover first")
    made = CoordinatorCover(
        user_id=user_id,
        cover_id=cover_id,
        from_on=from_on,
        to_on=to_on,
        named_by_name=by.name,
        named_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def end_coordinator_cover(cover_id: int, *, by: Viewer) -> None:
    rules.demand(by, P.COORDINATOR_ASSIGN)
    cover = db.session.get(CoordinatorCover, cover_id)
    if cover is None or cover.withdrawn_at is not None or cover.to_on < clock.today():
        raise Refused("This cover has already ended.")
    cover.withdrawn_at = clock.now()


def close(organisation_ids: Iterable[int], name: str, from_on: date, to_on: date, *, by: Viewer) -> int:
    """Note the days on which organisations close; one row each. Answers how many were added: who closes on exactly
    these days already is left as they are."""
    rules.demand(by, P.CLOSURE_KEEP)
    _in_order(from_on, to_on)
    known = set(
        db.session.scalars(
            select(OrganisationClosure.organisation_id).where(
                OrganisationClosure.withdrawn_at.is_(None),
                OrganisationClosure.from_on == from_on,
                OrganisationClosure.to_on == to_on,
            )
        )
    )
    added = [each for each in dict.fromkeys(organisation_ids) if each not in known]
    for organisation_id in added:
        db.session.add(
            OrganisationClosure(
                organisation_id=organisation_id,
                name=name,
                from_on=from_on,
                to_on=to_on,
                entered_by_name=by.name,
                entered_at=clock.now(),
            )
        )
    db.session.flush()
    return len(added)


def take_out_closure(closure_id: int, *, by: Viewer) -> None:
    """It was a mistake, or they stay open after all."""
    rules.demand(by, P.CLOSURE_KEEP)
    closure = db.session.get(OrganisationClosure, closure_id)
    if closure is None or closure.withdrawn_at is not None:
        raise Refused("These dates were taken out already.")
    closure.withdrawn_at = clock.now()


def _in_order(from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise FieldRefused("to_on", "The last day must be on or after the first day")
    if to_on < clock.today():
        raise FieldRefused("to_on", "The last day must be today or in the future")
