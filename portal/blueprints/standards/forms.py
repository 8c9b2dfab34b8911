"""Which standard, how long, and why."""

from flask import request

from portal.domain.standards import DEFAULTS, LEAST, MOST, NAMES, Standard, length
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.queries import standards as read
from portal.web.forms import NumberField, PickField, PortalForm, Required, SelectChoice, TextField
from portal.web.pages import phrase

WHY = 500


class StandardForm(PortalForm):
    """Judged by the newest change that was on the page: its `version`."""

    key = PickField("Which standard?", [Required("Choose the standard to change")])
    amount = NumberField(
        "The council’s value",
        [Required("Enter the council’s value as a number")],
        least=LEAST,
        most=MOST,
        called="The council’s value",
        description="In the unit that stands beside the standard",
    )
    why = TextField(
        "Why is it changed?",
        [Required("Enter why it is changed")],
        called="Why it is changed",
        longest=WHY,
        description="Everybody who reads the standards reads this",
    )

    @property
    def standard(self) -> Standard:
        return Standard(self.key.data)


def standard_form(_viewer: Viewer) -> StandardForm:
    """The standard that a link on the list names is chosen, with its present value."""
    asked = request.args.get("standard", "")
    known = Standard(asked) if asked in set(Standard) else None
    form = StandardForm(
        version=str(read.newest_change()),
        key=known.value if known else None,
        amount=str(practice.amount(known)) if known else None,
    )
    form.key.choices = [
        SelectChoice("", "Choose a standard"),
        *(
            SelectChoice(
                each.value, f"{phrase(NAMES[each])} (default {length(DEFAULTS[each].amount, DEFAULTS[each].unit)})"
            )
            for each in DEFAULTS
        ),
    ]
    return form
