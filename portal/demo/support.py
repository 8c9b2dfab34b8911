"""What happens to a family's plan and support in the demonstration: suggested, chased, started, done."""

from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.demo.names import Worry
from portal.demo.story import Story, read, visit
from portal.domain.dates import Calendar, london_date
from portal.domain.plans import OPEN_ACTIONS, ActionState, Headline, Review
from portal.domain.support import (
    WAITING_REFERRALS,
    CheckStage,
    CheckState,
    HowGiven,
    Method,
    NeedNow,
    NotStarted,
    Source,
)
from portal.models.following import FollowUpCheck, Service, SupportReferral
from portal.models.handover import Episode
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed
from portal.services import actions, answers, needs, plan_versions, plans, referrals, support_moves, support_sending


def suggest(story: Story, *, by: str, after: int) -> None:
    """Every worry gets a service suggested; one of them is not in the directory."""
    with story.by(by, after) as viewer:
        known = {need.what: need for need in _needs(story)}
        for place, worry in enumerate(story.worries):
            need = known.get(worry.need)
            referrals.signpost(
                story.family,
                by=viewer,
                given_on=clock.today(),
                how_given=story.random.choice(list(HowGiven)),
                service_id=_service(worry) if place != 1 else None,
                service_name=None if place != 1 else "The Thursday group at the library",
                plan_need_id=need.id if need else None,
                need_text=None if need else worry.need,
            )


def no_answers(story: Story, *, after: int) -> None:
    """Nobody picks up, twice: while a step-down is open that is escalated."""
    for try_ in range(2):
        check = _due(story)
        if check is None or story.day(after + 6 * try_) >= clock.today():
            return
        with story.by(owner(story, check), after + 6 * try_) as viewer:
            answers.no_answer(check, by=viewer, method=Method.CALL if try_ == 0 else Method.TEXT)


def plan(story: Story, *, after: int) -> None:
    """Two actions a need, agreed at the meeting, and the plan in force."""
    with story.by(story.lead, after) as viewer:
        episode = db.session.scalars(select(Episode).where(Episode.family_id == story.family.id)).one()
        partners = [member for member in story.members() if member.user_id != viewer.user_id]
        for place, need in enumerate(_needs(story)):
            worry = next((each for each in story.worries if each.need == need.what), story.worries[0])
            if place == 0 or story.random.random() < 0.8:  # noqa: PLR2004  (some needs stay uncovered)
                owner = story.random.choice(partners)
                action = actions.propose(
                    worry.action,
                    episode_id=episode.id,
                    owner=owner,
                    due_on=_due_day(story),
                    need=need,
                    by=viewer,
                )
                actions.agree(action, owner.name, by=viewer, at_meeting=True)
            need.desired_outcome = worry.outcome
        for loose in _actions(story):
            if loose.plan_need_id is None:
                loose.plan_need_id = _needs(story)[0].id
        plan_versions.put_in_force(
            db.session.scalars(select(ActionPlan).where(ActionPlan.family_id == story.family.id)).one(), by=viewer
        )


FAMILYS_WORDS = ("We were late once, and we know why", "It is quieter in the evenings")


def look_again(story: Story, *, after: int) -> None:
    """The family says, need by need, how things are."""
    with story.by(story.lead, after) as viewer:
        said = [
            needs.Reviewed(need.id, Review.BETTER, FAMILYS_WORDS[place % len(FAMILYS_WORDS)])
            for place, need in enumerate(_needs(story))
        ]
        needs.review(story.family, said, by=viewer)


def revise(story: Story, *, after: int) -> None:
    """One more need, which a revision brings into force; and the next revision is begun."""
    with story.by(story.lead, after) as viewer:
        plan_versions.begin_revision(story.family, by=viewer)
        need = plans.add_need_to_plan(
            story.family,
            headline=Headline.HOUSING,
            what="A room in which homework can be done",
            person_id=None,
            desired_outcome="I can close the door",
            scale_start=3,
            by=viewer,
        )
        plans.add_action(
            story.family, plans.Asked("Ask the landlord about the box room", need.id, "me", _due_day(story)), by=viewer
        )
        revision = read(
            select(ActionPlan).where(ActionPlan.family_id == story.family.id).order_by(ActionPlan.id.desc())
        )[0]
        plan_versions.put_in_force(revision, by=viewer)
    with story.by(story.lead, after + 5) as viewer:
        plan_versions.begin_revision(story.family, by=viewer)


def work(story: Story, *, after: int) -> None:
    """Owners go on with what they agreed to: some done or going on, one with something in the way, one handed back."""
    for place, action in enumerate(_actions(story)):
        if action.state not in OPEN_ACTIONS:
            continue
        day = after + 3 * place
        if story.day(day) >= clock.today():
            return
        with story.by(story.lead, day) as viewer:
            if place % 3 == 0:
                actions.do(action, by=viewer, note="Done together. It went better than we thought.")
            elif place == 2:  # noqa: PLR2004
                actions.block(
                    action,
                    in_the_way="The form has to be signed by the landlord.",
                    waiting_on="the landlord",
                    review_on=Calendar().working_days_after(clock.today(), 10),
                    by=viewer,
                )
            elif place == 4:  # noqa: PLR2004
                actions.hand_back(action, "I am not at the school any more from next week.", by=viewer)
            elif action.state is not ActionState.DONE:
                actions.go_on(action, by=viewer, note="Begun. The second appointment is next week.")
    visit(story, after=after + 2)


def send(story: Story, *, after: int) -> None:
    """Two of three are sent to the service: one has a waiting list, one has booked a first day or accepted."""
    parent = story.parents[0]
    for place, referral in enumerate(_waiting(story)[:2]):
        day = after + 2 * place
        if story.day(day + 3) >= london_date(story.present):
            return
        with story.by(story.lead, day) as viewer:
            support_sending.send(
                referral,
                by=viewer,
                reason="A regular place, with help to get there the first time.",
                safe_contact="By phone, in the morning.",
                sent_on=clock.today(),
                agreed_by_id=parent.id,
            )
        if referral.receiving_organisation_id and story.random.random() < 0.7:  # noqa: PLR2004
            continue  # the service has not answered yet
        with story.by(story.lead, day + 3) as viewer:
            if place == 1:
                support_moves.fact(
                    referral,
                    "wait",
                    by=viewer,
                    on=clock.today(),
                    source=Source.PROVIDER,
                    expected_on=Calendar().working_days_after(clock.today(), 45),
                    interim="The lead professional calls every week.",
                )
            elif story.random.random() < 0.5:  # noqa: PLR2004
                support_moves.fact(referral, "accept", by=viewer, on=clock.today(), source=Source.PROVIDER)
            else:
                first = Calendar().working_days_after(clock.today(), story.random.randint(3, 12))
                support_moves.fact(
                    referral, "book", by=viewer, on=clock.today(), source=Source.PROVIDER, booked_for=first
                )


def _waiting(story: Story) -> list[SupportReferral]:
    return read(
        select(SupportReferral)
        .where(SupportReferral.family_id == story.family.id, SupportReferral.state.in_(WAITING_REFERRALS))
        .order_by(SupportReferral.receiving_organisation_id.is_(None), SupportReferral.id)
    )


def chase(story: Story, *, after: int) -> None:
    """Checks are made: one support has started, one not yet, one will not come."""
    for place in range(len(story.worries)):
        check = _due(story, but=CheckStage.SENT)
        if check is None or check.stage is CheckStage.STARTED:
            return
        first = _first_day(check)
        # Nobody says that it started before the day that was booked.
        day = max(after + 4 * place, (first - story.decided).days)
        if story.day(day) >= clock.today():
            return
        with story.by(owner(story, check), day) as viewer:
            if place == 0:
                answers.started(
                    check,
                    by=viewer,
                    started_on=max(first, clock.today() - timedelta(days=3)),
                    source=story.random.choice([Source.FAMILY, Source.PROVIDER]),
                    what="The first session, with mum and the little one",
                )
            elif place == 1:
                answers.not_yet(
                    check,
                    by=viewer,
                    waiting_on="the service, which rings when a place is free",
                    next_on=Calendar().working_days_after(clock.today(), 5),
                )
            else:
                answers.will_not(
                    check,
                    by=viewer,
                    code=NotStarted.TRAVEL,
                    reason="Two buses each way with a pram.",
                    need_now=NeedNow.ANOTHER_ROUTE,
                    route="Grandma takes them to the group at her church.",
                )


def full_up(story: Story, *, after: int) -> None:
    """One service has no place: another one is still to be suggested."""
    check = _due(story)
    if check is None or story.day(after) >= clock.today():
        return
    with story.by(owner(story, check), after) as viewer:
        answers.will_not(
            check,
            by=viewer,
            code=NotStarted.NO_CAPACITY,
            reason="Full until the summer, and no list.",
            need_now=NeedNow.ANOTHER_SERVICE,
        )


def finish(story: Story, *, after: int) -> None:
    """Nearly everything that was agreed is done."""
    for action in _actions(story):
        if action.state in OPEN_ACTIONS and story.day(after) < clock.today():
            with story.by(story.lead, after) as viewer:
                actions.do(action, by=viewer, note="Done.")


def keep_following(story: Story, *, until: int | None = None) -> None:
    """Checks are made when they are due, as in most families they are; until so many days after the decision, or
    until today."""
    for _ in range(12):
        check = _due(story)
        today = london_date(story.present) if until is None else story.decided + timedelta(days=until)
        if check is None or check.due_on >= today - timedelta(days=story.random.randint(0, 9)):
            return
        with story.by(owner(story, check), (check.due_on - story.decided).days) as viewer:
            if check.stage is CheckStage.STARTED:
                answers.goes_on(check, by=viewer, note="They go every week.")
            else:
                later = Calendar().working_days_after(clock.today(), story.random.randint(7, 14))
                answers.not_yet(check, by=viewer, waiting_on="the service", next_on=later)


def _due_day(story: Story) -> date:
    """Around today, a little overdue for some, and never before the plan was made."""
    near = london_date(story.present) + timedelta(days=story.random.randint(-6, 40))
    return Calendar().due(max(near, clock.today() + timedelta(days=10)))


def _needs(story: Story) -> list[PlanNeed]:
    return list(db.session.scalars(select(PlanNeed).where(PlanNeed.family_id == story.family.id).order_by(PlanNeed.id)))


def _actions(story: Story) -> list[PlanAction]:
    return read(select(PlanAction).where(PlanAction.family_id == story.family.id).order_by(PlanAction.id))


def due(story: Story) -> list[FollowUpCheck]:
    """What is to be asked, the first to be asked first."""
    return read(
        select(FollowUpCheck)
        .where(FollowUpCheck.family_id == story.family.id, FollowUpCheck.state == CheckState.DUE)
        .order_by(FollowUpCheck.stage, FollowUpCheck.due_on, FollowUpCheck.id)
    )


def _due(story: Story, *, but: CheckStage | None = None) -> FollowUpCheck | None:
    return next((check for check in due(story) if check.stage is not but), None)


def _first_day(check: FollowUpCheck) -> date:
    """Before which the support of this check cannot have started."""
    known = func.coalesce(SupportReferral.booked_for, SupportReferral.sent_on, SupportReferral.given_on)
    return read(select(known).where(SupportReferral.id == check.referral_id))[0]


def owner(story: Story, check: FollowUpCheck) -> str:
    return next(key for key, user in story.company.users.items() if user.id == check.owner_id)


def _service(worry: Worry) -> int:
    return db.session.execute(select(Service.id).where(Service.name == worry.service)).scalar_one()
