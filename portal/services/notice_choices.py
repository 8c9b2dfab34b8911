"""What a person is told and when: they choose, and what they chose before is kept."""

from collections.abc import Mapping

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.notices import Notice, When, open_to
from portal.domain.viewer import Viewer
from portal.facts import notice_choices
from portal.models.messages import NoticeChange, NoticeChoice


def choose(wanted: Mapping[Notice, When], *, by: Viewer) -> list[NoticeChange]:
    """From the next message on. What is chosen as it was is no change. Raises FieldRefused, at the kind, where that is
    not open: nobody shuts themselves off from what a person asks of them."""
    before = notice_choices.of_person(by.user_id)
    changed = [notice for notice, when in wanted.items() if when is not before[notice]]
    for notice in changed:
        if wanted[notice] not in open_to(notice):
            raise FieldRefused(notice, "Select one of the answers in the list")
    made = [
        NoticeChange(user_id=by.user_id, notice=notice, before=before[notice], after=wanted[notice], at=clock.now())
        for notice in changed
    ]
    db.session.add_all(made)
    for notice in changed:
        _set(by.user_id, notice, wanted[notice])
    return made


def _set(user_id: int, notice: Notice, when: When) -> None:
    own = db.session.get(NoticeChoice, (user_id, notice))
    if own is None:
        db.session.add(NoticeChoice(user_id=user_id, notice=notice, choice=when))
    else:
        own.choice = when
