"""Notes about a family, as far as the viewer may read them."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.core.sealed import opened
from portal.domain.dates import moment
from portal.models.families import Note, NoteAudience
from portal.models.people import Organisation, User


@dataclass(frozen=True)
class NoteRow:
    """One note. `own`: only people of the writer's organisation read it."""

    text: str
    byline: str
    own: bool


def of_family(family_id: int, *, limit: int | None = None) -> list[NoteRow]:
    """Newest first, in one statement. A note for another organisation alone is not there."""
    rows = db.session.execute(
        select(
            Note.id,
            Note.text_sealed,
            Note.audience,
            Note.written_at,
            User.name,
            Organisation.name.label("organisation"),
        )
        .join(User, User.id == Note.author_id)
        .join(Organisation, Organisation.id == Note.organisation_id)
        .where(Note.family_id == family_id)
        .order_by(Note.written_at.desc(), Note.id.desc())
        .limit(limit)
    ).all()
    return [
        NoteRow(
            text=opened(row.text_sealed, row.id) or "",
            byline=f"{row.name}, {row.organisation}, {moment(row.written_at)}",
            own=row.audience is NoteAudience.ORGANISATION,
        )
        for row in rows
    ]
