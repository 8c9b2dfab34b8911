"""A form as its writer left it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, bindparam, select

from portal.core import clock
from portal.core.db import UTCDateTime, db
from portal.core.errors import Unreadable
from portal.core.kept import kept
from portal.core.sealed import answers_in
from portal.domain.dates import moment
from portal.domain.unfinished import KEPT
from portal.domain.viewer import Viewer
from portal.models.record import FormDraft


@dataclass(frozen=True)
class Unfinished:
    """What was typed, by the names of the fields, into which form of which thing, and when it was kept. `lost`: it
    cannot be read. `typed`: each question that was answered, as the form asks it."""

    form: str
    subject: str
    answers: Mapping[str, list[str]]
    kept: str
    lost: bool = False
    typed: Sequence[tuple[str, str]] = ()


def of(form: str, subject: str, viewer: Viewer) -> Unfinished | None:
    """Only the viewer's own. The form's own door was passed before: what somebody may not open any more is not read."""
    found = db.session.execute(
        _own(),
        {"user": viewer.user_id, "form": form, "subject": subject, "since": clock.now() - KEPT},
    ).first()
    if found is None:
        return None
    kept_at = moment(found.saved_at)
    try:
        return Unfinished(form, subject, answers_in(found.answers_sealed, found.id), kept_at)
    except Unreadable:
        return Unfinished(form, subject, {}, kept_at, lost=True)


def begun(forms: Collection[str], subject: str, viewer: Viewer) -> set[str]:
    """Which of these forms of one thing the viewer has begun to write and not sent."""
    if not viewer.left_unfinished:
        return set()
    own = (FormDraft.user_id == viewer.user_id, FormDraft.subject == subject, FormDraft.form.in_(forms))
    return set(db.session.scalars(select(FormDraft.form).where(*own, FormDraft.saved_at > clock.now() - KEPT)))


@kept
def _own() -> Any:
    return select(FormDraft.id, FormDraft.answers_sealed, FormDraft.saved_at).where(
        FormDraft.user_id == bindparam("user", type_=Integer()),
        FormDraft.form == bindparam("form", type_=String()),
        FormDraft.subject == bindparam("subject", type_=String()),
        FormDraft.saved_at > bindparam("since", type_=UTCDateTime()),
    )
