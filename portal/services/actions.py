"""Actions in a family's plan: propose, agree, go on with, what is in the way, done, checked, handed back, dropped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.plans import ActionState, FamilyAgrees
from portal.domain.support import Method, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import AT_MEETING, CHOICES, KNOWN_BY
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies.ties import ties
from portal.services import history
from portal.services.moves import walk


@dataclass(frozen=True)
class Told:
    """Who told what is recorded for an owner who does not record it themselves, when, and how."""

    by: str
    on: date
    how: Method


def propose(
    what: str,
    *,
    episode_id: int,
    owner: TeamMember,
    due_on: date,
    by: Viewer,
    need: PlanNeed | None = None,
    step_down_id: int | None = None,
    concerns_safety: bool = False,
    revision_id: int | None = None,
    family_words: str | None = None,
) -> PlanAction:
    """Ask a member of the team to do something. Carried from a step-down it keeps its origin. Nobody is asked yet
    for what a revision of the plan brings."""
    action = PlanAction(
        family_id=owner.family_id,
        episode_id=episode_id,
        plan_need_id=need.id if need else None,
        step_down_id=step_down_id,
        revision_id=revision_id,
        what=what,
        family_words=family_words,
        owner_id=owner.id,
        due_on=due_on,
        first_due_on=due_on,
        concerns_safety=concerns_safety,
        asked_by_name=by.name,
        proposed_at=clock.now(),
    )
    db.session.add(action)
    db.session.flush()
    ask(action, owner, by=by)
    return action


def ask(action: PlanAction, owner: TeamMember, *, by: Viewer) -> None:
    """The owner learns of it, unless they ask themselves; or, in a revision, not yet."""
    own = owner.user_id is not None and owner.user_id == by.user_id
    planned = action.revision_id is not None
    history.record(
        E.ACTION_PLANNED if planned else E.ACTION_TAKEN_ON if own else E.ACTION_PROPOSED,
        action,
        by=by,
        data={"what": action.what, "whom": owner.name, "due": full(action.due_on)},
        notify=() if own or planned else ("action_owner",),
    )


def agree(
    action: PlanAction,
    owner_name: str,
    *,
    by: Viewer,
    at_meeting: bool = False,
    on: date | None = None,
    follows: bool = False,
    told: Told | None = None,
    note: str | None = None,
) -> Event:
    """The owner agrees; or the lead or coordinator records that they did: at a meeting, held on the day `on`, or as
    told. `follows`: it is part of carrying an outstanding action, which this person may."""
    day = on or (told.on if told else clock.today())
    data = {"what": action.what, "whom": owner_name, "at_meeting": at_meeting}
    how = _Known({}, {}) if at_meeting else _known(action, by, told)
    return walk(
        action,
        "agree",
        by=by,
        follows=follows,
        happened_on=day,
        agreed_on=day,
        data={**data, **how.data},
        text=note,
        **how.columns,
    )


def go_on(action: PlanAction, *, by: Viewer, note: str | None, told: Told | None = None) -> Event:
    """Record that it is going on. From proposed it is agreed to as well; where it goes on already, the note is what
    there is to record; where something was in the way, it no longer is."""
    if action.state is ActionState.IN_PROGRESS:
        return _walk(action, "note", by=by, told=told, text=note)
    if action.state is ActionState.BLOCKED:
        return _walk(action, "unblock", by=by, told=told, text=note, agreed_on=action.agreed_on or clock.today())
    return _walk(action, "start", by=by, told=told, text=note, agreed_on=action.agreed_on or clock.today())


def do(
    action: PlanAction,
    *,
    by: Viewer,
    note: str | None = None,
    done_on: date | None = None,
    told: Told | None = None,
) -> Event:
    """Mark as done, today unless told. From proposed it writes that it was agreed, too."""
    day = done_on or clock.today()
    agreed = None
    if action.state is ActionState.PROPOSED:
        how = _known(action, by, told)
        data = {"what": action.what, "whom": how.columns.get("told_by", by.name), **how.data}
        agreed = walk(action, "agree", by=by, follows=True, agreed_on=clock.today(), data=data, **how.columns)
        db.session.flush()  # so that the other change can name it
    return _walk(
        action,
        "do",
        by=by,
        told=told,
        text=note,
        happened_on=day,
        done_on=day,
        done_by_id=by.user_id,
        begun_with=agreed,
    )


def block(
    action: PlanAction, *, in_the_way: str, waiting_on: str, review_on: date, by: Viewer, told: Told | None = None
) -> Event:
    """Something is in the way, or still is: what, whom it waits on, and when it is looked at again."""
    name = "keep_blocked" if action.state is ActionState.BLOCKED else "block"
    return _walk(
        action,
        name,
        by=by,
        told=told,
        text=in_the_way,
        data={"waiting_on": waiting_on},
        in_the_way=in_the_way,
        waiting_on=waiting_on,
        review_on=review_on,
    )


def hand_back(action: PlanAction, reason: str, *, by: Viewer, told: Told | None = None) -> Event:
    """The owner cannot do it; the lead is told, and decides who does it instead, or that nobody has to."""
    return _walk(action, "hand_back", by=by, told=told, text=reason, handed_back_reason=reason)


def verify(action: PlanAction, what_changed: str, *, source: Source, by: Viewer) -> Event:
    """Somebody else than the owner says what changed, and how they know."""
    return _verify(action, what_changed, by=by, known=KNOWN_BY[source], source=source, source_of_check=source)


def verify_discussed(
    family_id: int, action_ids: Collection[int], *, by: Viewer, on: date, what_changed: str | None = None
) -> int:
    """The one tick of a meeting held on that day: each of these actions that is done was looked at together. Returns
    how many. One that was checked or opened again meanwhile, or was only done after the meeting, stays as it is."""
    found = db.session.scalars(
        select(PlanAction)
        .where(
            PlanAction.id.in_(action_ids),
            PlanAction.family_id == family_id,
            PlanAction.state == ActionState.DONE,
            PlanAction.done_on <= on,
        )
        .order_by(PlanAction.id)
        .with_for_update()
    ).all()
    for action in found:
        _verify(
            action,
            what_changed or AT_MEETING,
            by=by,
            known=AT_MEETING,
            happened_on=on,
            verified_on=on,
            at_meeting=True,
        )
    return len(found)


def reopen(action: PlanAction, reason: str, *, by: Viewer) -> Event:
    """It was not done after all, or not enough."""
    return _record(
        action,
        "reopen",
        by=by,
        text=reason,
        done_on=None,
        done_by_id=None,
        verified_on=None,
        what_changed=None,
    )


def drop(action: PlanAction, reason: str, *, family_agreed: FamilyAgrees, by: Viewer) -> Event:
    """Nobody has to do it any more, with why, and whether the family thinks so too."""
    return _record(
        action,
        "drop",
        by=by,
        text=reason,
        data={"agreed": CHOICES[family_agreed]},
        dropped_reason=reason,
        family_agreed=family_agreed,
    )


def move_due(action: PlanAction, due_on: date, reason: str, *, by: Viewer) -> Event:
    """Another date, with why; the first stays visible. Raises FieldRefused where it is the date already."""
    before = action.due_on
    if due_on == before:
        raise FieldRefused("due_on", f"It is due on {full(due_on)} already. Choose another date")
    return _record(
        action,
        "move_due",
        by=by,
        text=reason,
        data={"before": full(before), "due": full(due_on)},
        due_on=due_on,
        due_moves=action.due_moves + 1,
    )


def pass_on(action: PlanAction, owner: TeamMember, reason: str, *, by: Viewer, joined: bool = False) -> Event:
    """Another owner, who is asked anew; who takes it on themselves agrees with that. `joined`: they came to the team
    for it. Raises FieldRefused at `who` where it is theirs already."""
    if owner.id == action.owner_id:
        raise FieldRefused("who", f"{owner.name} is to do this already. Choose somebody else")
    before = db.session.get_one(TeamMember, action.owner_id).name
    name = "pass_on_asked" if action.state is ActionState.PROPOSED else "pass_on"
    passed = _record(
        action,
        name,
        by=by,
        text=reason,
        data={"before": before, "whom": owner.name, **({"joined": owner.id} if joined else {})},
        owner_id=owner.id,
        owner_moves=action.owner_moves + 1,
        agreed_on=None,
    )
    if owner.user_id != by.user_id:
        return passed
    agreed = agree(action, owner.name, by=by)
    agreed.data = {**agreed.data, BEGUN_WITH: passed.id}
    return agreed


BEGUN_WITH = "begun_with"


@dataclass(frozen=True)
class _Known:
    """How it is known where somebody else than the owner records it; empty where it is the owner."""

    columns: dict[str, Any]
    data: dict[str, str]


def _known(action: PlanAction, by: Viewer, told: Told | None) -> _Known:
    if action.owner_id in ties(by, action.family_id).member_ids:
        return _Known({}, {})
    who = told.by if told else db.session.get_one(TeamMember, action.owner_id).name
    said = {"told_on": full(told.on), "told_how": told.how.value} if told else {}
    return _Known({"source": Source.TOLD, "told_by": who}, said)


def _walk(
    action: PlanAction,
    name: str,
    *,
    by: Viewer,
    told: Told | None,
    text: str | None,
    data: dict[str, str] | None = None,
    happened_on: date | None = None,
    begun_with: Event | None = None,
    **columns: Any,
) -> Event:
    """A move of the owner's, made by them or recorded for them."""
    how = _known(action, by, told)
    return _record(
        action,
        name,
        by=by,
        text=text,
        data={**(data or {}), **how.data, **({BEGUN_WITH: begun_with.id} if begun_with else {})},
        happened_on=happened_on or (told.on if told and how.columns else None),
        **how.columns,
        **columns,
    )


def _verify(action: PlanAction, what_changed: str, *, by: Viewer, known: str, **columns: Any) -> Event:
    return _record(
        action,
        "verify",
        by=by,
        text=what_changed,
        data={"known": known},
        what_changed=what_changed,
        **{"verified_on": clock.today(), **columns},
    )


def _record(
    action: PlanAction, name: str, *, by: Viewer, text: str | None, data: dict[str, Any] | None = None, **columns: Any
) -> Event:
    return walk(action, name, by=by, text=text, data={"what": action.what, **(data or {})}, **columns)
