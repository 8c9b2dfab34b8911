"""The criteria of reach: of which families a viewer may read, and what is narrower than a family."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Date, Integer, String, and_, cast, exists, false, func, inspect, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import UTCDateTime, when_run, written, written_all
from portal.domain import viewer as asking
from portal.domain.events import OF_REQUESTS
from portal.domain.leads import LeadState
from portal.domain.plans import PlanState
from portal.domain.reaching import LETS_THROUGH, REACHES, Bar, Way
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN, StepDownState
from portal.domain.support import OPEN_REFERRALS
from portal.domain.viewer import Viewer
from portal.models.families import (
    ConfidentialAddress,
    CoordinatorAssignment,
    Family,
    KeepApartReason,
    Note,
    NoteAudience,
)
from portal.models.following import SharedReferral, SupportReferral
from portal.models.handover import LeadAssignment, LeadCover, StepDown
from portal.models.hiding import HiddenWords
from portal.models.merging import RecordMerge
from portal.models.record import Event, FamilySeen
from portal.models.restricting import RestrictionRequest
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed, TeamMember
from portal.policies import barred

NOBODY = -1
EARLY_HELP = frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER})


def _asked(name: str, read: Callable[[Viewer], Any], default: Any, type_: Any) -> ColumnElement[Any]:
    # The value is read when the statement runs: a criterion that closed over it would be cached with the
    # first person's rows and answer everybody with them.
    def value() -> Any:
        viewer = asking.current()
        return default if viewer is None else read(viewer)

    return when_run(f"reach_{name}", value, type_)


def _lets_come(viewer: Viewer, *ways: Way) -> bool:
    """Whether their role lets them reach a family by one of these ways, as the table of reach says."""
    return any(viewer.roles & REACHES[way] for way in ways)


def _comes_by(*ways: Way) -> ColumnElement[bool]:
    return _asked(f"by_{'_or_'.join(ways)}", lambda viewer: _lets_come(viewer, *ways), False, Boolean)


def _shares() -> ColumnElement[bool]:
    return _asked("shares", lambda viewer: viewer.shares, False, Boolean)


def _who() -> ColumnElement[int]:
    return _asked("viewer_id", lambda viewer: viewer.user_id, NOBODY, Integer)


def _social_care_since() -> datetime:
    viewer = asking.current()
    return clock.now() - timedelta(days=viewer.looks_back if viewer else 0)


def _today() -> ColumnElement[Any]:
    return when_run("reach_today", clock.today, Date())


def _recent() -> ColumnElement[Any]:
    return when_run("reach_since", _social_care_since, UTCDateTime())


# Core tables, so that the criterion is not applied to itself; under names of their own, so that it is never
# mistaken for the same table of the statement it narrows.
_family = Family.__table__.alias("reach_family")
_member = TeamMember.__table__.alias("reach_member")
_step_down = StepDown.__table__.alias("reach_step_down")
_referral = SupportReferral.__table__.alias("reach_referral")
_plan = ActionPlan.__table__.alias("reach_plan")
_lead = LeadAssignment.__table__.alias("reach_lead")
_cover = LeadCover.__table__.alias("reach_cover")
_covered = LeadAssignment.__table__.alias("reach_covered")
_coordinator = CoordinatorAssignment.__table__.alias("reach_coordinator")
_request = RestrictionRequest.__table__.alias("reach_request")


def _managed_team(viewer: Viewer) -> int:
    manages = Role.SOCIAL_CARE_MANAGER in viewer.roles
    return viewer.social_care_team_id or NOBODY if manages else NOBODY


def _team(viewer: Viewer) -> int:
    return viewer.social_care_team_id or NOBODY if _lets_come(viewer, Way.TEAM) else NOBODY


def _worker(viewer: Viewer) -> int:
    return viewer.user_id if _lets_come(viewer, Way.STEP_DOWN) else NOBODY


def _not_barred(family: Any) -> ColumnElement[bool]:
    """What keeps them from it, unless the table lets through the way by which they come. What was merged into another
    record is found there."""
    may_see = or_(
        and_(family.restricted.is_(False), _let_through(Bar.NOTHING, family)),
        and_(barred.cleared(family.id, _who()), _let_through(Bar.CLEARED, family)),
        _let_through(Bar.RESTRICTED, family),
    )
    not_own = or_(~barred.conflicted(family.id, _who()), _let_through(Bar.CONFLICT, family))
    return and_(family.merged_into_id.is_(None), not_own, may_see)


def _let_through(bar: Bar, family: Any) -> ColumnElement[bool]:
    """By every way, by none, or by some that are asked about here: the table cannot let through any other alone."""
    ways = LETS_THROUGH[bar]
    if ways == frozenset(Way):
        return true()
    asked = {Way.OPENED: _opened(family.id)}
    return or_(*(asked[way] for way in sorted(ways))) if ways else false()


def _opened(family_id: Any) -> ColumnElement[bool]:
    """In an emergency, by the viewer, whose role lets them still."""
    return and_(_comes_by(Way.OPENED), barred.opened(family_id, _who()))


def _social_work_goes_on(family: Any) -> ColumnElement[bool]:
    """Open to social care, or closed so lately that its workers may still look back."""
    return or_(family.social_work_closed_on.is_(None), family.social_work_closed_on > _since_day())


def _since_day() -> ColumnElement[Any]:
    return when_run("reach_since_day", lambda: _social_care_since().date(), Date())


def reaches(family: Any) -> ColumnElement[bool]:
    """The condition on columns of a family table under which the viewer reaches that family."""
    worker, team = _asked("worker", _worker, NOBODY, Integer), _asked("team_id", _team, NOBODY, Integer)
    theirs = or_(_step_down.c.social_worker_id == worker, _step_down.c.social_care_team_id == team)
    step_down = exists().where(
        _step_down.c.family_id == family.id,
        theirs,
        or_(
            _step_down.c.state.in_(written_all(OPEN)),
            # Social work still has to say what happens now, however long ago it was not accepted.
            and_(_step_down.c.state == StepDownState.DECLINED, _step_down.c.declined_then.is_(None)),
            _step_down.c.completed_at > _recent(),
            _step_down.c.answered_at > _recent(),
            _step_down.c.ended_at > _recent(),
        ),
    )
    referral = exists().where(
        _referral.c.family_id == family.id,
        or_(_referral.c.recorded_by_id == worker, _referral.c.social_care_team_id == team),
        or_(_referral.c.state.in_(written_all(OPEN_REFERRALS)), _referral.c.ended_at > _recent()),
    )
    managed = _asked("managed", _managed_team, NOBODY, Integer)
    added = and_(or_(family.added_by_id == _who(), family.social_care_team_id == managed), family.added_at > _recent())
    member = exists().where(_member.c.family_id == family.id, _member.c.user_id == _who(), _member.c.left_on.is_(None))
    return and_(
        _not_barred(family),
        or_(
            _comes_by(Way.ROLE),
            and_(_shares(), or_(and_(_comes_by(Way.MEMBER), member), and_(_comes_by(Way.COVER), _covering(family.id)))),
            and_(_comes_by(Way.ADDED), added),
            and_(_comes_by(Way.STEP_DOWN, Way.TEAM), _social_work_goes_on(family), or_(step_down, referral)),
            _opened(family.id),
        ),
    )


def _covering(family_id: Any, user_id: Any = None) -> ColumnElement[bool]:
    """Stands in today for the family's lead."""
    return exists().where(
        _cover.c.family_id == family_id,
        _cover.c.user_id == (_who() if user_id is None else user_id),
        _cover.c.withdrawn_at.is_(None),
        _cover.c.from_on <= _today(),
        _cover.c.to_on >= _today(),
        _covered.c.id == _cover.c.assignment_id,
        _covered.c.state == written(LeadState.ACCEPTED),
    )


def ties_of(family_id: Any, user_id: Any = None) -> list[ColumnElement[Any]]:
    """What ties a user to a family, else the viewer: as columns of a statement that has the family's id."""
    user_id = _who() if user_id is None else user_id
    member = (_member.c.family_id == family_id, _member.c.user_id == user_id, _member.c.left_on.is_(None))
    return [
        select(func.aggregate_strings(cast(_member.c.id, String), ","))
        .where(*member)
        .scalar_subquery()
        .label("member"),
        _leading(family_id, user_id).label("leads"),
        _coordinating(family_id, user_id).label("coordinates"),
        _covering(family_id, user_id).label("covers"),
        barred.open_until(family_id, user_id).label("open_until"),
    ]


def _leading(family_id: Any, user_id: Any) -> ColumnElement[bool]:
    return exists().where(
        _lead.c.family_id == family_id, _lead.c.user_id == user_id, _lead.c.state == written(LeadState.ACCEPTED)
    )


def _coordinating(family_id: Any, user_id: Any) -> ColumnElement[bool]:
    return exists().where(
        _coordinator.c.family_id == family_id, _coordinator.c.user_id == user_id, _coordinator.c.to_on.is_(None)
    )


def _in_reach(family_id: Any) -> ColumnElement[bool]:
    return exists().where(_family.c.id == family_id, reaches(_family.c))


def _writes_the_plan(family_id: Any) -> ColumnElement[bool]:
    """The family's lead, whoever covers for them today, and early help's own."""
    early_help = _asked("early_help", lambda viewer: bool(viewer.roles & EARLY_HELP), False, Boolean)
    return or_(early_help, _covering(family_id), _leading(family_id, _who()))


def _keeps_addresses(family_id: Any) -> ColumnElement[bool]:
    """The family's coordinator and its lead: nobody else, not even for a day."""
    return or_(_coordinating(family_id, _who()), _leading(family_id, _who()))


def criterion(cls: Any) -> ColumnElement[bool]:
    """What narrows a table of families to the viewer's; narrower still, or wider, where a row has an audience of its
    own."""
    mapped = inspect(cls).mapper.class_
    if mapped is Family:
        return reaches(cls)
    within = _in_reach(cls.family_id)
    audience = _AUDIENCES.get(mapped)
    return within if audience is None else audience(cls, within)


def _may_know(family_id: Any) -> ColumnElement[bool]:
    """For somebody who does not reach the family: nothing bars them from learning this one thing of it."""
    return exists().where(_family.c.id == family_id, _not_barred(_family.c))


def _own_organisation(organisation_id: Any) -> ColumnElement[bool]:
    own: ColumnElement[bool] = organisation_id == _asked("org", lambda viewer: viewer.organisation_id, NOBODY, Integer)
    return own


def _nomination(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody asked to lead does not reach the family yet, only the question."""
    return or_(within, and_(cls.user_id == _who(), cls.state == written(LeadState.NOMINATED), _may_know(cls.family_id)))


def _shared(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    """The service it was sent to sees what was shared with it, and nothing else of the family."""
    sees = _shares()
    lately = or_(cls.ended_on.is_(None), cls.ended_on > _since_day())
    return or_(within, and_(sees, _own_organisation(cls.organisation_id), lately, _may_know(cls.family_id)))


def _note(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(within, or_(cls.audience == NoteAudience.TEAM, _own_organisation(cls.organisation_id)))


def _of_a_revision(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    """What a revision of the plan adds is not there for others until it is in force."""
    return and_(within, or_(cls.revision_id.is_(None), _writes_the_plan(cls.family_id)))


def _plan_version(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    is_revision = and_(cls.number > 1, cls.state == written(PlanState.DRAFT))
    return and_(within, or_(~is_revision, _writes_the_plan(cls.family_id)))


def _line(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    in_force = exists().where(_plan.c.id == cls.revision_id, _plan.c.state != written(PlanState.DRAFT))
    return and_(
        within,
        or_(cls.revision_id.is_(None), in_force, _writes_the_plan(cls.family_id)),
        or_(cls.organisation_id.is_(None), _own_organisation(cls.organisation_id)),
        or_(cls.keepers_only.is_(False), _keeps_line(cls)),
    )


def _keeps_line(cls: Any) -> ColumnElement[bool]:
    """That a family is to be restricted is known to who asked and who decides: the coordinator or the lead may be whom
    it is to be kept from."""
    of_request = cls.kind.in_(written_all(OF_REQUESTS))
    asked = exists().where(_request.c.event_id == cls.id, _request.c.asked_by_id == _who())
    return or_(
        and_(~of_request, _keeps_addresses(cls.family_id)),
        and_(of_request, or_(_manages(), cls.actor_id == _who(), asked)),
    )


def _own(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(within, cls.user_id == _who())


def _confidential(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(within, _keeps_addresses(cls.family_id))


def _reason_apart(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    keeps = or_(_keeps_addresses(cls.family_id), _covering(cls.family_id))
    return and_(within, or_(cls.written_by_id == _who(), keeps))


def _sealed(_cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(within, _manages())


def _manages() -> ColumnElement[bool]:
    return _asked("sees_hidden", lambda viewer: Role.EARLY_HELP_MANAGER in viewer.roles, False, Boolean)


def _asked_to_restrict(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whoever may ask for it finds that somebody has."""
    return and_(within, or_(cls.asked_by_id == _who(), _writes_the_plan(cls.family_id)))


def _merge(cls: Any, within: ColumnElement[bool]) -> ColumnElement[bool]:
    """It tells of both families: of the other one too, while that has a record of its own."""
    merged = and_(cls.confirmed_at.is_not(None), cls.parted_at.is_(None))
    return and_(within, or_(merged, _in_reach(cls.other_id)))


_AUDIENCES: Mapping[type[Any], Callable[[Any, ColumnElement[bool]], ColumnElement[bool]]] = {
    LeadAssignment: _nomination,
    SharedReferral: _shared,
    Note: _note,
    PlanNeed: _of_a_revision,
    PlanAction: _of_a_revision,
    ActionPlan: _plan_version,
    Event: _line,
    FamilySeen: _own,
    ConfidentialAddress: _confidential,
    KeepApartReason: _reason_apart,
    HiddenWords: _sealed,
    RecordMerge: _merge,
    RestrictionRequest: _asked_to_restrict,
}
