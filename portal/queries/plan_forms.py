"""What the forms of a plan offer: its needs, the people an action can be given to, and the wording to be kept."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import age_words, full
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.plans import HEADLINES, Headline, NeedState, Offered
from portal.domain.viewer import Viewer
from portal.facts import meetings, plans
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import Episode
from portal.models.teamwork import ActionPlan, PlanNeed, TeamMember


@dataclass(frozen=True)
class Offer:
    """One entry of a list to choose from."""

    value: str
    words: str
    hint: str | None = None


@dataclass(frozen=True)
class ActionOffers:
    """What a new action can be for, and whose it can be; the day of the next meeting, where one is arranged."""

    needs: list[Offer]
    people: list[Offer]
    next_meeting: date | None


def for_action(family: Family, viewer: Viewer) -> ActionOffers:
    return ActionOffers(needs(family.id), owners(family.id, viewer), meetings.next_on(family.id))


def needs(family_id: int) -> list[Offer]:
    """The open needs of the family's open episode."""
    rows = db.session.execute(
        select(PlanNeed.id, PlanNeed.what, PlanNeed.headline, Person.given_name, Person.known_as)
        .join(Episode, Episode.id == PlanNeed.episode_id)
        .outerjoin(Person, Person.id == PlanNeed.person_id)
        .where(PlanNeed.family_id == family_id, PlanNeed.state == NeedState.OPEN, Episode.state.in_(OPEN_EPISODES))
        .order_by(PlanNeed.id)
    )
    return [
        Offer(
            str(row.id),
            row.what,
            HEADLINES[row.headline] + (f", {row.known_as or row.given_name}" if row.given_name else ""),
        )
        for row in rows
    ]


def owners(family_id: int, viewer: Viewer) -> list[Offer]:
    """Oneself, the others of the team, and the adults of the family who are not on it yet."""
    members = db.session.execute(
        select(TeamMember.id, TeamMember.user_id, TeamMember.person_id, TeamMember.name, TeamMember.organisation)
        .where(TeamMember.family_id == family_id, TeamMember.left_on.is_(None))
        .order_by(TeamMember.name, TeamMember.id)
    ).all()
    joined = {row.person_id for row in members}
    people = [row for row in everybody(family_id) if row.kind is PersonKind.ADULT and row.id not in joined]
    return [
        Offer(Offered.ME, f"Me, {viewer.name}"),
        *(
            Offer(f"{Offered.MEMBER}-{row.id}", f"{row.name}, {row.organisation}" if row.organisation else row.name)
            for row in members
            if row.user_id != viewer.user_id
        ),
        *(Offer(f"{Offered.PERSON}-{row.id}", f"{row.name}, of the family") for row in people),
    ]


def everybody(family_id: int) -> list[Person]:
    """Everybody in the family: grown-ups first, then by age."""
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.family_id == family_id, Person.died_on.is_(None), Person.pregnancy_ended_on.is_(None))
            .order_by(Person.kind, Person.date_of_birth, Person.id)
        )
    )


def whose(family_id: int) -> list[Offer]:
    """Whose a need can be, besides the whole family's."""
    today = clock.today()
    return [
        Offer(str(person.id), person.name, age_words(person.date_of_birth, today) if person.date_of_birth else None)
        for person in everybody(family_id)
    ]


@dataclass(frozen=True)
class ActionRead:
    what: str
    owner: str
    due: str


@dataclass(frozen=True)
class NeedRead:
    what: str
    headline: str
    whose: str | None
    outcome: str | None
    actions: list[ActionRead]


@dataclass(frozen=True)
class ToKeep:
    """The wording that comes into force, as it is read before; `mark` tells it from any other. `lacking`: what is
    still missing before it can."""

    exists: bool
    in_force: str | None = None
    needs: list[NeedRead] = field(default_factory=list)
    loose: list[ActionRead] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    mark: str = ""


def to_keep(family: Family) -> ToKeep:
    """Three statements."""
    plan = db.session.execute(
        select(Episode.id, ActionPlan.state, ActionPlan.in_force_on, plans.was_met(Episode.family_id).label("met"))
        .join(ActionPlan, ActionPlan.episode_id == Episode.id)
        .where(Episode.family_id == family.id, Episode.state.in_(OPEN_EPISODES))
        .order_by(ActionPlan.number.desc())
        .limit(1)
    ).first()
    if plan is None:
        return ToKeep(exists=False)
    wording, order = plans.wording(plan.id), list(Headline)
    actions: dict[int | None, list[ActionRead]] = {}
    for action in wording.actions:
        actions.setdefault(action.need, []).append(ActionRead(action.what, action.owner, full(action.due_on)))
    read = [
        NeedRead(need.what, HEADLINES[need.headline], need.whose, need.outcome, actions.get(need.id, []))
        for need in sorted(wording.needs, key=lambda need: (order.index(need.headline), need.id))
    ]
    loose = [action.id for action in wording.actions if action.need is None]
    return ToKeep(
        exists=True,
        in_force=full(plan.in_force_on) if plan.in_force_on else None,
        needs=read,
        loose=actions.get(None, []),
        lacking=plans.lacking(met=plan.met, has_a_need=bool(read), loose=loose),
        mark=wording.mark,
    )
