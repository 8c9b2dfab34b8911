"""One outstanding action of a step-down, and who could take it on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.step_downs import OutstandingState, StepDownState
from portal.domain.viewer import Viewer
from portal.facts import handing_over, meetings
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import OutstandingAction, StepDown
from portal.models.teamwork import TeamMember
from portal.policies import rules
from portal.queries.shapes import Tag, tag


@dataclass(frozen=True)
class Member:
    member_id: int
    words: str


@dataclass(frozen=True)
class Settling:
    """What the page needs to settle one. `open` while it can be settled; `kept` says why the viewer cannot drop it;
    `untold`: it was dropped, and the family does not know yet."""

    ref: str
    what: str
    safety: bool
    kept: str | None
    tag: Tag
    open: bool
    untold: bool
    drop_reason: str | None
    step_down_ref: str
    family_ref: str
    family_name: str
    members: list[Member]
    next_meeting: date | None
    calendar: Calendar


def settling(outstanding: OutstandingAction, viewer: Viewer) -> Settling:
    """Raises NotAllowed while the step-down is still being written: nobody else reads a draft."""
    row = db.session.execute(
        select(StepDown, Family.name.label("family"))
        .join(Family, Family.id == StepDown.family_id)
        .where(StepDown.id == outstanding.step_down_id)
    ).one()
    rules.demand(viewer, P.STEP_DOWN_VIEW, row.StepDown)
    members = db.session.execute(
        select(TeamMember.id, TeamMember.name, TeamMember.organisation, TeamMember.user_id)
        .where(TeamMember.family_id == outstanding.family_id, TeamMember.left_on.is_(None))
        .order_by(TeamMember.name, TeamMember.id)
    ).all()
    leaver = handing_over.leaver(outstanding.step_down_id)
    kept = outstanding.concerns_safety and Role.SOCIAL_CARE_MANAGER not in viewer.roles
    return Settling(
        ref=outstanding.ref,
        what=outstanding.what,
        safety=outstanding.concerns_safety,
        kept=handing_over.safety_words(outstanding.ref, handing_over.who_decides(outstanding.step_down_id))
        if kept
        else None,
        tag=tag(outstanding.state),
        open=outstanding.state is OutstandingState.OUTSTANDING and row.StepDown.state is StepDownState.ACCEPTED,
        untold=outstanding.state is OutstandingState.DROPPED and outstanding.family_told_on is None,
        drop_reason=outstanding.drop_reason,
        step_down_ref=row.StepDown.ref,
        family_ref=f"{Family.ref_prefix}-{outstanding.family_id}",
        family_name=row.family,
        members=[
            Member(each.id, f"{each.name}, {each.organisation}" if each.organisation else each.name)
            for each in members
            if each.user_id is None or each.user_id != leaver
        ],
        next_meeting=meetings.next_on(outstanding.family_id),
        calendar=calendar(),
    )
