"""A step-down while it is written, as its pages show it: what each part asks about, and what is still missing."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full, moment
from portal.domain.drafts import Asked, ChildDecision, ChildView, NeedLeft, ParentView, StillToDo
from portal.domain.roles import Role
from portal.facts import drafts as facts
from portal.facts.completeness import PARTS, missing_in
from portal.facts.drafts import Content, Someone
from portal.models.families import Family
from portal.models.handover import StepDown, StepDownChild
from portal.models.people import SocialCareTeam, User, UserRole
from portal.policies import barred
from portal.queries import families


@dataclass(frozen=True)
class Head:
    """What stands above each page of a draft."""

    ref: str
    family_ref: str
    family_name: str
    social_worker: str
    team: str
    agreed: str | None
    rationale: str | None
    nobody_cleared: bool


@dataclass(frozen=True)
class PartState:
    """One part of the task list. `missing` says what to do, in words."""

    key: str
    title: str
    number: int
    missing: list[str]


@dataclass(frozen=True)
class Outline:
    head: Head
    parts: list[PartState]

    @property
    def whole(self) -> bool:
        return not any(part.missing for part in self.parts)


@dataclass(frozen=True)
class ChildrenPart:
    """The children who can be handed over; `taken` names the open step-down that has a child already."""

    people: list[Someone]
    decisions: dict[int, ChildDecision]
    taken: dict[int, str]


@dataclass(frozen=True)
class NeedsPart:
    people: list[Someone]
    needs: list[NeedLeft]
    outstanding: list[StillToDo]


@dataclass(frozen=True)
class ViewsPart:
    """Whom the fourth part asks about, with what is stored. `all_needed`: each adult has to be heard; where nobody is
    known to have parental responsibility all adults are offered, and none is."""

    children: list[tuple[Someone, ChildView]]
    parents: list[tuple[Someone, ParentView | None]]
    asked: list[tuple[Someone, Asked | None]]
    deciding: list[tuple[Someone, Asked | None]]
    all_needed: bool


def head(step_down: StepDown) -> Head:
    """One statement; of a restricted family another."""
    row = db.session.execute(
        select(Family.name, Family.restricted, User.name.label("worker"), SocialCareTeam.name.label("team"))
        .select_from(Family)
        .join(User, User.id == step_down.social_worker_id)
        .join(SocialCareTeam, SocialCareTeam.id == step_down.social_care_team_id)
        .where(Family.id == step_down.family_id)
    ).one()
    return Head(
        ref=step_down.ref,
        family_ref=f"{Family.ref_prefix}-{step_down.family_id}",
        family_name=row.name,
        social_worker=row.worker,
        team=row.team,
        agreed=agreed(step_down),
        rationale=step_down.rationale,
        nobody_cleared=row.restricted and _nobody_cleared(step_down),
    )


def _nobody_cleared(step_down: StepDown) -> bool:
    """Whether none of the managers who could agree may see this restricted family."""
    manages = select(UserRole.user_id).where(UserRole.role == Role.SOCIAL_CARE_MANAGER)
    cleared = (
        select(User.id)
        .where(
            barred.cleared(step_down.family_id, User.id),
            User.active,
            User.social_care_team_id == step_down.social_care_team_id,
            User.id.in_(manages),
        )
        .limit(1)
    )
    return db.session.execute(cleared).first() is None


def agreed(step_down: StepDown) -> str | None:
    """Who of social care's managers agreed, when, and whose word that is where they did not sign in themselves."""
    if step_down.agreed_at is None:
        return None
    if step_down.agreed_on is not None:
        written = f"{step_down.agreed_told_by} wrote down on {moment(step_down.agreed_at)}"
        return f"{step_down.agreed_by_name} agreed on {full(step_down.agreed_on)}, as {written}"
    return f"{step_down.agreed_by_name} agreed on {moment(step_down.agreed_at)}"


def outline(step_down: StepDown) -> Outline:
    """The five parts with what each still lacks; eight statements."""
    return outline_of(step_down, facts.content(step_down))


def outline_of(step_down: StepDown, content: Content) -> Outline:
    found = missing_in(step_down, content)
    return Outline(
        head(step_down),
        [
            PartState(key, title, number, [each.words for each in found if each.part == key])
            for number, (key, title) in enumerate(PARTS.items(), start=1)
        ],
    )


def children(step_down: StepDown) -> ChildrenPart:
    """Three statements."""
    taken = db.session.execute(
        select(StepDownChild.person_id, StepDownChild.step_down_id).where(
            StepDownChild.family_id == step_down.family_id,
            StepDownChild.is_open,
            StepDownChild.step_down_id != step_down.id,
        )
    )
    decisions, _ = facts.children(step_down)
    return ChildrenPart(
        people=[person for person in facts.people(step_down.family_id).values() if person.is_child],
        decisions=decisions,
        taken={row.person_id: f"{StepDown.ref_prefix}-{row.step_down_id}" for row in taken},
    )


def needs(step_down: StepDown) -> NeedsPart:
    """Three statements."""
    return NeedsPart(
        people=list(facts.people(step_down.family_id).values()),
        needs=facts.needs(step_down),
        outstanding=facts.outstanding(step_down),
    )


def adults(step_down: StepDown) -> list[Someone]:
    """One statement."""
    return [person for person in facts.people(step_down.family_id).values() if not person.is_child]


def apart(step_down: StepDown) -> list[str]:
    """Who must be kept apart from whom, in words; one statement."""
    return families.safety(step_down.family_id)[1]


def views(step_down: StepDown) -> ViewsPart:
    """Five statements."""
    people = facts.people(step_down.family_id)
    _, voices = facts.children(step_down)
    responsible = facts.responsible(step_down, people)
    parents, asked = facts.parents(step_down), facts.asked(step_down)
    heard = responsible or [person for person in people.values() if not person.is_child]
    included = [people[person_id] for person_id in people if person_id in voices]
    return ViewsPart(
        children=[(child, voices[child.id]) for child in included],
        parents=[(adult, parents.get(adult.id)) for adult in heard],
        asked=[(adult, asked.get(adult.id)) for adult in heard],
        deciding=[(child, asked.get(child.id)) for child in included if not child.is_unborn],
        all_needed=bool(responsible),
    )


def born_words(person: Someone) -> str:
    """When a child was born, or is expected."""
    if person.born_on:
        return f"Born {full(person.born_on)}"
    return f"Expected {full(person.expected_on)}" if person.expected_on else "Date of birth not known"
