"""Why somebody stops leading and who follows; who covers; what is decided where nobody is found."""

import enum
from typing import ClassVar

from portal.blueprints.leads.forms import REASON, listed
from portal.core import clock
from portal.domain.leads import END_CODES, NotFound
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.models.handover import LeadAssignment, LeadCover
from portal.policies import rules
from portal.queries import candidates, covers
from portal.queries import leads as read
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    choices,
    not_later_than_today,
)


class Then(enum.StrEnum):
    FOLLOWED = "followed"
    NOBODY = "nobody"


class EndForm(BranchingForm):
    told_by_history = True

    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "lead": ("then", Then.FOLLOWED),
        "ended_on": ("then", Then.NOBODY),
    }
    end_code = RadiosField(
        "Why do they stop?", [Required("Select why they stop leading")], choices=choices(CHOICES, END_CODES)
    )
    end_reason = TextField("Anything to add? (optional)", called="What you add", longest=REASON)
    then = RadiosField(
        "Who leads after them?",
        [Required("Select who leads after them")],
        choices=[
            SelectChoice(Then.FOLLOWED.value, "Somebody else: they go on until that person has accepted"),
            SelectChoice(Then.NOBODY.value, "Nobody yet: the family is without {lead_professional:a}"),
        ],
    )
    lead = PickField("Who is asked?", [Required("Choose who is asked to lead after them")])
    ended_on = DateField(
        "When did they stop?",
        [Required("Enter the date they stopped leading"), not_later_than_today],
        called="The date they stopped leading",
    )


def end_form(lead: LeadAssignment, viewer: Viewer) -> EndForm:
    """Whoever leads may say that they stop; whom to ask then is early help's to choose."""
    form = EndForm(ended_on=clock.today())
    if rules.allowed(viewer, P.LEAD_NOMINATE, lead):
        form.lead.choices = listed([*candidates.outside(lead.family_id), *candidates.candidates()])
    else:
        del form.lead
    return form


class CoverForm(PortalForm):
    told_by_history = True

    who = PickField("Who covers?", [Required("Choose who covers")])
    from_on = DateField("From which day?", [Required("Enter the first day of the cover")], called="The first day")
    to_on = DateField("Until which day?", [Required("Enter the last day of the cover")], called="The last day")
    meant: covers.Covering


def cover_form(lead: LeadAssignment, _viewer: Viewer) -> CoverForm:
    meant = covers.of_lead(lead)
    form = CoverForm(from_on=meant.from_on, to_on=meant.to_on)
    form.meant = meant
    form.who.choices = listed(meant.candidates)
    return form


class EndCoverForm(PortalForm):
    told_by_history = True


def end_cover_form(_cover: LeadCover, _viewer: Viewer) -> EndCoverForm:
    return EndCoverForm()


class DecideForm(BranchingForm):
    told_by_history = True

    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "worker": ("decision", NotFound.COUNCIL_WORKER),
        "until_on": ("decision", NotFound.COUNCIL_WORKER),
    }
    decision = RadiosField(
        "What happens now?", [Required("Select what happens now")], choices=choices(CHOICES, NotFound)
    )
    worker = PickField("Who leads for the time being?", [Required("Choose who leads for the time being")])
    until_on = DateField(
        "Until when?", [Required("Enter the date until which they lead")], called="The date until which they lead"
    )
    why = TextField(
        "Why?",
        [Required("Enter why you decide this")],
        called="Why",
        longest=REASON,
        description="Everybody on the {team} can read this.",
    )
    meant: read.Asking


def decide_form(family: Family, _viewer: Viewer) -> DecideForm:
    form = DecideForm()
    form.meant = read.asking(family)
    form.worker.choices = listed(candidates.council_workers())
    return form
