"""What a look-up found, as a page offers it: each card with the button that goes on from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import HiddenField

from portal.models.families import LookUp
from portal.queries.doors import LookUpCard
from portal.web.forms import PortalForm, as_saved


class StartForm(PortalForm):
    """The button on a found family; the step-down itself is started by the page it is sent to."""

    look_up = HiddenField()


@dataclass(frozen=True)
class Found:
    """A card, and the form of its button."""

    card: LookUpCard
    start: StartForm


def with_buttons(cards: Sequence[LookUpCard], rows: Sequence[LookUp]) -> list[Found]:
    """Each card with the recorded look-up that its button carries. Rows that found nobody have no card."""
    with as_saved():
        return [Found(card, StartForm(look_up=str(row.id))) for card, row in zip(cards, rows, strict=False)]
