"""What social work does with a step-down that was not accepted: sent again, another route, or it stays open."""

from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.step_downs import DeclinedThen
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.models.handover import (
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
)
from portal.services import drafts, history, social_work
from portal.services.moves import walk

# What a new draft takes over from the one that was not accepted: what people wrote, not what became of it.
_CONTENT = (
    "destination",
    "decision_on",
    "risks",
    "contingency",
    "step_up_triggers",
    "preferred_lead",
    "last_visit_on",
    "meeting_wishes",
)
_PARTS = {
    StepDownChild: (
        "person_id",
        "origin",
        "origin_from",
        "origin_to",
        "decision_on",
        "why",
        "level_before",
        "level_now",
        "view",
        "view_known",
    ),
    StepDownParent: ("person_id", "view", "not_asked"),
    StepDownNeed: ("person_id", "headline", "what", "outcome"),
    OutstandingAction: ("what", "concerns_safety"),
}
_ANSWER = (
    "person_id",
    "organisation_id",
    "purpose",
    "answer",
    "exclusions",
    "asked_by_name",
    "asked_on",
    "how_explained",
    "worries",
    "language_support",
    "offer_again_on",
    "child_can_decide",
    "recorded_at",
)


def settle(step_down: StepDown, then: DeclinedThen, words: str, *, by: Viewer) -> StepDown | None:
    """Say what happens now. Where it is sent again, a draft with everything that was written is returned."""
    walk(
        step_down,
        "settle_decline",
        by=by,
        text=words,
        declined_then=then,
        declined_then_words=words,
        data={"part": CHOICES[then].lower()},
    )
    draft = _copy(step_down, by=by) if then is DeclinedThen.AGAIN else None
    social_work.after_decline(step_down, words, by=by)
    return draft


def _copy(old: StepDown, *, by: Viewer) -> StepDown:
    """A draft like the old one. Where its team has begun another draft for the family already, that one is gone on
    with as it stands."""
    draft = drafts.start(db.session.get_one(Family, old.family_id), by=by)
    if draft.edits or _rows(StepDownChild, draft):
        return draft
    for name in _CONTENT:
        setattr(draft, name, getattr(old, name))
    taken = set(
        db.session.scalars(
            select(StepDownChild.person_id).where(StepDownChild.family_id == old.family_id, StepDownChild.is_open)
        )
    )
    for model, columns in _PARTS.items():
        for row in _rows(model, old):
            if model is StepDownChild and row.person_id in taken:
                continue
            values = {name: getattr(row, name) for name in columns}
            db.session.add(model(family_id=old.family_id, step_down_id=draft.id, **values))
    _keep_answers(old, draft)
    draft.edits += 1
    history.record(E.STEP_DOWN_COPIED, draft, by=by, data={"before": old.ref})
    return draft


def _keep_answers(old: StepDown, draft: StepDown) -> None:
    """What each person last said, where it was said for the old one: nobody is asked twice."""
    latest = select(func.max(EngagementRecord.id)).where(EngagementRecord.family_id == old.family_id)
    for row in _rows(EngagementRecord, old):
        if row.id == db.session.execute(latest.where(EngagementRecord.person_id == row.person_id)).scalar_one():
            values = {column: getattr(row, column) for column in _ANSWER}
            db.session.add(EngagementRecord(family_id=old.family_id, step_down_id=draft.id, **values))


def _rows(model: type[Any], step_down: StepDown) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.step_down_id == step_down.id).order_by(model.id)))
