"""Which families are meant, and what is done to each of them."""

from collections.abc import Iterable

from flask import request

from portal.core.errors import Refused
from portal.domain.leads import END_CODES, EndCode
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.models.record import Event
from portal.queries import candidates, chosen, together
from portal.queries.together import Chosen
from portal.web.chosen import ChosenForm
from portal.web.forms import DateField, PickField, PortalForm, RadiosField, Required, SelectChoice, choices

# Of the codes with which somebody stops leading, those that stand without a word more.
CODES = tuple(code for code in END_CODES if code is not EndCode.OTHER)


def chosen_form(_viewer: Viewer) -> ChosenForm:
    return ChosenForm()


class OfFamiliesForm(ChosenForm):
    """The families stand in the address of the page, and in the form that is sent."""

    families: list[Chosen]

    def meant(self) -> list[Family]:
        """Raises Refused where there are none, or too many."""
        return chosen.families(self.refs)


class LeadForm(OfFamiliesForm):
    told_by_history = True

    lead = PickField(
        "Who is asked to be the {lead_professional}?",
        [Required("Choose who is asked to be the {lead_professional}")],
    )
    end_code = RadiosField(
        "Why do those who lead now stop?", [Required("Select why they stop leading")], choices=choices(CHOICES, CODES)
    )


def lead_form(_viewer: Viewer) -> LeadForm:
    form = LeadForm(thing=request.args.getlist("of"), back=request.args.get("back"))
    form.lead.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(each.value, each.words) for each in candidates.candidates()),
    ]
    form.families = _read(form.refs)
    if not any(each.leads for each in form.families):
        del form.end_code
    return form


class ReviewForm(OfFamiliesForm):
    told_by_history = True

    on = DateField(
        "By which day does the team of each meet next?",
        [Required("Enter the day by which the team of each meets next")],
        called="Date of the next review",
    )


def review_form(_viewer: Viewer) -> ReviewForm:
    form = ReviewForm(thing=request.args.getlist("of"), back=request.args.get("back"))
    form.families = _read(form.refs)
    return form


def _read(refs: Iterable[str]) -> list[Chosen]:
    try:
        return together.of(chosen.families(refs))
    except Refused:
        return []


def undo_form(_event: Event, _viewer: Viewer) -> PortalForm:
    return PortalForm()
