"""Whether reminders were sent from this browser within the minutes of undo: only then a page asks what can be taken
back, so that every other page costs nothing more."""

from flask import session

from portal.core import clock
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.queries import undoable
from portal.queries.undoable import SentLately

_UNTIL = "reminders_until"


def sent_reminders() -> None:
    session[_UNTIL] = (clock.now() + WINDOW).timestamp()


def reminders_to_undo(viewer: Viewer) -> list[SentLately]:
    if session.get(_UNTIL, 0) <= clock.now().timestamp():
        return []
    return undoable.reminders_of(viewer)
