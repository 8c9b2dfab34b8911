"""How far things have come with each need of a plan: who has said what, and how it moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from portal.core.db import db
from portal.domain.meetings import Rater
from portal.domain.plans import NeedState
from portal.models.teamwork import Meeting, PlanNeed, ScaleReading

Numbers = dict[Rater, int]


def open_needs(meeting: Meeting) -> Select[PlanNeed]:
    """The needs that a meeting looks at."""
    return (
        select(PlanNeed)
        .where(PlanNeed.episode_id == meeting.episode_id, PlanNeed.state == NeedState.OPEN)
        .order_by(PlanNeed.id)
    )


def open_needs_with_readings(meeting: Meeting) -> Select[PlanNeed, Rater, int]:
    """Each open need with all that was said of it, oldest first; a need of which nothing was said has one row."""
    return (
        select(PlanNeed, ScaleReading.rater, ScaleReading.value)
        .outerjoin(ScaleReading, ScaleReading.plan_need_id == PlanNeed.id)
        .where(PlanNeed.episode_id == meeting.episode_id, PlanNeed.state == NeedState.OPEN)
        .order_by(PlanNeed.id, ScaleReading.on, ScaleReading.id)
    )


def lacking(what: str) -> str:
    return f"Enter how far things have come, from 0 to 10, for: {what}. One person’s number is enough"


@dataclass(frozen=True)
class Said:
    """One person's number, and their last one before it."""

    need_id: int
    meeting_id: int
    rater: Rater
    value: int
    before: int | None


def of_family(family_id: int) -> list[Said]:
    """Everything that was ever said, oldest first, in one statement."""
    rows = db.session.execute(
        select(ScaleReading.plan_need_id, ScaleReading.meeting_id, ScaleReading.rater, ScaleReading.value)
        .where(ScaleReading.family_id == family_id)
        .order_by(ScaleReading.on, ScaleReading.id)
    ).all()
    last: dict[tuple[int, Rater], int] = {}
    found: list[Said] = []
    for row in rows:
        key = (row.plan_need_id, row.rater)
        found.append(Said(*row, before=last.get(key)))
        last[key] = row.value
    return found


def latest(said: list[Said]) -> Mapping[int, dict[Rater, Said]]:
    """The last that each person said, by need."""
    found: dict[int, dict[Rater, Any]] = {}
    for each in said:
        found.setdefault(each.need_id, {})[each.rater] = each
    return found
