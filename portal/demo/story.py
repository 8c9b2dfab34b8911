"""One family's way through the portal, told day by day by the people who do the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import Select, select

from portal.core import clock
from portal.core.db import db
from portal.demo.cast import Company
from portal.demo.names import OUTSTANDING, VIEWS, WORRIES, Worry
from portal.domain.dates import Calendar, london_date
from portal.domain.meetings import Attendance, MeetingState, Rater
from portal.domain.step_downs import Destination, NeedOutcome, Origin, OutstandingState, StepDownState, ViewKnown
from portal.domain.support import Method
from portal.domain.viewer import Viewer, asking
from portal.facts import scales
from portal.models.families import Family, Person
from portal.models.handover import EngagementAnswer, LeadAssignment, OutstandingAction, StepDown, StepDownNeed
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.policies import ties
from portal.policies.scope import unscoped
from portal.queries.viewers import as_viewer
from portal.services import completion, contacts, drafts, leads, meetings, outstanding, step_downs, summary, team
from portal.services import scales as scale

T = TypeVar("T")
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Story:
    """The people of one family, the day the decision was made, and where the telling stands."""

    company: Company
    random: Random
    family: Family
    parents: list[Person]
    children: list[Person]
    decided: date
    # When it is told: the telling goes back in time, but never past this.
    present: datetime
    worker: str = "social_worker"
    manager: str = "social_care_manager"
    coordinator: str = "coordinator"
    lead: str = "lead"
    worries: list[Worry] = field(default_factory=list)
    told_until: datetime = BEFORE_ALL

    def day(self, after: int) -> date:
        """The working day so many days after the decision, or the one before; never later than today."""
        days = Calendar()
        wanted = min(self.decided + timedelta(days=after), london_date(self.present))
        while not days.is_working_day(wanted):
            wanted -= timedelta(days=1)
        return wanted

    @contextmanager
    def by(self, key: str, after: int) -> Iterator[Viewer]:
        """Act as this person on that day, some time in working hours."""
        moment = datetime.combine(self.day(after), time(8, self.random.randrange(60)), UTC) + timedelta(
            minutes=self.random.randrange(8 * 60)
        )
        # A day moved off a weekend may be the day before: then this comes a little later, never earlier.
        self.told_until = min(max(moment, self.told_until + timedelta(minutes=5)), self.present)
        with clock.at(self.told_until), ties.remembered():
            viewer = as_viewer(self.company[key].id)
            with asking(viewer):
                yield viewer
                summary.recount_changed()

    def members(self) -> list[TeamMember]:
        return list(
            db.session.scalars(
                select(TeamMember)
                .where(TeamMember.family_id == self.family.id, TeamMember.left_on.is_(None))
                .order_by(TeamMember.id)
            )
        )

    def member(self, key: str) -> TeamMember:
        """The team member who is this person of the cast."""
        return next(each for each in self.members() if each.user_id == self.company[key].id)


def read(statement: Select[T]) -> list[T]:
    """What the telling itself has to know, whoever acts."""
    with unscoped("the demonstration tells its stories"):
        return list(db.session.scalars(statement))


def draft(story: Story, *, whole: bool, origin: Origin = Origin.CHILD_IN_NEED) -> StepDown:
    """The social worker writes: all five parts, or only the first."""
    with story.by(story.worker, 0) as viewer:
        step_down = drafts.start(story.family, by=viewer)
        drafts.save_children(
            step_down,
            [
                drafts.ChildDecision(
                    child.id,
                    origin,
                    story.decided - timedelta(days=120),
                    story.decided,
                    story.decided,
                    "The plan’s aims are largely met. What remains can be done with the family’s agreement.",
                    3,
                    2,
                )
                for child in story.children
            ],
            Destination.TEAM,
            by=viewer,
        )
        if not whole:
            return step_down
        needs = [
            drafts.NeedLeft(worry.headline, worry.need, NeedOutcome.LEFT, story.children[0].id)
            for worry in story.worries
        ]
        met = next(worry for worry in WORRIES if worry not in story.worries)
        drafts.save_needs(
            step_down,
            [*needs, drafts.NeedLeft(met.headline, met.need, NeedOutcome.MET)],
            [drafts.StillToDo(*each) for each in story.random.sample(OUTSTANDING, k=story.random.randint(1, 3))],
            by=viewer,
        )
        _safety_and_views(story, step_down, viewer)
    return step_down


def _safety_and_views(story: Story, step_down: StepDown, viewer: Viewer) -> None:
    drafts.save_safety(
        step_down,
        risks="Things went wrong when both parents were tired and money was short.",
        contingency="Grandma has a key and has said she will come. Ring the school nurse first.",
        step_up_triggers="Two missed weeks at school, or a call from the police, or bruises nobody can explain.",
        ways=[
            drafts.SafeWay(parent.id, "01632 960 4" + f"{parent.id % 90 + 10}", True, True, False, "Not before 10am")
            for parent in story.parents
        ],
        by=viewer,
    )
    drafts.save_views(
        step_down,
        children=[drafts.ChildView(child.id, story.random.choice(VIEWS), ViewKnown.SAID) for child in story.children],
        parents=[
            drafts.ParentView(parent.id, "We are tired of new faces, but we want this to work.", None)
            for parent in story.parents
        ],
        asked=[
            drafts.Asked(parent.id, EngagementAnswer.AGREED, story.decided, "Talked it through at home, leaflet left")
            for parent in story.parents
        ],
        preferred_lead="The school nurse, whom the children know",
        by=viewer,
    )
    drafts.save_visit(
        step_down,
        last_visit_on=story.decided + timedelta(days=14),
        meeting_wishes="Not on a Friday. The school has a quiet room.",
        by=viewer,
    )


def send(story: Story, step_down: StepDown) -> None:
    with story.by(story.manager, 1) as viewer:
        drafts.agree(step_down, "The remaining needs are met better by a team the family chooses.", by=viewer)
    with story.by(story.worker, 1) as viewer:
        drafts.propose(step_down, by=viewer)


def accept(story: Story, step_down: StepDown, *, after: int = 4) -> LeadAssignment:
    """The coordinator accepts and asks the lead."""
    with story.by(story.coordinator, after) as viewer:
        step_downs.accept(step_down, story.company[story.lead].id, by=viewer)
    return read(
        select(LeadAssignment).where(LeadAssignment.family_id == story.family.id).order_by(LeadAssignment.id.desc())
    )[0]


def lead_accepts(story: Story, assignment: LeadAssignment, *, after: int = 6) -> None:
    with story.by(story.lead, after) as viewer:
        leads.accept(assignment, by=viewer)


def gather(story: Story, *partners: str, after: int = 7) -> None:
    """The lead puts the partners and one parent on the team."""
    with story.by(story.lead, after) as viewer:
        for partner in partners:
            team.join_user(story.family, story.company[partner].id, by=viewer)
        # One parent, where two may not meet or learn of each other.
        team.join_person(story.parents[0], by=viewer, job="Parent")


def visit(story: Story, *, after: int = 8) -> None:
    """The lead visits and sees each child."""
    with story.by(story.lead, after) as viewer:
        contacts.record(
            story.family,
            on=clock.today(),
            method=Method.VISIT,
            answered=True,
            seen=[
                *(contacts.Seen(parent.id, seen=True) for parent in story.parents),
                *(contacts.Seen(child.id, seen=True, alone=True) for child in story.children),
            ],
            note="Tea at the kitchen table. The children showed their rooms.",
            by=viewer,
        )


def arrange_step_down_meeting(story: Story, step_down: StepDown, *, held_after: int, after: int = 7) -> Meeting:
    with story.by(story.lead, after) as viewer:
        return meetings.arrange(
            story.family.id,
            meetings.Kinds(step_down=True),
            starts_at=datetime.combine(_by(story, held_after), time(14, 30), UTC),
            place="Hillside Primary School, quiet room",
            members=[member.id for member in story.members()],
            episode_id=step_down.episode_id,
            step_down=step_down,
            by=viewer,
        )


def _by(story: Story, after: int) -> date:
    """The last working day until then: what is written up on that day has been held."""
    days, day = Calendar(), story.decided + timedelta(days=after)
    while not days.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _later(story: Story, after: int) -> date:
    return Calendar().due(story.decided + timedelta(days=after))


def hold(story: Story, step_down: StepDown, meeting: Meeting, *, settle: bool, after: int = 13) -> None:
    """The meeting is written up; outstanding actions are carried to the partner, and the first team meeting dated."""
    with story.by(story.lead, after) as viewer:
        invitees = db.session.scalars(select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == meeting.id))
        meetings.hold(
            meeting,
            meetings.WriteUp(
                held_on=london_date(meeting.starts_at),
                attendance=dict.fromkeys(invitees, Attendance.ATTENDED),
                family_views="We want one person to ring, and no more telling it from the start.",
                voices=[meetings.Voice(child.id, story.random.choice(VIEWS), None) for child in story.children],
                decisions="The school nurse leads. Everybody knows what they do next.",
            ),
            by=viewer,
        )
        _settle(story, step_down, viewer, agreed=settle)
        following = meetings.arrange(
            story.family.id,
            meetings.Kinds(first_team=True),
            starts_at=datetime.combine(_later(story, after + 21), time(15, 30), UTC),
            place="Hillside Primary School, quiet room",
            members=[member.id for member in story.members()],
            episode_id=step_down.episode_id,
            by=viewer,
        )
        meeting.next_meeting_id = following.id
        for need in db.session.scalars(
            select(StepDownNeed).where(
                StepDownNeed.step_down_id == step_down.id, StepDownNeed.outcome == NeedOutcome.LEFT
            )
        ):
            need.brought_by_id = story.member(story.lead).id


def _settle(story: Story, step_down: StepDown, viewer: Viewer, *, agreed: bool) -> None:
    working = (story.company[key].id for key in ("partner", "partner_other_organisation", "family_worker"))
    known = set(working)
    partner = story.random.choice([member for member in story.members() if member.user_id in known])
    for place, action in enumerate(
        db.session.scalars(
            select(OutstandingAction)
            .where(
                OutstandingAction.step_down_id == step_down.id,
                OutstandingAction.state == OutstandingState.OUTSTANDING,
            )
            .order_by(OutstandingAction.id)
        ).all()
    ):
        if place == 1 and not action.concerns_safety:
            outstanding.complete(action, "The school has confirmed it", by=viewer)
            continue
        outstanding.carry(
            action,
            episode_id=step_down.episode_id or 0,
            owner=partner,
            due_on=Calendar().due(clock.today() + timedelta(days=14)),
            agreed=agreed,
            by=viewer,
        )


def confirm(story: Story, step_down: StepDown, *, after: int = 16) -> None:
    """The social worker confirms; responsibility moves."""
    with story.by(story.worker, after) as viewer:
        if step_down.state is StepDownState.ACCEPTED:
            completion.complete(step_down, by=viewer)


def meet_on(story: Story) -> None:
    """The first team meeting, then reviews every six weeks, each written up; the next one lies ahead."""
    while True:
        arranged = read(
            select(Meeting).where(Meeting.family_id == story.family.id, Meeting.state == MeetingState.ARRANGED)
        )
        if not arranged or london_date(arranged[0].starts_at) >= clock.today():
            return
        _review(story, arranged[0])


def _say_how_far(meeting: Meeting, after: int) -> None:
    """Things get better from meeting to meeting; children are the first to say so."""
    better = min(after // 42, 4)
    said = {Rater.PARENT: 3 + better, Rater.CHILD: 4 + better, Rater.WORKER: 3 + better // 2}
    needs = db.session.scalars(scales.open_needs(meeting)).all()
    scale.record(
        meeting,
        [scale.Reading(need.id, rater, value) for need in needs for rater, value in said.items()],
        on=clock.today(),
    )


def _review(story: Story, meeting: Meeting) -> None:
    after = (london_date(meeting.starts_at) - story.decided).days
    with story.by(story.lead, after) as viewer:
        invitees = db.session.scalars(select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == meeting.id))
        meetings.hold(
            meeting,
            meetings.WriteUp(
                held_on=clock.today(),
                attendance={
                    member: Attendance.ATTENDED if place == 0 else story.random.choice(list(Attendance))
                    for place, member in enumerate(invitees)
                },
                family_views="Mornings are easier. The letters from the council are not.",
                voices=[meetings.Voice(child.id, story.random.choice(VIEWS), None) for child in story.children],
                decisions="Go on as agreed. The school sends the attendance figures before the next meeting.",
            ),
            by=viewer,
        )
        _say_how_far(meeting, after)
        following = meetings.arrange(
            story.family.id,
            meetings.Kinds(review=True),
            starts_at=datetime.combine(_later(story, after + 42), time(15, 30), UTC),
            place="Hillside Primary School, quiet room",
            members=[member.id for member in story.members()],
            episode_id=meeting.episode_id,
            by=viewer,
        )
        meeting.next_meeting_id = following.id
