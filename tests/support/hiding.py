"""Words that must not stand, typed in and hidden."""

from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.models.families import NoteAudience
from portal.models.people import User
from portal.models.record import Event
from portal.services import notes
from tests.support.people import Council, Home
from tests.support.web import Page, SignIn

WHERE = "14 Orchard Row"
BECAUSE = {"code": "where_somebody_is", "why": "It tells where the mother is"}


def a_note(council: Council, home: Home, by: User, text: str, *, own: bool = False) -> str:
    """The reference of its line of history."""
    with council.as_(by) as viewer:
        audience = NoteAudience.ORGANISATION if own else NoteAudience.TEAM
        note = notes.write(home.family, text=text, audience=audience, by=viewer)
        db.session.flush()
        return f"{Event.ref_prefix}-{note.event_id}"


def stored(council: Council, model: type[Any]) -> Any:
    with council.behind_the_scenes():
        return db.session.scalars(select(model).order_by(model.id.desc())).first()


def hide(sign_in: SignIn, who: User, home: Home, words: str = WHERE, **more: str) -> Page:
    return sign_in(who).submit(f"/families/{home.ref}/hide", {"words": words, **BECAUSE, **more})
