"""Who holds each child: one derived function, *nobody* included."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.kept import kept
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.step_downs import OPEN, ChildOutcome, HolderAnswer, StepDownState, is_unsettled
from portal.facts.open_things import OpenThing
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import StepDown, StepDownChild
from portal.models.people import User
from portal.policies.scope import unscoped


class Holding(enum.StrEnum):
    SOCIAL_WORK = "social_work"
    EARLY_HELP = "early_help"
    NOBODY = "nobody"
    NAMED = "named"
    FOLLOWED = "followed"
    NOT_OPEN = "not_open"


HELD: dict[Holding, str] = {
    Holding.SOCIAL_WORK: "{Social_worker}",
    Holding.EARLY_HELP: "{Early_help}",
    Holding.NOBODY: "Nobody: social work has closed",
    Holding.NAMED: "For now, until the {step_down} is complete",
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
    active = any(row.state == EpisodeState.ACTIVE for row in _of(rows, "episode"))
    early_help = next((row.who for row in [*_leads(rows), *_of(rows, "coordinator")]), None)
    named = next((row.who for row in _of(rows, "holder") if row.state == HolderAnswer.NAMED), None)
    followed = min(_of(rows, "check"), key=lambda row: (row.on or date.max, row.id), default=None)

    def held(person_id: int, name: str, social: _Social) -> HeldChild:
        if social.open:
            return HeldChild(person_id, name, Holding.SOCIAL_WORK, social.worker)
        if active:
            return HeldChild(person_id, name, Holding.EARLY_HELP, early_help)
        if social.handing_over and named is not None:
            return HeldChild(person_id, name, Holding.NAMED, named)
        if social.handing_over:
            return HeldChild(person_id, name, Holding.NOBODY, since=social.closed_on)
        if followed is not None:
            return HeldChild(person_id, name, Holding.FOLLOWED, followed.who)
        if _of(rows, "instead"):
            return HeldChild(person_id, name, Holding.FOLLOWED, early_help)
        return HeldChild(person_id, name, Holding.NOT_OPEN)

    return [held(*child) for child in _children(family_id)]


def still_with_social_work(family_id: int) -> list[HeldChild]:
    """The children of a family in early help whose social work goes on, in one statement."""
    return [
        HeldChild(person_id, name, Holding.SOCIAL_WORK, social.worker)
        for person_id, name, social in _children(family_id)
        if social.open
    ]


def _of(things: list[OpenThing], kind: str) -> list[OpenThing]:
    return [thing for thing in things if thing.kind == kind]


def _leads(things: list[OpenThing]) -> list[OpenThing]:
    return [row for row in _of(things, "lead") if row.state == LeadState.ACCEPTED]


def _children(family_id: int) -> list[tuple[int, str, _Social]]:
    with unscoped("who holds each child"):
        rows = db.session.execute(_children_of(), {"family": family_id}).all()
    found: dict[int, tuple[int, str, _Social]] = {}
    opened = {row.id for row in rows if row.state in OPEN}
    for row in rows:
        # Ordered by step-down: the latest one of a child decides, an open one wins.
        if row.state in OPEN or row.id not in opened:
            found[row.id] = (row.id, f"{row.known_as or row.given_name} {row.family_name}", _social(row))
    return list(found.values())


@kept
def _children_of() -> Any:
    of_step_down, of_family = aliased(User), aliased(User)
    return (
        select(
            Person.id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            StepDown.state,
            StepDown.declined_then,
            StepDown.social_work_closed_on.label("handover_closed_on"),
            of_step_down.name.label("worker"),
            of_family.name.label("family_worker"),
            Family.social_work_closed_on,
        )
        .join(Family, Family.id == Person.family_id)
        .outerjoin(
            StepDownChild,
            and_(
                StepDownChild.person_id == Person.id,
                # A child left out goes on in the linked step-down: that one tells.
                StepDownChild.outcome.is_distinct_from(ChildOutcome.GOES_ON),
            ),
        )
        .outerjoin(StepDown, StepDown.id == StepDownChild.step_down_id)
        .outerjoin(of_step_down, of_step_down.id == StepDown.social_worker_id)
        .outerjoin(of_family, of_family.id == Family.social_worker_id)
        .where(
            Person.family_id == bindparam("family", type_=Integer()),
            Person.kind == PersonKind.CHILD,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
        )
        .order_by(Person.date_of_birth.is_(None), Person.date_of_birth, Person.id, StepDown.id)
    )


def _social(row: Any) -> _Social:
    closed: date | None = row.handover_closed_on or row.social_work_closed_on
    if row.state is not None and is_unsettled(row.state, row.declined_then):
        return _Social(row.worker, open=closed is None, closed_on=closed, handing_over=True)
    # A child handed over stays with early help, though social work may go on for a brother or sister.
    still = row.state is not StepDownState.COMPLETED and row.family_worker is not None and closed is None
    return _Social(row.family_worker, open=still, closed_on=closed, handing_over=False)
