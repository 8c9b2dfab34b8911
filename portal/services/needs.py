"""How a need of the plan ends, is opened again, and how it stands at a review."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.plans import NeedState, Review
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES, MOVES
from portal.models.families import Family
from portal.models.teamwork import NeedReview, PlanNeed
from portal.services import episodes, history
from portal.services.moves import walk


def met(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """What is different now."""
    walk(need, "met", by=by, text=reason, met_reason=reason, data={"what": need.what})


def pass_on(need: PlanNeed, to: str, *, note: str | None, by: Viewer) -> None:
    """Somebody outside the team takes care of it from now on."""
    walk(need, "transfer", by=by, text=note, transferred_to=to, data={"what": need.what, "to": to})


def could_not_meet(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """What could not be provided, and who knows. Nothing is counted as met that was not."""
    walk(need, "not_met", by=by, text=reason, not_met_reason=reason, data={"what": need.what})


def reopen(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """It was ended by mistake, or is there again; the line that ended it stays in the history."""
    walk(need, "reopen", by=by, text=reason, data={"what": need.what})


@dataclass(frozen=True)
class Reviewed:
    """How one need stands, and what the family says of it."""

    need_id: int
    answer: Review
    words: str


def review(family: Family, reviewed: Iterable[Reviewed], *, by: Viewer) -> None:
    """Keep how each of these needs stands today, in the family's own words."""
    episode = episodes.to_plan_in(family)
    found = {each.need_id: each for each in reviewed}
    needs = db.session.scalars(
        select(PlanNeed)
        .where(PlanNeed.id.in_(found), PlanNeed.episode_id == episode.id, PlanNeed.state == NeedState.OPEN)
        .order_by(PlanNeed.id)
        .with_for_update()
    ).all()
    if len(needs) < len(found):
        raise Refused(MOVES["need", "met"].refusal)
    for need in needs:
        said = found[need.id]
        db.session.add(
            NeedReview(
                family_id=family.id, plan_need_id=need.id, on=clock.today(), answer=said.answer, words=said.words
            )
        )
        history.record(
            E.NEED_REVIEWED,
            need,
            by=by,
            text=said.words,
            data={"what": need.what, "answer": CHOICES[said.answer].lower()},
        )
