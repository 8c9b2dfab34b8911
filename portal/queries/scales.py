"""How far things have come, as the plan and a meeting show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.meetings import Rater
from portal.domain.wording import CHOICES
from portal.facts import scales as known
from portal.facts.scales import Said
from portal.models.teamwork import Meeting, PlanNeed


@dataclass(frozen=True)
class OfNeed:
    """What was said of one need: each a line like “Parent: 6, was 4”."""

    what: str
    lines: list[str]


def words(said: Said) -> str:
    """“Parent: 6, up from 4”; without a number before it, the number alone."""
    first = f"{CHOICES[said.rater]}: {said.value}"
    if said.before is None:
        return first
    if said.before == said.value:
        return f"{first}, as last time"
    return f"{first}, {'up' if said.value > said.before else 'down'} from {said.before}"


def of_plan(family_id: int) -> Mapping[int, list[str]]:
    """The latest numbers of each need, by its id, in one statement."""
    return {need: _lines(latest.values()) for need, latest in known.latest(known.of_family(family_id)).items()}


def of_meeting(meeting: Meeting) -> list[OfNeed]:
    """What was said at this meeting, in two statements."""
    said = [each for each in known.of_family(meeting.family_id) if each.meeting_id == meeting.id]
    needs = db.session.execute(
        select(PlanNeed.id, PlanNeed.what).where(PlanNeed.id.in_({each.need_id for each in said})).order_by(PlanNeed.id)
    ).all()
    return [OfNeed(need.what, _lines(each for each in said if each.need_id == need.id)) for need in needs]


def _lines(said: Iterable[Said]) -> list[str]:
    order = list(Rater)
    return [words(each) for each in sorted(said, key=lambda each: order.index(each.rater))]
