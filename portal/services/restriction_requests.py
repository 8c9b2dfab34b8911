"""Asking that a family is restricted, which restricts nothing, and the answer to that."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event
from portal.models.restricting import RestrictionRequest
from portal.policies import rules
from portal.services import history, safety


def ask(family: Family, why: str, who_stays: str | None, *, by: Viewer) -> RestrictionRequest:
    """Nothing is restricted until a manager does it. Raises Refused where somebody's request waits already."""
    rules.demand(by, P.RESTRICTION_ASK, family)
    if family.restricted:
        raise Refused("This {family} is restricted already.")
    first = _waiting(family.id)
    if first is not None:
        raise Refused(f"{first.asked_by_name} has asked for this already, and {{early_help_manager:a}} has to answer.")
    safety.demand_kept_back(family.id, why, field="why")
    safety.demand_kept_back(family.id, who_stays, field="who_stays")
    made = RestrictionRequest(
        family_id=family.id,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        asked_at=clock.now(),
        why=why,
        who_stays=who_stays or None,
    )
    db.session.add(made)
    history.record(E.RESTRICTION_ASKED, family, by=by, notify=("early_help_managers",))
    return made


def refuse(family: Family, answer: str, *, by: Viewer) -> None:
    """Whoever asked is told, with the reason."""
    rules.demand(by, P.FAMILY_RESTRICT, family)
    request = _waiting(family.id)
    if request is None:
        raise Refused("Nobody asks for this any more: it was answered.")
    safety.demand_kept_back(family.id, answer, field="answer")
    data = {"whom": request.asked_by_name, "answer": answer}
    line = history.record(E.RESTRICTION_REFUSED, family, by=by, data=data, notify=("restriction_asker",))
    request.answer = answer
    _answer(request, granted=False, line=line, by=by)


def withdraw(family: Family, *, by: Viewer) -> None:
    """By whoever asked, and nobody else."""
    rules.demand(by, P.RESTRICTION_ASK, family)
    request = _waiting(family.id)
    if request is None:
        raise Refused("Nobody asks for this any more: it was answered, or withdrawn before.")
    if request.asked_by_id != by.user_id:
        raise Refused(f"{request.asked_by_name} asked for this, and nobody else can withdraw it.")
    line = history.record(E.RESTRICTION_WITHDRAWN, family, by=by)
    _answer(request, granted=None, line=line, by=by)


def grant(family: Family, *, by: Viewer) -> None:
    """The family is restricted now: whoever waited for that waits no more."""
    request = _waiting(family.id)
    if request is not None:
        _answer(request, granted=True, by=by)


def _answer(request: RestrictionRequest, *, granted: bool | None, line: Event | None = None, by: Viewer) -> None:
    if line is not None:
        db.session.flush()
        request.event_id = line.id
    request.granted, request.answered_at, request.answered_by_name = granted, clock.now(), by.name


def _waiting(family_id: int) -> RestrictionRequest | None:
    return db.session.scalars(
        select(RestrictionRequest).where(
            RestrictionRequest.family_id == family_id, RestrictionRequest.answered_at.is_(None)
        )
    ).one_or_none()
