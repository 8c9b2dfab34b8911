"""Which family somebody must not see, and why."""

from typing import Any

from portal.core.errors import NotInReach
from portal.domain.viewer import Viewer
from portal.models.families import ConflictOfInterest, Family
from portal.models.restricting import ConflictDeclaration
from portal.queries import conflicts as read
from portal.web.forms import LineField, PickField, PortalForm, Required, SelectChoice

LONGEST = 300


class DeclareForm(PortalForm):
    reference = LineField(
        "Reference of the {family}, if you know it",
        longest=40,
        called="The reference",
        description="Like F-1042, or the council’s own",
    )
    who = LineField(
        "Who are they?",
        called="Who they are",
        description="Names, or where they live: what helps the {early_help_manager} to find them. "
        "You can leave it empty if you gave the reference",
    )
    why = LineField(
        "What are they to you?",
        [Required("Enter what they are to you")],
        longest=LONGEST,
        called="What they are to you",
        description="For example, my sister’s family, or our neighbours",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        if not self.reference.data and not self.who.data:
            self.refuse("who", "Enter who they are, or the reference")
            return False
        return whole


def declare_form(_viewer: Viewer) -> DeclareForm:
    return DeclareForm()


class RecordForm(PortalForm):
    who = PickField("Who must not see this {family}?", [Required("Choose who must not see it")])
    why = LineField(
        "What is the {family} to them?",
        [Required("Enter what the {family} is to them")],
        longest=LONGEST,
        called="The reason",
    )


def record_form(family: Family, _viewer: Viewer) -> RecordForm:
    form = RecordForm()
    form.who.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(id_), words) for id_, words in read.who_could_be_named(family.id)),
    ]
    return form


class EndForm(PortalForm):
    why = LineField(
        "Why may they see it again?",
        [Required("Enter why they may see it again")],
        longest=LONGEST,
        called="The reason",
    )


def end_form(_conflict: ConflictOfInterest, _viewer: Viewer) -> EndForm:
    return EndForm()


class AnswerForm(PortalForm):
    reference = LineField(
        "Which {family} is it?",
        longest=40,
        called="The reference",
        description="Its reference, like F-1042. Leave it empty if there is none here",
    )
    answer = LineField("How do you know?", [Required("Enter how you know")], longest=LONGEST, called="How you know")


def answer_form(declared: ConflictDeclaration, viewer: Viewer) -> AnswerForm:
    """Nobody answers what they declared themselves, and nobody learns so what became of it."""
    if declared.user_id == viewer.user_id:
        raise NotInReach("There is no such page.")
    return AnswerForm()
