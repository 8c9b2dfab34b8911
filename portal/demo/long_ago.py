"""Families of the last two years in the demonstration: support that started and ended, help that never came, a family
that came back."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.demo import support
from portal.demo.story import Story, read
from portal.domain.dates import london_date
from portal.domain.support import CheckStage, EndedHow, Helped, NeedNow, NotStarted, ReferralState, Source
from portal.models.following import FollowUpCheck, SupportReferral
from portal.services import afterwards, answers, social_work, support_moves

SOURCES_APART = 14
LASTED = 150


def helped(story: Story) -> None:
    """Support started, the service said so too, it went on for months and has ended: nothing is open any more."""
    support.suggest(story, by=story.worker, after=1)
    _begin(story, after=9)
    with story.by(story.worker, 40) as viewer:
        social_work.closed(story.family, clock.today(), by=viewer)
    support.keep_following(story, until=LASTED)
    _end(story, after=LASTED)


def not_helped(story: Story) -> None:
    """No place anywhere, and the family said that it would manage."""
    support.suggest(story, by=story.worker, after=1)
    _give_up(story, support.due(story), after=12)
    with story.by(story.worker, 30) as viewer:
        social_work.closed(story.family, clock.today(), by=viewer)


def came_back(story: Story) -> None:
    """It did not manage: the same needs again, and again it was pointed to services, a few weeks ago."""
    not_helped(story)
    again = (london_date(story.present) - story.decided).days - story.random.randint(10, 30)
    support.suggest(story, by=story.coordinator, after=again)
    support.keep_following(story)


def asked_again(story: Story) -> None:
    """Four weeks after its no the family is asked how things are: it wants no help, and nobody asks again."""
    for check in support.due(story):
        with story.by(support.owner(story, check), (check.due_on - story.decided).days) as viewer:
            afterwards.manages(check, by=viewer, note="They ring if it gets hard again. The school knows.")


def settle(story: Story, *, after: int) -> None:
    """What had not started by then will not; what had, has ended."""
    waiting = [check for check in support.due(story) if check.stage is not CheckStage.STARTED]
    _give_up(story, waiting, after=after)
    _end(story, after=after)


def _begin(story: Story, *, after: int) -> None:
    """The family says that it has started; two weeks later the service says the same."""
    for place, check in enumerate(support.due(story)):
        with story.by(support.owner(story, check), after + 3 * place) as viewer:
            answers.started(
                check,
                by=viewer,
                started_on=clock.today() - timedelta(days=2),
                source=Source.FAMILY,
                what="The first session, which went well",
            )
    for referral in _referrals(story, ReferralState.STARTED):
        with story.by(story.worker, after + SOURCES_APART) as viewer:
            support_moves.confirm(referral, by=viewer, on=clock.today(), source=Source.PROVIDER)


def _end(story: Story, *, after: int) -> None:
    for place, referral in enumerate(_referrals(story, ReferralState.STARTED)):
        early = place and story.random.choice((True, False))
        with story.by(story.coordinator, after + 7 * place) as viewer:
            support_moves.end(
                referral,
                by=viewer,
                on=clock.today() - timedelta(days=1),
                how=EndedHow.EARLY if early else EndedHow.COMPLETED,
                helped=story.random.choice([Helped.SAME, Helped.WORSE] if early else [Helped.MET, Helped.BETTER]),
                why="The worker left and nobody followed." if early else None,
                source=Source.PROVIDER,
            )


def _give_up(story: Story, asked: list[FollowUpCheck], *, after: int) -> None:
    for place, check in enumerate(asked):
        with story.by(support.owner(story, check), after + 5 * place) as viewer:
            answers.will_not(
                check,
                by=viewer,
                code=story.random.choice([NotStarted.NO_CAPACITY, NotStarted.NOT_ELIGIBLE, NotStarted.TRAVEL]),
                reason="They were told to try again in half a year.",
                need_now=NeedNow.FAMILY_MANAGING,
            )


def _referrals(story: Story, state: ReferralState) -> list[SupportReferral]:
    return read(
        select(SupportReferral)
        .where(SupportReferral.family_id == story.family.id, SupportReferral.state == state)
        .order_by(SupportReferral.id)
    )
