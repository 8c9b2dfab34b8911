"""Whether somebody could be reminded of an action or a check, as the pages that show it say it."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.viewer import Viewer
from portal.facts import reminding
from portal.queries.shapes import sentence


@dataclass(frozen=True)
class Reminder:
    """Of one thing: whom it waits on; `instead`, where no reminder can be sent, says what is to be known or done."""

    ref: str
    who: str
    instead: str | None


def of(refs: Iterable[str], viewer: Viewer) -> dict[str, Reminder]:
    """By reference; what waits on the viewer or on nobody is not among them. At most two statements."""
    return {
        each.ref: Reminder(each.ref, each.who, sentence(each.why_not))
        for each in reminding.of(refs, viewer)
        if each.waits and each.user_id != viewer.user_id
    }
