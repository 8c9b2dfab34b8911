"""Whose a thing is that somebody was not let to: for the log alone, and told to nobody who asked."""

from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.models.base import FamilyScoped
from portal.models.families import Family
from portal.policies.scope import unscoped


def family_of(model: type[Any], thing_id: int) -> int | None:
    """None where there is no such thing, or it is of no family."""
    if model is not Family and not issubclass(model, FamilyScoped):
        return None
    which = model.id if model is Family else model.family_id
    with unscoped("whose the thing is that was refused"):
        return db.session.scalar(select(which).where(model.id == thing_id))
