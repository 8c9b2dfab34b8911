"""The family's action plan: its needs, and what is asked of whom about them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.plans import ActionState, Headline, NeedState, Offered
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family, Person
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies import ties
from portal.services import actions, episodes, history, plan_versions, team

OTHER_NEED = "Choose one of the needs in the list"
OTHER_PERSON = "Choose one of the people in the list"
Row = TypeVar("Row", Person, TeamMember)


def add_need(
    family_id: int,
    episode_id: int,
    *,
    headline: Headline,
    what: str,
    by: Viewer,
    person_id: int | None = None,
    desired_outcome: str | None = None,
    scale_start: int | None = None,
    revision_id: int | None = None,
) -> PlanNeed:
    """A need of the whole family, or of one person in it; the outcome in the family's own words."""
    need = PlanNeed(
        family_id=family_id,
        episode_id=episode_id,
        headline=headline,
        what=what,
        person_id=person_id,
        desired_outcome=desired_outcome,
        scale_start=scale_start,
        scale_now=scale_start,
        revision_id=revision_id,
    )
    db.session.add(need)
    db.session.flush()
    history.record(E.NEED_ADDED, need, by=by, data={"what": what})
    return need


def add_need_to_plan(
    family: Family,
    *,
    headline: Headline,
    what: str,
    person_id: int | None,
    desired_outcome: str,
    scale_start: int | None,
    by: Viewer,
) -> PlanNeed:
    """A need written into the plan of the family's open episode."""
    episode = episodes.to_plan_in(family)
    if person_id is not None and _of_family(Person, person_id, family) is None:
        raise FieldRefused("whose", OTHER_PERSON)
    return add_need(
        family.id,
        episode.id,
        headline=headline,
        what=what,
        person_id=person_id,
        desired_outcome=desired_outcome,
        scale_start=scale_start,
        by=by,
        revision_id=plan_versions.open_revision(episode.id),
    )


def describe(need: PlanNeed, *, desired_outcome: str, scale: int | None, by: Viewer) -> None:
    """What should be different in the family's own words, and where it is now; the first figure stays as the start.
    Refused for a need that is no longer open."""
    if need.state is not NeedState.OPEN:
        raise Refused(MOVES["need", "met"].refusal)
    before = need.desired_outcome
    need.desired_outcome, need.scale_now = desired_outcome, scale
    need.scale_start = scale if need.scale_start is None else need.scale_start
    history.record(
        E.NEED_DESCRIBED, need, by=by, text=desired_outcome, data={"what": need.what, "before": before or ""}
    )


@dataclass(frozen=True)
class Asked:
    """What one action asks: what, for which need, of whom (as the list offers people), by when; and whether it was
    agreed at a meeting already. `place` tells it from the others that are asked with it: a refusal says of which."""

    what: str
    need_id: int
    who: str
    due_on: date
    agreed: bool = False
    place: str = ""
    family_words: str | None = None


def add_actions(family: Family, asked: Iterable[Asked], *, by: Viewer) -> list[PlanAction]:
    """Several at once: all of them, or none."""
    return [add_action(family, each, by=by) for each in asked]


def add_action(family: Family, asked: Asked, *, by: Viewer) -> PlanAction:
    """Ask somebody of the team, or of the family, or take it on oneself: then it is agreed to as well."""
    episode = episodes.to_plan_in(family)
    try:
        need = _open_need(asked.need_id, episode.id)
        owner = owner_of(family, asked.who, by=by)
    except FieldRefused as refusal:
        raise FieldRefused(refusal.field + asked.place, refusal.words) from refusal
    action = actions.propose(
        asked.what,
        episode_id=episode.id,
        owner=owner,
        due_on=asked.due_on,
        by=by,
        need=need,
        revision_id=plan_versions.open_revision(episode.id),
        family_words=asked.family_words,
    )
    own = owner.user_id == by.user_id
    if own or asked.agreed:
        actions.agree(action, owner.name, by=by, at_meeting=asked.agreed and not own)
    return action


@dataclass(frozen=True)
class Beginning:
    """A need a plan begins with, and what is asked about it."""

    headline: Headline
    what: str
    person_id: int | None
    outcome: str
    actions: list[Asked]


def begin_with(family: Family, beginnings: Iterable[Beginning], *, by: Viewer) -> list[PlanNeed]:
    """Write several needs with their actions into the plan: all of them, or none."""
    needs = []
    for each in beginnings:
        need = add_need_to_plan(
            family,
            headline=each.headline,
            what=each.what,
            person_id=each.person_id,
            desired_outcome=each.outcome,
            scale_start=None,
            by=by,
        )
        add_actions(family, [replace(asked, need_id=need.id) for asked in each.actions], by=by)
        needs.append(need)
    return needs


def name_need(action: PlanAction, need_id: int, *, by: Viewer) -> None:
    """Say which need an action is for: one carried from a step-down comes without, or the wrong one was named."""
    need = _open_need(need_id, action.episode_id)
    if action.plan_need_id == need.id:
        return
    action.plan_need_id = need.id
    history.record(E.ACTION_NEED_NAMED, action, by=by, data={"what": need.what})


def say_to_family(action: PlanAction, words: str | None, *, by: Viewer) -> None:
    """How it stands on the family's own copy; without words, as the staff wrote it."""
    before = action.family_words
    if before == words:
        return
    action.family_words = words
    history.record(E.ACTION_SAID, action, by=by, text=words or "", data={"what": action.what, "before": before or ""})


def agreed_at_meeting(family: Family, action_ids: list[int], *, by: Viewer) -> int:
    """Record of each of these actions that its owner agreed at the meeting. Returns how many. One that somebody
    agreed to meanwhile is agreed already, and stays as it is."""
    episode = episodes.to_plan_in(family)
    found = db.session.scalars(
        select(PlanAction)
        .where(
            PlanAction.id.in_(action_ids),
            PlanAction.episode_id == episode.id,
            PlanAction.state == ActionState.PROPOSED,
        )
        .order_by(PlanAction.id)
        .with_for_update()
    ).all()
    owners = {
        member.id: member.name
        for member in db.session.scalars(
            select(TeamMember).where(TeamMember.id.in_([action.owner_id for action in found]))
        )
    }
    for action in found:
        actions.agree(action, owners[action.owner_id], by=by, at_meeting=True)
    return len(found)


def _open_need(need_id: int, episode_id: int) -> PlanNeed:
    need = db.session.scalars(
        select(PlanNeed).where(
            PlanNeed.id == need_id, PlanNeed.episode_id == episode_id, PlanNeed.state == NeedState.OPEN
        )
    ).one_or_none()
    if need is None:
        raise FieldRefused("need", OTHER_NEED)
    return need


def owner_of(family: Family, who: str, *, by: Viewer) -> TeamMember:
    """The member who was chosen. Somebody who is not on the team yet joins it: an owner has to be."""
    if who == Offered.ME:
        member = team.join_user(family, by.user_id, by=by, field="who")
        ties.forget()
        return member
    kind, _, number = who.partition("-")
    if not number.isdecimal():
        raise FieldRefused("who", OTHER_PERSON)
    if kind == Offered.USER:
        return team.join_user(family, int(number), by=by, field="who")
    if kind == Offered.PERSON:
        person = _of_family(Person, int(number), family)
        if person is not None:
            return team.join_person(person, by=by)
    if kind == Offered.MEMBER:
        found = _of_family(TeamMember, int(number), family)
        if found is not None and found.left_on is None:
            return found
    raise FieldRefused("who", OTHER_PERSON)


def _of_family(model: type[Row], row_id: int, family: Family) -> Row | None:
    return db.session.scalars(select(model).where(model.id == row_id, model.family_id == family.id)).one_or_none()
