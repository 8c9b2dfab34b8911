"""The sentences of the family's own copy: what is done, promised, asked and suggested, and how far each has come."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.plans import DONE_ACTIONS, ActionState
from portal.domain.support import ReferralState
from portal.facts.keep_apart import KeptBack
from portal.facts.practice import calendar
from portal.models.families import Person
from portal.models.following import SupportReferral
from portal.models.handover import Episode
from portal.models.teamwork import PlanAction, TeamMember


def actions(family_id: int) -> Sequence[Any]:
    """Of the open episode, without those nobody needs any more and what only a revision brings."""
    return db.session.execute(
        select(
            PlanAction.id,
            PlanAction.plan_need_id,
            PlanAction.what,
            PlanAction.family_words,
            PlanAction.state,
            PlanAction.due_on,
            PlanAction.agreed_on,
            PlanAction.done_on,
            TeamMember.person_id,
            TeamMember.name,
            TeamMember.organisation,
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Episode, Episode.id == PlanAction.episode_id)
        .where(
            PlanAction.family_id == family_id,
            Episode.state.in_(OPEN_EPISODES),
            PlanAction.state != ActionState.NO_LONGER_NEEDED,
            PlanAction.revision_id.is_(None),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()


def support(family_id: int) -> Sequence[Any]:
    """What was suggested for a need of the plan, and for whom of the family."""
    return db.session.execute(
        select(
            SupportReferral.id,
            SupportReferral.plan_need_id,
            SupportReferral.person_id,
            SupportReferral.service_name,
            SupportReferral.state,
            SupportReferral.given_on,
            SupportReferral.started_on,
            SupportReferral.booked_for,
            SupportReferral.expected_on,
            SupportReferral.ended_at,
            Person.kind,
        )
        .outerjoin(Person, Person.id == SupportReferral.person_id)
        .where(SupportReferral.family_id == family_id, SupportReferral.plan_need_id.is_not(None))
        .order_by(SupportReferral.id)
    ).all()


class Lines:
    """For one reader. `looked_at_by`: who sees to what is late."""

    def __init__(self, reader_id: int, kept: KeptBack, *, looked_at_by: str | None) -> None:
        self._reader_id, self._kept = reader_id, kept
        self._looks = looked_at_by or "The council"
        self._today, self._days = clock.today(), calendar()

    def of_action(self, row: Any) -> str:
        what = (row.family_words or row.what).rstrip(".")
        you = row.person_id == self._reader_id
        at = self._kept.at(row.organisation)
        who = "You" if you else f"{row.name}, {at}" if at else str(row.name)
        if row.state in DONE_ACTIONS:
            return f"Done on {full(row.done_on)}: {what}. {who} did it."
        if row.state is ActionState.HANDED_BACK:
            return f"Somebody else has to be found for this: {what}."
        if row.state is ActionState.PROPOSED or (row.state is ActionState.BLOCKED and row.agreed_on is None):
            have = "have" if you else "has"
            return f"Asked, not agreed yet: {what}. {who} {have} been asked."
        by = full(self._days.due(row.due_on))
        if not self._days.is_overdue(row.due_on, self._today):
            return f"{who} will: {what}. By {by}."
        return f"{who} will: {what}. This was to be done by {by} and is late. {self._looks} is looking into it."

    def of_support(self, row: Any) -> str:
        if row.state in (ReferralState.STARTED, ReferralState.ENDED):
            ended = " It has ended since." if row.ended_at else ""
            return f"{row.service_name} started on {full(row.started_on)}.{ended}"
        if row.state is ReferralState.NOT_STARTED:
            return f"{row.service_name} was suggested and did not start. We will talk about what else could help."
        if row.state is ReferralState.BOOKED:
            return f"{row.service_name} was suggested on {full(row.given_on)}. It begins on {full(row.booked_for)}."
        if row.state is ReferralState.WAITING_LIST:
            return f"You are on the waiting list of {row.service_name}, until about {full(row.expected_on)}."
        return f"{row.service_name} was suggested on {full(row.given_on)}. We do not know yet whether it has started."
