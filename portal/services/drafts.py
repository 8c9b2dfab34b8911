"""A step-down while it is written: started, its five parts saved, agreed by the manager, sent."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.drafts import Asked, ChildDecision, ChildView, NeedLeft, ParentView, SafeWay, StillToDo
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.step_downs import OPEN, Destination, StepDownState
from portal.domain.viewer import Viewer
from portal.facts import drafts as stored
from portal.facts import practice
from portal.facts.completeness import PARTS
from portal.models.families import Family, Person, SafeContact
from portal.models.handover import OutstandingAction, StepDown, StepDownChild, StepDownNeed, StepDownParent
from portal.policies.scope import unscoped
from portal.services import checks, engagement, history, look_ups, social_work, summary
from portal.services.moves import walk

__all__ = [
    "Asked",
    "ChildDecision",
    "ChildView",
    "NeedLeft",
    "ParentView",
    "SafeWay",
    "StillToDo",
    "agree",
    "propose",
    "save_children",
    "save_needs",
    "save_safety",
    "save_views",
    "save_visit",
    "start",
    "start_found",
]


def start(family: Family, *, by: Viewer) -> StepDown:
    """A new draft, or the one this team has already begun for the family. Social work is open from here on: this
    worker holds the family where no other does."""
    if by.social_care_team_id is None:
        raise Refused("Only somebody in a social care team can start {step_down:a}.")
    begun = (
        db.session.execute(
            select(StepDown).where(
                StepDown.family_id == family.id,
                StepDown.state == StepDownState.DRAFT,
                StepDown.social_care_team_id == by.social_care_team_id,
            )
        )
        .scalars()
        .first()
    )
    if begun is not None:
        return begun
    if family.social_worker_id is None or family.social_work_closed_on is not None:
        family.social_worker_id = by.user_id
        family.social_care_team_id = by.social_care_team_id
        social_work.open_again(family)
        checks.reown(family.id, by=by)
    step_down = StepDown(
        family_id=family.id,
        social_worker_id=by.user_id,
        social_care_team_id=by.social_care_team_id,
        started_at=clock.now(),
        linked_to_id=_open_for_another_child(family),
    )
    db.session.add(step_down)
    db.session.flush()
    history.record(E.STEP_DOWN_STARTED, step_down, by=by)
    return step_down


def _open_for_another_child(family: Family) -> int | None:
    """The step-down of the family that is open already, for a brother or sister. This team may not see it yet."""
    with unscoped("whether a step-down of the family is open"):
        return db.session.scalars(
            select(StepDown.id)
            .where(StepDown.family_id == family.id, StepDown.state.in_(OPEN))
            .order_by(StepDown.id)
            .limit(1)
        ).first()


def start_found(look_up_id: int, *, by: Viewer) -> StepDown:
    """A draft on a family that this person has just looked up and need not reach yet. Raises Refused."""
    family_id = look_ups.usable(look_up_id, by)
    summary.lock(family_id)
    with unscoped("a family found by a recorded look-up"):
        family = db.session.execute(select(Family).where(Family.id == family_id).with_for_update()).scalar_one()
    return start(family, by=by)


def save_children(
    step_down: StepDown, decisions: Iterable[ChildDecision], destination: Destination | None, *, by: Viewer
) -> None:
    """Part 1. A child already in another open step-down is refused by name."""
    wanted = {decision.person_id: decision for decision in decisions}
    _refuse_taken(step_down, list(wanted))
    kept = {row.person_id: row for row in _children(step_down)}
    changed = wanted.keys() != kept.keys()
    for person_id in kept.keys() - wanted.keys():
        db.session.delete(kept[person_id])
    for person_id, decision in wanted.items():
        row = kept.get(person_id) or _add(StepDownChild(step_down_id=step_down.id, person_id=person_id), step_down)
        changed |= _put(
            row,
            origin=decision.origin,
            origin_from=decision.origin_from,
            origin_to=decision.origin_to,
            decision_on=decision.decision_on,
            why=decision.why,
            level_before=decision.level_before,
            level_now=decision.level_now,
        )
    decided = [decision.decision_on for decision in wanted.values() if decision.decision_on]
    override = {"protection_override": None, "protection_override_by": None} if changed else {}
    _save(
        step_down,
        "children",
        changed,
        by=by,
        **override,
        destination=destination,
        decision_on=min(decided, default=None),
    )


def save_needs(step_down: StepDown, needs: Iterable[NeedLeft], outstanding: Iterable[StillToDo], *, by: Viewer) -> None:
    """Part 2: every need with what became of it, every outstanding action one by one; the lists replace what was."""
    needs, outstanding = list(needs), list(outstanding)
    changed = needs != stored.needs(step_down)
    if changed:
        db.session.execute(delete(StepDownNeed).where(StepDownNeed.step_down_id == step_down.id))
        for need in needs:
            row = StepDownNeed(step_down_id=step_down.id, headline=need.headline, what=need.what, outcome=need.outcome)
            _add(row, step_down).person_id = need.person_id
    if outstanding != stored.outstanding(step_down):
        changed = True
        db.session.execute(delete(OutstandingAction).where(OutstandingAction.step_down_id == step_down.id))
        for action in outstanding:
            _add(
                OutstandingAction(step_down_id=step_down.id, what=action.what, concerns_safety=action.concerns_safety),
                step_down,
            )
    _save(step_down, "needs", changed, by=by)


def save_safety(
    step_down: StepDown,
    *,
    risks: str | None,
    contingency: str | None,
    step_up_triggers: str | None,
    ways: Iterable[SafeWay],
    by: Viewer,
) -> None:
    """Part 3: risks in plain words, and how each adult can safely be reached. Ways that are not asked for here
    (email, post) stay as they are."""
    known = {
        row.person_id: row
        for row in db.session.scalars(select(SafeContact).where(SafeContact.family_id == step_down.family_id))
    }
    changed = False
    for way in ways:
        if way.person_id not in known and way == SafeWay(way.person_id):
            continue
        changed |= _put(
            known.get(way.person_id) or _add(SafeContact(person_id=way.person_id), step_down),
            phone=way.phone,
            by_phone=way.by_phone,
            by_text=way.by_text,
            never_contact=way.never_contact,
            note=way.note,
        )
    _save(
        step_down,
        "safety",
        changed,
        by=by,
        risks=risks,
        contingency=contingency,
        step_up_triggers=step_up_triggers,
    )


def save_views(
    step_down: StepDown,
    *,
    children: Iterable[ChildView],
    parents: Iterable[ParentView],
    asked: Iterable[Asked],
    preferred_lead: str | None,
    by: Viewer,
) -> None:
    """Part 4. Answers about early help are never edited: one that differs from the latest is a new record."""
    rows = {row.person_id: row for row in _children(step_down)}
    changed = False
    for voice in children:
        changed |= _put(rows[voice.person_id], view=voice.view, view_known=voice.known)
    wanted = {parent.person_id: parent for parent in parents if parent.view or parent.not_asked}
    if wanted != stored.parents(step_down):
        changed = True
        db.session.execute(delete(StepDownParent).where(StepDownParent.step_down_id == step_down.id))
        for parent in wanted.values():
            _add(
                StepDownParent(
                    step_down_id=step_down.id,
                    person_id=parent.person_id,
                    view=parent.view,
                    not_asked=parent.not_asked,
                ),
                step_down,
            )
    changed |= engagement.record(step_down, asked, by=by)
    _save(step_down, "views", changed, by=by, preferred_lead=preferred_lead)


def save_visit(step_down: StepDown, *, last_visit_on: date | None, meeting_wishes: str | None, by: Viewer) -> None:
    """Part 5: the planned last visit, and what matters for the meeting."""
    _save(step_down, "visit", False, by=by, last_visit_on=last_visit_on, meeting_wishes=meeting_wishes)


def agree(step_down: StepDown, rationale: str, *, by: Viewer) -> None:
    """The social care manager agrees to the content as it stands. A later change of content clears the mark."""
    walk(
        step_down,
        "agree",
        by=by,
        text=rationale,
        rationale=rationale,
        agreed_by_id=by.user_id,
        agreed_by_name=by.name,
        agreed_at=clock.now(),
        agreed_on=None,
        agreed_told_by=None,
    )


def agree_as_told(step_down: StepDown, rationale: str, *, name: str, on: date, by: Viewer) -> None:
    """The social worker writes down that the manager agreed. As with their own sign-in, a later change of content
    clears the mark. The caller sees to it that the installation allows this."""
    walk(
        step_down,
        "agree_as_told",
        by=by,
        text=rationale,
        rationale=rationale,
        agreed_by_id=None,
        agreed_by_name=name,
        agreed_at=clock.now(),
        agreed_on=on,
        agreed_told_by=by.name,
        data={"whom": name, "when": full(on)},
    )


def override_protection(step_down: StepDown, reason: str, *, by: Viewer) -> None:
    """The social care manager lets children go straight from a child protection plan to early help, with why. A
    later change of the children or their decisions takes it back."""
    walk(
        step_down,
        "override_protection",
        by=by,
        text=reason,
        protection_override=reason,
        protection_override_by=by.name,
    )


def propose(step_down: StepDown, *, by: Viewer) -> None:
    """Send it to early help. Every clock runs from the earliest decision date."""
    decided = step_down.decision_on or clock.today()
    days = practice.calendar()
    walk(
        step_down,
        "propose",
        by=by,
        proposed_at=clock.now(),
        decide_by=practice.due_after(decided, Standard.DECIDE, days),
        lead_by=practice.due_after(decided, Standard.LEAD_ACCEPTED, days),
        meeting_by=practice.due_after(decided, Standard.MEETING, days),
        complete_by=practice.due_after(decided, Standard.COMPLETE, days),
    )


def _save(step_down: StepDown, part: str, changed: bool, *, by: Viewer, **values: Any) -> None:
    """Write a part that says something new: history tells of it, and the manager has to agree again. A part saved
    as it stood changes nothing."""
    if step_down.state is StepDownState.DRAFT and not changed and not _differs(step_down, values):
        return
    walk(
        step_down,
        "edit",
        by=by,
        data={"part": PARTS[part]},
        edits=step_down.edits + 1,
        agreed_by_id=None,
        agreed_by_name=None,
        agreed_at=None,
        agreed_on=None,
        agreed_told_by=None,
        rationale=None,
        **values,
    )


def _differs(row: Any, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _put(row: Any, **values: Any) -> bool:
    """Set the columns; returns whether that changed anything."""
    changed = _differs(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def _add(row: Any, step_down: StepDown) -> Any:
    row.family_id = step_down.family_id
    db.session.add(row)
    return row


def _children(step_down: StepDown) -> list[StepDownChild]:
    return list(
        db.session.scalars(
            select(StepDownChild).where(StepDownChild.step_down_id == step_down.id).order_by(StepDownChild.id)
        )
    )


def _refuse_taken(step_down: StepDown, person_ids: list[int]) -> None:
    taken = db.session.execute(
        select(Person.given_name, Person.known_as, StepDownChild.step_down_id)
        .join(StepDownChild, StepDownChild.person_id == Person.id)
        .where(
            StepDownChild.person_id.in_(person_ids),
            StepDownChild.is_open,
            StepDownChild.step_down_id != step_down.id,
        )
        .order_by(Person.id)
    ).first()
    if taken is not None:
        raise FieldRefused(
            "children",
            f"{taken.known_as or taken.given_name} is already in another open {{step_down}}, "
            f"{StepDown.ref_prefix}-{taken.step_down_id}",
        )
