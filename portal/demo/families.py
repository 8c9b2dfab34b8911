"""Families in every stage: being written, waiting, stuck, overdue, started, complete, held by nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.core import clock
from portal.demo import long_ago, support
from portal.demo import story as tell
from portal.demo.cast import Company
from portal.demo.household import Shape, settle_in
from portal.demo.names import FAMILY_NAMES, WORRIES, Worry
from portal.demo.story import Story
from portal.domain.dates import Calendar
from portal.domain.deciding import Proposal, Together
from portal.domain.meetings import AskedBy
from portal.domain.step_downs import DeclineCode, Gate, NoKind, Origin
from portal.models.families import Person
from portal.models.handover import StepDown
from portal.services import (
    already_helped,
    deciding,
    leads,
    meeting_changes,
    social_work,
    step_down_ends,
    step_down_questions,
    step_downs,
)

Telling = Callable[[Story], None]
LATELY = timedelta(days=1000)
# Every so manieth family lives in two homes, has a confidential address, is restricted.
MOST = 0.75
EVERY_TWO_HOMES, EVERY_CONFIDENTIAL, EVERY_RESTRICTED = 11, 17, 19


@dataclass(frozen=True)
class Stage:
    """One way a family can stand, how long ago the decision was, and how many of sixty stand so."""

    tell: Telling
    days_ago: tuple[int, int]
    weight: int


def being_written(story: Story) -> None:
    tell.draft(story, whole=False)


def from_child_protection(story: Story) -> None:
    """The portal says that this does not go straight to early help."""
    tell.draft(story, whole=True, origin=Origin.CHILD_PROTECTION)


def to_be_agreed(story: Story) -> None:
    tell.draft(story, whole=True)


def waiting(story: Story) -> None:
    tell.send(story, tell.draft(story, whole=True))


def not_accepted(story: Story) -> None:
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    with story.by(story.coordinator, 4) as viewer:
        step_downs.decline(
            step_down,
            DeclineCode.NOT_ENOUGH_KNOWN,
            "We do not know yet where the father lives. Please find out and send it again.",
            by=viewer,
        )


def sent_back(story: Story) -> None:
    """With a question, which social work has not answered yet."""
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    with story.by(story.coordinator, 3) as viewer:
        step_down_questions.ask(
            step_down,
            "Which of the two grandmothers has the key?",
            of=step_down.social_worker_id,
            due_on=Calendar().working_days_after(clock.today(), 3),
            by=viewer,
        )


def family_said_no(story: Story) -> None:
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    with story.by(story.worker, 6) as viewer:
        step_down_ends.family_said_no(
            step_down,
            step_down_ends.SaidNo(
                NoKind.SAID_NO,
                "We have had enough people in the house. We will ring if it gets hard again.",
                "Ring the school office: they know whom to put you through to.",
                step_down_ends.Watcher(name="Mrs Lowe, class teacher", told="Met her at school the same day"),
                person_id=story.parents[0].id,
                said_on=clock.today(),
            ),
            by=viewer,
        )


def said_no_long_ago(story: Story) -> None:
    family_said_no(story)
    long_ago.asked_again(story)


def already_in_early_help(story: Story) -> None:
    """Brought in from before the portal: nobody remembers since when, nor when the team meets next."""
    with story.by(story.worker, 1) as viewer:
        social_work.closed(story.family, clock.today(), by=viewer)
    with story.by(story.coordinator, 2) as viewer:
        already_helped.bring_in(
            story.family,
            already_helped.Known(),
            coordinator_id=viewer.user_id,
            lead_id=story.company[story.lead].id,
            by=viewer,
        )


def lead_asked(story: Story) -> None:
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    tell.accept(story, step_down)


def nobody_leads(story: Story) -> None:
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    assignment = tell.accept(story, step_down)
    with story.by(story.lead, 7) as viewer:
        leads.decline(assignment, "I am away for six weeks and cannot give this family what it needs.", by=viewer)


def led(story: Story) -> StepDown:
    step_down = tell.draft(story, whole=True)
    tell.send(story, step_down)
    tell.lead_accepts(story, tell.accept(story, step_down))
    others = [] if story.family.restricted else [story.random.choice(["partner_other_organisation", "family_worker"])]
    tell.gather(story, "partner", *others)
    return step_down


def meeting_arranged(story: Story) -> None:
    step_down = led(story)
    tell.visit(story)
    tell.arrange_step_down_meeting(story, step_down, held_after=13)
    support.suggest(story, by=story.worker, after=3)


def meeting_moved(story: Story) -> None:
    step_down = led(story)
    meeting = tell.arrange_step_down_meeting(story, step_down, held_after=13)
    with story.by(story.lead, 8) as viewer:
        meeting_changes.reschedule(
            meeting,
            meeting_changes.Wish(AskedBy.FAMILY, "Dad works on that day."),
            starts_at=meeting.starts_at + timedelta(days=7),
            place=meeting.place,
            by=viewer,
        )


def stuck(story: Story) -> None:
    """The meeting was held, but what was carried is not agreed by its new owner."""
    step_down = led(story)
    tell.hold(story, step_down, tell.arrange_step_down_meeting(story, step_down, held_after=13), settle=False)
    support.suggest(story, by=story.worker, after=3)
    support.no_answers(story, after=14)


def ready(story: Story) -> None:
    """Every gate holds: the social worker can confirm."""
    _handed_over(story)
    support.keep_following(story)


def _handed_over(story: Story) -> StepDown:
    step_down = led(story)
    tell.visit(story)
    tell.hold(story, step_down, tell.arrange_step_down_meeting(story, step_down, held_after=13), settle=True)
    support.suggest(story, by=story.worker, after=3)
    return step_down


def active(story: Story) -> None:
    tell.confirm(story, _handed_over(story))
    support.plan(story, after=18)
    support.work(story, after=21)
    if story.random.random() < 0.5:  # noqa: PLR2004  (of the others nothing is sent: the family rings itself)
        support.send(story, after=19)
    support.chase(story, after=24)
    tell.meet_on(story)
    if story.random.random() < MOST:
        support.keep_following(story)


def waived(story: Story) -> None:
    """Both managers agreed to go on for a time although the lead has not seen the children yet."""
    step_down = led(story)
    tell.hold(story, step_down, tell.arrange_step_down_meeting(story, step_down, held_after=13), settle=True)
    with story.by("manager", 15) as viewer:
        why = "The children are with their grandmother until the holidays end; the lead has met both parents."
        until = Calendar().working_days_after(clock.today(), 15)
        decision = deciding.propose(step_down, Proposal(Together.WAIVE, until, why, Gate.FAMILY_MET), by=viewer)
    with story.by(story.manager, 16) as viewer:
        deciding.agree(decision, by=viewer)


def revised(story: Story) -> None:
    """The second version of the plan is in force, and a third is being written."""
    active(story)
    support.look_again(story, after=40)
    support.revise(story, after=42)


def nearly_done(story: Story) -> None:
    active(story)
    support.finish(story, after=45)


def a_long_way(story: Story) -> None:
    """A team that has met every six weeks for more than a year."""
    nearly_done(story)
    support.look_again(story, after=200)
    long_ago.settle(story, after=210)


def nobody_holds(story: Story) -> None:
    """Social work closed before the handover was complete."""
    led(story)
    with story.by(story.worker, 12) as viewer:
        social_work.closed(story.family, clock.today(), by=viewer)


def only_pointed(story: Story) -> None:
    """Given information, and nothing else: a debt that is followed."""
    support.suggest(story, by=story.worker, after=1)
    support.no_answers(story, after=8)
    support.full_up(story, after=16)


# The last of them make the two years before: what was begun and ended, and who came back.
STAGES: tuple[Stage, ...] = (
    Stage(being_written, (1, 4), 3),
    Stage(from_child_protection, (2, 5), 1),
    Stage(to_be_agreed, (1, 3), 2),
    Stage(waiting, (2, 14), 4),
    Stage(sent_back, (5, 9), 1),
    Stage(not_accepted, (6, 15), 2),
    Stage(family_said_no, (10, 20), 1),
    Stage(lead_asked, (5, 14), 4),
    Stage(nobody_leads, (9, 18), 2),
    Stage(meeting_arranged, (9, 16), 4),
    Stage(meeting_moved, (9, 12), 1),
    Stage(stuck, (20, 32), 3),
    Stage(waived, (17, 19), 1),
    Stage(ready, (16, 24), 2),
    Stage(revised, (50, 80), 1),
    Stage(active, (30, 80), 9),
    Stage(nearly_done, (60, 120), 3),
    Stage(nobody_holds, (14, 26), 2),
    Stage(only_pointed, (10, 26), 3),
    Stage(already_in_early_help, (20, 40), 1),
    Stage(a_long_way, (380, 420), 1),
    Stage(long_ago.helped, (220, 730), 4),
    Stage(long_ago.not_helped, (200, 720), 2),
    Stage(long_ago.came_back, (420, 730), 2),
    Stage(said_no_long_ago, (120, 700), 1),
)


def tell_all(company: Company, random: Random, count: int) -> Iterator[str]:
    """Tell `count` families, each stage in its share; yields each one's reference when it is told."""
    cycle = [stage for stage in STAGES for _ in range(stage.weight)]
    random.shuffle(cycle)
    for number in range(1, count + 1):
        stage = cycle[number % len(cycle)]
        story = begin(company, random, number, stage)
        stage.tell(story)
        yield story.family.ref


def begin(company: Company, random: Random, number: int, stage: Stage) -> Story:
    decided = _working_day(random.randint(*stage.days_ago))
    south = number % 5 == 0
    worker = "social_worker_other_team" if south else "social_worker"
    worker_manager = "second_manager" if south else "social_care_manager"
    shape = Shape(
        name=FAMILY_NAMES[number % len(FAMILY_NAMES)],
        children=random.randint(1, 3),
        two_homes=number % EVERY_TWO_HOMES == 0,
        confidential=number % EVERY_CONFIDENTIAL == 0,
        restricted=number % EVERY_RESTRICTED == 0,
    )
    added = datetime.combine(decided - timedelta(days=3), time(10), ZoneInfo("Europe/London"))
    early_help = ("coordinator", "second_coordinator", "lead", "partner", "manager")
    cleared = [company[key] for key in (*early_help, worker, worker_manager)]
    family, parents, children = settle_in(company, random, shape, worker=worker, at=added, cleared=cleared)
    return Story(
        company=company,
        random=random,
        family=family,
        parents=parents,
        children=children,
        decided=decided,
        present=clock.now(),
        worker=worker,
        manager=worker_manager,
        coordinator="coordinator" if number % 4 else "second_coordinator",
        lead=random.choice(["lead", "lead", "family_worker", "youth_worker"]) if not shape.restricted else "lead",
        worries=random.sample(_fitting(children, decided), k=random.randint(2, 3)),
    )


def _fitting(children: list[Person], decided: date) -> list[Worry]:
    """What can trouble a family with children of these ages; where they are grown up today, of those they had then."""
    today = clock.today()
    day = decided if today - decided > LATELY else today
    eldest = max((day - (child.date_of_birth or day)).days // 365 for child in children)
    return [worry for worry in WORRIES if worry.youngest <= eldest <= worry.oldest]


def _working_day(days_ago: int) -> date:
    day = clock.today() - timedelta(days=days_ago)
    while not Calendar().is_working_day(day):
        day -= timedelta(days=1)
    return day
