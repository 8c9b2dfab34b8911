"""A whole step-down in a wanted state, made as people make it: through the services, each by who may."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, to_utc
from portal.domain.engagement import EngagementAnswer
from portal.domain.leads import LeadState
from portal.domain.meetings import Attendance
from portal.domain.plans import Headline
from portal.domain.step_downs import Destination, NeedOutcome, Origin, OutstandingState, StepDownState, ViewKnown
from portal.domain.support import Method
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import LeadAssignment, OutstandingAction, StepDown, StepDownNeed
from portal.models.people import User
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services import contacts, drafts, leads, meetings, outstanding, step_downs, team, write_ups
from tests.support.people import Council, Home, a_family

RISKS = "Things went wrong when money was short."
PREFERRED = "The school nurse"


@dataclass
class Handing:
    """A family on its way from social care to early help."""

    council: Council
    home: Home
    step_down_id: int

    @property
    def ref(self) -> str:
        return f"S-{self.step_down_id}"

    @property
    def family_ref(self) -> str:
        return self.home.ref

    @property
    def state(self) -> StepDownState:
        found: StepDown = self.read(StepDown, self.step_down_id)
        return found.state

    @property
    def nomination(self) -> LeadAssignment:
        """The latest request to lead."""
        with self.council.behind_the_scenes():
            return db.session.scalars(
                select(LeadAssignment)
                .where(LeadAssignment.family_id == self.home.id)
                .order_by(LeadAssignment.id.desc())
                .limit(1)
            ).one()

    @property
    def outstanding(self) -> list[OutstandingAction]:
        with self.council.behind_the_scenes():
            return list(
                db.session.scalars(
                    select(OutstandingAction)
                    .where(OutstandingAction.step_down_id == self.step_down_id)
                    .order_by(OutstandingAction.id)
                )
            )

    def read(self, model: type[Any], row_id: int) -> Any:
        """A row as it is stored now."""
        with self.council.behind_the_scenes():
            return db.session.get_one(model, row_id)

    def member_id(self, user: User) -> int:
        with self.council.behind_the_scenes():
            return db.session.scalars(
                select(TeamMember.id).where(TeamMember.family_id == self.home.id, TeamMember.user_id == user.id)
            ).one()


def a_draft(
    council: Council,
    home: Home | None = None,
    *,
    destination: Destination = Destination.TEAM,
    by: User | None = None,
    answer: EngagementAnswer = EngagementAnswer.AGREED,
    left: int = 1,
    outstanding: int = 2,
    decided: date | None = None,
) -> Handing:
    """Whole, neither agreed nor sent: one need left and one met, two outstanding actions, the second about safety."""
    home = home or a_family(council)
    decided = decided or clock.today() - timedelta(days=1)
    with council.as_(by or council.social_worker) as viewer:
        step_down = drafts.start(db.session.get_one(Family, home.id), by=viewer)
        children = [
            drafts.ChildDecision(
                child.id,
                origin=Origin.CHILD_IN_NEED,
                origin_from=decided - timedelta(days=200),
                origin_to=decided,
                decision_on=decided,
                why="The plan’s aims are met",
                level_before=3,
                level_now=2,
            )
            for child in home.children
        ]
        drafts.save_children(step_down, children, destination, by=viewer)
        drafts.save_needs(
            step_down,
            [
                *(drafts.NeedLeft(Headline.EDUCATION, f"Getting to school {n}", NeedOutcome.LEFT) for n in range(left)),
                drafts.NeedLeft(Headline.HOUSING, "A safe home", NeedOutcome.MET),
            ],
            [drafts.StillToDo(f"Outstanding {n}", concerns_safety=n % 2 == 1) for n in range(outstanding)],
            by=viewer,
        )
        drafts.save_safety(
            step_down,
            risks=RISKS,
            contingency="Ring the grandmother",
            step_up_triggers="Two missed weeks at school",
            ways=[drafts.SafeWay(home.parent.id, phone="01632 960 300", by_phone=True, by_text=True)],
            by=viewer,
        )
        drafts.save_views(
            step_down,
            children=[drafts.ChildView(child.id, "I like my school", ViewKnown.SAID) for child in home.children],
            parents=[drafts.ParentView(home.parent.id, "One person to ring would help", None)],
            asked=[
                drafts.Asked(
                    home.parent.id,
                    answer,
                    decided,
                    "Talked it through at home",
                    exclusions="Not the school" if answer is EngagementAnswer.PARTLY_AGREED else None,
                )
            ],
            preferred_lead=PREFERRED,
            by=viewer,
        )
        drafts.save_visit(step_down, last_visit_on=clock.today(), meeting_wishes="Not on a Friday", by=viewer)
        return Handing(council, home, step_down.id)


def a_proposed(council: Council, home: Home | None = None, *, by: User | None = None, **how: Any) -> Handing:
    """Agreed by the social care manager and sent. `how` as for a draft. `by` is of the manager's own team."""
    handing = a_draft(council, home, by=by, **how)
    with council.as_(council.social_care_manager) as viewer:
        drafts.agree(db.session.get_one(StepDown, handing.step_down_id), "Early help can hold this", by=viewer)
    with council.as_(by or council.social_worker) as viewer:
        drafts.propose(db.session.get_one(StepDown, handing.step_down_id), by=viewer)
    return handing


def an_accepted(
    council: Council, home: Home | None = None, *, lead: User | None = None, answered: bool = True, **how: Any
) -> Handing:
    """Accepted by the coordinator; the lead has said yes, unless told not to have answered."""
    handing = a_proposed(council, home, **how)
    who = lead or council.lead
    with council.as_(council.coordinator) as viewer:
        step_downs.accept(db.session.get_one(StepDown, handing.step_down_id), who.id, by=viewer)
    if answered:
        the_lead_accepts(handing, who)
    return handing


def the_lead_accepts(handing: Handing, lead: User) -> None:
    """Says yes where they were asked; nothing happens where the destination asks for nobody."""
    with handing.council.as_(lead) as viewer:
        asked = db.session.scalars(
            select(LeadAssignment).where(
                LeadAssignment.family_id == handing.home.id,
                LeadAssignment.user_id == lead.id,
                LeadAssignment.state == LeadState.NOMINATED,
            )
        ).first()
        if asked is not None:
            leads.accept(asked, by=viewer)


def a_ready_to_confirm(council: Council, home: Home | None = None, **how: Any) -> Handing:
    """Accepted, and every gate of its destination holds."""
    handing = an_accepted(council, home, **how)
    the_lead_visits(handing)
    the_team_meets(handing)
    return handing


def the_lead_visits(handing: Handing, *, by: User | None = None, method: Method = Method.VISIT) -> None:
    """The parent and each child are seen."""
    people = [handing.home.parent, *handing.home.children]
    with handing.council.as_(by or handing.council.coordinator) as viewer:
        leading = db.session.scalars(
            select(LeadAssignment.user_id).where(
                LeadAssignment.family_id == handing.home.id, LeadAssignment.state == LeadState.ACCEPTED
            )
        ).first()
    if by is None and leading is None:
        return
    visitor = by or handing.read(User, leading or 0)
    with handing.council.as_(visitor) as viewer:
        contacts.record(
            db.session.get_one(Family, handing.home.id),
            on=clock.today(),
            method=method,
            answered=True,
            seen=[contacts.Seen(each.id, seen=True) for each in people],
            note=None,
            by=viewer,
        )


def the_team_meets(handing: Handing) -> Meeting | None:
    """The step-down meeting is held: the first outstanding action is completed, the others are carried to the partner
    and agreed, the coordinator brings each need, and the first team meeting has a date. A destination without a
    meeting settles the same things."""
    council = handing.council
    with council.as_(council.coordinator) as viewer:
        family = db.session.get_one(Family, handing.home.id)
        step_down = db.session.get_one(StepDown, handing.step_down_id)
        partner = team.join_user(family, council.partner.id, by=viewer)
        coordinator = team.join_user(family, council.coordinator.id, by=viewer)
        day = Calendar().due(clock.today() + timedelta(days=14))
        unsettled = [
            action
            for action in db.session.scalars(
                select(OutstandingAction)
                .where(OutstandingAction.step_down_id == step_down.id)
                .order_by(OutstandingAction.id)
            )
            if action.state is OutstandingState.OUTSTANDING
        ]
        needs = db.session.scalars(
            select(StepDownNeed).where(
                StepDownNeed.step_down_id == step_down.id, StepDownNeed.outcome == NeedOutcome.LEFT
            )
        ).all()
        if step_down.destination is not Destination.TEAM:
            for need in needs:
                need.brought_by_id = coordinator.id
            for place, action in enumerate(unsettled):
                if place == 0:
                    outstanding.complete(action, "The school confirmed it", by=viewer)
                else:
                    outstanding.hand_to(action, owner_id=partner.id, due_on=day, agreed=True, by=viewer)
            return None
        meeting = meetings.arrange_for(
            family,
            meetings.Kinds(step_down=True),
            starts_at=to_utc(clock.today(), time(14)),
            place="Hillside Primary School",
            members=db.session.scalars(
                select(TeamMember.id).where(TeamMember.family_id == family.id, TeamMember.left_on.is_(None))
            ).all(),
            by=viewer,
        )
        asked = db.session.scalars(
            select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == meeting.id)
        ).all()
        children = db.session.scalars(
            select(Person.id).where(Person.family_id == family.id, Person.kind == PersonKind.CHILD)
        ).all()
        settled: dict[int, write_ups.Carried | write_ups.Completed | write_ups.Dropped] = {
            action.id: write_ups.Completed("The school confirmed it")
            if place == 0
            else write_ups.Carried(partner.id, day, agreed=True)
            for place, action in enumerate(unsettled)
        }
        write_ups.write_up(
            meeting,
            write_ups.Minutes(
                held=meetings.WriteUp(
                    held_on=clock.today(),
                    attendance=dict.fromkeys(asked, Attendance.ATTENDED),
                    family_views="One person to ring would help",
                    voices=[meetings.Voice(child, "I like my school", None) for child in children],
                    decisions="Everybody knows what they do next",
                ),
                settled=settled,
                brought={need.id: coordinator.id for need in needs},
                next=write_ups.Next(to_utc(day, time(15, 30)), "Hillside Primary School", asked),
            ),
            by=viewer,
        )
        return meeting
