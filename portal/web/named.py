"""What an address names: loaded inside the viewer's reach, and still open for what its page is for."""

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, cast

from flask import abort, request
from sqlalchemy import Integer, bindparam, select
from werkzeug.exceptions import NotFound

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.viewer import Viewer
from portal.models.base import FamilyScoped
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.teamwork import PlanAction
from portal.policies import out_of_reach, rules, ties
from portal.policies.criteria import ties_of
from portal.queries.form_drafts import Unfinished
from portal.services import moves
from portal.services.summary import lock_family_of
from portal.web import merged
from portal.web.errors import NotOpen, nearest_page, page_of
from portal.web.policy import Door, Policy
from portal.web.refs import Ref

# With a page of their own; others stand on their family's.
OWN_PAGES = (SupportReferral, FollowUpCheck, PlanAction, StepDown)


def demand_open(thing: Any, names: tuple[str, ...], left: Callable[[], Unfinished | None]) -> None:
    """No form is shown for what cannot be done; what its writer had typed is. Sent, the move itself asks, and what was
    typed is kept."""
    try:
        moves.demand_open(thing, names)
    except Refused as refusal:
        own_page = isinstance(thing, OWN_PAGES)
        back = nearest_page(request.path) if own_page else f"/families/{Family.ref_prefix}-{thing.family_id}"
        raise NotOpen(refusal.words, back, left()) from refusal


def load(model: type[Any], ref: Ref, viewer: Viewer, *, locks: bool) -> Any:
    """The thing of that reference inside the viewer's reach. 404 where it is not there, or is of another kind, so
    that nobody learns which families exist. For a change, its family's lock is taken first, then its own. What ties
    the viewer to the family is read with it, so that a template can ask what this person may."""
    if not _is_of(model, ref):
        abort(404)
    if locks and _is_of_a_family(model):
        lock_family_of(model, ref.id)
    row = db.session.execute(_thing(cast(Hashable, model), locks=locks), {"thing": ref.id}).one_or_none()
    if row is None:
        merged.lead_there(model, ref)
        abort(404)
    if (family_id := family_of(row[0])) is not None:
        ties.take(viewer, family_id, row)
    return row[0]


def whose(model: type[Any], ref: Ref) -> int | None:
    """The family of what was not found within reach: for the log, which tells who tried."""
    return out_of_reach.family_of(model, ref.id) if _is_of(model, ref) else None


def _is_of(model: type[Any], ref: Ref) -> bool:
    return ref.prefix in (model.ref_prefix, model.earlier_prefix)


def own_page(policy: Door, viewer: Viewer | None, address: dict[str, Any]) -> str | None:
    """The page of the very thing that a form is about, where it has one that the viewer may still open."""
    if not isinstance(policy, Policy) or policy.model is None or policy.model is Family or viewer is None:
        return None
    ref = next(value for value in address.values() if isinstance(value, Ref))
    try:
        thing = load(policy.model, ref, viewer, locks=False)
    except NotFound:
        return None
    if not rules.allowed(viewer, policy.permission, thing):
        return None
    return page_of(request.path.partition(str(ref))[0] + str(ref))


@cache
def _thing(model: type[Any], *, locks: bool) -> Any:
    family_id = model.id if model is Family else getattr(model, "family_id", None)
    beside = [] if family_id is None else ties_of(family_id)
    statement = select(model, *beside).where(model.id == bindparam("thing", type_=Integer()))
    # Whoever an administrator changes goes on working: nothing that names them as its author waits for that.
    return statement.with_for_update(key_share=model is User) if locks else statement


def _is_of_a_family(model: type[Any]) -> bool:
    return model is Family or issubclass(model, FamilyScoped)


def family_of(thing: Any) -> int | None:
    return thing.id if isinstance(thing, Family) else getattr(thing, "family_id", None)
