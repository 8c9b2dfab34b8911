"""How far things have come with each need: from 0 to 10, as parent, child and worker say at a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.meetings import Rater
from portal.facts import scales as known
from portal.models.teamwork import Meeting, PlanNeed, ScaleReading

# Whose number stands for the need where only one can: who works with the family sees all of it.
FIRST_OF = (Rater.WORKER, Rater.PARENT, Rater.CHILD)


@dataclass(frozen=True)
class Reading:
    need_id: int
    rater: Rater
    value: int


def record(meeting: Meeting, readings: Iterable[Reading], *, on: date) -> None:
    """Keep what was said. At a first team meeting or a review somebody has said it of each open need. Raises
    FieldRefused at `scale_worker-7`, for need 7."""
    found = list(readings)
    needs = {need.id: need for need in db.session.scalars(known.open_needs(meeting))}
    if any(reading.need_id not in needs for reading in found):
        raise Refused("One of these needs is no longer open in the {plan}. Open the page again.")
    said = {reading.need_id for reading in found}
    if meeting.is_first_team or meeting.is_review:
        for need in needs.values():
            if need.id not in said:
                raise FieldRefused(f"scale_worker-{need.id}", known.lacking(need.what))
    for reading in found:
        db.session.add(
            ScaleReading(
                family_id=meeting.family_id,
                meeting_id=meeting.id,
                plan_need_id=reading.need_id,
                rater=reading.rater,
                value=reading.value,
                on=on,
            )
        )
    for need_id in said:
        _stands(needs[need_id], {reading.rater: reading.value for reading in found if reading.need_id == need_id})


def _stands(need: PlanNeed, values: dict[Rater, int]) -> None:
    """The need's own number goes with the latest meeting."""
    value = next(values[rater] for rater in FIRST_OF if rater in values)
    need.scale_now = value
    if need.scale_start is None:
        need.scale_start = value
