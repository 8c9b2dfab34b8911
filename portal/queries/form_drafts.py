"""A long form as its writer left it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.viewer import Viewer
from portal.models.record import FormDraft


@dataclass(frozen=True)
class Unfinished:
    """What was typed, by the names of the fields, and when it was kept."""

    answers: Mapping[str, list[str]]
    kept: str


def of(form: str, thing: Any, viewer: Viewer) -> Unfinished | None:
    found = db.session.scalars(
        select(FormDraft).where(
            FormDraft.user_id == viewer.user_id, FormDraft.form == form, FormDraft.subject == thing.ref
        )
    ).first()
    return Unfinished(found.answers, moment(found.saved_at)) if found else None
