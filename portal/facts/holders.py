"""Who holds each child: one derived function, *nobody* included."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.step_downs import OPEN, StepDownState
from portal.facts.open_things import OpenThing
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import StepDown, StepDownChild
from portal.models.people import User
from portal.policies.scope import unscoped


class Holding(enum.StrEnum):
    SOCIAL_WORK = "social_work"
    EARLY_HELP = "early_help"
    NOBODY = "nobody"
    FOLLOWED = "followed"
    NOT_OPEN = "not_open"


HELD: dict[Holding, str] = {
    Holding.SOCIAL_WORK: "{Social_worker}",
    Holding.EARLY_HELP: "{Early_help}",
    Holding.NOBODY: "Nobody: social work has closed",
    Holding.FOLLOWED: "Followed up",
    Holding.NOT_OPEN: "Nobody: nothing is open",
}


@dataclass(frozen=True)
class HeldChild:
    """A child and who is responsible. `since` is the day social work closed, where nobody holds."""

    person_id: int
    name: str
    holding: Holding
    who: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class _Social:
    """What social work does for one child."""

    worker: str | None
    open: bool
    closed_on: date | None
    handing_over: bool


def of_family(family_id: int, things: Iterable[OpenThing]) -> list[HeldChild]:
    """Every living child of the family, youngest last, with who holds them. `things` are the family's open things."""
    rows = list(things)
    early_help = _early_help(rows)
    followed = next((row.who for row in sorted(_of(rows, "check"), key=lambda r: (r.on or date.max, r.id))), None)
    return [_held(person_id, name, social, early_help, followed) for person_id, name, social in _children(family_id)]


def _held(person_id: int, name: str, social: _Social, early_help: str | None, followed: str | None) -> HeldChild:
    if social.open:
        return HeldChild(person_id, name, Holding.SOCIAL_WORK, social.worker)
    if early_help is not None:
        return HeldChild(person_id, name, Holding.EARLY_HELP, early_help)
    if social.handing_over:
        return HeldChild(person_id, name, Holding.NOBODY, since=social.closed_on)
    if followed is not None:
        return HeldChild(person_id, name, Holding.FOLLOWED, followed)
    return HeldChild(person_id, name, Holding.NOT_OPEN)


def _of(things: list[OpenThing], kind: str) -> list[OpenThing]:
    return [thing for thing in things if thing.kind == kind]


def _early_help(things: list[OpenThing]) -> str | None:
    """The lead, else the coordinator, where an episode is active."""
    if not any(row.state == "active" for row in _of(things, "episode")):
        return None
    leads = [row.who for row in _of(things, "lead") if row.state == LeadState.ACCEPTED]
    coordinators = [row.who for row in _of(things, "coordinator")]
    return next(iter(leads + coordinators), None)


def _children(family_id: int) -> list[tuple[int, str, _Social]]:
    with unscoped("who holds each child"):
        rows = db.session.execute(
            select(
                Person.id,
                Person.given_name,
                Person.known_as,
                Person.family_name,
                StepDown.state,
                StepDown.social_work_closed_on.label("handover_closed_on"),
                User.name.label("worker"),
                Family.social_worker_id,
                Family.social_work_closed_on,
            )
            .join(Family, Family.id == Person.family_id)
            .outerjoin(StepDownChild, StepDownChild.person_id == Person.id)
            .outerjoin(StepDown, StepDown.id == StepDownChild.step_down_id)
            .outerjoin(User, User.id == (StepDown.social_worker_id))
            .where(
                Person.family_id == family_id,
                Person.kind == PersonKind.CHILD,
                Person.died_on.is_(None),
                Person.pregnancy_ended_on.is_(None),
            )
            .order_by(Person.date_of_birth.is_(None), Person.date_of_birth, Person.id, StepDown.id)
        ).all()
        family_worker = (
            db.session.execute(
                select(User.name).join(Family, Family.social_worker_id == User.id).where(Family.id == family_id)
            ).scalar_one_or_none()
            if any(row.state is None for row in rows)
            else None
        )
    found: dict[int, tuple[int, str, _Social]] = {}
    for row in rows:
        # Ordered by step-down: the latest one of a child decides, an open one wins.
        name = f"{row.known_as or row.given_name} {row.family_name}"
        previous = found.get(row.id)
        if previous and previous[2].handing_over and row.state not in OPEN:
            continue
        found[row.id] = (row.id, name, _social(row, family_worker))
    return list(found.values())


def _social(row: Any, family_worker: str | None) -> _Social:
    closed: date | None = row.handover_closed_on or row.social_work_closed_on
    if row.state in OPEN:
        return _Social(row.worker, open=closed is None, closed_on=closed, handing_over=True)
    if row.state is StepDownState.COMPLETED:
        return _Social(row.worker, open=False, closed_on=closed, handing_over=False)
    return _Social(
        row.worker or family_worker,
        open=row.social_worker_id is not None and row.social_work_closed_on is None,
        closed_on=row.social_work_closed_on,
        handing_over=False,
    )
